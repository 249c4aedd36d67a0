// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>
#include <guide/filters/polarity.hpp>

#include <vector>

namespace guide::filters {

/// How the scales lie between the smallest and the largest.
enum class SigmaSteps { equispaced, logarithmic };

struct SheetnessOptions {
    double sigma_min = 1;  ///< px, half the width of the thinnest line; 0.5 to 100
    double sigma_max = 4;  ///< px, of the widest; sigma_min to 100
    int scales = 4;  ///< number of sigmas from sigma_min to sigma_max, 1 to 32; one is sigma_min
    SigmaSteps steps = SigmaSteps::logarithmic;
    Polarity polarity = Polarity::bright;
    double beta = 0.5;  ///< how much blobs are held against lines; above 0, larger lets blobs pass
    double gamma = 5;   ///< grey levels: curvature below it counts as noise; 0 counts all
    bool times_curvature = true;  ///< multiplied by the larger eigenvalue; else between 0 and 1

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;

    /// The sigmas, smallest first.
    [[nodiscard]] GUIDE_FILTERS_EXPORT std::vector<double> sigmas() const;
};

/// Where the results go, all of the size of the input; a view without pixels is not computed.
struct SheetnessViews {
    ImageView<float> measure;      ///< 0 where there is no line at any scale, else positive
    ImageView<float> orientation;  ///< rad, -pi/2 to pi/2 from the x axis towards y: the direction
                                   ///< across the line at the best scale; 0 where measure is 0
    ImageView<float> scale;        ///< px, sigma of the largest measure; 0 where measure is 0
};

/// Bright or dark lines (sections of sheets) by the Hessian over several scales. At each sigma the
/// second derivatives of the Gaussian, times sigma^2, give eigenvalues |l1| <= |l2|; where l2 has
/// the sign of the line
///
///   measure = |l2| exp(-(l1 / l2)^2 / (2 beta^2)) (1 - exp(-(l1^2 + l2^2) / (2 gamma^2)))
///
/// and the largest over the scales stays.
///
/// Antiga, "Generalizing vesselness with respect to dimensionality and shape", Insight Journal
/// 2007, eq. 6-8, after Frangi et al., MICCAI 1998 [35]; object dimension 1 in two dimensions. That
/// is itk::MultiScaleHessianBasedMeasureImageFilter over itk::HessianToObjectnessMeasureImageFilter
/// with their defaults, except that ITK's Gaussians are recursive fits (Deriche) and ours are
/// sampled out to 4.5 sigma with their moments put right: results differ by less than 1.5 % of the
/// largest measure, but for one pixel in 500 where the measure jumps to 0 (l1 near -l2). Ours is
/// the nearer to the true derivatives [38]. `Polarity::both` takes either sign.
///
/// Beyond the border stands the border pixel. Pixels that are not finite, or above 1e15 in size,
/// count as 0. A constant gives 0; flips along x or y turn the sign of the orientation. Single
/// precision. Cost: about 9 sigma x 6 products a pixel and scale; scratch: a tile of 64 columns for
/// each thread. Same bits for any number of threads. The views share no memory with the input.
/// Throws PreconditionError for views of different size, Stopped when asked to stop.
GUIDE_FILTERS_EXPORT void sheetness(ImageView<const float> in, const SheetnessViews& out,
                                    const SheetnessOptions& options,
                                    const Execution& execution = {});

}  // namespace guide::filters
