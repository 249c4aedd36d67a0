// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/expected.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// What speckle says about tissue, and what a filter makes of it. Where a distribution is named
// (Rayleigh, Nakagami) samples are amplitudes of the linear envelope: undo log compression first.
// Samples that are not finite are left out everywhere.

namespace guide::filters {

/// Mean over standard deviation of fully developed speckle, whose amplitudes follow Rayleigh:
/// sqrt(pi / (4 - pi)).
inline constexpr double kDevelopedSpeckleSnr = 1.9130583802711007;

/// Bound of local_speckle_snr, its value where speckle is absent.
inline constexpr float kLargestSnr = 1000;

/// The window of a local statistic: (2 half_width + 1) x (2 half_height + 1) pixels.
struct StatisticsWindow {
    int half_width = 7;   ///< px, 0 to 255
    int half_height = 7;  ///< px, 0 to 255

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Writes the local mean over the local standard deviation (divisor n): kLargestSnr with the sign
/// of the mean where values do not differ, 0 where the mean is 0.
///
/// Of a window, the pixels inside the image count, and of these the finite ones; without any, the
/// result is 0. Sums are in double precision and made without subtraction (van Herk's two running
/// sums), so that a bright spot leaves nothing behind. `out` has the size of `in` and shares no
/// memory with it. Cost: some 50 operations a pixel for any window; scratch: six window heights of
/// lines of doubles for each thread. Same bits for any number of threads. Throws PreconditionError
/// for views of different size, Stopped when asked to stop.
GUIDE_FILTERS_EXPORT void local_speckle_snr(ImageView<const float> in, ImageView<float> out,
                                            const StatisticsWindow& window = {},
                                            const Execution& execution = {});

/// How Nakagami's two parameters are found from samples.
enum class NakagamiEstimator {
    /// m = E[A^2]^2 / Var[A^2]: cheap, biased upwards for few samples.
    kMoments,
    /// Greenwood and Durand's rational approximation of the maximum-likelihood m from
    /// y = ln E[A^2] - E[ln A^2]; within 0.01 % of it, less scattered than the moments.
    kLikelihood,
};

/// Nakagami's distribution of amplitudes: shape 1 is Rayleigh (fully developed speckle), below 1
/// few or clustered scatterers, above 1 a coherent part.
struct Nakagami {
    double shape = 0;  ///< m, no unit, 0 to kLargestNakagamiShape
    double scale = 0;  ///< Omega = E[A^2], squared unit of the amplitudes
};

/// Bound of the shape, its value where amplitudes do not differ.
inline constexpr double kLargestNakagamiShape = 1000;

/// Nakagami's parameters of one region; samples that are not above 0 are left out. No answer with
/// fewer than two samples ("too-few-samples").
[[nodiscard]] GUIDE_FILTERS_EXPORT Expected<Nakagami> nakagami(
    std::span<const float> amplitudes,
    NakagamiEstimator estimator = NakagamiEstimator::kLikelihood);

/// Writes Nakagami's parameters of the window around each pixel: `shape` (no unit) and `scale`
/// (squared unit of `in`), both 0 where a window has fewer than two amplitudes above 0. Either may
/// be empty when it is not wanted. Otherwise as local_speckle_snr; the likelihood takes a
/// logarithm more a pixel.
GUIDE_FILTERS_EXPORT void nakagami_maps(
    ImageView<const float> in, ImageView<float> shape, ImageView<float> scale,
    const StatisticsWindow& window = {},
    NakagamiEstimator estimator = NakagamiEstimator::kLikelihood, const Execution& execution = {});

/// The pixels of `image` where `mask` is not 0, row by row. Throws PreconditionError for views of
/// different size.
[[nodiscard]] GUIDE_FILTERS_EXPORT std::vector<float> samples_under(
    ImageView<const float> image, ImageView<const std::uint8_t> mask);

/// Moments of one region.
struct RegionStatistics {
    std::size_t samples = 0;  ///< finite ones
    double mean = 0;          ///< unit of the samples
    double deviation = 0;     ///< the same; divisor n
    double snr = 0;           ///< mean / deviation; infinite where samples do not differ
};

/// No answer without a finite sample ("too-few-samples").
[[nodiscard]] GUIDE_FILTERS_EXPORT Expected<RegionStatistics> region_statistics(
    std::span<const float> samples);

/// How gCNR's histograms are binned.
enum class Binning {
    kEqualWidth,  ///< from the smallest to the largest sample of both regions, as published
    kEqualCount,  ///< bins that hold equal shares of both regions together (ties stay together):
                  ///< blind to any monotonic remapping of grey values
};

struct ContrastOptions {
    int bins = 100;  ///< of gCNR's histograms, 2 to 65536; too many for the samples raise gCNR
    Binning binning = Binning::kEqualWidth;

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// How well two regions are told apart.
struct ContrastMeasures {
    double difference = 0;  ///< mean a - mean b: the contrast in dB on frames in dB
    double ratio = 0;       ///< mean a / mean b: the contrast of linear amplitudes or powers
    double cnr = 0;         ///< |mean a - mean b| / sqrt(var a + var b), 0 for equal constants
    double gcnr = 0;  ///< 1 - overlap of the histograms, 0 to 1: 1 - 2 x the smallest share of
                      ///< pixels that a threshold-like decision gets wrong
};

/// Contrast, contrast-to-noise ratio and generalised contrast-to-noise ratio (Rodriguez-Molares
/// 2020, docs/literature.md [54]) of two regions. Cost: two passes, and a sort for equal counts. No
/// answer when a region has no finite sample ("too-few-samples"). Throws PreconditionError for
/// options out of range.
[[nodiscard]] GUIDE_FILTERS_EXPORT Expected<ContrastMeasures> contrast_between(
    std::span<const float> a, std::span<const float> b, const ContrastOptions& options = {});

}  // namespace guide::filters
