// SPDX-License-Identifier: Apache-2.0
#include "non_local_means_frames.hpp"

#include <guide/filters/gaussian.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "non_local_means_frames.cpp"
#include "kernel.hpp"

#include <hwy/contrib/math/math-inl.h>

#ifndef GUIDE_FILTERS_NON_LOCAL_MEANS_FRAMES
#define GUIDE_FILTERS_NON_LOCAL_MEANS_FRAMES
namespace guide::filters {

constexpr float kLeast = std::numeric_limits<float>::min();  // has a logarithm

struct Range {
    float low = std::numeric_limits<float>::infinity(), high = -low;
};

}  // namespace guide::filters
#endif

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Integers = hn::RebindToSigned<Floats>;

/// s(v) = v^(1 - gamma) / (1 - gamma), in place; `count` in whole vectors. Widens `range`.
void stabilise_row(float* row, int count, float gamma, Range& range) {
    const Floats d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    auto low = hn::Set(d, range.low), high = hn::Set(d, range.high);
    for (int x = 0; x < count; x += lanes) {
        auto v = hn::Load(d, row + x);
        if (gamma == 0.5F) {
            v = hn::Mul(hn::Set(d, 2.0F), hn::Sqrt(hn::Max(v, hn::Zero(d))));
        } else if (gamma > 0) {
            const auto log = hn::Log(d, hn::Max(v, hn::Set(d, kLeast)));
            const auto power = hn::Exp(d, hn::Mul(hn::Set(d, 1 - gamma), log));
            v = hn::Mul(hn::Set(d, 1 / (1 - gamma)), power);
        }
        hn::Store(v, d, row + x);
        low = hn::Min(low, v);
        high = hn::Max(high, v);
    }
    range.low = hn::GetLane(hn::MinOfLanes(d, low));
    range.high = hn::GetLane(hn::MaxOfLanes(d, high));
}

/// Whole numbers round((v - low) scale), 0 to `top`, of two rows, the second in the upper half.
void quantise_rows(const float* lower, const float* upper, std::int32_t* out, int count, float low,
                   float scale, int top) {
    const Floats d;
    const Integers di;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto whole = [&](const float* from) HWY_ATTR {
        const auto steps = hn::Mul(hn::Sub(hn::LoadU(d, from), hn::Set(d, low)), hn::Set(d, scale));
        return hn::NearestInt(hn::Min(steps, hn::Set(d, static_cast<float>(top))));
    };
    for (int x = 0; x < count; x += lanes) {
        const auto both = hn::Or(whole(lower + x), hn::ShiftLeft<16>(whole(upper + x)));
        hn::StoreU(both, di, out + x);
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(stabilise_row);
HWY_EXPORT(quantise_rows);

namespace {

/// Index of the pixel that stands at `i` when the `count` pixels are mirrored without end.
int mirrored(int i, int count) {
    if (count == 1) return 0;
    const int period = 2 * (count - 1);
    const int inside = ((i % period) + period) % period;
    return std::min(inside, period - inside);
}

/// The row with its margins; what is not finite becomes 0.
void copy_mirrored(const float* row, int width, float* out, int margin, int stride) {
    const auto finite = [](float v) { return std::isfinite(v) ? v : 0.0F; };
    for (int x = 0; x < width; ++x)
        out[margin + x] = finite(row[x]);
    for (int x = 0; x < margin; ++x)
        out[x] = finite(row[mirrored(x - margin, width)]);
    for (int x = margin + width; x < stride; ++x)
        out[x] = finite(row[mirrored(x - margin, width)]);
}

/// How values become whole numbers whose differences squared, summed over a patch, fit 32 bits.
struct Steps {
    float scale = 0;      // steps for each unit
    int top = 0;          // the largest
    int octave_bits = 0;  // as in NonLocalMeansFrames
};

Steps steps_for(Range range, const NonLocalMeansOptions& options) {
    constexpr int kFinest = 23, kCoarsest = 11;  // bits of an octave
    const int side = 2 * options.patch_radius + 1;
    const int top = std::min(32767, static_cast<int>(46340 / side));
    // Of a pixel's difference t the octaves are t^2 log2(e) / (side^2 h^2).
    const double octave = std::log2(std::exp(1.0)) / std::pow(side * options.smoothing, 2);
    Steps steps{0, top, kFinest};
    for (;; --steps.octave_bits) {
        const double scale = std::sqrt(std::ldexp(octave, steps.octave_bits));
        steps.scale = static_cast<float>(scale);
        if (scale * (double{range.high} - range.low) <= top || steps.octave_bits == kCoarsest)
            return steps;
    }
}

}  // namespace

NonLocalMeansFrames non_local_means_frames(ImageView<const float> in,
                                           const NonLocalMeansOptions& options,
                                           Workspace& workspace, const Execution& execution) {
    constexpr int kBandRows = 64;
    workspace.rewind();
    Workers workers(execution);

    // Rows and columns that patches and shifts reach beyond the image.
    const int radius = options.search_radius, patch = options.patch_radius;
    const int blur = static_cast<int>(std::ceil(4 * options.compare_sigma));
    const int margin = whole_lines(radius + patch + blur) + whole_lines(radius);
    const int stride = whole_lines(in.width) + 2 * margin + 4 * kLine;
    const int above = radius + 2 * patch + 1 + blur;
    const int rows = in.height + above + radius + patch + blur;
    const auto pixels = static_cast<std::size_t>(stride) * static_cast<std::size_t>(rows);
    const ImageView<float> values(workspace.take<float>(pixels), stride, rows);
    ImageView<float> compared(workspace.take<float>(pixels), stride, rows);
    const ImageView<std::int32_t> steps(workspace.take<std::int32_t>(pixels), stride, rows);

    workers.for_each_band(rows, kBandRows, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* row = in.row(mirrored(y - above, in.height));
            copy_mirrored(row, in.width, values.row(y), margin, stride);
            if (options.compare_sigma == 0) std::copy_n(values.row(y), stride, compared.row(y));
        }
    });
    if (options.compare_sigma > 0) {
        gaussian_blur(values, compared, {options.compare_sigma, options.compare_sigma}, execution);
    }

    Range range;
    std::mutex range_mutex;
    const auto gamma = static_cast<float>(options.gamma);
    const auto stabilise = GUIDE_KERNEL(stabilise_row);
    workers.for_each_band(rows, kBandRows, [&](int begin, int end) {
        Range here;
        for (int y = begin; y < end; ++y) {
            stabilise(compared.row(y), stride, gamma, here);
        }
        const std::lock_guard lock(range_mutex);
        range = {std::min(range.low, here.low), std::max(range.high, here.high)};
    });

    const Steps unit = steps_for(range, options);
    const auto quantise = GUIDE_KERNEL(quantise_rows);
    workers.for_each_band(rows, kBandRows, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* enters = compared.row(std::min(y + patch, rows - 1));
            const float* leaves = compared.row(std::max(y - patch - 1, 0));
            std::fill_n(steps.row(y), kLine, 0);
            quantise(enters, leaves, steps.row(y) + patch, stride - kLine, range.low, unit.scale,
                     unit.top);
        }
    });

    return {radius,
            patch,
            {values.row(above) + margin, stride},
            {steps.row(above) + margin, stride},
            unit.octave_bits};
}

}  // namespace guide::filters
#endif
