// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "volume_hit.hpp"
#include "volume_window.hpp"

#include <guide/plan/plan_volume.hpp>

#include <memory>
#include <vector>

namespace guide::plan {

/// One approach as it can be planned in one volume.
struct ApproachInVolume {
    Approach approach;
    DirectionWindow window;  ///< patient axes
    std::shared_ptr<const HitField> hits;
};

struct VolumePlanner::State {
    VolumeScene scene;
    PlanOptions options;
    std::vector<ApproachInVolume> ways;  ///< in the order in which they are tried, at least one
};

/// The approaches that were asked for and can be planned; never empty.
[[nodiscard]] Expected<std::vector<ApproachInVolume>> ways_in(const VolumeScene& scene,
                                                              const PlanOptions& options);

/// The approach's window in the volume, by its probe where one is placed.
[[nodiscard]] Expected<DirectionWindow> window_in(const VolumeData& data, const Approach& approach);

/// Whether there is a path, as far as a short search tells.
[[nodiscard]] bool possible(const VolumeData& data, const ApproachInVolume& way,
                            const PlanOptions& options);

}  // namespace guide::plan
