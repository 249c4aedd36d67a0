// SPDX-License-Identifier: Apache-2.0
#include "scale_bar.hpp"

#include "pickers.hpp"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace guide::viewer {
namespace {

QDoubleSpinBox* millimetres(const QString& name, const QString& label, double value) {
    auto* box = new NumberBox;
    box->setObjectName(name);
    box->setAccessibleName(label);
    box->setRange(1, 400);
    box->setDecimals(1);
    box->setValue(value);
    box->setSuffix(" mm");
    return box;
}

}  // namespace

ScaleBar::ScaleBar(QWidget* parent) : QFrame(parent) {
    setObjectName("scale");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 12, 6);
    text_ = new QLabel;
    text_->setObjectName("scale_text");
    text_->setWordWrap(true);
    row->addWidget(text_, 1);
    depth_ = millimetres("depth", "Depth of the picture", 40);
    use_depth_ = new QPushButton("Use this depth");
    use_depth_->setObjectName("use_depth");
    mark_ = new QPushButton("Mark a known length");
    mark_->setObjectName("mark_length");
    length_ = millimetres("known_length", "Length of the line", 10);
    use_length_ = new QPushButton("Use this length");
    use_length_->setObjectName("use_length");
    leave_ = new QPushButton("Leave it");
    leave_->setObjectName("leave_scale");
    for (QWidget* part :
         std::initializer_list<QWidget*>{depth_, use_depth_, mark_, length_, use_length_, leave_})
        row->addWidget(part);
    connect(leave_, &QPushButton::clicked, this, &QWidget::hide);
    connect(use_depth_, &QPushButton::clicked, this, [this] {
        emit scaled({depth_->value(), std::nullopt});
    });
    connect(mark_, &QPushButton::clicked, this, [this] {
        text_->setText(
            "Draw a line along something whose length you know, such as the ruler at "
            "the side.");
        emit mark_length();
    });
    connect(use_length_, &QPushButton::clicked, this, &ScaleBar::use_length);
    hide();
}

void ScaleBar::ask(bool xray, const Frame& frame) {
    px_ = 0;
    leave_->setVisible(frame.spacing.has_value());
    if (frame.spacing) {
        text_->setText(QString("A pixel is %1 x %2 mm. Give another scale:")
                           .arg(frame.spacing->x_mm, 0, 'g', 4)
                           .arg(frame.spacing->y_mm, 0, 'g', 4));
    } else {
        text_->setText(xray
                           ? "This picture has no scale, so nothing can be checked in millimetres. "
                             "Mark something whose length you know."
                           : "This picture has no scale, so nothing can be checked in millimetres. "
                             "How deep is it, or what length in it do you know?");
    }
    depth_->setVisible(!xray);
    use_depth_->setVisible(!xray);
    mark_->show();
    length_->hide();
    use_length_->hide();
    show();
}

void ScaleBar::set_length(double px) {
    px_ = px;
    text_->setText("How long is the line that you drew?");
    depth_->hide();
    use_depth_->hide();
    length_->show();
    use_length_->show();
    length_->setFocus();
    length_->selectAll();
    show();
}

void ScaleBar::use_length() {
    if (px_ > 0) emit scaled({std::nullopt, length_->value() / px_});
}

}  // namespace guide::viewer
