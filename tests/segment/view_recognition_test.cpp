// SPDX-License-Identifier: Apache-2.0
#include "support/simulated_knee.hpp"

#include <guide/segment/segment.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

using namespace guide;

namespace {

bool has_note(const Anatomy& anatomy, const std::string& code) {
    return std::ranges::any_of(anatomy.notes, [&](const Reason& n) { return n.code == code; });
}

Frame mirrored(const Frame& frame) {
    Frame result = clone(frame);
    for (int y = 0; y < frame.intensity.height(); ++y)
        std::reverse(result.intensity.row(y), result.intensity.row(y) + result.intensity.width());
    return result;
}

Frame knee_frame(std::uint64_t seed, View view) {
    Frame frame = std::move(test::simulated_knee(seed, view).frame);
    frame.modality = Modality::ultrasound;
    return frame;
}

}  // namespace

TEST_CASE("view recognition: views of simulated knees are told by their looks") {
    const auto [seed, view] = GENERATE(std::pair{4, View::suprapatellar_long},
                                       std::pair{2, View::trochlea}, std::pair{3, View::posterior});
    const Anatomy found = segment::find_anatomy(knee_frame(seed, view), {});
    CHECK(found.view == view);
    CHECK(has_note(found, "view-recognised"));
    REQUIRE(found.view_confidence);
    CHECK(*found.view_confidence >= 0.8);
}

TEST_CASE("view recognition: left and right make no difference") {
    const Frame frame = knee_frame(4, View::suprapatellar_long);
    const Anatomy one = segment::find_anatomy(frame, {});
    const Anatomy other = segment::find_anatomy(mirrored(frame), {});
    CHECK(one.view == other.view);
    CHECK(std::abs(*one.view_confidence - *other.view_confidence) < 0.1);
}

TEST_CASE("view recognition: fibres of muscle give no joint space where no view is stated") {
    Frame frame;
    frame.intensity = Image<float>(500, 400);
    frame.modality = Modality::ultrasound;
    frame.spacing = Spacing{0.1, 0.1};
    for (int y = 0; y < 400; ++y) {
        for (int x = 0; x < 500; ++x) {
            const double fibre = std::sin((y + 0.35 * x) * 2 * std::numbers::pi / 18);
            const double grain = std::sin(x * 12.9898 + y * 78.233) * 43758.5453;
            frame.intensity.at(x, y) =
                static_cast<float>(80 + 50 * fibre + 40 * (grain - std::floor(grain)));
        }
    }
    CHECK_FALSE(segment::find_anatomy(frame, {}).joint_space);
}
