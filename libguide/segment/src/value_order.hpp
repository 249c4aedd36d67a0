// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace guide::segment {

/// The places of `values`, none of them negative or NaN, from the smallest to the largest; equal
/// ones in their order. A radix sort: some ten times as quick as comparing, for a picture's worth.
[[nodiscard]] std::vector<std::uint32_t> ascending_order(std::span<const float> values);

}  // namespace guide::segment
