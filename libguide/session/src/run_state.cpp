// SPDX-License-Identifier: Apache-2.0
#include "run_state.hpp"

#include "final_checks.hpp"
#include "hints.hpp"

#include <guide/plan/approach.hpp>
#include <guide/simulate/placement.hpp>

#include <algorithm>
#include <cmath>

namespace guide::session {
namespace {

using Eigen::Vector3d;

constexpr double kHubReserve = 5;      // mm that stay outside the skin
constexpr double kFarthestEntry = 60;  // mm beyond the probe's ends and sides
constexpr double kLongestPush = 20;    // mm a tick
constexpr double kBefore = 120;        // mm, outside the limb

std::array<double, 5> millimetres(const std::array<std::int64_t, 5>& whole) {
    std::array<double, 5> parts{};
    std::transform(whole.begin(), whole.end(), parts.begin(),
                   [](std::int64_t n) { return static_cast<double>(n) / 1000; });
    return parts;
}

}  // namespace

LessonRun::State::State(Lesson lesson, simulate::UltrasoundSettings scanner, Body knee)
    : log{std::move(lesson), {}},
      settings(std::move(scanner)),
      body(std::move(knee)),
      simulator(body.field, settings) {
    const auto parts = parts_of(log.lesson.start);
    std::transform(parts.begin(), parts.end(), probe_.begin(), thousandths);
    if (!log.lesson.needles.empty())
        now.needle = plan::parse_needle(log.lesson.needles.front()).value();
    look();
}

void LessonRun::State::apply(const Event& event) {
    if (now.ending) return;
    const auto exact = rounded(event);
    if (!exact) return refuse(exact.error().text);
    log.entries.emplace_back(TimedEvent{now.tick, *exact});
    std::visit([this](const auto& e) { (*this)(e); }, *exact);
}

void LessonRun::State::next_tick() {
    const double limit = log.lesson.time_limit_s;
    if (!now.ending && now.tick >= static_cast<int>(limit * kTicksPerSecond))
        end(Ending::out_of_time, false);
    look();
}

void LessonRun::State::refuse(const std::string& text) {
    refused_.push_back({"refused", text});
}

/// With what the events of this tick have moved so far.
Pose LessonRun::State::pose() const {
    return pose_at(body, offset_of(millimetres(probe_)));
}

std::string LessonRun::State::approach() const {
    return now.approach.empty() ? log.lesson.approaches.front() : now.approach;
}

bool LessonRun::State::in_plane() const {
    if (log.lesson.approaches.empty()) return true;
    return plan::find_approach(approach())->entry == plan::EntryRule::beside_probe;
}

/// Takes stock after a tick.
void LessonRun::State::look() {
    now.time_s = static_cast<double>(now.tick) / kTicksPerSecond;
    now.left_s = std::max(0.0, log.lesson.time_limit_s - now.time_s);
    if (changed_) {
        now.probe = offset_of(millimetres(probe_));
        now.patient_from_probe = pose();
        now.inserted.reset();
        Sample sample{now.tick, probe_, {}};
        if (held_) {
            now.inserted = measure(*held_, body, settings, now.patient_from_probe);
            if (touches_) now.inserted->bone_mm = std::min(now.inserted->bone_mm, 0.0);
            sample.needle =
                sample_of(*now.inserted, held_->insertion,
                          slice_half_at(*now.inserted, settings, now.patient_from_probe));
        }
        if (!last_ || last_->probe != sample.probe || last_->needle != sample.needle) {
            last_ = sample;
            // What comes to the log after the end would never be read.
            if (!now.ending) log.entries.emplace_back(sample);
        }
        changed_ = false;
    }
    now.phase = now.ending                ? Phase::ended
                : !held_                  ? Phase::scanning
                : held_->inserted_um == 0 ? Phase::on_skin
                                          : Phase::in_tissue;
    now.warnings.clear();
    if (now.inserted)
        now.warnings = warnings_for(*now.inserted, in_plane(), touches_, hub_at_skin_);
    now.warnings.insert(now.warnings.end(), refused_.begin(), refused_.end());
    refused_.clear();
    now.hints = hints_for(log.lesson, now, in_plane());
}

void LessonRun::State::end(Ending how, bool injected) {
    look();  // the last sample stands before the end
    if (how == Ending::finished) {
        const View view = log.lesson.knee.view;
        if (log.lesson.goal == Goal::find_view) {
            ViewCheck check = check_view(body, settings, now.patient_from_probe, view);
            check.tick = now.tick;
            log.entries.emplace_back(check);
        } else if (now.inserted && now.inserted->inserted_mm > 0) {
            TipCheck check =
                check_tip(body, settings, now.patient_from_probe, *now.inserted, view, approach());
            check.tick = now.tick;
            check.injected = injected;
            log.entries.emplace_back(std::move(check));
        }
    }
    log.entries.emplace_back(Ended{now.tick, how});
    now.ending = how;
}

void LessonRun::State::operator()(const MoveProbe& e) {
    const auto by = parts_of(e.by),
               most = parts_of({log.lesson.reach.along_mm, log.lesson.reach.across_mm,
                                log.lesson.reach.turn_deg, log.lesson.reach.tilt_deg,
                                log.lesson.reach.rock_deg});
    for (std::size_t i = 0; i < probe_.size(); ++i) {
        const std::int64_t limit = thousandths(most[i]), to = probe_[i] + thousandths(by[i]);
        probe_[i] = std::clamp(to, -limit, limit);
    }
    changed_ = true;
}

void LessonRun::State::operator()(const ChooseApproach& e) {
    const plan::Approach* chosen = plan::find_approach(e.name);
    if (chosen == nullptr || !chosen->allows(log.lesson.knee.view))
        return refuse("\"" + e.name + "\" is no approach of this view.");
    now.approach = e.name;
}

void LessonRun::State::operator()(const ChooseNeedle& e) {
    if (held_) return refuse("Take the needle out before you choose another one.");
    const auto& offered = log.lesson.needles;
    if (std::find(offered.begin(), offered.end(), e.name) == offered.end())
        return refuse("\"" + e.name + "\" is none of the needles on the table.");
    now.needle = plan::parse_needle(e.name).value();
}

/// Into the body, across the skin about an entry.
Vector3d LessonRun::State::skin_at(const Vector3d& entry, const Vector3d& direction) const {
    constexpr double kAside = 2;  // mm
    const Vector3d side = direction.unitOrthogonal(), other = direction.cross(side);
    const auto at = [&](const Vector3d& off) {
        return body.knee.skin_from(entry + off - kBefore * direction, direction);
    };
    const auto a = at(kAside * side), b = at(-kAside * side), c = at(kAside * other),
               d = at(-kAside * other);
    if (!a || !b || !c || !d) return direction;
    const Vector3d normal = (*a - *b).cross(*c - *d).normalized();
    return normal.dot(direction) < 0 ? Vector3d(-normal) : normal;
}

Expected<Vector3d> LessonRun::State::entry_of(const PlaceNeedle& e, const HeldNeedle& held) const {
    const Pose& pose = held.placed_from;
    const auto no = [](const char* text) { return no_answer("refused", text); };
    const Vector3d direction = direction_of(held);
    const auto skin = body.knee.skin_from(
        pose * Vector3d(e.along_mm, e.deep_mm, e.across_mm) - kBefore * direction, direction);
    if (!skin) return no("There the needle meets no skin: aim it towards the knee.");
    const Vector3d entry = pose.inverse() * *skin;
    if (std::abs(entry.x()) > body.face.width_mm / 2 + kFarthestEntry ||
        std::abs(entry.z()) > kFarthestEntry)
        return no("That is too far from the probe.");
    if (simulate::through_probe(body.face, entry, pose.motion().linear().transpose() * direction))
        return no("The probe is in the way.");
    return *skin;
}

Expected<HeldNeedle> LessonRun::State::held_for(const PlaceNeedle& e) const {
    if (log.lesson.goal == Goal::find_view)
        return no_answer("refused", "This lesson is about the probe alone.");
    if (held_ && held_->inserted_um > 0) return no_answer("refused", "Take the needle out first.");
    if (e.angle_deg < 0 || e.angle_deg > 90)
        return no_answer("refused", "The angle is not 0 to 90 degrees.");
    HeldNeedle held{now.needle, insertions_ + 1,          pose(),
                    {},         thousandths(e.angle_deg), thousandths(e.heading_deg),
                    0};
    const auto entry = entry_of(e, held);
    if (!entry) return tl::unexpected(entry.error());
    const Micrometres exact = micrometres(*entry);
    held.entry = Vector3d(static_cast<double>(exact[0]), static_cast<double>(exact[1]),
                          static_cast<double>(exact[2])) /
                 1000;
    return held;
}

void LessonRun::State::operator()(const PlaceNeedle& e) {
    auto held = held_for(e);
    if (!held) return refuse(held.error().text);
    ++insertions_;
    touches_ = hub_at_skin_ = false;
    changed_ = true;
    const plan::Needle& needle = held->needle;
    std::string name =
        std::to_string(needle.gauge) + "G:" + std::to_string(std::lround(needle.length_mm)) + "mm";
    log.entries.emplace_back(Insertion{now.tick, micrometres(held->entry),
                                       millionths(skin_at(held->entry, direction_of(*held))),
                                       std::move(name)});
    held_ = *std::move(held);
}

void LessonRun::State::operator()(const TiltNeedle& e) {
    if (!held_) return refuse("There is no needle on the skin.");
    HeldNeedle turned = *held_;
    turned.angle_mdeg =
        std::clamp<std::int64_t>(turned.angle_mdeg + thousandths(e.angle_deg), 0, 90000);
    turned.heading_mdeg += thousandths(e.heading_deg);
    const double depth = static_cast<double>(turned.inserted_um) / 1000;
    changed_ = true;
    if (depth > 0 && hard_between(body, turned.entry, direction_of(turned), 0, depth)) {
        touches_ = true;
        return refuse("The shaft leans on bone.");
    }
    held_ = turned;
    touches_ = false;
}

void LessonRun::State::operator()(const PushNeedle& e) {
    if (!held_) return refuse("There is no needle on the skin.");
    if (std::abs(e.mm) > kLongestPush) return refuse("No hand moves so fast.");
    const double from = static_cast<double>(held_->inserted_um) / 1000;
    double to = std::max(0.0, from + e.mm);
    const double longest = held_->needle.length_mm - kHubReserve;
    hub_at_skin_ = to >= longest;
    to = std::min(to, longest);
    if (e.mm > 0) {
        const auto hard = hard_between(body, held_->entry, direction_of(*held_), from, to);
        if (hard) {
            to = std::max(from, *hard - 0.1);
            touches_ = true;
        }
    } else if (e.mm < 0) {
        touches_ = false;
    }
    held_->inserted_um = thousandths(to);
    changed_ = true;
}

void LessonRun::State::operator()(const RemoveNeedle&) {
    if (!held_) return refuse("There is no needle on the skin.");
    held_.reset();
    touches_ = hub_at_skin_ = false;
    changed_ = true;
}

void LessonRun::State::operator()(const Inject&) {
    if (log.lesson.goal != Goal::inject) return refuse("This lesson injects nothing.");
    if (!held_ || held_->inserted_um == 0) return refuse("There is no needle in the tissue.");
    end(Ending::finished, true);
}

void LessonRun::State::operator()(const Finish&) {
    end(Ending::finished, false);
}

void LessonRun::State::operator()(const GiveUp&) {
    end(Ending::gave_up, false);
}

}  // namespace guide::session
