// SPDX-License-Identifier: Apache-2.0
#include "frame_view.hpp"

#include <guide/render/words.hpp>

#include <QElapsedTimer>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace guide::viewer {
namespace {

constexpr double kGrip = 16;        // px of the widget about an end of the path
constexpr double kZoomStep = 1.25;  // of a wheel's notch and a key
constexpr double kMostZoom = 32, kLeastZoom = 0.25;

}  // namespace

FrameView::FrameView(QWidget* parent) : SceneView(parent) {
    setObjectName("frame");
    setAccessibleName("The frame with its findings");
}

FrameView::~FrameView() = default;

void FrameView::show_study(const Study& study) {
    const bool other_file = !study_.frame || study_.info != study.info;
    const bool other_frame = study_.frame != study.frame;
    study_ = study;
    if (other_file) {
        options_.lens = {};
        options_.window.reset();
    }
    if (other_file || other_frame) options_.callipers.clear();
    options_.candidate = 0;
    options_.trial.reset();
    options_.held.reset();
    set_scene(*study.frame, study.anatomy.get(), study.plan.get());
}

void FrameView::clear() {
    study_ = {};
    clear_scene();
}

void FrameView::set_candidate(std::size_t index) {
    options_.candidate = index;
    schedule();
}

void FrameView::set_trial(const std::optional<plan::TrajectoryCheck>& trial) {
    options_.trial = trial;
    schedule();
}

void FrameView::set_tool(Tool tool) {
    tool_ = tool;
    drag_ = Drag::none;
    setCursor(tool == Tool::move ? Qt::ArrowCursor : Qt::CrossCursor);
}

void FrameView::hold(std::optional<render::PathEnd> end) {
    if (end && !end_of_path(*end)) return;
    options_.held = end;
    if (end) setFocus();
    schedule();
}

void FrameView::move_held(double dx_px, double dy_px) {
    if (!options_.held) return;
    if (const auto p = end_of_path(*options_.held))
        send_path(*options_.held, *p + PixelVector{dx_px, dy_px});
}

void FrameView::zoom_by(double factor) {
    options_.lens.zoom = std::clamp(options_.lens.zoom * factor, kLeastZoom, kMostZoom);
    if (!options_.lens.centre) {
        flush();
        options_.lens.centre = frame_from_widget(QPointF(width() / 2.0, height() / 2.0));
    }
    schedule();
}

void FrameView::reset_lens() {
    options_.lens = {};
    schedule();
}

void FrameView::reset_window() {
    options_.window.reset();
    schedule();
}

void FrameView::clear_callipers() {
    options_.callipers.clear();
    schedule();
}

const plan::Candidate* FrameView::path() const {
    if (options_.trial) return &options_.trial->path;
    if (!study_.plan || study_.plan->candidates.empty()) return nullptr;
    const auto& candidates = study_.plan->candidates;
    return &candidates[std::min(options_.candidate, candidates.size() - 1)];
}

std::optional<PixelPoint> FrameView::end_of_path(render::PathEnd end) const {
    const plan::Candidate* shown = path();
    if (shown == nullptr) return std::nullopt;
    const PixelPoint p = end == render::PathEnd::entry ? shown->entry : shown->target;
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) return std::nullopt;
    return p;
}

std::optional<render::PathEnd> FrameView::end_under(QPointF at) const {
    for (const render::PathEnd end : {render::PathEnd::target, render::PathEnd::entry}) {
        const auto p = end_of_path(end);
        if (p && QLineF(widget_from_frame(*p), at).length() <= kGrip) return end;
    }
    return std::nullopt;
}

void FrameView::send_path(render::PathEnd end, PixelPoint p) {
    const plan::Candidate* shown = path();
    if (shown == nullptr) return;
    plan::Trajectory way{shown->entry, shown->target, shown->out_of_plane_mm.value_or(0)};
    (end == render::PathEnd::entry ? way.entry : way.target) = p;
    emit path_drawn(way);
}

double FrameView::measure_drawing() {
    if (!scene_) return 0;
    QElapsedTimer clock;
    clock.start();
    const Study study = study_;
    show_study(study);
    flush();
    repaint();
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

void FrameView::mousePressEvent(QMouseEvent* event) {
    last_ = event->localPos();
    if (!scene_) return;
    const PixelPoint p = frame_from_widget(last_);
    if (event->button() == Qt::RightButton || event->button() == Qt::MiddleButton) {
        drag_ = event->button() == Qt::RightButton ? Drag::window : Drag::picture;
        return;
    }
    if (tool_ == Tool::draw) {
        drawn_from_ = p;
        drag_ = Drag::path;
    } else if (tool_ != Tool::move) {
        if (tool_ == Tool::known_length) options_.callipers.clear();
        options_.callipers.push_back({p, p});
        drag_ = Drag::line;
    } else if (const auto end = end_under(last_)) {
        drag_ = Drag::end;
        offset_ = *end_of_path(*end) - p;
        options_.held = end;
    } else {
        drag_ = Drag::picture;
        options_.held.reset();
    }
    schedule();
}

void FrameView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF at = event->localPos();
    if (!scene_) return;
    tell_place(at);
    switch (drag_) {
        case Drag::none:
            if (tool_ == Tool::move)
                setCursor(end_under(at) ? Qt::OpenHandCursor : Qt::ArrowCursor);
            break;
        case Drag::end:
            if (options_.held) send_path(*options_.held, frame_from_widget(at) + offset_);
            break;
        case Drag::picture: {
            const PixelPoint middle = frame_from_widget(QPointF(width() / 2.0, height() / 2.0));
            options_.lens.centre = middle + (frame_from_widget(last_) - frame_from_widget(at));
            flush();
            break;
        }
        case Drag::window:
            change_window(at - last_);
            break;
        case Drag::path:
            if (distance(drawn_from_, frame_from_widget(at)) > 2)
                emit path_drawn({drawn_from_, frame_from_widget(at), 0});
            break;
        case Drag::line:
            if (!options_.callipers.empty()) options_.callipers.back().to = frame_from_widget(at);
            break;
    }
    last_ = at;
    if (drag_ != Drag::none) schedule();
}

