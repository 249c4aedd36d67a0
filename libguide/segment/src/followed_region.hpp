// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/joint_space.hpp>

#include <opencv2/core.hpp>

#include <optional>
#include <vector>

namespace guide::segment {

/// What weighs how much when a new frame comes.
struct FollowStep {
    double share = 1;        ///< 0..1, of the new frame
    PixelPoint motion;       ///< px, of the picture since the last frame
    int frames_to_jump = 3;  ///< in a row
    double px_per_mm = 10;   ///< of an assumed scale where the frame has none
};

/// The joint space of a clip: an average of its signed distances, which moves with the tissue.
class FollowedRegion {
  public:
    explicit FollowedRegion(PixelBox box) : box_(box) {}

    /// The joint space to show, given the one seen in the new frame (none: not seen). `held`: it is
    /// the one of earlier frames.
    struct Answer {
        std::optional<JointSpace> space;
        bool held = false, jumped = false;
    };
    [[nodiscard]] Answer next(const std::optional<JointSpace>& seen, const FollowStep& step);

  private:
    [[nodiscard]] cv::Mat1f distances_of(const std::vector<PixelPolygon>& contours,
                                         double reach_px) const;
    [[nodiscard]] double inside_px(const cv::Mat1f& distances, PixelPoint p) const;
    [[nodiscard]] std::vector<PixelPolygon> contours() const;
    void begin(const JointSpace& seen, cv::Mat1f distances);
    void blend(const JointSpace& seen, const cv::Mat1f& distances, const FollowStep& step);

    PixelBox box_;
    cv::Mat1f distances_;  // px, positive inside, of cells two px wide
    JointSpace space_;     // averaged
    bool known_ = false, shown_ = false;
    double belief_ = 0;    // mean confidence, 0 for frames that do not show it
    cv::Mat1f elsewhere_;  // what was seen last, not there
    int elsewhere_frames_ = 0;
    int target_away_ = 0;    // frames in which the target was better elsewhere
    int effusion_away_ = 0;  // frames that said otherwise
};

}  // namespace guide::segment
