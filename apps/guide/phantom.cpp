// SPDX-License-Identifier: Apache-2.0
#include "phantom.hpp"

#include <guide/plan/needle.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace guide::app {
namespace {

using Eigen::Vector3d;
using simulate::InsertedNeedle;

std::string rounded(double mm) {
    std::ostringstream text;
    text << std::round(10 * mm) / 10;
    return text.str();
}

/// mm from `tip` against `direction` to the last tissue before the air.
Expected<double> way_out(const simulate::TissueSampler& body, const Vector3d& tip,
                         const Vector3d& direction) {
    constexpr double kStep = 0.2, kFar = 300;
    for (double t = 0; t < kFar; t += kStep) {
        const auto tissue = body(tip - t * direction).tissue;
        if (tissue == simulate::Tissue::outside) return t;
        if (simulate::is_bone(tissue)) {
            return no_answer(
                "in-bone",
                t == 0 ? "its tip lies in bone (" + std::string(name_of(tissue)) + ")"
                       : "its way passes through bone (" + std::string(name_of(tissue)) + ")");
        }
    }
    return no_answer("too-deep", "its way through the leg is longer than 300 mm");
}

}  // namespace

std::unique_ptr<Phantom> make_phantom(const report::Case& c, const std::filesystem::path& folder,
                                      const Execution& execution) {
    return c.fluoroscopy ? make_fluoroscopy_phantom(c, folder, execution)
                         : make_ultrasound_phantom(c);
}

std::optional<Vector3d> place_of(const simulate::Knee& knee, const std::string& target) {
    const simulate::KneeLandmarks marks = knee.landmarks();
    if (target == "recess") return marks.recess;
    if (target == "trochlea") return marks.trochlea;
    if (target == "medial-joint") return marks.medial_joint;
    if (target == "lateral-joint") return marks.lateral_joint;
    if (target == "popliteal") return marks.popliteal;
    return std::nullopt;
}

Expected<InsertedNeedle> insert_needle(const simulate::Knee& knee, const report::CaseNeedle& wanted,
                                       const Vector3d& tip, const Vector3d& direction,
                                       const Vector3d& aside) {
    return insert_needle([&knee](const Vector3d& p) { return knee.at(p); }, wanted, tip, direction,
                         aside);
}

Expected<InsertedNeedle> insert_needle(const simulate::TissueSampler& body,
                                       const report::CaseNeedle& wanted, const Vector3d& tip,
                                       const Vector3d& direction, const Vector3d& aside) {
    InsertedNeedle needle;
    needle.tip = tip - wanted.short_of_target_mm * direction;
    needle.direction = direction;
    const auto way = way_out(body, needle.tip, direction);
    if (!way) return tl::unexpected(way.error());
    if (*way < 1) return no_answer("outside", "its tip does not lie in the body");
    if (*way > wanted.length_mm) {
        return no_answer("too-short", "it is " + rounded(wanted.length_mm) +
                                          " mm long, and its tip would lie " + rounded(*way) +
                                          " mm in the body");
    }
    needle.inserted_mm = *way;
    const auto sizes = plan::standard_needle(wanted.gauge, wanted.length_mm);
    if (!sizes) return tl::unexpected(sizes.error());
    needle.outer_diameter_mm = sizes->outer_diameter_mm;
    needle.inner_diameter_mm = sizes->inner_diameter_mm;
    needle.bevel_deg = wanted.bevel_deg;
    needle.bend_mm = wanted.bend_mm;
    needle.bend_towards = (aside - aside.dot(direction) * direction).normalized();
    needle.echogenic = wanted.echogenic;
    return needle;
}

InsertedNeedle drawn_back(const InsertedNeedle& needle, double share) {
    InsertedNeedle back = needle;
    const Vector3d entry =
        needle.tip - needle.inserted_mm * needle.direction - needle.bend_mm * needle.bend_towards;
    // The bend grows with the square of the way: the part that is in lies where it lay before.
    back.inserted_mm = std::max(1.0, share * needle.inserted_mm);
    back.bend_mm = share * share * needle.bend_mm;
    back.tip = entry + back.inserted_mm * needle.direction + back.bend_mm * needle.bend_towards;
    return back;
}

double share_of(const report::CaseSequence& sequence, int index) {
    if (sequence.motion != report::Motion::needle_insertion || sequence.frames < 2) return 1;
    return 0.1 + 0.9 * index / (sequence.frames - 1);
}

}  // namespace guide::app
