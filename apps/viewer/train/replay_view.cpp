// SPDX-License-Identifier: Apache-2.0
#include "train/replay_view.hpp"

#include "train/needle_marks.hpp"

#include <guide/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace guide::viewer {

ReplayView::ReplayView(QWidget* parent) : SceneView(parent) {
    setObjectName("replay_view");
    setAccessibleName("The lesson, moment by moment");
    options_.overlays.legend = true;
    thread_ = std::jthread([this](std::stop_token quit) { work(std::move(quit)); });
}

ReplayView::~ReplayView() {
    thread_.request_stop();
    thread_.join();
}

void ReplayView::show_lesson(std::shared_ptr<TakenLesson> taken) {
    taken_ = std::move(taken);
    shown_ = {};
    wanted_ = -1;
    clear_scene();
}

void ReplayView::show_moment(int index) {
    if (!taken_ || taken_->moments.empty()) return;
    wanted_ = std::clamp(index, 0, static_cast<int>(taken_->moments.size()) - 1);
    ask();
}

void ReplayView::set_truth(bool on) {
    with_truth_ = on;
    if (taken_ && wanted_ >= 0) ask();
}

void ReplayView::ask() {
    const std::scoped_lock lock(mutex_);
    order_ = Order{taken_, wanted_, with_truth_};
    wake_.notify_all();
}

bool ReplayView::quiet() const {
    const std::scoped_lock lock(mutex_);
    return !busy_ && !order_ && drawn();
}

void ReplayView::take(const Shown& shown) {
    shown_ = shown;
    set_scene(*shown_.frame, shown_.truth.get(), nullptr);
}

void ReplayView::work(std::stop_token quit) {
    const auto newer = [this] {
        const std::scoped_lock lock(mutex_);
        return order_.has_value();
    };
    const auto show = [this](const Order& order, const Shown& shown) {
        QMetaObject::invokeMethod(
            this,
            [this, shown, of = order.taken] {
                if (of == taken_) take(shown);
            },
            Qt::QueuedConnection);
    };
    while (true) {
        Order order;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, quit, [this] { return order_.has_value(); })) return;
            order = *std::exchange(order_, std::nullopt);
            busy_ = true;
        }
        try {
            const auto& moment = order.taken->moments[static_cast<std::size_t>(order.moment)];
            session::LessonRun& run = *order.taken->run;
            Shown shown{
                order.moment, std::make_shared<const Frame>(run.frame_at(moment, {0, quit})), {}};
            show(order, shown);
            if (order.truth && !newer()) {
                shown.truth = std::make_shared<const Anatomy>(run.truth_at(moment, {0, quit}));
                show(order, shown);
            }
        } catch (const Stopped&) {
            return;
        } catch (const std::exception& error) {
            const QString why = QString::fromUtf8(error.what());
            QMetaObject::invokeMethod(
                this, [this, why] { emit failed(why); }, Qt::QueuedConnection);
        }
        // After what was told has come to the window.
        QMetaObject::invokeMethod(
            this,
            [this] {
                const std::scoped_lock lock(mutex_);
                busy_ = order_.has_value();
            },
            Qt::QueuedConnection);
    }
}

// Where the needle really is, seen or not.
void ReplayView::paint_over(QPainter& painter) {
    if (!with_truth_ || shown_.moment < 0) return;
    const auto& needle = taken_->moments[static_cast<std::size_t>(shown_.moment)].inserted;
    if (!needle) return;
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor colour = needle->tip_visible ? kSeenColour : kUnseenColour;
    const QPointF entry = widget_from_frame(needle->entry_px),
                  tip = widget_from_frame(needle->tip_px);
    painter.setPen({colour, 2, needle->tip_visible ? Qt::SolidLine : Qt::DashLine});
    painter.drawLine(entry, tip);
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(tip, 7, 7);
    QString words = needle->tip_visible ? "tip seen" : "tip not seen";
    const double across = needle->tip_across_mm;
    if (std::abs(across) >= 0.5) {
        words += QString(", %1 mm %2 the picture")
                     .arg(std::abs(across), 0, 'f', 1)
                     .arg(across > 0 ? "in front of" : "behind");
    }
    if (needle->in_joint) words += ", in the joint";
    write_on(painter, tip + QPointF(12, 4), words, colour);
}

}  // namespace guide::viewer
