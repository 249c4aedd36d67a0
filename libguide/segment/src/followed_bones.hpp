// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "followed_region.hpp"

#include <guide/anatomy/bone_surface.hpp>

#include <vector>

namespace guide::segment {

/// The bone surfaces of a clip: in every column an average of the depth at which they are seen,
/// which moves with the tissue. What one frame alone shows, or misses, does not count yet.
class FollowedBones {
  public:
    explicit FollowedBones(PixelBox box)
        : box_(box), columns_(static_cast<std::size_t>(box.width())) {}

    /// The surfaces to show, given those seen in the new frame.
    [[nodiscard]] std::vector<BoneSurface> next(const std::vector<BoneSurface>& seen,
                                                const FollowStep& step);

  private:
    struct Column {
        double y = 0;       // px of the frame
        double belief = 0;  // 0..1, share of late frames that saw it
        double confidence = 0;
        BoneKind kind = BoneKind::bone;
        int elsewhere = 0;  // frames that saw it at another depth
        bool shown = false;
    };
    void move(PixelPoint by);
    [[nodiscard]] std::vector<BoneSurface> surfaces(double gap_px, double step_px) const;

    PixelBox box_;
    std::vector<Column> columns_;
    bool begun_ = false;
};

}  // namespace guide::segment