void FrameView::mouseReleaseEvent(QMouseEvent*) {
    if (drag_ == Drag::line && !options_.callipers.empty()) {
        const render::Calliper line = options_.callipers.back();
        const PixelVector along = line.to - line.from;
        const double px = std::hypot(along.x, along.y * pixel_shape(*study_.frame));
        if (px < 2) {
            options_.callipers.pop_back();  // a click, no line
        } else if (tool_ == Tool::known_length) {
            emit length_drawn(px);
        }
        schedule();
    }
    drag_ = Drag::none;
}

void FrameView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::RightButton) {
        reset_window();
    } else if (tool_ == Tool::move && !end_under(event->localPos())) {
        reset_lens();
    }
}

void FrameView::wheelEvent(QWheelEvent* event) {
    if (!scene_ || event->angleDelta().y() == 0) return;
    const double notches = event->angleDelta().y() / 120.0;
    const QPointF at = event->position(), middle(width() / 2.0, height() / 2.0);
    const PixelPoint under = frame_from_widget(at), centre = frame_from_widget(middle);
    const double before = options_.lens.zoom;
    options_.lens.zoom = std::clamp(before * std::pow(kZoomStep, notches), kLeastZoom, kMostZoom);
    // What is under the pointer stays there.
    const double share = before / options_.lens.zoom;
    options_.lens.centre = under + share * (centre - under);
    schedule();
}

void FrameView::keyPressEvent(QKeyEvent* event) {
    const double step = event->modifiers() & Qt::ShiftModifier ? 10 : 1;
    const bool held = options_.held.has_value();
    switch (event->key()) {
        case Qt::Key_Left:
            held ? move_held(-step, 0) : emit stepped(-static_cast<int>(step));
            return;
        case Qt::Key_Right:
            held ? move_held(step, 0) : emit stepped(static_cast<int>(step));
            return;
        case Qt::Key_Up:
            if (held) move_held(0, -step);
            return;
        case Qt::Key_Down:
            if (held) move_held(0, step);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

void FrameView::change_window(QPointF by) {
    const Frame& frame = *study_.frame;
    const bool colour = !frame.colour.empty();
    const double low = colour ? 0 : frame.display_low, high = colour ? 255 : frame.display_high;
    const double range = std::max(1e-6, high - low);
    const render::GreyWindow now = options_.window.value_or(
        render::GreyWindow{static_cast<float>(low), static_cast<float>(high)});
    double level = (now.low + now.high) / 2.0, width = now.high - now.low;
    // Up is brighter, right is softer, as on workstations.
    level += by.y() / 400 * range;
    width = std::clamp(width * std::exp(by.x() / 200), range / 100, 4 * range);
    level = std::clamp(level, low - range / 2, high + range / 2);
    options_.window = render::GreyWindow{static_cast<float>(level - width / 2),
                                         static_cast<float>(level + width / 2)};
}

void FrameView::tell_place(QPointF at) {
    const PixelPoint p = frame_from_widget(at);
    const Frame& frame = *study_.frame;
    const int x = static_cast<int>(std::lround(p.x)), y = static_cast<int>(std::lround(p.y));
    if (!frame.intensity.view().contains(x, y)) {
        emit pointed({});
        return;
    }
    QString text = QString("%1, %2 px").arg(x).arg(y);
    if (frame.spacing) {
        const PixelBox box = study_.anatomy ? study_.anatomy->content_box : frame.grid().bounds();
        const MmVector from_corner =
            to_mm(p - PixelPoint{box.x0 - 0.5, box.y0 - 0.5}, *frame.spacing);
        text += QString("   %1, %2 mm")
                    .arg(QString::fromStdString(render::fixed(from_corner.x, 1)),
                         QString::fromStdString(render::fixed(from_corner.y, 1)));
    }
    text += QString("   grey %1").arg(static_cast<double>(frame.intensity.at(x, y)), 0, 'f', 0);
    emit pointed(text);
}

}  // namespace guide::viewer
