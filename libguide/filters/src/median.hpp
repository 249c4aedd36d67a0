// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace guide::filters {

/// The value of rank count / 2 (counted from 0), exactly. `count` is not 0, no value is NaN.
/// `values` and `room`, which is as large, are used up.
[[nodiscard]] float median(float* values, float* room, std::size_t count);

}  // namespace guide::filters
