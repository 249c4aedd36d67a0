// SPDX-License-Identifier: Apache-2.0
#include "train/lesson_worker.hpp"

#include "train/training_folder.hpp"

#include <guide/core/error.hpp>
#include <guide/plan/approach.hpp>
#include <guide/segment/segment.hpp>

#include <QLockFile>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::viewer {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kTick{1000 / session::kTicksPerSecond};
constexpr int kMostAtOnce = 4;  // ticks made up for when a picture came late

AimLine line_of(const session::LessonRun& run, const session::PlaceNeedle& place) {
    constexpr double kLong = 90;  // mm
    AimLine line{place, {}, {}, {}, {}};
    const auto entry = run.entry_of(place);
    const auto& pose = run.state().patient_from_probe;
    const double angle = place.angle_deg * std::numbers::pi / 180,
                 heading = place.heading_deg * std::numbers::pi / 180;
    const Eigen::Vector3d direction(std::cos(angle) * std::cos(heading), std::sin(angle),
                                    std::cos(angle) * std::sin(heading));
    Eigen::Vector3d from(place.along_mm, place.deep_mm, place.across_mm);
    if (entry) {
        line.entry = pose.inverse() * *entry;
        from = *line.entry;
    } else {
        line.refused = QString::fromStdString(entry.error().text);
        from -=
            direction * (place.deep_mm > 0 ? place.deep_mm / std::max(0.1, std::sin(angle)) : 0);
    }
    const auto pixel = [&](const Eigen::Vector3d& p) {
        return simulate::shown_point(run.scanner(), pose, pose * p).pixel;
    };
    line.from = pixel(from);
    line.to = pixel(from + kLong * direction);
    return line;
}

}  // namespace

LessonWorker::LessonWorker(LessonTask task, QObject* parent)
    : QObject(parent), task_(std::move(task)) {
    qRegisterMetaType<std::shared_ptr<TakenLesson>>("std::shared_ptr<guide::viewer::TakenLesson>");
    looker_ = std::jthread([this](std::stop_token quit) { look(std::move(quit)); });
    thread_ = std::jthread([this](std::stop_token quit) { work(std::move(quit)); });
}

LessonWorker::~LessonWorker() {
    thread_.request_stop();
    looker_.request_stop();
    thread_.join();
    looker_.join();
}

void LessonWorker::with_hands(const std::function<void(Hands&)>& change) {
    const std::scoped_lock lock(mutex_);
    change(hands_);
    wake_.notify_all();
}

void LessonWorker::set_paused(bool paused) {
    const std::scoped_lock lock(mutex_);
    paused_ = paused;
    next_ = Clock::now();
    wake_.notify_all();
}

void LessonWorker::set_look(bool on) {
    looks_ = on;
}

void LessonWorker::advance(int ticks) {
    const std::scoped_lock lock(mutex_);
    if (ticks == 0 && !hands_.waiting()) return;
    due_ += std::max(1, ticks);
    wake_.notify_all();
}

bool LessonWorker::quiet() const {
    const std::scoped_lock lock(mutex_);
    if (!task_.clock_by_hand) return true;
    return !running_ && !told_ && due_ == 0 && !looking_;
}

bool LessonWorker::waits_to_look() {
    const std::scoped_lock lock(look_mutex_);
    return to_look_ != nullptr;
}

LessonStep LessonWorker::take() {
    const std::scoped_lock lock(mutex_);
    told_ = false;
    return step_;
}

void LessonWorker::tell(std::function<void()> what) {
    QMetaObject::invokeMethod(this, std::move(what), Qt::QueuedConnection);
}

void LessonWorker::work(std::stop_token quit) {
    {
        const std::scoped_lock lock(mutex_);
        running_ = true;
    }
    QString why;
    try {
        run(quit);
    } catch (const Stopped&) {
    } catch (const std::exception& error) {
        why = QString::fromUtf8(error.what());
    }
    const std::scoped_lock lock(mutex_);
    running_ = false;
    if (!why.isEmpty()) tell([this, why] { emit failed(why); });
}

int LessonWorker::wait_for_ticks(const std::stop_token& quit) {
    std::unique_lock lock(mutex_);
    running_ = false;
    int ticks = 0;
    if (task_.clock_by_hand) {
        wake_.wait(lock, quit, [this] { return due_ > 0; });
        ticks = due_;
        due_ = 0;
    } else {
        while (!quit.stop_requested()) {
            if (paused_) {
                wake_.wait(lock, quit, [this] { return !paused_; });
                continue;
            }
            const auto now = Clock::now();
            if (now >= next_) {
                ticks = 1 + static_cast<int>((now - next_) / kTick);
                // A machine that slept, or is far too slow: the lesson waits rather than leaps.
                if (ticks > kMostAtOnce) {
                    ticks = kMostAtOnce;
                    next_ = now;
                }
                next_ += ticks * kTick;
                break;
            }
            // Woken early only by a pause or the end; hands act at the tick.
            (void)wake_.wait_until(lock, quit, next_, [this] { return paused_; });
        }
    }
    running_ = true;
    return quit.stop_requested() ? 0 : ticks;
}

