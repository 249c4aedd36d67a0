// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>
#include <guide/filters/workspace.hpp>

namespace guide::filters {

struct NonLocalMeansOptions {
    int search_radius = 10;  ///< px, 1 to 30: looks at (2 r + 1)^2 pixels, 21 x 21
    int patch_radius = 3;    ///< px, 0 to 10: compares (2 r + 1)^2 pixels, 7 x 7
    /// How speckle grows with brightness, standard deviation ~ v^gamma, 0 to 0.9: 0.5 as in Loupas'
    /// model of displayed frames, 0 for noise of one strength (pure log compression).
    double gamma = 0.5;
    /// h, 1e-6 to 1e6: patches a root mean square distance of h apart weigh 1/e. In units of noise:
    /// of the grey value for gamma = 0, of its power 1 - gamma otherwise.
    double smoothing = 1.0;
    /// Width of the Gaussian that patches are compared under, px, 0 to 5: 0 as published; about the
    /// size of a speckle keeps speckle from being taken for structure.
    double compare_sigma = 1.5;

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Optimised Bayesian non-local means: each pixel becomes the mean of the pixels of its search
/// window, weighted by how alike the patches around them are under the noise of speckle.
///
///     out(i) = sum_j w(i, j) u(j) / sum_j w(i, j)
///     w(i, j) = exp(-d(i, j) / h^2),  w(i, i) = 1
///     d(i, j) = mean over the patch of (s(u(i + k)) - s(u(j + k)))^2,  s(u) = u^(1-g) / (1-g)
///
/// Source: Coupe 2009 (docs/literature.md [49]). Ours differs:
/// - Distance. (s(u) - s(v))^2 is Pearson's (u - v)^2 / v^(2g) made symmetric: the same to first
///   order, the integral of dv / v^g instead of the value at one end (4 (sqrt u - sqrt v)^2 for
///   g = 0.5). Pearson's own pulls edges towards the brighter side; here every pair of pixels is
///   compared once and serves both.
/// - Pixelwise, not blockwise: at equal shift of edges blocks gained no contrast and no time.
/// - d is the mean, where the paper has the sum: h does not depend on the patch.
/// - Patches are compared under a Gaussian (compare_sigma). At equal shift of edges this gains most
///   of all; see docs/benchmarks.md.
///
/// Beyond the border stands the mirrored image (without repeating the border pixel). A pixel that
/// is not finite counts as 0 for the others and stays as it is; below 0, distances take 0 for the
/// value unless gamma is 0. Distances are sums of integers, which neither drift nor depend on how
/// the work is cut: stabilised values s(u) are taken in a few thousand whole steps over the range
/// of the frame, but none wider than h (2 patch_radius + 1) / 54, and those more than 600 h above
/// the smallest all for one. Weights are within 0.1 % of exp. A constant stays within one part in
/// 10^6. `out` has the size of `in`, and may be `in`. Cost: about 20 operations a pixel and half
/// the search window; the workspace keeps three frames, each thread has lines of the search
/// window's size. Same bits for any number of threads. Throws PreconditionError for options out of
/// range and views of different size, Stopped when asked to stop.
GUIDE_FILTERS_EXPORT void non_local_means(ImageView<const float> in, ImageView<float> out,
                                          const NonLocalMeansOptions& options, Workspace& workspace,
                                          const Execution& execution = {});

/// The same with memory of its own.
GUIDE_FILTERS_EXPORT void non_local_means(ImageView<const float> in, ImageView<float> out,
                                          const NonLocalMeansOptions& options = {},
                                          const Execution& execution = {});

}  // namespace guide::filters
