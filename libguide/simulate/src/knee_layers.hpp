// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "knee_shape.hpp"

namespace guide::simulate {

/// Gathers the bodies about one point in the order of precedence: the first that holds it gives the
/// tissue, and the depth is the way to the nearest surface of that body or of one before it.
class Layers {
  public:
    void offer(Tissue tissue, double distance) {
        if (found_) return;
        depth_ = std::min(depth_, std::abs(distance));
        if (distance < 0) {
            found_ = true;
            tissue_ = tissue;
        }
    }
    [[nodiscard]] bool found() const { return found_; }
    [[nodiscard]] TissueSample sample() const { return {tissue_, static_cast<float>(depth_)}; }

  private:
    bool found_ = false;
    Tissue tissue_ = Tissue::outside;
    double depth_ = 5.1;
};

/// Distances that several groups of tissues need, worked out once for a point.
struct BoneDistances {
    double femur, tibia, fibula, patella;
};

void offer_cartilage(const KneeShape& shape, const Point& p, const BoneDistances& bones,
                     Layers& layers);
void offer_vessels(const KneeShape& shape, const Point& p, Layers& layers);
void offer_recess(const KneeShape& shape, const Point& p, Layers& layers);
void offer_tendons(const KneeShape& shape, const Point& p, const BoneDistances& bones,
                   Layers& layers);
void offer_fat_pads(const KneeShape& shape, const Point& p, const BoneDistances& bones,
                    Layers& layers);

/// Distance to the quadriceps tendon, and to the patellar tendon.
[[nodiscard]] double quadriceps_tendon(const KneeShape& shape, const Point& p);
[[nodiscard]] double patellar_tendon(const KneeShape& shape, const Point& p);

/// Distance to the leg without skin and the fat under it.
[[nodiscard]] double fascia(const KneeShape& shape, const Point& p, const BoneDistances& bones);

/// y of the middle of the recess's fluid in the midline.
[[nodiscard]] double recess_fluid_middle(const KneeShape& shape, double z);

/// Thickness of the fat under the skin at a point, mm.
[[nodiscard]] double fat_thickness(const KneeShape& shape, const Point& p);

}  // namespace guide::simulate
