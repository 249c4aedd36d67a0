// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_band.hpp"

#include <guide/core/image.hpp>

namespace guide::segment {

/// Lengthens a band at both ends, column by column, for as long as both of its edges carry on: each
/// with a fifth or more of its own median strength in the outer quarter of the band. The bones'
/// sides, which the band ends at, are where their bodies end; rims and overexposed condyles reach
/// further. `gradient_y` is that of the bone-bright picture the band was found in; at most an
/// eighth of its width is added at either end. Returns the new first column.
[[nodiscard]] int extend_to_margins(Band& band, int first_column,
                                    ImageView<const float> gradient_y);

}  // namespace guide::segment
