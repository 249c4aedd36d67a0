// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosine_transform.hpp"

#include <guide/core/image.hpp>
#include <guide/filters/polarity.hpp>

#include <cstddef>

/// The passes of the monogenic filter over one tile. A tile is 32 neighbouring columns of the image
/// or 32 neighbouring frequencies v along y; its blocks (32 floats) lie one after the other, so
/// that transforms never shuffle. Between the passes tiles are transposed.
namespace guide::filters {

/// Everything that does not depend on the tile. Lines along x and y have their own plan.
struct MonogenicFrame {
    const CosinePlan* across;
    const CosinePlan* down;
    FourierKernels fourier;

    /// One band: its gains, [tile of v][slot of u][32], and its three parts (f, h1, h2) transformed
    /// back along x, [part][tile of x][v][32], both for the first `tiles` tiles of v alone.
    struct Band {
        std::size_t tiles;
        const float* gains;
        float* parts;
    };
    const Band* bands;
    std::size_t band_count;

    std::size_t columns;  ///< whole tiles of them
    float* spectrum;      ///< of the columns: [tile of v][x][32]
    Polarity polarity;
};

/// Where the results go, null where not wanted: the views in the order of MonogenicViews, with
/// thresholds still to be taken off, and the amplitude of the finest band.
struct MonogenicTargets {
    static constexpr std::size_t kViews = 10, kSymmetry = 8, kAsymmetry = 9;
    ImageView<float> views[kViews];
    ImageView<float> finest;
};

/// What makes the gain of a band.
struct MonogenicBandShape {
    double wavelength_px, sigma_on_f, low_pass;
};

/// The versions for this processor, a source each. `scratch` holds as many floats as the function
/// below says.
struct MonogenicSplitKernels {
    /// Sum of the pixels of a row.
    double (*row_sum)(const float* row, int width);

    /// The columns of tile `x`, less `mean`, are transformed into the spectrum.
    void (*transform_columns)(const MonogenicFrame& frame, ImageView<const float> in, float mean,
                              std::size_t x, float* scratch);

    /// The rest of the transform for tile `v`, and from there the parts of all bands.
    void (*split_bands)(const MonogenicFrame& frame, std::size_t v, float* scratch);
};
[[nodiscard]] MonogenicSplitKernels monogenic_split_kernels();
[[nodiscard]] std::size_t monogenic_split_scratch(const CosinePlan& across, const CosinePlan& down);

struct MonogenicJoinKernels {
    /// The rest of the way back for tile `x`, and the results there.
    void (*join_bands)(const MonogenicFrame& frame, std::size_t x, const MonogenicTargets& targets,
                       float* scratch);

    /// value = max(value - threshold, 0) / (amplitude + floor).
    void (*take_noise)(float* values, const float* amplitude, int width, float threshold,
                       float floor);
};
[[nodiscard]] MonogenicJoinKernels monogenic_join_kernels();
[[nodiscard]] std::size_t monogenic_join_scratch(const CosinePlan& down);

/// The gains of a band for tile `v`, times `scale`: [slot of u][32].
using FillMonogenicGains = void(const CosinePlan& across, const CosinePlan& down,
                                const MonogenicBandShape& shape, double scale, std::size_t v,
                                float* gains);
[[nodiscard]] FillMonogenicGains* fill_monogenic_gains();

}  // namespace guide::filters
