// SPDX-License-Identifier: Apache-2.0
// How the panel is put together; what it says is in plan_panel.cpp.
#include "pickers.hpp"
#include "plan_panel.hpp"

#include <guide/plan/uncertainty.hpp>
#include <guide/render/words.hpp>

#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

namespace guide::viewer {
namespace {

constexpr std::array kViews{View::suprapatellar_long,
                            View::suprapatellar_transverse,
                            View::medial,
                            View::lateral,
                            View::posterior,
                            View::trochlea,
                            View::bone,
                            View::xray_ap,
                            View::xray_lateral};

QString text_of(const std::string& text) {
    return QString::fromStdString(text);
}

QLabel* heading(const QString& text) {
    auto* label = new QLabel(text);
    label->setProperty("role", "heading");
    return label;
}

QLabel* words(const QString& name) {
    auto* label = new QLabel;
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::RichText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setFocusPolicy(Qt::NoFocus);
    return label;
}

}  // namespace

QComboBox* PlanPanel::picker(const QString& name, const QString& label, const QString& tip) {
    auto* box = new Picker;
    box->setObjectName(name);
    box->setAccessibleName(label);
    box->setToolTip(tip);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(box, qOverload<int>(&QComboBox::currentIndexChanged), this, [this] {
        if (!filling_) emit choices_changed();
    });
    return box;
}

void PlanPanel::build() {
    filling_ = true;
    auto* column = new QVBoxLayout(this);
    column->setSpacing(8);
    status_ = new QLabel;
    status_->setObjectName("status");
    status_->setWordWrap(true);
    status_->setAlignment(Qt::AlignCenter);
    column->addWidget(status_);
    verdict_ = words("verdict");
    column->addWidget(verdict_);
    figures_ = words("figures");
    column->addWidget(figures_);
    reset_ = new QPushButton("Back to the planner's path");
    reset_->setObjectName("reset_path");
    reset_->setToolTip("Esc");
    connect(reset_, &QPushButton::clicked, this, &PlanPanel::reset_path);
    column->addWidget(reset_);
    found_ = words("found");
    column->addWidget(found_);

    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setVerticalSpacing(6);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const auto add_row = [&](const QString& text, QLayout* fields, QWidget* first) {
        auto* label = new QLabel(text);
        label->setBuddy(first);
        form->addRow(label, fields);
    };
    view_ = picker("view", "View", "What the picture shows");
    view_->addItem("Recognise it", QString());
    for (const View view : kViews)
        view_->addItem(text_of(render::spoken(name_of(view))), text_of(std::string(name_of(view))));
    form->addRow("&View", view_);
    approach_ = picker("approach", "Approach", "The way in that is planned");
    form->addRow("&Approach", approach_);

    auto* needle = new QHBoxLayout;
    gauge_ = picker("gauge", "Needle gauge", "Thickness of the needle: a larger number is thinner");
    for (const int gauge : plan::standard_gauges())
        gauge_->addItem(QString("%1 G").arg(gauge), gauge);
    gauge_->setCurrentIndex(gauge_->findData(22));
    length_ = picker("length", "Needle length", "From hub to tip");
    for (const double mm : plan::common_lengths_mm())
        length_->addItem(text_of(render::fixed(mm, 0)) + " mm", mm);
    length_->setCurrentIndex(std::max(0, length_->findText("50 mm")));
    needle->addWidget(gauge_);
    needle->addWidget(length_);
    add_row("&Needle", needle, gauge_);
    operator_ = picker("operator", "Operator", "Who holds the needle: how far the tip strays");
    for (const plan::Operator person :
         {plan::Operator::novice, plan::Operator::trained, plan::Operator::guided}) {
        operator_->addItem(text_of(render::spoken(name_of(person))),
                           text_of(std::string(name_of(person))));
    }
    operator_->setCurrentIndex(1);
    form->addRow("&Operator", operator_);

    auto* inject = new QHBoxLayout;
    product_ = picker("product", "Product", "What is to be injected");
    for (const plan::Product& product : plan::products())
        product_->addItem(text_of(render::spoken(product.name)), text_of(product.name));
    volume_ = new NumberBox;
    volume_->setObjectName("volume");
    volume_->setAccessibleName("Volume");
    volume_->setRange(0.5, 60);
    volume_->setDecimals(1);
    volume_->setValue(5);
    volume_->setSuffix(" ml");
    volume_->setKeyboardTracking(false);
    connect(volume_, qOverload<double>(&QDoubleSpinBox::valueChanged), this, [this] {
        if (!filling_) emit choices_changed();
    });
    inject->addWidget(product_, 1);
    inject->addWidget(volume_);
    add_row("&Injection", inject, product_);
    column->addLayout(form);

    paths_ = heading("Ranked paths");
    column->addWidget(paths_);
    table_ = new QTableWidget(0, 5);
    table_->setObjectName("paths");
    table_->setAccessibleName("Ranked paths");
    table_->setHorizontalHeaderLabels({"", "Angle", "Length", "In joint", "To bone"});
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    table_->verticalHeader()->hide();
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setTabKeyNavigation(false);
    table_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(table_, &QTableWidget::currentCellChanged, this, [this](int row) {
        if (!filling_ && row >= 0) emit candidate_chosen(row);
    });
    column->addWidget(table_);
    remarks_ = words("remarks");
    column->addWidget(remarks_);
    column->addStretch(1);
    fill_approaches(View::unknown);
    filling_ = false;
}

}  // namespace guide::viewer
