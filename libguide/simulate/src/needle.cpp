// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/needle.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::simulate {
namespace {

constexpr double kHeadOnDb = 34;        // engineering: nearly white, as parallel needles are
constexpr double kUnseenAngleDeg = 81;  // docs/literature.md 1

bool is_unit(const Eigen::Vector3d& v) {
    return v.allFinite() && std::abs(v.norm() - 1) < 1e-6;
}

}  // namespace

void InsertedNeedle::validate() const {
    const auto rule = [](bool condition, const char* text) {
        require(condition, "InsertedNeedle", text);
    };
    rule(tip.allFinite(), "tip is finite");
    rule(is_unit(direction), "direction is a unit vector");
    rule(inserted_mm >= 1 && inserted_mm <= 300, "inserted_mm is 1 to 300 mm");
    rule(outer_diameter_mm >= 0.2 && outer_diameter_mm <= 4, "outer_diameter_mm is 0.2 to 4 mm");
    rule(inner_diameter_mm >= 0.05 && inner_diameter_mm < outer_diameter_mm,
         "inner_diameter_mm is 0.05 mm to below the outer diameter");
    rule(bevel_deg >= 5 && bevel_deg <= 90, "bevel_deg is 5 to 90 degrees");
    rule(bend_mm >= 0 && bend_mm <= 30, "bend_mm is 0 to 30 mm");
    rule(is_unit(bend_towards) && (bend_mm == 0 || std::abs(bend_towards.dot(direction)) < 1e-6),
         "bend_towards is a unit vector across direction");
    rule(echogenic >= 0 && echogenic <= 1, "echogenic is 0 to 1");
}

double shaft_level_db(const InsertedNeedle& needle, double angle_rad) {
    const double angle_deg = std::abs(angle_rad) * 180 / std::numbers::pi;
    const double plain = std::max(0.0, 1 - angle_deg / kUnseenAngleDeg);
    // Thin needles send back less: amplitude as the square root of the width, 22 G as published.
    const double thickness = 10 * std::log10(needle.outer_diameter_mm / 0.718);
    return kHeadOnDb * (plain + needle.echogenic * (1 - plain)) + thickness;
}

}  // namespace guide::simulate
