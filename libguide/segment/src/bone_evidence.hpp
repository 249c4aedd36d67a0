// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ultrasound_bone.hpp"

#include <guide/core/image.hpp>

#include <optional>

namespace guide::segment {

/// How far the view helps to tell bone from fascia.
struct BonePrior {
    double line_share;        // brightest share of the picture that counts as full lines
    double tolerated;         // below-to-above ratio at which a line stops being bone
    double deeper_price;      // share of the evidence lost to a line further down
    bool deepest_line;        // any line further down counts, not only a stronger one
    double least_evidence;    // per column
    double gap_factor;        // times gap_cost_mm
    double without_shadow;    // confidence of a perfect line without any shadow
    double least_confidence;  // stretches below are not bone
};
[[nodiscard]] const BonePrior& bone_prior(View view);

/// The working image: the picture on a square grid, grey 0..255.
struct BoneWorkingImage {
    Image<float> grey;
    double grid_mm = 0;
    double px_per_column = 0, px_per_row = 0;  // of the frame

    [[nodiscard]] int rows(double mm) const { return static_cast<int>(std::lround(mm / grid_mm)); }
    [[nodiscard]] int width() const { return grey.width(); }
    [[nodiscard]] int height() const { return grey.height(); }
};

/// None where the picture is too small or of one grey.
[[nodiscard]] std::optional<BoneWorkingImage> bone_working_image(
    const Frame& frame, PixelBox box, const UltrasoundBoneOptions& options,
    const Execution& execution);

/// The grey picture, blurred over half a millimetre.
[[nodiscard]] Image<float> without_speckle(const BoneWorkingImage& w, const Execution& execution);

/// Text on a black screen has lines and shadows as bone has, but no tissue around.
[[nodiscard]] bool is_dark(const Image<float>& without_speckle);

/// What is known of every pixel of the working image.
struct BoneEvidence {
    Image<float> energy;  // of bright lines, grey levels
    Image<float> line;    // 0..1
    Image<float> ratio;   // of the shadow
    Image<float> bone;    // 0..1, all together
};

[[nodiscard]] BoneEvidence collect_bone_evidence(const BoneWorkingImage& w, const BonePrior& prior,
                                                 const UltrasoundBoneOptions& options,
                                                 const Execution& execution);

/// 1 at a full shadow, 0 at a ratio of `none`, half where the ratio says that it cannot be told.
[[nodiscard]] double shadow_of_ratio(float ratio, double none);

}  // namespace guide::segment
