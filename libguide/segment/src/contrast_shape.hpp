// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contrast_change.hpp"

#include <guide/segment/contrast_check.hpp>

#include <optional>

namespace guide::segment {

/// The agent in a change, px of the frames.
struct ContrastRegion {
    ContrastShape shape;
    PixelPoint centre;
    double area_px = 0;
};

/// `spacing` and `injected_ml` together give `spread`. None where no connected part is large enough
/// to have a shape.
[[nodiscard]] std::optional<ContrastRegion> shape_of(const ContrastChange& change,
                                                     const std::optional<Spacing>& spacing,
                                                     const ContrastCheckOptions& options);

}  // namespace guide::segment
