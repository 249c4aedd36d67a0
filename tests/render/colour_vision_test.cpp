// SPDX-License-Identifier: Apache-2.0
// Colours as people see them who have no red, green or blue cones: Machado GM, Oliveira MM,
// Fernandes LAF. A physiologically-based model for simulation of color vision deficiency. IEEE
// Trans Vis Comput Graph 2009;15:1291 (matrices of severity 1, for linear sRGB).
#include "palette.hpp"

#include <Eigen/Core>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace {

using Eigen::Matrix3d;
using Eigen::Vector3d;
using namespace guide::render;

struct Vision {
    const char* name;
    Matrix3d matrix;
};

std::array<Vision, 4> visions() {
    Matrix3d protan, deutan, tritan;
    protan << 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116,
        1.051998;
    deutan << 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940,
        0.968881;
    tritan << 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367,
        0.303900;
    return {{{"usual", Matrix3d::Identity()},
             {"without red", protan},
             {"without green", deutan},
             {"without blue", tritan}}};
}

double linear(double channel) {
    const double c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

// CIE 1976 L*a*b* for D65.
Vector3d lab_of(Colour colour, const Matrix3d& vision) {
    Vector3d rgb = vision * Vector3d(linear(colour.r), linear(colour.g), linear(colour.b));
    rgb = rgb.cwiseMax(0).cwiseMin(1);
    Matrix3d xyz_of;
    xyz_of << 0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.0721750, 0.0193339,
        0.1191920, 0.9503041;
    const Vector3d xyz = (xyz_of * rgb).cwiseQuotient(Vector3d(0.95047, 1, 1.08883));
    const Vector3d f = xyz.unaryExpr(
        [](double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; });
    return {116 * f.y() - 16, 500 * (f.x() - f.y()), 200 * (f.y() - f.z())};
}

struct Named {
    const char* name;
    Colour colour;
};

// A difference of 2.3 is just seen; five times as much is seen at a glance.
constexpr double kAtAGlance = 12;

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
        const Vector3d grey = lab_of({128, 128, 128}, vision.matrix);
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
