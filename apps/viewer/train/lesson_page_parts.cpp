// SPDX-License-Identifier: Apache-2.0
// How the page is put together; what it does is in lesson_page.cpp.
#include "pickers.hpp"
#include "train/lesson_page.hpp"

#include <QCheckBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace guide::viewer {
namespace {

const char* const kKeyLegend = R"(<table cellspacing=2>
<tr><td colspan=2><b>Probe</b></td></tr>
<tr><td>&larr; &rarr;&nbsp;</td><td>slide along</td></tr>
<tr><td>&uarr; &darr;</td><td>slide across</td></tr>
<tr><td>Shift &larr; &rarr;&nbsp;</td><td>turn</td></tr>
<tr><td>Shift &uarr; &darr;</td><td>tilt</td></tr>
<tr><td>Ctrl &larr; &rarr;</td><td>press one end</td></tr>
<tr><td>right drag&nbsp;</td><td>slide and tilt;<br>Shift: across, turn</td></tr>
<tr><td colspan=2><b>Needle</b></td></tr>
<tr><td>N, R</td><td>set, take out</td></tr>
<tr><td>W, S</td><td>push, draw back</td></tr>
<tr><td>Shift W</td><td>push fast</td></tr>
<tr><td>A, D</td><td>flatter, steeper</td></tr>
<tr><td>Q, E</td><td>out of the plane</td></tr>
<tr><td>Z, X, O</td><td>aim: across,<br>other side</td></tr>
<tr><td>click, wheel&nbsp;</td><td>aim there; angle,<br>then depth</td></tr>
<tr><td>I, F</td><td>inject, finish</td></tr>
<tr><td>P, M</td><td>approach, needle</td></tr>
<tr><td>H, Space</td><td>findings, pause</td></tr>
</table>)";

QLabel* words(const QString& name, const char* role = nullptr) {
    auto* label = new QLabel;
    label->setObjectName(name);
    label->setWordWrap(true);
    if (role != nullptr) label->setProperty("role", role);
    return label;
}

}  // namespace

QPushButton* LessonPage::button(const QString& name, const QString& text, const QString& tip,
                                std::function<void()> run) {
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setToolTip(tip);
    // The hands stay on the picture: a click acts, the keys go on.
    connect(made, &QPushButton::clicked, this, [this, run = std::move(run)] {
        run();
        view_->setFocus();
    });
    return made;
}

QWidget* LessonPage::make_left() {
    auto* left = new QWidget;
    left->setFixedWidth(230);
    auto* column = new QVBoxLayout(left);
    auto* keys = words("lesson_keys");
    keys->setTextFormat(Qt::RichText);
    keys->setText(kKeyLegend);
    keys->setWordWrap(false);
    column->addWidget(keys);
    column->addStretch(1);
    return left;
}

QWidget* LessonPage::make_right() {
    auto* right = new QWidget;
    right->setFixedWidth(330);
    auto* column = new QVBoxLayout(right);
    column->setSpacing(8);
    title_ = words("lesson_title", "heading");
    task_ = words("lesson_task", "faint");
    clock_ = words("lesson_clock");
    column->addWidget(title_);
    column->addWidget(task_);
    column->addWidget(clock_);
    with_needle_ = new QWidget;
    auto* form = new QFormLayout(with_needle_);
    form->setContentsMargins(0, 0, 0, 0);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    const auto picker = [&](const QString& name, const QString& label) {
        auto* box = new Picker;
        box->setObjectName(name);
        box->setAccessibleName(label);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        form->addRow(label, box);
        return box;
    };
    approach_ = picker("lesson_approach", "Approach");
    needle_ = picker("lesson_needle", "Needle");
    connect(approach_, qOverload<int>(&QComboBox::currentIndexChanged), this, [this](int index) {
        if (filling_ || index < 1) return;
        act(session::ChooseApproach{approach_->itemData(index).toString().toStdString()});
    });
    connect(needle_, qOverload<int>(&QComboBox::currentIndexChanged), this, [this](int index) {
        if (filling_ || index < 0) return;
        act(session::ChooseNeedle{needle_->itemData(index).toString().toStdString()});
    });
    set_ = button("set_needle", "Set the needle", "N, R", [this] { set_or_take_out(); });
    form->addRow(set_);
    column->addWidget(with_needle_);
    figures_ = words("lesson_figures");
    figures_->setTextFormat(Qt::RichText);
    column->addWidget(figures_);
    warning_ = words("lesson_warning");
    column->addWidget(warning_);
    hint_ = words("lesson_hint");
    column->addWidget(hint_);
    column->addStretch(1);
    hints_ = new TickBox("Hints while I work");
    hints_->setObjectName("show_hints");
    hints_->setChecked(true);
    findings_ = new TickBox("Show what the program finds (H)");
    findings_->setObjectName("show_findings");
    for (QCheckBox* box : {hints_, findings_}) {
        column->addWidget(box);
        connect(box, &QCheckBox::toggled, this, [this] {
            if (worker_) worker_->set_look(findings_->isChecked());
            show_step();
            view_->setFocus();
        });
    }
    auto* ends = new QHBoxLayout;
    inject_ = button("inject", "Inject", "I", [this] { act(session::Inject{}); });
    finish_ = button("finish", "Finish", "F", [this] { act(session::Finish{}); });
    inject_->setProperty("role", "main");
    ends->addWidget(inject_);
    ends->addWidget(finish_);
    column->addLayout(ends);
    auto* others = new QHBoxLayout;
    pause_ = button("pause", "Pause", "Space", [this] { set_paused(!paused_); });
    others->addWidget(pause_);
    others->addWidget(button("leave_lesson", "Leave...", "Esc", [this] { emit leave_asked(); }));
    column->addLayout(others);
    return right;
}

}  // namespace guide::viewer
