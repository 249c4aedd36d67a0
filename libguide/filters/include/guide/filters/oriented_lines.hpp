// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>
#include <guide/filters/workspace.hpp>

#include <numbers>

namespace guide::filters {

/// A long thin bright line and the window of angles it is looked for in. Angles are in rad from the
/// x axis towards y (clockwise on the screen), along the line.
struct OrientedLinesOptions {
    double width_px = 4;    ///< px, full width at half height of the line; 1.5 to 50
    double length_px = 60;  ///< px, how much of it is gathered; 2 widths to 1000
    double first_angle = -70 * std::numbers::pi / 180;  ///< rad, -pi/2 to pi/2
    double last_angle = 70 * std::numbers::pi / 180;    ///< rad, above first_angle, to pi/2
    int grid_px = 1;  ///< px, 1 to 4, above 1 at most half the width: results at every 1st, 2nd,
                      ///< ... pixel; 2 takes a quarter of the time
    int angles =
        48;  ///< from first to last, 3 to 720; a step of half a width over half a length is enough

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Where the results go: pixel (i, j) belongs to (grid i, grid j) of the input, so their size is
/// that of the input over grid_px, rounded up. A view without pixels is not computed.
struct OrientedLinesViews {
    ImageView<float>
        response;  ///< grey levels by which the line is brighter than the brighter of its flanks
    ImageView<float>
        angle;  ///< rad, of the best line, first_angle to last_angle; 0 where response is 0
};

/// How much each pixel looks like the middle of a straight bright line, over many angles. The frame
/// is smoothed to the width of the line (Gaussian, sigma = width / 2.355); for each angle its mean
/// along the line stands against the same means 1.5 widths to either side:
///
///   response = max over angles of  T(0) - max(T(-1.5 w), T(1.5 w)),  at least 0,
///
/// and a parabola through the best angle and its neighbours refines the angle. Asking for a drop on
/// both sides leaves out edges of bright regions, which a second derivative across would answer to.
///
/// An elongated line detector as in Freeman and Adelson, IEEE PAMI 13 (1991) 891, and the beamlets
/// of Donoho and Huo (2002) [37]; ours takes the lower of two contrasts instead of a linear kernel.
/// Lines are sampled 1.5 sigma apart at whole pixels along the nearer axis and half pixels across
/// it (whole ones where grid_px is above 1), where the smoothed frame is computed exactly; flanks
/// lie linearly between grid points. Synthetic needles without noise: angle within 0.2 degrees,
/// ridge within 0.15 px; no refinement at the ends of the window.
///
/// Beyond the border stands the border pixel. Pixels that are not finite, or above 1e15 in size,
/// count as 0. A constant gives 0; for a window that is the same to both sides, flips turn the sign
/// of the angle. Single precision. Cost: angles x (length / (0.64 width) + 10) additions a grid
/// point. Scratch: three frames and their margins, in `workspace`. Same bits for any number of
/// threads. The views share no memory with the input. Throws PreconditionError for views of the
/// wrong size, Stopped when asked to stop.
GUIDE_FILTERS_EXPORT void oriented_lines(ImageView<const float> in, const OrientedLinesViews& out,
                                         const OrientedLinesOptions& options, Workspace& workspace,
                                         const Execution& execution = {});

/// The same with a workspace of its own.
GUIDE_FILTERS_EXPORT void oriented_lines(ImageView<const float> in, const OrientedLinesViews& out,
                                         const OrientedLinesOptions& options,
                                         const Execution& execution = {});

}  // namespace guide::filters
