// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>

namespace guide::filters {

struct StructureTensorOptions {
    double gradient_sigma = 1;  ///< px, of the Gaussian whose derivatives are taken; 0.5 to 100
    double window_sigma = 3;    ///< px, of the Gaussian that gathers the gradients; 0.5 to 100

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Where the results go, all of the size of the input; a view without pixels is not computed.
struct StructureTensorViews {
    ImageView<float> orientation;  ///< rad, -pi/2 to pi/2 from the x axis towards y: the direction
                                   ///< across lines and edges; 0 where there is no gradient
    ImageView<float> coherence;    ///< 0 (no direction, or no gradient) to 1 (one direction)
    ImageView<float> energy;       ///< (grey levels / px)^2, mean of the squared gradient
};

/// In which direction the grey levels change around each pixel, and how surely: the outer product
/// of the Gaussian gradient, smoothed by a second Gaussian, J = (a b; b c), gives orientation =
/// angle(a - c, 2 b) / 2, coherence = (l1 - l2) / (l1 + l2) of its eigenvalues l1 >= l2, energy =
/// l1 + l2.
///
/// Foerstner and Guelch, ISPRS 1987; Bigun and Granlund, ICCV 1987 [36]. Gaussians are sampled out
/// to four sigma, derivatives normalised to the slope of a ramp. The frame goes on beyond its
/// border with the border pixel. Pixels that are not finite, or above 1e15 in size, count as 0. A
/// constant gives 0 in all views; flips along x or y turn the sign of the orientation. Single
/// precision. Cost: about 8 (2 gradient_sigma + 3 window_sigma) products a pixel; scratch: a tile
/// of 128 columns for each thread. Same bits for any number of threads. The views share no memory
/// with the input. Throws PreconditionError for views of different size, Stopped when asked to
/// stop.
GUIDE_FILTERS_EXPORT void structure_tensor(ImageView<const float> in,
                                           const StructureTensorViews& out,
                                           const StructureTensorOptions& options,
                                           const Execution& execution = {});

}  // namespace guide::filters
