// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/polygon.hpp>

#include <vector>

namespace guide::plan {

/// Distances to the joint space's outline, for many points: edges in runs with a box about each, so
/// that most runs are passed over.
class WallGauge {
  public:
    explicit WallGauge(const std::vector<MmPolygon>& contours);

    /// Scene::wall_distance: negative outside.
    [[nodiscard]] double distance(MmPoint p) const;

  private:
    struct Edge {
        MmPoint from;
        MmVector way;
        double inverse;  ///< of its squared length, 0 where it has none
    };
    struct Run {
        MmPoint low, high;
        std::vector<Edge> edges;
    };
    std::vector<std::vector<Run>> contours_;
};

}  // namespace guide::plan
