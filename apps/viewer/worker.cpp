// SPDX-License-Identifier: Apache-2.0
#include "worker.hpp"

#include <guide/core/error.hpp>
#include <guide/core/execution.hpp>
#include <guide/plan/remedy.hpp>
#include <guide/segment/frame_scale.hpp>
#include <guide/segment/segment.hpp>

#include <exception>
#include <new>
#include <utility>

namespace guide::viewer {
namespace {

/// As `guide plan` does: what the user states overrules the file, a screen's ruler fills in.
void scale(Frame& frame, const UserScale& user, View view) {
    if (user.mm_per_px) {
        segment::scale_by_user(frame, {*user.mm_per_px, *user.mm_per_px * pixel_shape(frame)});
    } else if (user.depth_mm && !is_xray(view)) {
        const auto scaled = segment::scale_by_depth(frame, *user.depth_mm);
        if (!scaled) frame.notes.push_back(scaled.error());
    } else if (!is_xray(view)) {
        segment::scale_by_ruler(frame);
    }
    if (!frame.spacing) return;
    if (const auto fault = spacing_fault(*frame.spacing)) {
        frame.notes.push_back(*fault);
        frame.spacing.reset();
        frame.spacing_source = SpacingSource::none;
    }
}

QString sentence_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::bad_alloc&) {
        return "There is not enough memory for this.";
    } catch (const std::exception& e) {
        return QString::fromUtf8(e.what());
    } catch (...) {
        return "An unknown fault.";
    }
}

}  // namespace

Worker::Worker(QObject* parent) : QObject(parent) {
    qRegisterMetaType<Study>("guide::viewer::Study");
    thread_ = std::jthread([this](std::stop_token quit) { work(std::move(quit)); });
}

Worker::~Worker() {
    cancel();
    thread_.request_stop();
    wake_.notify_all();
    thread_.join();
}

void Worker::drop_looks() {
    const std::scoped_lock lock(mutex_);
    pending_ -= static_cast<int>(std::erase_if(tasks_, [](const auto& t) { return t.second; }));
    if (look_under_way_) stop_.request_stop();
}

void Worker::open(const QString& path, const Request& request) {
    drop_looks();
    const std::scoped_lock lock(mutex_);
    tasks_.emplace_back(
        [this, path = path.toStdString(), request](std::stop_token stop) {
            tell("Opening");
            io::OpenOptions options;
            // Coordinates are those of the stored frame, as the program's documents have them.
            options.orientation = io::Orientation::as_stored;
            auto source = io::open(path, options);
            const Frame first =
                source->read(request.frame);    // what cannot be read replaces nothing
            if (stop.stop_requested()) return;  // the window keeps its file, and so does this
            source_ = std::move(source);
            last_ = {};
            info_ = std::make_shared<const io::SourceInfo>(source_->info());
            look_now(request, std::move(stop));
        },
        true);
    ++pending_;
    wake_.notify_all();
}

void Worker::look(const Request& request, std::shared_ptr<const io::SourceInfo> of) {
    drop_looks();
    const std::scoped_lock lock(mutex_);
    tasks_.emplace_back(
        [this, request, of = std::move(of)](std::stop_token stop) {
            if (of == info_) look_now(request, std::move(stop));
        },
        true);
    ++pending_;
    wake_.notify_all();
}

void Worker::run(const QString& what, std::function<void()> job, std::function<void()> done) {
    const std::scoped_lock lock(mutex_);
    tasks_.emplace_back(
        [this, what, job = std::move(job), done = std::move(done)](std::stop_token) {
            tell(what);
            job();
            QMetaObject::invokeMethod(this, done, Qt::QueuedConnection);
        },
        false);
    ++pending_;
    wake_.notify_all();
}

void Worker::cancel() {
    drop_looks();
}

void Worker::work(std::stop_token quit) {
    while (true) {
        std::pair<Task, bool> task;
        std::stop_token stop;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, quit, [this] { return !tasks_.empty(); })) return;
            task = std::move(tasks_.front());
            tasks_.pop_front();
            stop_ = std::stop_source();
            stop = stop_.get_token();
            look_under_way_ = task.second;
        }
        QString why;
        try {
            task.first(stop);
        } catch (const Stopped&) {
        } catch (...) {
            why = sentence_of(std::current_exception());
        }
        const bool given_up = stop.stop_requested();
        {
            const std::scoped_lock lock(mutex_);
            look_under_way_ = false;
        }
        QMetaObject::invokeMethod(
            this,
            [this, why, given_up] {
                --pending_;
                if (!why.isEmpty() && !given_up) emit failed(why);
                if (pending_ == 0) emit progressed({});
            },
            Qt::QueuedConnection);
    }
}

void Worker::tell(const QString& what) {
    QMetaObject::invokeMethod(
        this, [this, what] { emit progressed(what); }, Qt::QueuedConnection);
}

void Worker::show(const Study& study) {
    QMetaObject::invokeMethod(
        this, [this, study] { emit shown(study); }, Qt::QueuedConnection);
}

void Worker::look_now(const Request& request, std::stop_token stop) {
    if (!source_) return;
    const auto given_up = [&] { return stop.stop_requested(); };
    const bool same_frame = last_.frame && last_.request.frame == request.frame &&
                            last_.request.scale == request.scale &&
                            is_xray(last_.request.view) == is_xray(request.view);
    const bool same_look = same_frame && last_.anatomy && last_.request.view == request.view;
    Study study{info_, {}, request, {}, {}, {}};
    if (same_frame) {
        study.frame = last_.frame;
        study.file = last_.file;
    } else {
        tell("Reading");
        Frame frame = source_->read(request.frame);
        scale(frame, request.scale, request.view);
        study.file = source_->file_of(request.frame).string();
        study.frame = std::make_shared<const Frame>(std::move(frame));
    }
    if (given_up()) return;
    if (same_look) {
        study.anatomy = last_.anatomy;
    } else {
        show(study);
        tell("Looking for the joint");
        study.anatomy = std::make_shared<const Anatomy>(
            segment::find_anatomy(*study.frame, {request.view}, {0, stop}));
    }
    if (given_up()) return;
    last_ = study;
    tell("Planning");
    plan::Plan plan = plan::plan_trajectories(*study.anatomy, request.plan);
    if (plan.status == plan::PlanStatus::refused && study.anatomy->joint_space) {
        tell("Looking for what would help");
        plan.remedies = plan::find_remedies(*study.anatomy, request.plan);
    }
    study.plan = std::make_shared<const plan::Plan>(std::move(plan));
    if (given_up()) return;
    last_ = study;
    show(study);
}

}  // namespace guide::viewer