void LessonWorker::make_picture(const std::stop_token& quit) {
    LessonStep step;
    auto frame = std::make_shared<const Frame>(run_->frame({0, quit}));
    step.frame = frame;
    step.state = run_->state();
    {
        const std::scoped_lock lock(mutex_);
        if (step.state.phase == session::Phase::scanning) step.aim.place = hands_.aim();
    }
    if (step.state.phase == session::Phase::scanning) step.aim = line_of(*run_, step.aim.place);
    if (looks_) {
        const std::scoped_lock lock(look_mutex_);
        to_look_ = frame;
        looking_ = true;
        approach_ = step.state.approach;
        needle_ = step.state.needle;
        look_wake_.notify_all();
    }
    ++pictures_;
    const std::scoped_lock lock(mutex_);
    step.found = looks_ ? step_.found : nullptr;
    step.plan = looks_ ? step_.plan : nullptr;
    step_ = std::move(step);
    if (told_) return;
    told_ = true;
    tell([this] { emit stepped(); });
}

void LessonWorker::run(std::stop_token quit) {
    std::unique_ptr<QLockFile> held = TrainingFolder::hold(task_.record);
    session::Recorder recorder(task_.record, task_.lesson);
    if (task_.earlier) {
        run_ = taken_again(*task_.earlier, moments_, quit);
    } else {
        auto made = session::LessonRun::make(task_.lesson, {0, quit});
        if (!made) throw IoError(task_.lesson.id, made.error().code, made.error().text);
        run_ = std::make_shared<session::LessonRun>(*std::move(made));
        moments_.push_back(run_->state());
    }
    QString trouble;
    const auto record = [&](const Expected<void>& written) {
        const QString now = written ? QString() : QString::fromStdString(written.error().text);
        if (now != trouble) tell([this, now] { emit not_recorded(now); });
        trouble = now;
    };
    record(recorder.update(run_->log()));
    if (trouble.isEmpty()) tell([this] { emit ready(); });
    try {
        go(quit, [&] { record(recorder.update(run_->log())); });
    } catch (const Stopped&) {
        (void)recorder.update(run_->log());
        throw;
    }
    Expected<void> safe = recorder.update(run_->log());
    if (safe) safe = recorder.sync();
    record(safe);
    auto taken = std::make_shared<TakenLesson>();
    taken->run = run_;
    taken->moments = std::move(moments_);
    taken->score = session::score(run_->log());
    taken->record = task_.record;
    taken->whole = safe.has_value();
    if (!safe) taken->trouble = safe.error().text;
    held.reset();
    tell([this, taken] { emit ended(taken); });
}

void LessonWorker::go(const std::stop_token& quit, const std::function<void()>& record) {
    make_picture(quit);
    next_ = Clock::now();
    while (!run_->state().ending) {
        int ticks = wait_for_ticks(quit);
        if (ticks == 0) throw Stopped();
        while (ticks-- > 0 && !run_->state().ending) {
            std::vector<session::Event> events;
            {
                const std::scoped_lock lock(mutex_);
                events = hands_.next(run_->state());
            }
            moments_.push_back(run_->tick(events));
            if (run_->state().tick % session::kTicksPerSecond == 0) record();
            const std::scoped_lock lock(mutex_);
            if (task_.clock_by_hand && ticks == 0 && hands_.waiting()) ticks = 1;
        }
        if (!run_->state().ending) make_picture(quit);
    }
}

void LessonWorker::look(std::stop_token quit) {
    while (true) {
        std::shared_ptr<const Frame> frame;
        plan::PlanOptions options;
        {
            std::unique_lock lock(look_mutex_);
            if (!look_wake_.wait(lock, quit, [this] { return to_look_ != nullptr; })) return;
            frame = std::exchange(to_look_, nullptr);
            if (!approach_.empty()) options.approach = approach_;
            options.needle = needle_;
        }
        std::shared_ptr<const Anatomy> found;
        std::shared_ptr<const plan::Plan> plan;
        try {
            found = std::make_shared<const Anatomy>(
                segment::find_anatomy(*frame, {task_.lesson.knee.view}, {1, quit}));
            if (task_.lesson.goal != session::Goal::find_view) {
                plan = std::make_shared<const plan::Plan>(plan::plan_trajectories(*found, options));
            }
        } catch (const Stopped&) {
            return;
        } catch (const std::exception&) {
            // A picture in which nothing can be looked for has no findings.
        }
        const std::scoped_lock lock(mutex_);
        step_.found = std::move(found);
        step_.plan = std::move(plan);
        if (task_.clock_by_hand && !told_) {
            told_ = true;
            tell([this] { emit stepped(); });
        }
        const std::scoped_lock still(look_mutex_);
        if (to_look_ == nullptr) looking_ = false;
    }
}

}  // namespace guide::viewer
