// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bone_evidence.hpp"

#include <vector>

namespace guide::segment {

/// One end of a stretch of bone surface: its last column, its row there, and on which side (-1
/// left, 1 right) it ends.
struct BoneEnd {
    int column = 0, row = 0, side = 1;
    float energy = 0;  ///< of the stretch's line, grey levels
};

/// The rows of the surface in the columns beyond `end`, outwards, at most `columns`; empty where
/// nothing is seen. A surface steeper than about 60 deg sends no echo back, but its shadow begins
/// there: the border between lit tissue and shadow is followed downwards, by dynamic programming.
/// Nothing is followed below a line that goes on as bright as the stretch's. `smooth`: from
/// `without_speckle`.
[[nodiscard]] std::vector<int> follow_flank(const BoneWorkingImage& w, const Image<float>& smooth,
                                            const BoneEvidence& evidence, const BonePrior& prior,
                                            const BoneEnd& end, int columns);

}  // namespace guide::segment
