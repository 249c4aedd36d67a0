// SPDX-License-Identifier: Apache-2.0
#include "run_state.hpp"

#include <cmath>

namespace guide::session {
namespace {

constexpr double kLargest = 1000;  // mm or degrees
constexpr std::size_t kLongestName = 64;

/// Rounds what it is shown, and remembers what cannot be.
struct Rounder {
    bool good = true;

    void number(double& value) {
        good = good && std::isfinite(value) && std::abs(value) <= kLargest;
        if (good) value = static_cast<double>(thousandths(value)) / 1000;
    }
    void name(const std::string& text) { good = good && text.size() <= kLongestName; }

    void operator()(MoveProbe& e) {
        auto parts = parts_of(e.by);
        for (double& part : parts)
            number(part);
        e.by = offset_of(parts);
    }
    void operator()(ChooseApproach& e) { name(e.name); }
    void operator()(ChooseNeedle& e) { name(e.name); }
    void operator()(PlaceNeedle& e) {
        for (double* value : {&e.along_mm, &e.deep_mm, &e.across_mm, &e.angle_deg, &e.heading_deg})
            number(*value);
    }
    void operator()(TiltNeedle& e) {
        number(e.angle_deg);
        number(e.heading_deg);
    }
    void operator()(PushNeedle& e) { number(e.mm); }
    template <class Other>
    void operator()(Other&) {}
};

}  // namespace

Expected<Event> rounded(const Event& event) {
    Event result = event;
    Rounder rounder;
    std::visit(rounder, result);
    if (!rounder.good)
        return no_answer("refused", "An event held a number or a name that cannot be meant.");
    return result;
}

std::array<double, 5> parts_of(const simulate::ProbeOffset& o) {
    return {o.along_mm, o.across_mm, o.turn_deg, o.tilt_deg, o.rock_deg};
}

simulate::ProbeOffset offset_of(const std::array<double, 5>& p) {
    return {p[0], p[1], p[2], p[3], p[4]};
}

}  // namespace guide::session
