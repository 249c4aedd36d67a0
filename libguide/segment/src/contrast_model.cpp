// SPDX-License-Identifier: Apache-2.0
#include "contrast_model.hpp"

#include <cmath>
#include <numbers>
#include <optional>

namespace guide::segment {
namespace {

struct Term {
    double mean, weight, deviation;  ///< of the feature; per unit of it; of the feature
};

struct Model {
    Term pooled, offset, spread, spread_squared, slenderness, streaks, dents, sharpness;
    double constant;
};

// Fitted to 800 simulated injections by training/fit_contrast.py.
constexpr Model kFront{
    {0.6722, -11.1142, 0.2425}, {0.7599, -1.1264, 0.7605}, {0.7940, -0.8797, 0.4349},
    {0.8196, 1.5683, 0.7049},   {0.4666, -4.5048, 0.3410}, {-2.2204, -0.9141, 0.9139},
    {0.1010, 7.3567, 0.1251},   {1.5321, 1.4326, 0.5121},  1.3844};
constexpr Model kSide{
    {0.7498, -1.6440, 0.2028}, {0.5983, 1.6437, 0.7336},  {0.2367, -6.6227, 0.4915},
    {0.2976, -3.2842, 0.3079}, {0.7457, -0.0728, 0.3413}, {-2.1477, -1.6041, 0.6866},
    {0.0994, 18.8231, 0.0788}, {1.1649, 1.6685, 0.2768},  -1.0419};

/// Log odds term by term; a feature that is not known adds what it may do to their spread.
struct Odds {
    double sum, unknown = 0;

    void add(const Term& term, const std::optional<double>& value) {
        if (value) {
            sum += term.weight * (*value - term.mean);
        } else {
            unknown += std::pow(term.weight * term.deviation, 2);
        }
    }
};

}  // namespace

double odds_inside(const ContrastShape& shape, bool from_side) {
    const Model& m = from_side ? kSide : kFront;
    std::optional<double> spread_squared;
    if (shape.spread) spread_squared = *shape.spread * *shape.spread;
    Odds odds{m.constant};
    odds.add(m.pooled, shape.pooled);
    odds.add(m.offset, shape.offset);
    odds.add(m.spread, shape.spread);
    odds.add(m.spread_squared, spread_squared);
    odds.add(m.slenderness, shape.slenderness);
    odds.add(m.streaks, shape.streaks);
    odds.add(m.dents, shape.dents);
    odds.add(m.sharpness, shape.sharpness);
    // The mean of the probability over what is not known (MacKay 1992).
    return odds.sum / std::sqrt(1 + std::numbers::pi / 8 * odds.unknown);
}

}  // namespace guide::segment
