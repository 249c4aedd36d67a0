// SPDX-License-Identifier: Apache-2.0
#include "train/lesson_view.hpp"

#include "train/needle_marks.hpp"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <array>
#include <optional>

namespace guide::viewer {
namespace {

constexpr double kDegreesPerPx = 0.2, kNotch = 0.5;  // mm of the needle

struct KeyMotion {
    int key;
    Qt::KeyboardModifiers with;
    Motion motion;
};

constexpr std::array<KeyMotion, 22> kKeys{{
    {Qt::Key_Left, Qt::NoModifier, Motion::probe_left},
    {Qt::Key_Right, Qt::NoModifier, Motion::probe_right},
    {Qt::Key_Up, Qt::NoModifier, Motion::probe_away},
    {Qt::Key_Down, Qt::NoModifier, Motion::probe_near},
    {Qt::Key_Left, Qt::ShiftModifier, Motion::turn_left},
    {Qt::Key_Right, Qt::ShiftModifier, Motion::turn_right},
    {Qt::Key_Up, Qt::ShiftModifier, Motion::tilt_away},
    {Qt::Key_Down, Qt::ShiftModifier, Motion::tilt_near},
    {Qt::Key_Left, Qt::ControlModifier, Motion::rock_left},
    {Qt::Key_Right, Qt::ControlModifier, Motion::rock_right},
    {Qt::Key_W, Qt::NoModifier, Motion::needle_in},
    {Qt::Key_W, Qt::ShiftModifier, Motion::needle_in_fast},
    {Qt::Key_S, Qt::NoModifier, Motion::needle_out},
    {Qt::Key_A, Qt::NoModifier, Motion::flatter},
    {Qt::Key_D, Qt::NoModifier, Motion::steeper},
    {Qt::Key_Q, Qt::NoModifier, Motion::swing_left},
    {Qt::Key_E, Qt::NoModifier, Motion::swing_right},
    {Qt::Key_Z, Qt::NoModifier, Motion::aim_away},
    {Qt::Key_X, Qt::NoModifier, Motion::aim_near},
    {Qt::Key_PageUp, Qt::NoModifier, Motion::needle_out},
    {Qt::Key_PageDown, Qt::NoModifier, Motion::needle_in},
    {Qt::Key_PageDown, Qt::ShiftModifier, Motion::needle_in_fast},
}};

std::optional<Motion> motion_of(const QKeyEvent& event) {
    const Qt::KeyboardModifiers with =
        event.modifiers() & (Qt::ShiftModifier | Qt::ControlModifier | Qt::AltModifier);
    for (const KeyMotion& each : kKeys) {
        if (each.key == event.key() && each.with == with) return each.motion;
    }
    return std::nullopt;
}

}  // namespace

LessonView::LessonView(QWidget* parent) : SceneView(parent) {
    setObjectName("lesson_view");
    setAccessibleName("Live picture of the simulated knee");
}

void LessonView::show_step(const LessonStep& step, bool findings) {
    step_ = step;
    findings_ = findings;
    set_scene(*step.frame, findings ? step.found.get() : nullptr, nullptr);
    ++shown_;
}

void LessonView::show_nothing() {
    step_ = {};
    held_.clear();
    clear_scene();
}

void LessonView::set_paused(bool paused) {
    paused_ = paused;
    update();
}

void LessonView::draw_line(QPainter& painter, PixelPoint from, PixelPoint to,
                           const QPen& pen) const {
    painter.setPen(pen);
    painter.drawLine(widget_from_frame(from), widget_from_frame(to));
}

void LessonView::paint_over(QPainter& painter) {
    if (!step_.frame) return;
    painter.setRenderHint(QPainter::Antialiasing);
    if (findings_ && step_.plan && !step_.plan->candidates.empty()) {
        const plan::Candidate& best = step_.plan->candidates.front();
        painter.save();
        draw_line(painter, best.entry, best.target, {kPlannedColour, 2, Qt::DashLine});
        write_on(painter, widget_from_frame(best.target) + QPointF(10, 4), "Planned",
                 kPlannedColour);
        painter.restore();
    }
    const bool aims = step_.aim.to.x != step_.aim.from.x || step_.aim.to.y != step_.aim.from.y;
    if (step_.state.phase == session::Phase::scanning && aims) {
        const bool refused = !step_.aim.refused.isEmpty();
        const QColor colour = refused ? kRefusedColour : kAimColour;
        draw_line(painter, step_.aim.from, step_.aim.to, {colour, 2, Qt::DotLine});
        const QString words =
            refused
                ? step_.aim.refused
                : QString("Aim: %1\u00B0 to the probe").arg(step_.aim.place.angle_deg, 0, 'f', 0);
        write_on(painter, {12, 22}, words, colour);
    }
    if (paused_) {
        painter.fillRect(rect(), QColor(0, 0, 0, 150));
        painter.setPen(Qt::white);
        QFont large = font();
        large.setPointSizeF(large.pointSizeF() * 1.6);
        painter.setFont(large);
        painter.drawText(rect(), Qt::AlignCenter, "Paused: Space goes on");
    }
}

void LessonView::aim_at(QPointF at) {
    if (!step_.frame || !step_.frame->spacing) return;
    const PixelPoint p = frame_from_widget(at);
    const Spacing mm = *step_.frame->spacing;
    const double along = (p.x - 0.5 * (step_.frame->intensity.width() - 1)) * mm.x_mm,
                 deep = std::max(0.0, p.y * mm.y_mm);
    do_hands([=](Hands& h) { h.aim_through(along, deep); });
}

void LessonView::mousePressEvent(QMouseEvent* event) {
    setFocus();
    last_ = event->localPos();
    if (event->button() == Qt::LeftButton && !needle_is_set()) aim_at(last_);
}

// Left: the needle, or the line that it is to be set along. Right: the probe.
void LessonView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF by = event->localPos() - last_;
    last_ = event->localPos();
    if (!step_.frame || !step_.frame->spacing) return;
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    if (event->buttons() & Qt::LeftButton) {
        if (!needle_is_set()) {
            aim_at(last_);
        } else {
            do_hands([by](Hands& h) { h.tilt(kDegreesPerPx * by.y(), kDegreesPerPx * by.x()); });
        }
    } else if (event->buttons() & Qt::RightButton) {
        const PixelVector px = frame_from_widget(last_) - frame_from_widget(last_ - by);
        const double dx = px.x * step_.frame->spacing->x_mm;
        const double dy = px.y * step_.frame->spacing->y_mm;
        do_hands([=](Hands& h) {
            if (shift) {
                h.move_probe({0, dy, kDegreesPerPx * by.x(), 0, 0});
            } else {
                h.move_probe({dx, 0, 0, kDegreesPerPx * by.y(), 0});
            }
        });
    }
}

