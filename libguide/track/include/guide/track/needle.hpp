// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/expected.hpp>
#include <guide/frame/frame.hpp>
#include <guide/geometry/pixel_grid.hpp>
#include <guide/geometry/point.hpp>
#include <guide/track/export.hpp>

namespace guide::track {

/// How a needle is told from what looks like one. Lengths are shares of the diagonal of the
/// picture, so that they hold for any scanner's pixels.
struct NeedleOptions {
    double width = 0.006;      ///< of the shaft's echo, 0.002 to 0.05
    double shortest = 0.14;    ///< visible shaft, 0.05 to 1
    double gap = 0.05;         ///< longest stretch of the shaft that may be dark, 0 to 0.3
    double steepest_deg = 75;  ///< against the probe's face, 20 to 89
    /// A line as long and bright as this share of the needle's, about parallel to it, makes both
    /// fibres of a tissue, 0.1 to 1.
    double rival = 0.5;

    [[nodiscard]] GUIDE_TRACK_EXPORT Expected<void> validate() const;
};

/// A needle in an ultrasound picture.
struct Needle {
    PixelPoint entry;       ///< px, the upper end of the shaft as seen
    PixelPoint tip;         ///< px, the lower end
    double axis_deg = 0;    ///< of the shaft, image axes: x right, y down; -90 to 90
    double confidence = 0;  ///< 0..1, how clearly it is a needle and no other line
    /// px, standard deviation along the shaft: the width of its echo (engineering; on the shared
    /// frames the experts' tips scatter by 4.6 px where this says 4.1)
    double tip_sigma_px = 0;
    double contrast = 0;  ///< grey levels that the shaft is brighter than beside it
};

/// Finds the shaft of a needle in one ultrasound frame: the straight bright line that stands out
/// most in brightness times length. It ends at its lower end: the tip.
///
/// Not needles: lines that run from one side of the picture to the other (fascia, the far wall of a
/// tank), level lines (within 2 degrees of the face), and lines with rivals about parallel to them
/// (fibres of muscle and tendon) - then there is no answer. `picture` is the frame's content box.
/// No answer, code "no-line", "too-short", "many-lines", "crosses-picture" or "empty-picture", and
/// never a guess. Throws PreconditionError where options.validate() has a complaint.
[[nodiscard]] GUIDE_TRACK_EXPORT Expected<Needle> find_needle(const Frame& frame, PixelBox picture,
                                                              const NeedleOptions& options = {},
                                                              const Execution& execution = {});

}  // namespace guide::track
