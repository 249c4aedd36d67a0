// SPDX-License-Identifier: Apache-2.0
#include "train/hands_view.hpp"

#include "theme.hpp"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::viewer {
namespace {

constexpr double kHalfWide = 80, kHalfHigh = 20;  // mm that are shown
constexpr double kFace = 12;                      // mm, the probe's short side

}  // namespace

HandsView::HandsView(QWidget* parent) : QWidget(parent) {
    setObjectName("hands");
    setAccessibleName("Probe and needle from above");
    setMinimumSize(200, 90);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void HandsView::set_theme(const Theme& theme) {
    theme_ = theme;
    update();
}

void HandsView::show_step(const LessonStep& step, double probe_mm) {
    step_ = step;
    probe_mm_ = probe_mm;
    update();
}

QPointF HandsView::at(const Eigen::Vector3d& p) const {
    const double scale = std::min(width() / (2 * kHalfWide), height() / (2 * kHalfHigh));
    return {width() / 2.0 + scale * p.x(), height() / 2.0 + scale * p.z()};
}

void HandsView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), to_qt(theme_.field));
    const auto line = [&](const Eigen::Vector3d& a, const Eigen::Vector3d& b, const QPen& pen) {
        painter.setPen(pen);
        painter.drawLine(at(a), at(b));
    };
    // What the picture shows is one plane, through the middle of the probe.
    line({-kHalfWide, 0, 0}, {kHalfWide, 0, 0}, {to_qt(theme_.rule), 1, Qt::DashLine});
    const QRectF face(at({-probe_mm_ / 2, 0, -kFace / 2}), at({probe_mm_ / 2, 0, kFace / 2}));
    painter.setPen({to_qt(theme_.ink), 1.5});
    painter.setBrush(to_qt(theme_.ground));
    painter.drawRoundedRect(face, 4, 4);
    painter.setBrush(to_qt(theme_.accent));
    painter.setPen(Qt::NoPen);
    painter.drawEllipse(face.topLeft() + QPointF(6, 6), 3,
                        3);  // its marked end, the picture's left
    const auto& needle = step_.state.inserted;
    if (needle) {
        const auto inverse = step_.state.patient_from_probe.inverse();
        const Eigen::Vector3d entry = inverse * needle->entry, tip = inverse * needle->tip;
        const Eigen::Vector3d hub =
            inverse * Eigen::Vector3d(needle->tip - needle->needle.length_mm * needle->direction);
        line(hub, entry, {to_qt(theme_.ink), 3});
        line(entry, tip, {to_qt(theme_.ink), 2, Qt::DotLine});
        // Full: the tip is seen; empty: not.
        const QColor colour = to_qt(needle->tip_visible ? theme_.good : theme_.warn);
        painter.setPen({colour, 2});
        painter.setBrush(needle->tip_visible ? QBrush(colour) : QBrush(Qt::NoBrush));
        painter.drawEllipse(at(tip), 4, 4);
    } else if (step_.aim.entry) {
        const double angle = step_.aim.place.angle_deg * std::numbers::pi / 180,
                     heading = step_.aim.place.heading_deg * std::numbers::pi / 180;
        const Eigen::Vector3d way(std::cos(angle) * std::cos(heading), std::sin(angle),
                                  std::cos(angle) * std::sin(heading));
        const Eigen::Vector3d entry = *step_.aim.entry;
        line(entry - 40 * way, entry, {to_qt(theme_.warn), 3});
        line(entry, entry + 45 * way, {to_qt(theme_.warn), 1.5, Qt::DotLine});
    }
    painter.setPen(to_qt(theme_.faint_ink));
    painter.drawText(QRectF(rect()).adjusted(6, 3, -6, -3), Qt::AlignTop | Qt::AlignLeft,
                     "From above");
}

}  // namespace guide::viewer
