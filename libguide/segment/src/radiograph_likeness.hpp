// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_search.hpp"

#include <vector>

namespace guide::segment {

/// How much a band looks like the joint space of a knee.
struct Likeness {
    /// Per column: the darker of both bones less the band, standard deviations.
    std::vector<double> contrast;
    std::vector<char> hidden;  ///< not 0: clipped, nothing is seen there
    double visible = 0;        ///< share of the columns that are not
    double mean_contrast = 0;  ///< of those
    double bordered = 0;       ///< share of those where both bones are brighter than the band
    /// Of the band's length, against the line through both condyles: how far the femoral edge
    /// rises above it and falls below it, and where it rises most (0 left margin, 1 right).
    double notch_height = 0;
    double dip = 0;
    double notch_place = 0;
    /// How often the femoral edge turns up or down: three times over two condyles and a notch.
    int turns = 0;
    double tilt = 0;       ///< of that line, radians
    double thickness = 0;  ///< median, of the band's length
};

[[nodiscard]] Likeness likeness_of(const KneeBand& knee);

/// Whether it has the anatomy that every AP knee shows; bounds are wide of what knees with
/// osteoarthritis show.
[[nodiscard]] bool like_a_knee(const KneeBand& knee, const Likeness& like);

/// Not 0 in runs of columns where the bones touch: next to no thickness and no darker than the
/// bones, which are seen.
[[nodiscard]] std::vector<char> closed_columns(const KneeBand& knee, const Likeness& like);

}  // namespace guide::segment
