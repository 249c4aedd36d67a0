// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>

namespace guide::filters {

/// A log-Gabor band: bandwidth is a fraction of the centre frequency, the same shape at every
/// scale.
struct BandOptions {
    double wavelength_px = 6;  ///< px, of the centre of the band; 2 or more
    double sigma_on_f = 0.55;  ///< 0 to 1, exclusive; 0.55 is about two octaves, larger is narrower

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Where the monogenic signal goes: three images of one size.
struct MonogenicViews {
    ImageView<float> even;   ///< f: large on lines, positive on bright ones
    ImageView<float> odd_x;  ///< h1: Riesz transform along x, positive where it brightens rightward
    ImageView<float> odd_y;  ///< h2: Riesz transform along y, positive where it brightens downward
};

/// The monogenic signal of one band: f = band-passed image, (h1, h2) its Riesz transform, kernel i
/// (u, v) / |(u, v)|. Local amplitude sqrt(f^2 + h1^2 + h2^2), phase atan2(|h|, f), orientation
/// atan2(h2, h1) follow from it.
///
/// Felsberg and Sommer, "The monogenic signal", IEEE Trans. Signal Processing 49 (2001) 3136. Exact
/// in the frequency domain (own transform, single precision); the image is mirrored over two
/// wavelengths beyond its border and wraps after that; pixels that are not finite count as 0. Flips
/// along x (y) turn the sign of h1 (h2). Whole-image scratch of about 4 floats a (padded) pixel.
/// Same bits for any number of threads. The views share no memory. Throws PreconditionError for
/// views of different size.
GUIDE_FILTERS_EXPORT void monogenic_signal(ImageView<const float> in, const MonogenicViews& out,
                                           const BandOptions& band,
                                           const Execution& execution = {});

/// Which lines count.
enum class Polarity { bright, dark, both };

struct PhaseSymmetryOptions {
    double min_wavelength_px = 3;  ///< px, finest band; 2 or more
    int scales = 5;                ///< number of bands, 1 to 12
    double factor = 2.1;       ///< wavelength of a band over that of the next finer one; above 1
    double sigma_on_f = 0.55;  ///< as in BandOptions
    double noise_factor = 2;  ///< k: standard deviations of noise that are taken off; 0 or more, to
                              ///< 20 for noisy images
    Polarity polarity = Polarity::both;

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// What phase symmetry gives at each pixel.
struct PhaseSymmetry {
    Image<float>
        symmetry;  ///< 0..1, does not depend on contrast: energy above noise / sum of amplitudes
    Image<float> energy;  ///< sum over bands of p(f) - |h|, in grey levels; below 0 where edges
                          ///< outweigh lines
    Image<float> orientation;  ///< rad, -pi/2 to pi/2 from the x axis towards y: the direction
                               ///< across the line
};

/// Lines and blobs by the symmetry of local phase, over several bands of the monogenic signal:
/// E = sum_s p(f_s) - |h_s|, PS = max(E - T, 0) / (sum_s A_s + 1e-4) with p(f) = |f|, f (bright) or
/// -f (dark) and the noise level T = tau (1 - m^-N)/(1 - 1/m) (sqrt(pi/2) + k sqrt((4 - pi)/2)),
/// tau = median(A_1)/sqrt(ln 4), the Rayleigh moments of the finest band.
///
/// Kovesi, "Symmetry and asymmetry from local phase" (1997), in the monogenic form; differs from
/// the usual program in that there is no low-pass window on the bands and the image is mirrored at
/// its border instead of wrapping. Cost: one forward and 1.5 N inverse transforms. Scratch,
/// borders, threads as in monogenic_signal.
[[nodiscard]] GUIDE_FILTERS_EXPORT PhaseSymmetry phase_symmetry(ImageView<const float> in,
                                                                const PhaseSymmetryOptions& options,
                                                                const Execution& execution = {});

}  // namespace guide::filters
