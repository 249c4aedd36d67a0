// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_band.hpp"
#include "radiograph_field.hpp"
#include "radiograph_reach.hpp"

#include <guide/core/execution.hpp>

#include <opencv2/core.hpp>

#include <optional>

namespace guide::segment {

/// Of the bones' sides, rows of the 224-column grid: how far off the joint line they begin, and how
/// many they are followed for.
constexpr int kSideGap = 3;
constexpr int kSideRows = 30;

/// A band on the full grid and what it was found in.
struct KneeBand {
    cv::Mat1f bone_bright;  // grey or its negative
    cv::Mat1f brightness;   // the same, in local standard deviations
    Band band;
    int first_column = 0;
    // Flux of the best band of the other polarity over that of this one; below 0 where there is
    // none at all, which is the clearest case.
    double other_polarity = 0;
    double weakest_side = 0;  // of the four bone sides

    [[nodiscard]] int columns() const { return static_cast<int>(band.upper.size()); }
};

/// A band on the half grid, from side to side.
struct CoarseBand {
    Band band;
    bool bones_bright = true;
    double other_polarity = 0;
    std::optional<Reach> reach;  // columns of the half grid with bones beside the band
};

/// The best band of either polarity on the half grid; one polarity a thread.
[[nodiscard]] std::optional<CoarseBand> search_coarsely(const RadiographField& field,
                                                        const Execution& execution);

/// The band near that on the full grid, from margin to margin.
[[nodiscard]] std::optional<KneeBand> search_finely(const RadiographField& field,
                                                    const CoarseBand& start);

}  // namespace guide::segment
