// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>
#include <guide/filters/polarity.hpp>

#include <memory>

namespace guide::filters {

/// The bands of the monogenic signal and what is made of them.
struct MonogenicOptions {
    double min_wavelength_px = 3;  ///< px, centre of the finest band; 2 to 10^6
    int scales = 5;                ///< number of bands, 1 to 12
    double factor = 2.1;  ///< wavelength of a band over that of the next finer one; above 1, to 10
    double sigma_on_f = 0.55;  ///< 0.05 to 0.95: width of a band as a fraction of its centre
                               ///< frequency; 0.55 is about two octaves, larger is narrower
    double low_pass =
        0.4;  ///< cycles per px where every band is cut (Butterworth, order 10), so that
              ///< the corners of the spectrum do not ring; 0.05 to 0.5, 0 leaves it out
    double noise_factor = 2;  ///< k: standard deviations of noise that are taken off; 0 to 1000, up
                              ///< to 20 for noisy images
    Polarity polarity = Polarity::both;  ///< of the lines in `line_energy` and `symmetry`

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Where the results go, all of the size of the input; a view without pixels is not computed. With
/// f_s the image in band s, (h1_s, h2_s) its Riesz transform, |h_s| their length and
/// A_s = sqrt(f_s^2 + |h_s|^2); sums are over the bands.
struct MonogenicViews {
    ImageView<float> even;       ///< F = sum f_s: positive on bright lines, negative on dark ones
    ImageView<float> odd_x;      ///< H1 = sum h1_s: positive where it brightens rightward
    ImageView<float> odd_y;      ///< H2 = sum h2_s: positive where it brightens downward
    ImageView<float> amplitude;  ///< sum A_s, grey levels
    ImageView<float> energy;     ///< local energy sqrt(F^2 + H1^2 + H2^2), grey levels
    ImageView<float> phase;      ///< local phase, rad: 0 on a bright line, pi/2 at an edge, pi on a
                                 ///< dark line
    ImageView<float> orientation;  ///< rad, -pi/2 to pi/2 from the x axis towards y: the direction
                                   ///< across the line or edge
    ImageView<float>
        line_energy;  ///< E = sum p(f_s) - |h_s|, grey levels, p(f) = f (bright lines),
                      ///< -f (dark) or |f| (both); below 0 where edges outweigh lines
    ImageView<float>
        symmetry;  ///< max(E - T, 0) / (sum A_s + 10^-4): 0 to 1, whatever the contrast
    ImageView<float> asymmetry;  ///< max(sum(|h_s| - |f_s|) - T, 0) / (sum A_s + 10^-4): the same
                                 ///< for edges
};

/// What `monogenic` needs for frames of one size and one set of options: transfer functions and
/// memory, about 80 bytes a pixel with the usual options. Making one takes about as long as using
/// it once. Belongs to one caller at a time.
class GUIDE_FILTERS_EXPORT MonogenicPlan {
  public:
    /// Throws PreconditionError for a bad option or a negative size.
    MonogenicPlan(int width, int height, const MonogenicOptions& options = {},
                  const Execution& execution = {});
    ~MonogenicPlan();
    MonogenicPlan(MonogenicPlan&&) noexcept;
    MonogenicPlan& operator=(MonogenicPlan&&) noexcept;

  private:
    friend GUIDE_FILTERS_EXPORT double monogenic(ImageView<const float>, const MonogenicViews&,
                                                 MonogenicPlan&, const Execution&);
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// The monogenic signal over several log-Gabor bands: local phase, orientation and energy, and the
/// symmetry (lines) and asymmetry (edges) of local phase above a noise threshold T. Returns T, in
/// grey levels (0 for an empty image or when neither `symmetry` nor `asymmetry` is asked for).
///
/// Band s has the gain exp(-ln(w / w_s)^2 / (2 ln(sigma_on_f)^2)) / (1 + (w / low_pass)^20) at w
/// cycles per px and 0 at w = 0; the kernels of the Riesz transform are i (u, v) / |(u, v)|. T =
/// max(10^-4, tau (1 - m^-N) / (1 - 1/m) (sqrt(pi/2) + k sqrt((4 - pi)/2))), tau = median(A_1) /
/// sqrt(ln 4) over all pixels (exact; of an even number the upper one), m = factor, N = scales: the
/// moments of a Rayleigh distribution.
///
/// Felsberg and Sommer, "The monogenic signal", IEEE Trans. Signal Processing 49 (2001) 3136;
/// Kovesi, "Symmetry and asymmetry from local phase" (1997), in the monogenic form of his published
/// program. Where that wraps around at the border, here the image is mirrored (border pixels
/// twice): its Fourier transform then is a cosine transform, all numbers stay real and nothing is
/// padded. A side with a prime factor above 13 is continued by mirroring to the next size of its
/// parity without. Rows of the spectrum where the gain of a band is below 10^-3 at its high end are
/// left out: all in all f, h1, h2 and A are within 2 10^-4 of the range of the image from the
/// definition in double (10^-4 for white noise, 1.3 10^-4 for frames with lettering; 3e-7 were
/// nothing left out), symmetry and asymmetry within 10^-3 where the threshold is above 1/50 of the
/// range (6 10^-3 seen on a nearly black frame). Angles of (0, 0) are 0.
///
/// Pixels that are not finite, or above 10^15 in size, count as 0. A constant gives exactly 0
/// everywhere. Flips commute: along x (y) they turn the sign of H1 (H2). An output may be the input
/// itself; else the views share no memory. Cost: 1 + 3 N real transforms of the image. Nothing of
/// the size of the image is allocated after the first call with a plan. Same bits for any number of
/// threads. Throws PreconditionError for views of different size than the plan's, Stopped when
/// asked to stop.
GUIDE_FILTERS_EXPORT double monogenic(ImageView<const float> in, const MonogenicViews& out,
                                      MonogenicPlan& plan, const Execution& execution = {});

/// The same with a plan of its own.
GUIDE_FILTERS_EXPORT double monogenic(ImageView<const float> in, const MonogenicViews& out,
                                      const MonogenicOptions& options = {},
                                      const Execution& execution = {});

}  // namespace guide::filters
