// SPDX-License-Identifier: Apache-2.0
#include "train/curve_view.hpp"

#include "theme.hpp"

#include <QPainter>
#include <QPolygonF>
#include <algorithm>

namespace guide::viewer {
namespace {

constexpr double kLeft = 40, kTop = 22, kBottom = 10;
const char *const kTooMany = "too many failures", *const kProficient = "proficient";

}  // namespace

CurveView::CurveView(QWidget* parent) : QWidget(parent) {
    setObjectName("curve");
    setAccessibleName("Learning curve");
    setMinimumHeight(120);
}

void CurveView::set_theme(const Theme& theme) {
    theme_ = theme;
    update();
}

void CurveView::show_attempts(std::vector<session::Attempt> attempts) {
    attempts_ = std::move(attempts);
    curve_ = session::learning_curve(attempts_);
    update();
}

void CurveView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), to_qt(theme_.field));
    const QColor ink = to_qt(theme_.ink), faint = to_qt(theme_.faint_ink);
    painter.setPen(faint);
    painter.drawText(QPointF(8, 15),
                     attempts_.empty() ? "No attempts yet" : "Failures add up, passes take away");
    if (attempts_.empty()) return;
    const double right = 14 + std::max(fontMetrics().horizontalAdvance(kTooMany),
                                       fontMetrics().horizontalAdvance(kProficient));
    const double width = this->width() - kLeft - right, height = this->height() - kTop - kBottom;
    double low = -1.2 * curve_.step_down, high = 1.2 * curve_.step_up;
    for (const double sum : curve_.sum) {
        low = std::min(low, sum - 0.3);
        high = std::max(high, sum + 0.3);
    }
    const auto y_of = [&](double sum) { return kTop + height * (high - sum) / (high - low); };
    const auto x_of = [&](std::size_t attempt) {
        return kLeft + width * static_cast<double>(attempt) /
                           static_cast<double>(std::max<std::size_t>(1, curve_.sum.size()));
    };
    const auto limit = [&](double sum, const QColor& colour, const QString& words) {
        painter.setPen({colour, 1.5, Qt::DashLine});
        painter.drawLine(QPointF(kLeft, y_of(sum)), QPointF(kLeft + width, y_of(sum)));
        painter.setPen(colour);
        painter.drawText(QPointF(kLeft + width + 6, y_of(sum) + 4), words);
    };
    limit(curve_.step_up, to_qt(theme_.bad), kTooMany);
    limit(-curve_.step_down, to_qt(theme_.good), kProficient);
    painter.setPen({faint, 1});
    painter.drawLine(QPointF(kLeft, y_of(0)), QPointF(kLeft + width, y_of(0)));
    QPolygonF way;
    way << QPointF(x_of(0), y_of(0));
    for (std::size_t i = 0; i < curve_.sum.size(); ++i)
        way << QPointF(x_of(i + 1), y_of(curve_.sum[i]));
    painter.setPen({to_qt(theme_.accent), 2});
    painter.drawPolyline(way);
    for (std::size_t i = 0; i < curve_.sum.size(); ++i) {
        // Full: passed; empty: not.
        painter.setPen({ink, 1.5});
        painter.setBrush(attempts_[i].passed ? QBrush(ink) : QBrush(to_qt(theme_.field)));
        painter.drawEllipse(way[static_cast<int>(i) + 1], 3.5, 3.5);
    }
}

}  // namespace guide::viewer
