// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/view.hpp>
#include <guide/core/expected.hpp>
#include <guide/frame/frame.hpp>
#include <guide/geometry/point.hpp>
#include <guide/segment/export.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace guide::segment {

/// Where contrast agent went. `unsure`: neither clearly.
enum class ContrastPlace { inside, outside, unsure };

[[nodiscard]] GUIDE_SEGMENT_EXPORT std::string_view name_of(ContrastPlace place);

/// What is known beside the frames. What is not makes the check less sure, not wrong.
struct ContrastCheckOptions {
    View view = View::unknown;               ///< xray_ap, xray_lateral; others are as unknown
    std::optional<PixelPoint> tip = {};      ///< of the needle, in `before`, px
    std::optional<double> injected_ml = {};  ///< of agent between the frames, above 0, to 100
    double least_odds = 1.9;                 ///< log odds below which it is unsure, 0..10

    /// Throws PreconditionError naming the bad field and its range.
    GUIDE_SEGMENT_EXPORT void validate() const;
};

/// What the agent looks like, without units. Lengths are in radii of the disc of the same area.
struct ContrastShape {
    std::optional<double> pooled;  ///< share of the agent within one radius of the tip
    std::optional<double> offset;  ///< of its centre from the tip
    /// Logarithm of the dense part's area over the two thirds' power of what was injected: a sheet
    /// seen on its face is large, one seen on its edge small, a pool in between.
    std::optional<double> spread;
    double slenderness = 0;  ///< logarithm of the axes' ratio
    /// Logarithm of the share of its variance that ellipses about its centre do not explain:
    /// streaks between fibres, against the smooth space of a joint.
    double streaks = 0;
    double dents = 0;      ///< logarithm of the convex hull's area over its own
    double sharpness = 0;  ///< logarithm of the slope at its edge, per radius
};

struct ContrastCheck {
    ContrastPlace place = ContrastPlace::unsure;
    double probability_inside = 0.5;  ///< 0..1, as on simulated injections
    ContrastShape shape;
    PixelPoint centre;          ///< of the agent, px of `before`
    double area_px = 0;         ///< of the agent, px of `before`
    PixelPoint moved;           ///< how far the picture moved between the frames, px
    std::vector<Reason> notes;  ///< what was not known
};

/// Contrast agent let out between two frames of one view: in a joint it runs away from the needle's
/// tip, in a smooth sheet; in soft tissue it pools at it, in streaks along the limb (the table of
/// fluoroscopic approaches, docs/literature.md). What changed by more than noise, once a small
/// shift and a change of exposure are taken out, is judged by its shape and place. Either polarity.
/// Information for the physician who sees the same frames.
///
/// No answer: "sizes-differ", "too-small" (64 px a side), "blank", "moved" (by more than a shift of
/// 3 % of the picture, or the leg turned: what changed is no agent), "no-contrast" (nothing changed
/// by more than noise). Throws PreconditionError where the tip is not in the frame. One thread.
[[nodiscard]] GUIDE_SEGMENT_EXPORT Expected<ContrastCheck> check_contrast(
    const Frame& before, const Frame& after, const ContrastCheckOptions& options = {});

}  // namespace guide::segment
