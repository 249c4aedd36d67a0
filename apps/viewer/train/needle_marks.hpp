// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QPainter>
#include <QString>
#include <algorithm>

namespace guide::viewer {

// Over the black ground of pictures; told apart by their dashes, too.
inline const QColor kAimColour(255, 222, 66), kPlannedColour(255, 255, 255),
    kRefusedColour(255, 125, 102), kSeenColour(60, 200, 160), kUnseenColour(245, 176, 50);

/// Words on a dark ground; `at`: left end of the line they stand on, moved as far as the words
/// need to be whole.
inline void write_on(QPainter& painter, QPointF at, const QString& words, const QColor& colour) {
    const QRectF ground = QRectF(painter.window()).adjusted(4, 2, -4, -2);
    QRectF box = painter.fontMetrics().boundingRect(words).translated(at.toPoint());
    const QPointF by(
        std::max(0.0, ground.left() - box.left()) + std::min(0.0, ground.right() - box.right()),
        std::max(0.0, ground.top() - box.top()) + std::min(0.0, ground.bottom() - box.bottom()));
    box.translate(by);
    at += by;
    painter.fillRect(box.adjusted(-4, -2, 4, 2), QColor(0, 0, 0, 190));
    painter.setPen(colour);
    painter.drawText(at, words);
}

}  // namespace guide::viewer
