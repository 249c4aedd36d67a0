// SPDX-License-Identifier: Apache-2.0
#include "train/hands.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace guide::viewer {
namespace {

using session::Event;
using session::MoveProbe;
using session::PushNeedle;
using session::TiltNeedle;

// A tick is 1/20 s: 10 mm and 20 degrees a second for the probe, 5 mm a second for the needle.
constexpr double kSlide = 0.5, kTurn = 1, kRock = 0.5, kPush = 0.25, kFast = 2, kDraw = 0.5,
                 kAngle = 1, kHeading = 1;
constexpr double kLongestPush = 20;  // mm a tick, as lessons have it

Event event_of(Motion motion) {
    switch (motion) {
        case Motion::probe_left:
            return MoveProbe{{-kSlide, 0, 0, 0, 0}};
        case Motion::probe_right:
            return MoveProbe{{kSlide, 0, 0, 0, 0}};
        case Motion::probe_away:
            return MoveProbe{{0, -kSlide, 0, 0, 0}};
        case Motion::probe_near:
            return MoveProbe{{0, kSlide, 0, 0, 0}};
        case Motion::turn_left:
            return MoveProbe{{0, 0, -kTurn, 0, 0}};
        case Motion::turn_right:
            return MoveProbe{{0, 0, kTurn, 0, 0}};
        case Motion::tilt_away:
            return MoveProbe{{0, 0, 0, -kTurn, 0}};
        case Motion::tilt_near:
            return MoveProbe{{0, 0, 0, kTurn, 0}};
        case Motion::rock_left:
            return MoveProbe{{0, 0, 0, 0, -kRock}};
        case Motion::rock_right:
            return MoveProbe{{0, 0, 0, 0, kRock}};
        case Motion::needle_in:
            return PushNeedle{kPush};
        case Motion::needle_in_fast:
            return PushNeedle{kFast};
        case Motion::needle_out:
            return PushNeedle{-kDraw};
        case Motion::flatter:
            return TiltNeedle{-kAngle, 0};
        case Motion::steeper:
            return TiltNeedle{kAngle, 0};
        case Motion::swing_left:
            return TiltNeedle{0, -kHeading};
        default:
            return TiltNeedle{0, kHeading};
    }
}

}  // namespace

void Hands::press(Motion motion) {
    Key& key = keys_[static_cast<std::size_t>(motion)];
    key.held = true;
    ++key.taps;
}

void Hands::release(Motion motion) {
    keys_[static_cast<std::size_t>(motion)].held = false;
}

void Hands::release_all() {
    keys_ = {};
}

void Hands::move_probe(const simulate::ProbeOffset& by) {
    probe_.along_mm += by.along_mm;
    probe_.across_mm += by.across_mm;
    probe_.turn_deg += by.turn_deg;
    probe_.tilt_deg += by.tilt_deg;
    probe_.rock_deg += by.rock_deg;
}

void Hands::push(double mm) {
    push_ = std::clamp(push_ + mm, -kLongestPush, kLongestPush);
}

void Hands::tilt(double angle_deg, double heading_deg) {
    tilt_.angle_deg += angle_deg;
    tilt_.heading_deg += heading_deg;
}

void Hands::act(Event event) {
    constexpr std::size_t kMost = 4;  // a tick holds 16 events in all
    if (acts_.size() < kMost) acts_.push_back(std::move(event));
}

void Hands::aim_through(double along_mm, double deep_mm) {
    aim_.along_mm = along_mm;
    aim_.deep_mm = deep_mm;
    aim_.across_mm = 0;
}

void Hands::aim_from_other_side() {
    aim_.heading_deg = aim_.heading_deg > 90 ? 0 : 180;
    if (aim_.deep_mm == 0) aim_.along_mm = -aim_.along_mm;
}

bool Hands::waiting() const {
    const bool tapped =
        std::any_of(keys_.begin(), keys_.end(), [](const Key& k) { return k.taps > 0; });
    return tapped || !acts_.empty() || push_ != 0 || tilt_.angle_deg != 0 ||
           tilt_.heading_deg != 0 || probe_.along_mm != 0 || probe_.across_mm != 0 ||
           probe_.turn_deg != 0 || probe_.tilt_deg != 0 || probe_.rock_deg != 0;
}

void Hands::move_aim(Motion motion) {
    // "In" is towards where the needle points, as it is once it is set.
    const double ahead = aim_.heading_deg > 90 ? -kSlide : kSlide;
    switch (motion) {
        case Motion::needle_in:
        case Motion::needle_in_fast:
            aim_.along_mm += ahead;
            break;
        case Motion::needle_out:
            aim_.along_mm -= ahead;
            break;
        case Motion::flatter:
            aim_.angle_deg = std::max(0.0, aim_.angle_deg - kAngle);
            break;
        case Motion::steeper:
            aim_.angle_deg = std::min(90.0, aim_.angle_deg + kAngle);
            break;
        case Motion::swing_left:
            aim_.heading_deg -= kHeading;
            break;
        case Motion::swing_right:
            aim_.heading_deg += kHeading;
            break;
        case Motion::aim_away:
            aim_.across_mm -= kSlide;
            break;
        case Motion::aim_near:
            aim_.across_mm += kSlide;
            break;
        default:
            break;
    }
}

void Hands::take(Motion motion, bool needle_is_set, std::vector<Event>& events) {
    const bool of_probe = motion <= Motion::rock_right;
    if (of_probe || (needle_is_set && motion < Motion::aim_away)) {
        events.push_back(event_of(motion));
    } else if (!needle_is_set) {
        move_aim(motion);
    }
}

std::vector<Event> Hands::next(const session::LessonState& state) {
    std::vector<Event> events;
    const bool set = state.inserted.has_value();
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        Key& key = keys_[i];
        if (!key.held && key.taps == 0) continue;
        key.taps = std::max(0, key.taps - 1);
        // Nobody does more than half of all motions at once.
        if (events.size() < session::kMostEvents / 2) take(static_cast<Motion>(i), set, events);
    }
    const auto moved = [](double value) { return std::abs(value) >= 0.001; };
    if (moved(probe_.along_mm) || moved(probe_.across_mm) || moved(probe_.turn_deg) ||
        moved(probe_.tilt_deg) || moved(probe_.rock_deg))
        events.emplace_back(MoveProbe{probe_});
    if (set) {
        if (moved(push_)) events.emplace_back(PushNeedle{push_});
        if (moved(tilt_.angle_deg) || moved(tilt_.heading_deg)) events.emplace_back(tilt_);
    } else {
        aim_.angle_deg = std::clamp(aim_.angle_deg + tilt_.angle_deg, 0.0, 90.0);
        aim_.heading_deg += tilt_.heading_deg;
    }
    probe_ = {};
    push_ = 0;
    tilt_ = {};
    std::move(acts_.begin(), acts_.end(), std::back_inserter(events));
    acts_.clear();
    return events;
}

}  // namespace guide::viewer
