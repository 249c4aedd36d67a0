// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>

#include <optional>
#include <vector>

namespace guide::segment {

/// What the band between two curves is judged by; all views of one size.
struct BandFields {
    ImageView<const float> gradient_x;  ///< of the picture in which the band is dark
    ImageView<const float> gradient_y;
    ImageView<const float> brightness;  ///< the picture itself, in local standard deviations
    /// Log-odds of the joint space, if somebody else has seen it; empty: nobody.
    ImageView<const float> odds = {};
};

/// Limits and weights of the search. Rows and columns are those of the fields.
struct BandOptions {
    int first_column = 0;  ///< the band runs from here ...
    int last_column = 0;   ///< ... to here, both included
    int first_row = 0;     ///< the upper curve stays in these rows, both included
    int last_row = 0;
    int least_thickness = 1;     ///< rows between the curves, 1 or more
    int most_thickness = 2;      ///< rows between the curves
    double bending = 0.1;        ///< price of one row per column, squared, at each column
    double area = 0;             ///< price of one pixel of area as bright as `area_brightness` + 1
    double area_brightness = 0;  ///< standard deviations; darker pixels are for free and more
    double odds_weight = 0;      ///< what one pixel of area earns per log-odds
    /// The curves stay within `window` rows of these where there are any (one row for each column
    /// of the fields).
    std::vector<double> upper_guide, lower_guide;
    double window = 0;
};

/// The rows of the two curves, one for each column from `first_column` on.
struct Band {
    std::vector<int> upper, lower;
    double mean_flux = 0;  ///< of the whole reward, per column
};

/// The band that the gradient leaves most strongly on both sides: the pair of curves with the
/// greatest outward flux less the bending price, over all pairs, by dynamic programming over (upper
/// row, thickness). A step of d rows per column earns (-gy + d gx) on the upper curve and (gy - d
/// gx) on the lower: the flux through the curve's element, so steep walls count by their length.
/// (Flux as an edge measure: Kimmel and Bruckstein 2003.) None when the limits leave no band. Cost:
/// columns x rows x thicknesses x 18; memory two bytes of that product. One thread.
[[nodiscard]] std::optional<Band> find_band(const BandFields& fields, const BandOptions& options);

}  // namespace guide::segment
