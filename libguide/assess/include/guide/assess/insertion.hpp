// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/assess/export.hpp>
#include <guide/core/expected.hpp>

#include <optional>
#include <span>

namespace guide::assess {

/// What the picture shows of the needle at one moment, and what the tip is near.
struct InsertionSample {
    double time_s = 0;
    double advance_mm = 0;       ///< how far the tip has gone along the needle, from any zero
    double tip_across_mm = 0;    ///< of the tip out of the image plane
    double slice_half_mm = 1;    ///< > 0, half the thickness of what the picture shows there
    bool tip_visible = false;    ///< in the picture, as a trainee can see it
    double beam_angle_deg = 90;  ///< 0 to 90, between needle and beam; 90 is seen best
    double clearance_mm = 0;  ///< of the needle in tissue from what it must not touch; < 0: in it
    double bone_clearance_mm = 0;  ///< of the tip from bone
    /// The tip lies under the probe's face, so that a well held probe would show it. Beside it
    /// nobody can see it, and nobody is blamed.
    bool under_probe = true;
};

struct InsertionOptions {
    double contact_mm = 0.3;  ///< >= 0: as near to bone is contact
    double release_mm = 1;    ///< > contact_mm: as far away ends it

    [[nodiscard]] GUIDE_ASSESS_EXPORT Expected<void> validate() const;
};

/// How the picture was used while the needle went in. Shares are of the way that the tip advanced,
/// not of time, and not of samples; drawing back does not count. None where it never advanced.
struct InsertionMetrics {
    double advance_mm = 0;                 ///< sum of what it advanced
    std::optional<double> in_plane_share;  ///< 0..1, advanced within the slice
    /// 0..1, advanced with the tip seen, of what it advanced under the probe.
    std::optional<double> tip_visible_share;
    std::optional<double> beam_angle_deg;  ///< mean
    /// mm, the longest that it advanced at a stretch under the probe without the tip being seen.
    double longest_blind_mm = 0;
    double least_clearance_mm = 0;
    int bone_contacts = 0;  ///< times that the tip came to bone, not samples there
};

/// Measures an insertion. What holds at both ends of a step holds in it; where it changes, half of
/// the step counts. No answer: "few-samples" (fewer than two), "bad-sample" (not finite, out of
/// range, times that do not rise), or what options.validate() says. Sources:
/// docs/literature.md, 84.
[[nodiscard]] GUIDE_ASSESS_EXPORT Expected<InsertionMetrics> measure_insertion(
    std::span<const InsertionSample> samples, const InsertionOptions& options = {});

}  // namespace guide::assess
