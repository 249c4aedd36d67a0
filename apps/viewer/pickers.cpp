// SPDX-License-Identifier: Apache-2.0
#include "pickers.hpp"

#include <QPainter>
#include <QStyleOptionButton>

namespace guide::viewer {
namespace {

// `down` is 1, or -1 for an arrow that points up.
void draw_arrow(QWidget& on, QPointF middle, double half_width, int down) {
    QPainter painter(&on);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto group = on.isEnabled() ? QPalette::Active : QPalette::Disabled;
    painter.setPen(QPen(on.palette().color(group, QPalette::Text), 1.6));
    const double high = half_width / 2 * down;
    const QPointF line[]{middle + QPointF(-half_width, -high), middle + QPointF(0, high),
                         middle + QPointF(half_width, -high)};
    painter.drawPolyline(line, 3);
}

}  // namespace

void Picker::paintEvent(QPaintEvent* event) {
    QComboBox::paintEvent(event);
    draw_arrow(*this, {width() - 13.0, height() / 2.0 + 0.5}, 4, 1);
}

void NumberBox::paintEvent(QPaintEvent* event) {
    QDoubleSpinBox::paintEvent(event);
    draw_arrow(*this, {width() - 12.0, height() / 2.0 - 5}, 3.5, -1);
    draw_arrow(*this, {width() - 12.0, height() / 2.0 + 6}, 3.5, 1);
}

void TickBox::paintEvent(QPaintEvent* event) {
    QCheckBox::paintEvent(event);
    if (!isChecked()) return;
    QStyleOptionButton option;
    initStyleOption(&option);
    const QRectF box = style()->subElementRect(QStyle::SE_CheckBoxIndicator, &option, this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(palette().color(QPalette::WindowText), 2));
    const QPointF line[]{box.center() + QPointF(-3.5, 0), box.center() + QPointF(-1, 3),
                         box.center() + QPointF(4, -3.5)};
    painter.drawPolyline(line, 3);
}

}  // namespace guide::viewer
