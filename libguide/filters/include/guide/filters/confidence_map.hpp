// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>

#include <memory>

namespace guide::filters {

/// The random walk of a confidence map.
struct ConfidenceOptions {
    double alpha = 2.0;   ///< how fast edges gain weight with depth, in frame heights; 0 to 100
    double beta = 90.0;   ///< how much an edge holds the walk up; 0 to 1000
    double gamma = 0.05;  ///< share of the steepest edge that a step to the side costs; 0 to 10
    /// Difference of two neighbouring greys that counts as the steepest edge, 0 to 1e6; 0 takes the
    /// frame's own, as published. A fixed one does not let a single pixel change the whole map.
    double steepest = 0;

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// How sure the scanner can be of each pixel: the probability that a random walk which starts there
/// meets the probe (the first row, 1) before the end of the picture (the last row, 0). Low behind
/// strong reflectors and where nothing comes back.
///
/// Pixels are joined to their eight neighbours by conductances exp(-beta d) + 1e-5; d is the
/// difference of greys weighted by 1 - exp(-alpha depth), put to the range 0 to 1 over the frame,
/// with gamma added to all edges but vertical ones and put to that range once more. The system is
/// solved directly, in single precision without a subtraction: the largest difference from a direct
/// solution in double precision is below 1e-4 (measured 4e-6) whatever the picture. Rows are depth
/// and columns beams: a sector picture is taken back to beams first (scan_conversion.hpp).
///
/// A constant gives a map of depth alone, the same for any constant but 0, and with alpha 0 the
/// ramp 1 - y / (height - 1); so does black. A frame of one row is 1, of two rows 1 and 0. A pixel
/// that is not finite or beyond 1e30 counts as 0. `out` has the size of `in` and may be it. Cost:
/// 10 (width height)^1.5 products; same bits for any number of threads and whatever frame went
/// before. Source: literature 22 (the ranges and 1e-5 are those of the authors' program), 55
/// and 56.
class GUIDE_FILTERS_EXPORT ConfidenceMap {
  public:
    ConfidenceMap();
    ~ConfidenceMap();
    ConfidenceMap(ConfidenceMap&&) noexcept;
    ConfidenceMap& operator=(ConfidenceMap&&) noexcept;

    /// The map of the next frame of a live picture. Plan and memory (300 to 450 bytes a pixel) stay
    /// from the first frame of a size on; what was worked out for the frame before serves again in
    /// parts of the picture that did not change, where the steepest edge is fixed or the same.
    /// Throws PreconditionError for views of different size or bad options, Stopped when asked to
    /// stop; the next frame then starts anew.
    void compute(ImageView<const float> in, ImageView<float> out,
                 const ConfidenceOptions& options = {}, const Execution& execution = {});

    /// The share of the last frame that had changed and was worked out anew, 0 to 1.
    [[nodiscard]] double renewed() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The map of a single frame: ConfidenceMap once.
GUIDE_FILTERS_EXPORT void confidence_map(ImageView<const float> in, ImageView<float> out,
                                         const ConfidenceOptions& options = {},
                                         const Execution& execution = {});

}  // namespace guide::filters