void LessonView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && !needle_is_set())
        do_hands([](Hands& h) { h.set_needle(); });
}

void LessonView::wheelEvent(QWheelEvent* event) {
    const double notches = event->angleDelta().y() / 120.0;
    // Towards oneself, as one pulls: the needle comes back.
    do_hands([this, notches](Hands& h) {
        if (needle_is_set()) {
            h.push(kNotch * notches);
        } else {
            h.tilt(2 * notches, 0);
        }
    });
    event->accept();
}

void LessonView::keyPressEvent(QKeyEvent* event) {
    const auto motion = motion_of(*event);
    if (!motion) {
        QWidget::keyPressEvent(event);
        return;
    }
    if (event->isAutoRepeat()) return;
    const auto before = held_.find(event->key());
    const std::optional<Motion> old =
        before == held_.end() ? std::nullopt : std::optional(before.value());
    held_[event->key()] = *motion;
    do_hands([=](Hands& h) {
        if (old) h.release(*old);  // its release was lost
        h.press(*motion);
    });
}

void LessonView::keyReleaseEvent(QKeyEvent* event) {
    const auto held = held_.find(event->key());
    if (event->isAutoRepeat() || held == held_.end()) {
        QWidget::keyReleaseEvent(event);
        return;
    }
    // Whatever Shift and Ctrl are by now.
    const Motion motion = held.value();
    held_.erase(held);
    do_hands([motion](Hands& h) { h.release(motion); });
}

void LessonView::focusOutEvent(QFocusEvent* event) {
    held_.clear();
    do_hands([](Hands& h) { h.release_all(); });
    SceneView::focusOutEvent(event);
}

}  // namespace guide::viewer
