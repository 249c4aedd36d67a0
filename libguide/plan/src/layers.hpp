// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scene.hpp"

#include <guide/plan/candidate.hpp>

#include <vector>

namespace guide::plan {

/// The layers that a path of `length` mm goes through, to 0.1 mm. Borders are carried on level
/// beyond their ends.
[[nodiscard]] std::vector<LayerCrossing> layers_crossed(const Scene& scene, MmPoint entry,
                                                        MmPoint target, double length);

}  // namespace guide::plan
