// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_band.hpp"
#include "radiograph_field.hpp"
#include "radiograph_reach.hpp"

#include <guide/core/execution.hpp>
#include <guide/segment/radiograph_network.hpp>

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
    /// Dice of the band and what a network sees of the joint space; 1 where there is no network.
    double agreement = 1;

    [[nodiscard]] int columns() const { return static_cast<int>(band.upper.size()); }
};

/// A band on the half grid, from side to side.
struct CoarseBand {
    Band band;
    bool bones_bright = true;
    double other_polarity = 0;
    std::optional<Reach> reach;  // columns of the half grid with bones beside the band
};

/// The best band on the half grid; one polarity a thread. Where the bands alone do not tell the
/// polarity clearly, as in noise, which makes bands of both, the bones' sides have a say.
[[nodiscard]] std::optional<CoarseBand> search_coarsely(const RadiographField& field,
                                                        const Execution& execution);

/// The band near that on the full grid, from margin to margin. What a network sees counts beside
/// the edges: its log-odds are summed over the band, and it has as much of a say in where the
/// margins are.
[[nodiscard]] std::optional<KneeBand> search_finely(const RadiographField& field,
                                                    const CoarseBand& start,
                                                    const RadiographNetwork* network = nullptr);

}  // namespace guide::segment
