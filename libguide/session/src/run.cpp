// SPDX-License-Identifier: Apache-2.0
#include "final_checks.hpp"
#include "run_state.hpp"

#include <guide/core/error.hpp>
#include <guide/report/scanner.hpp>

#include <cmath>

namespace guide::session {
namespace {

/// Of the grey values as a screen shows them.
std::uint64_t fingerprint(const Frame& frame) {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    for (int y = 0; y < frame.intensity.height(); ++y) {
        for (int x = 0; x < frame.intensity.width(); ++x) {
            hash ^= static_cast<std::uint64_t>(std::lround(frame.intensity.at(x, y)));
            hash *= 0x100000001b3U;
        }
    }
    return hash;
}

}  // namespace

std::string_view name_of(Phase phase) {
    constexpr std::string_view kNames[] = {"scanning", "on-skin", "in-tissue", "ended"};
    return kNames[static_cast<int>(phase)];
}

std::string_view name_of(Ending ending) {
    constexpr std::string_view kNames[] = {"finished", "gave-up", "out-of-time"};
    return kNames[static_cast<int>(ending)];
}

LessonRun::LessonRun(std::unique_ptr<State> state) : state_(std::move(state)) {}
LessonRun::~LessonRun() = default;
LessonRun::LessonRun(LessonRun&&) noexcept = default;
LessonRun& LessonRun::operator=(LessonRun&&) noexcept = default;

Expected<LessonRun> LessonRun::make(const Lesson& lesson, const Execution& execution) {
    // As a record holds it, so that a replay starts from the very same numbers.
    const auto read = read_lesson(lesson_json(lesson));
    if (!read) return no_answer("impossible-lesson", read.error().text);
    const simulate::UltrasoundSettings settings = report::ultrasound_settings(read->knee);
    try {
        settings.validate();
    } catch (const PreconditionError& fault) {
        return no_answer("impossible-lesson",
                         std::string("The scanner's fields do not go together: ") + fault.what());
    }
    auto body = make_body(*read, settings, execution);
    if (!body) return tl::unexpected(body.error());
    return LessonRun(std::make_unique<State>(*read, settings, *std::move(body)));
}

const Lesson& LessonRun::lesson() const {
    return state_->log.lesson;
}

const LessonState& LessonRun::state() const {
    return state_->now;
}

const Log& LessonRun::log() const {
    return state_->log;
}

const simulate::UltrasoundSettings& LessonRun::scanner() const {
    return state_->settings;
}

const LessonState& LessonRun::tick(std::span<const Event> events) {
    require(events.size() <= kMostEvents, "LessonRun::tick", "at most 16 events a tick");
    if (state_->now.ending) return state_->now;
    ++state_->now.tick;
    for (const Event& event : events)
        state_->apply(event);
    state_->next_tick();
    return state_->now;
}

Frame LessonRun::frame_at(const LessonState& moment, const Execution& execution) {
    simulate::UltrasoundScene scene;
    scene.frame_number = static_cast<std::uint64_t>(moment.tick);
    constexpr double kShortest = 1;  // mm: less is not drawn
    if (moment.inserted && moment.inserted->inserted_mm >= kShortest) {
        const NeedleState& held = *moment.inserted;
        simulate::InsertedNeedle& needle = scene.needle.emplace();
        needle.tip = held.tip;
        needle.direction = held.direction.normalized();
        needle.inserted_mm = held.inserted_mm;
        needle.outer_diameter_mm = held.needle.outer_diameter_mm;
        needle.inner_diameter_mm = held.needle.inner_diameter_mm;
        needle.echogenic = held.needle.echogenic ? 1 : 0;
    }
    Frame frame = state_->simulator.frame(moment.patient_from_probe, scene, execution);
    frame.time_s = moment.time_s;
    return frame;
}

Frame LessonRun::frame(const Execution& execution) {
    const LessonState& now = state_->now;
    Frame frame = frame_at(now, execution);
    auto& entries = state_->log.entries;
    const auto* last = entries.empty() ? nullptr : std::get_if<FrameCheck>(&entries.back());
    if (now.tick % kTicksPerSecond == 0 && !now.ending && (!last || last->tick != now.tick))
        entries.emplace_back(FrameCheck{now.tick, fingerprint(frame)});
    return frame;
}

Expected<Eigen::Vector3d> LessonRun::entry_of(const PlaceNeedle& place) const {
    const auto exact = rounded(place);
    if (!exact) return tl::unexpected(exact.error());
    const auto held = state_->held_for(std::get<PlaceNeedle>(*exact));
    if (!held) return tl::unexpected(held.error());
    return held->entry;
}

Anatomy LessonRun::truth(const Execution& execution) const {
    return truth_at(state_->now, execution);
}

Anatomy LessonRun::truth_at(const LessonState& moment, const Execution& execution) const {
    return session::truth_at(state_->body, state_->settings, moment.patient_from_probe,
                             state_->log.lesson.knee.view, execution);
}

}  // namespace guide::session
