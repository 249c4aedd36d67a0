// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/segment/contrast_check.hpp>

namespace guide::segment {

/// The log odds that agent of this shape is in a joint, seen from in front or from the side: linear
/// in the shape, for `spread` its square too. What is not known counts as the mean of all, and
/// brings the odds nearer to none by as much as it could change them.
[[nodiscard]] double odds_inside(const ContrastShape& shape, bool from_side);

}  // namespace guide::segment
