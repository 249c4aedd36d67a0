// SPDX-License-Identifier: Apache-2.0
#include "gaussian_mass.hpp"

#include <guide/plan/uncertainty.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace guide::plan {
namespace {

using std::numbers::pi;

constexpr std::array<std::pair<Operator, std::string_view>, 3> kOperators{{
    {Operator::novice, "novice"},
    {Operator::trained, "trained"},
    {Operator::guided, "guided"},
}};

// Deflection at 80 mm in gel against a Quincke point's 8.89 mm (docs/literature.md 40).
double bevel_factor(Bevel bevel) {
    switch (bevel) {
        case Bevel::short_bevel:
            return 9.96 / 8.89;
        case Bevel::chiba:
            return 7.71 / 8.89;
        case Bevel::tuohy:
            return 7.64 / 8.89;
        case Bevel::pencil_point:
            return 0.73 / 8.89;
        case Bevel::quincke:
            break;
    }
    return 1;
}

constexpr double kQuinckeCurvature = 1 / 364.0;  // 1/mm, 22 G
constexpr double kReferenceDiameter = 0.718;     // mm, 22 G

void add_along(TipCovariance& c, MmVector v) {
    c.xx += v.x * v.x;
    c.xy += v.x * v.y;
    c.yy += v.y * v.y;
}

}  // namespace

std::string_view name_of(Operator person) {
    return kOperators[static_cast<std::size_t>(person)].second;
}

std::optional<Operator> operator_from_name(std::string_view name) {
    for (const auto& [value, known] : kOperators) {
        if (known == name) return value;
    }
    return std::nullopt;
}

double aiming_sigma_mm(Operator person) {
    constexpr std::array<double, 3> kMeans{3.5, 2.6, 1.5};
    return kMeans[static_cast<std::size_t>(person)] / std::sqrt(pi / 2);
}

Expected<void> ErrorModel::validate() const {
    for (const auto& [field, value, high] :
         {std::tuple{"spacing_relative", spacing_relative, 0.5},
          std::tuple{"sound_speed_relative", sound_speed_relative, 0.5},
          std::tuple{"motion_mm", motion_mm, 50.0},
          std::tuple{"deflection_share", deflection_share, 1.0}}) {
        if (!(value >= 0 && value <= high)) {
            return no_answer("bad-error-model", "errors." + std::string(field) +
                                                    " is not between 0 and its largest value.");
        }
    }
    return {};
}

double deflection_mm(const Needle& needle, double inserted_mm) {
    const double thin = kReferenceDiameter / needle.outer_diameter_mm;
    const double curvature = kQuinckeCurvature * bevel_factor(needle.bevel) * thin * thin;
    return curvature * inserted_mm * inserted_mm / 2;
}

TipEllipse ellipse_of(const TipCovariance& c) {
    const double mean = (c.xx + c.yy) / 2, half = (c.xx - c.yy) / 2;
    const double spread = std::hypot(half, c.xy);
    TipEllipse ellipse;
    ellipse.major_mm = std::sqrt(mean + spread);
    ellipse.minor_mm = std::sqrt(std::max(0.0, mean - spread));
    ellipse.angle_deg = spread > 1e-12 ? std::atan2(c.xy, half) / 2 * 180 / pi : 0;
    return ellipse;
}

TipCovariance tip_covariance(MmPoint entry, MmPoint target, const Needle& needle,
                             const TipErrors& e) {
    const double round = e.aiming_mm * e.aiming_mm + e.boundary_mm * e.boundary_mm +
                         e.model.motion_mm * e.model.motion_mm;
    TipCovariance c{round, 0, round};
    const MmVector way = target - entry;
    const double length_mm = length(way);
    add_along(c, e.model.spacing_relative * way);
    add_along(c, {0, e.model.sound_speed_relative * e.depth_mm});
    if (length_mm > 0) {
        // The bevel may point anywhere about the axis: half of its square lies in the plane.
        const double aside = e.model.deflection_share * deflection_mm(needle, length_mm) /
                             std::numbers::sqrt2 / length_mm;
        add_along(c, {-aside * way.y, aside * way.x});
    }
    return c;
}

double hit_probability(const std::vector<MmPolygon>& contours, MmPoint aim,
                       const TipCovariance& c) {
    return gaussian_mass(contours, aim, c).inside;
}

}  // namespace guide::plan
