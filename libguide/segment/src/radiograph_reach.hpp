// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_band.hpp"

#include <guide/geometry/pixel_grid.hpp>

#include <optional>
#include <vector>

namespace guide::segment {

/// Columns, both included.
struct Reach {
    int first = 0, last = 0;

    [[nodiscard]] int columns() const { return last - first + 1; }
};

/// From where to where a band that runs across the whole picture has bones beside it: the columns
/// between the outermost ones where its edges (`gradient_y` of the bone-bright picture) are more
/// than an eighth as strong as where they are strong. None where they are nowhere.
[[nodiscard]] std::optional<Reach> reach_of(const Band& band, ImageView<const float> gradient_y);

}  // namespace guide::segment
