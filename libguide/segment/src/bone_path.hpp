// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>

#include <vector>

namespace guide::segment {

/// The row of the surface in each column, -1 where there is none: largest sum of (evidence - least)
/// with prices on slope and, `gap_price`, on starts and ends. Viterbi over the rows and one state
/// "no bone".
[[nodiscard]] std::vector<int> best_bone_path(const Image<float>& bone, double least,
                                              double gap_price);

/// Takes out of the path where it bridges: the mean evidence over `window` columns is below
/// `least`.
void cut_bridges(std::vector<int>& path, const Image<float>& bone, double least, int window);

/// Takes the column out in which the path bends upwards by more than `largest_deg` from `reach`
/// columns on one side to as many on the other: cortex has no such notch, two surfaces meet there.
void split_at_notches(std::vector<int>& path, int reach, double largest_deg);

}  // namespace guide::segment
