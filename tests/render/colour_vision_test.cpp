// SPDX-License-Identifier: Apache-2.0
#include "palette.hpp"

#include <catch2/catch.hpp>
#include <guide_test/colour_vision.hpp>

#include <array>

namespace {

using Eigen::Vector3d;
using guide::test::kAtAGlance;
using guide::test::lab_of;
using guide::test::Vision;
using guide::test::visions;
using namespace guide::render;

struct Named {
    const char* name;
    Colour colour;
};

void check_apart(const auto& colours) {
    for (const Vision& vision : visions()) {
        for (auto a = colours.begin(); a != colours.end(); ++a) {
            for (auto b = std::next(a); b != colours.end(); ++b) {
                INFO(vision.name << ": " << a->name << " and " << b->name);
                CHECK(
                    (lab_of(a->colour, vision.matrix) - lab_of(b->colour, vision.matrix)).norm() >=
                    kAtAGlance);
            }
        }
    }
}

TEST_CASE("colour vision: the simulation leaves grey as it is and makes red and green alike") {
    const auto seen = visions();
    for (const Vision& vision : seen) {
        const Vector3d grey = lab_of(Colour{128, 128, 128}, vision.matrix);
        CHECK(std::hypot(grey.y(), grey.z()) < 0.5);
    }
    const Colour red{200, 90, 60}, green{130, 130, 50};
    const auto apart = [&](std::size_t i) {
        return (lab_of(red, seen[i].matrix) - lab_of(green, seen[i].matrix)).norm();
    };
    CHECK(apart(2) < apart(0) / 3);
}

TEST_CASE("colour vision: every two lines over a picture are told apart by everybody") {
    check_apart(std::array<Named, 9>{{{"joint space", palette::kJointSpace},
                                      {"bone", palette::kBone},
                                      {"skin", palette::kSkin},
                                      {"needle", palette::kNeedle},
                                      {"obstacle", palette::kObstacle},
                                      {"not seen", palette::kUnseen},
                                      {"layer", palette::kLayer},
                                      {"allowed", palette::kAllowed},
                                      {"refused", palette::kRefused}}});
}

TEST_CASE("colour vision: good, to be minded and bad are told apart by everybody") {
    check_apart(std::array<Named, 3>{
        {{"good", palette::kGood}, {"warn", palette::kWarn}, {"bad", palette::kBad}}});
}

}  // namespace
