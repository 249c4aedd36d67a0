// SPDX-License-Identifier: Apache-2.0
//
// remedy.cpp for volumes: the same changes, one at a time, each tried.
#include "limit_text.hpp"
#include "volume_state.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace guide::plan {
namespace {

constexpr double kLongestNeedleMm = 120;
constexpr double kMoreDegrees = 20;

struct Relaxed {
    double most;
    std::function<Approach(double)> by;
};

std::optional<Relaxed> relaxed(const Approach& approach, const VolumeData& data,
                               const std::string& code) {
    const auto changed = [approach](auto change) {
        return [approach, change](double amount) {
            Approach own = approach;
            change(own, amount);
            return own;
        };
    };
    if (code == "angle") {
        return Relaxed{std::min(kMoreDegrees, 90 - approach.angle_limit_deg),
                       changed([](Approach& a, double by) { a.angle_limit_deg += by; })};
    }
    if (code == "angle-flat") {
        return Relaxed{approach.angle_least_deg,
                       changed([](Approach& a, double by) { a.angle_least_deg -= by; })};
    }
    if (code == "bone-clearance") {
        return Relaxed{approach.bone_margin_mm,
                       changed([](Approach& a, double by) { a.bone_margin_mm -= by; })};
    }
    if (code == "depth") {
        return Relaxed{40, changed([](Approach& a, double by) { a.depth_limit_mm += by; })};
    }
    const auto is = [&](const VolumeData::Kind& kind) { return kind.name == code; };
    if (std::ranges::none_of(data.kinds, is)) return {};
    return Relaxed{approach.margin_mm(code), changed([code](Approach& a, double by) {
                       const double left = std::max(0.0, a.margin_mm(code) - by);
                       std::erase_if(a.margins, [&](const Margin& m) { return m.kind == code; });
                       a.margins.push_back({code, left});
                   })};
}

std::string advice(const std::string& code, double amount) {
    const std::string mm = short_number(amount) + " mm";
    if (code == "angle")
        return "There is a path " + short_number(amount) + " degrees steeper than allowed.";
    if (code == "angle-flat")
        return "There is a path " + short_number(amount) + " degrees flatter than allowed.";
    if (code == "bone-clearance")
        return "There is a path " + mm + " nearer to bone than the margin.";
    if (code == "depth") return "There is a path " + mm + " deeper than allowed.";
    return "There is a path " + mm + " nearer to the " + code + " than its margin.";
}

}  // namespace

std::vector<Remedy> VolumePlanner::remedies() const {
    const State& s = *state_;
    const VolumeData& data = s.scene.data();
    const ApproachInVolume& way = s.ways.front();
    std::vector<Remedy> remedies;
    const Plan now = plan();
    if (now.status != PlanStatus::refused) return remedies;

    const auto with_length = [&](double length) {
        PlanOptions longer = s.options;
        longer.needle.length_mm = length;
        return possible(data, way, longer);
    };
    if (s.options.needle.length_mm < kLongestNeedleMm && with_length(kLongestNeedleMm)) {
        for (const double length : common_lengths_mm()) {
            if (length <= s.options.needle.length_mm) continue;
            if (length < kLongestNeedleMm && !with_length(length)) continue;
            remedies.push_back({"longer-needle", length, "mm",
                                "A needle of " + short_number(length) + " mm instead of " +
                                    short_number(s.options.needle.length_mm) + " mm reaches it."});
            break;
        }
    }
    if (s.options.approach != "auto") {
        PlanOptions other = s.options;
        other.approach = "auto";
        if (const auto ways = ways_in(s.scene, other)) {
            const auto found = std::ranges::find_if(*ways, [&](const ApproachInVolume& w) {
                return w.approach.name != way.approach.name && possible(data, w, other);
            });
            if (found != ways->end())
                remedies.push_back(
                    {"other-approach", 0, "",
                     "The approach " + found->approach.name + " has a path in this volume."});
        }
    }
    for (const Rejection& rejection : now.rejected) {
        const auto change = relaxed(way.approach, data, rejection.code);
        if (!change || !(change->most > 0)) continue;
        const auto helps = [&](double amount) {
            ApproachInVolume eased = way;
            eased.approach = change->by(amount);
            eased.window = *window_in(data, eased.approach);
            return possible(data, eased, s.options);
        };
        if (!helps(change->most)) continue;
        double low = 0, high = change->most;
        for (int i = 0; i < 5; ++i) {
            const double middle = (low + high) / 2;
            (helps(middle) ? high : low) = middle;
        }
        remedies.push_back({rejection.code, high, rejection.unit, advice(rejection.code, high)});
    }
    return remedies;
}

}  // namespace guide::plan
