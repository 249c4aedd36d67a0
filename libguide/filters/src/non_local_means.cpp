// SPDX-License-Identifier: Apache-2.0
#include "spares.hpp"

#include <guide/filters/gaussian.hpp>
#include <guide/filters/non_local_means.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <vector>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "non_local_means.cpp"
#include "kernel.hpp"
#include "lanes-inl.hpp"

#include <hwy/contrib/math/math-inl.h>

#ifndef GUIDE_FILTERS_NON_LOCAL_MEANS
#define GUIDE_FILTERS_NON_LOCAL_MEANS
namespace guide::filters {

// How it goes. A shift (dx, dy) from a pixel to another one has a weight that both share, so the
// half of the shifts with dy > 0, or dy = 0 and dx > 0, is enough: a weight adds the other pixel to
// the one ("gathers") and the one to the other ("scatters"). For each shift a line of sums over the
// columns of the patches is kept, and goes down the image row by row: one squared difference enters
// it, one leaves. Sums along the row, weights and means follow while the lines are in the nearest
// cache. The values of a pixel are added up in the order of rows and shifts alone, whatever the cut
// into bands and tiles.

constexpr float kLeast = std::numeric_limits<float>::min();  // has a logarithm
constexpr int kLine = 16;  // floats: lines begin and end at whole multiples of the widest vector
constexpr int kGroup = 6;  // shifts of one row that are worked on together
constexpr int kTileMax = 448;  // px, the widest tile whose lines stay in the second cache

/// Number of floats, at least `n`, that whole lines of vectors have.
constexpr int whole_lines(int n) {
    return (n + kLine - 1) / kLine * kLine;
}

/// What all bands read: frames with a margin on all sides, `at(x, y)` counting from the image.
template <class T>
struct Padded {
    T* origin = nullptr;
    std::ptrdiff_t stride = 0;
    [[nodiscard]] T* at(int x, int y) const { return origin + y * stride + x; }
};

struct Prepared {
    int radius, patch;  // px
    /// Values to be averaged.
    Padded<const float> values;
    /// Two whole numbers each, the values to be compared at (x - patch, y + patch) in the lower
    /// half, at (x - patch, y - patch - 1) in the upper: what enters and leaves a patch's column.
    Padded<const std::int32_t> steps;
    int octave_bits;  // a weight halves with each 2^octave_bits of the sum over a patch
};

struct Range {
    float low = std::numeric_limits<float>::infinity(), high = -low;
};

/// The lines of one thread.
struct NonLocalMeansScratch {
    explicit NonLocalMeansScratch(int radius) : side(2 * radius + 1), rows(radius + 1) {
        const auto r = static_cast<std::size_t>(rows), n = static_cast<std::size_t>(width);
        const auto shifts = r * static_cast<std::size_t>(side);
        columns = memory.take<std::int32_t>(shifts * n);
        patches = memory.take<std::int32_t>(2 * n);
        weights = memory.take<float>(kGroup * n);
        sums = memory.take<float>(r * n);
        totals = memory.take<float>(r * n);
    }
    static constexpr int width = kTileMax + 4 * kLine + 2 * kLine;
    int side, rows;
    Workspace memory;
    std::int32_t* columns;  // for each shift, from the first pixel with a weight
    std::int32_t* patches;  // sums of a row over whole patches, and a line to make them in
    float* weights;         // of the shifts of a group
    float *sums, *totals;   // of rows y to y + radius, row y at y modulo rows

    [[nodiscard]] std::int32_t* column(int dx, int dy) {
        const int shift = dy * side + dx + side / 2;
        return columns + static_cast<std::ptrdiff_t>(shift) * width;
    }
    [[nodiscard]] float* weight(int i) { return weights + static_cast<std::ptrdiff_t>(i) * width; }
    [[nodiscard]] float* sum(int y) { return sums + static_cast<std::ptrdiff_t>(y % rows) * width; }
    [[nodiscard]] float* total(int y) {
        return totals + static_cast<std::ptrdiff_t>(y % rows) * width;
    }
};

}  // namespace guide::filters
#endif

#undef GUIDE_X86_VECTORS
#define GUIDE_X86_VECTORS \
    (HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3)

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

using Floats = hn::ScalableTag<float>;
using Integers = hn::RebindToSigned<Floats>;
using Integer = hn::Vec<Integers>;

/// sum + (a0 - b0)^2 - (a1 - b1)^2 of the lower (0) and upper (1) halves; only what enters, without
/// the second square, for `enter_only`.
template <bool enter_only>
HWY_INLINE Integer add_step(Integer sum, Integer a, Integer b) {
#if GUIDE_X86_VECTORS
    const Integers d;
    const hn::Repartition<std::int16_t, Integers> halves;
    const auto difference = hn::Sub(hn::BitCast(halves, a), hn::BitCast(halves, b));
    const auto signs = enter_only ? hn::Zero(halves) : hn::Neg(difference);
    Integer unused = hn::Zero(d);  // on these, neighbours are added into one sum
    return hn::ReorderWidenMulAccumulate(d, difference, hn::OddEven(signs, difference), sum,
                                         unused);
#else
    const auto low = [](Integer v) HWY_ATTR { return hn::ShiftRight<16>(hn::ShiftLeft<16>(v)); };
    const auto enters = hn::Sub(low(a), low(b));
    const auto leaves = hn::Sub(hn::ShiftRight<16>(a), hn::ShiftRight<16>(b));
    sum = hn::Add(sum, hn::Mul(enters, enters));
    return enter_only ? sum : hn::Sub(sum, hn::Mul(leaves, leaves));
#endif
}

template <bool enter_only>
HWY_INLINE void step_columns(std::int32_t* sums, const std::int32_t* a, const std::int32_t* b,
                             int count) {
    const Integers d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    for (int x = 0; x < count; x += lanes) {
        const auto sum =
            add_step<enter_only>(hn::Load(d, sums + x), hn::Load(d, a + x), hn::LoadU(d, b + x));
        hn::Store(sum, d, sums + x);
    }
}

/// out[x] = a[x] + b[x]; out may be a.
HWY_INLINE void add_lines(const std::int32_t* a, const std::int32_t* b, std::int32_t* out,
                          int count) {
    const Integers d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    for (int x = 0; x < count; x += lanes)
        hn::Store(hn::Add(hn::Load(d, a + x), hn::LoadU(d, b + x)), d, out + x);
}

#if GUIDE_X86_VECTORS
/// The vector that begins `count` lanes behind the begin of `here`, in front of `next`.
template <int count>
HWY_INLINE Integer slide(Integer here, Integer next) {
#if HWY_TARGET == HWY_AVX3
    return Integer{_mm512_alignr_epi32(next.raw, here.raw, count)};
#elif HWY_TARGET == HWY_AVX2
    const Integers d;
    const auto middle = hn::ConcatLowerUpper(d, next, here);
    if constexpr (count == 4) return middle;
    return hn::CombineShiftRightBytes<4 * (count % 4)>(d, middle, here);
#else
    if constexpr (count == 4) return next;
    return hn::CombineShiftRightBytes<4 * (count % 4)>(Integers(), next, here);
#endif
}

/// Sums over patches seven pixels wide, the usual ones, from sums over columns. Those are taken on
/// to this row on the way if `step`. Of the columns behind the last sum the first six matter.
template <bool step>
HWY_INLINE void sums_of_seven(std::int32_t* columns, const std::int32_t* a, const std::int32_t* b,
                              std::int32_t* sums, int count) {
    const Integers d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto column = [&](int x) HWY_ATTR {
        const auto sum = hn::Load(d, columns + x);
        if constexpr (!step) return sum;
        const auto stepped = add_step<false>(sum, hn::Load(d, a + x), hn::LoadU(d, b + x));
        hn::Store(stepped, d, columns + x);
        return stepped;
    };
    auto here = column(0), next = column(lanes);
    auto two = hn::Add(here, slide<1>(here, next));
    auto three = hn::Add(two, slide<2>(here, next));
    for (int x = 0; x < count; x += lanes) {
        here = next;
        if (lanes < 6 || x + lanes < count) next = column(x + 2 * lanes);
        const auto next_two = hn::Add(here, slide<1>(here, next));
        const auto next_three = hn::Add(next_two, slide<2>(here, next));
        const auto four = hn::Add(two, slide<2>(two, next_two));
        hn::Store(hn::Add(four, slide<4>(three, next_three)), d, sums + x);
        two = next_two;
        three = next_three;
    }
}
#endif

/// Sums over patches `length` px wide by doubling, for all others. `work` has room for a line.
HWY_INLINE void sums_of_any(const std::int32_t* columns, std::int32_t* work, std::int32_t* sums,
                            int count, int length) {
    const int all = count + 2 * kLine;
    std::copy_n(columns, all, work);
    std::copy_n(columns, all, sums);  // the length is odd: they are sums of one
    for (int step = 1, done = 1; 2 * step <= length;) {
        add_lines(work, work + step, work, all - kLine);
        step *= 2;
        if ((length & step) != 0) {
            add_lines(sums, work + done, sums, all - kLine);
            done += step;
        }
    }
}

/// Weights 2^-(sum / 2^octave_bits) to 0.07 %: the bits of a number are its logarithm with straight
/// lines between powers of two, and a polynomial of the fraction makes up for the straightness.
HWY_INLINE void weights_of_sums(const std::int32_t* sums, float* weights, int count,
                                int octave_bits) {
    const Integers d;
    const Floats df;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto most = hn::Set(d, 126 << octave_bits);
    const auto one = hn::Set(d, 127 << 23), fraction = hn::Set(d, (1 << 23) - 1);
    for (int x = 0; x < count; x += lanes) {
        const auto octaves = hn::Min(hn::Load(d, sums + x), most);
        const auto bits = hn::Sub(one, hn::ShiftLeftSame(octaves, 23 - octave_bits));
        const auto m = hn::BitCast(df, hn::Or(hn::And(bits, fraction), one));
        auto p = hn::MulAdd(m, hn::Set(df, -0.106446497F), hn::Set(df, 0.707479596F));
        p = hn::MulAdd(m, p, hn::Set(df, -1.37731338F));
        p = hn::MulAdd(m, p, hn::Set(df, 1.7756176F));
        hn::Store(hn::Mul(hn::BitCast(df, bits), p), df, weights + x);
    }
}

/// Adds weight x value of the shifts dx, dx + 1, ... (`group` of them) to a row. `weights` and
/// `values` stand where those of the first pixel and the first shift are; one shift further they
/// are `next_weight` and `next_value` further.
HWY_INLINE void add_weighted(const float* weights, std::ptrdiff_t next_weight, const float* values,
                             std::ptrdiff_t next_value, int group, float* sums, float* totals,
                             int count) {
    const Floats d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    for (int x = 0; x < count; x += lanes) {
        auto sum = hn::Load(d, sums + x), total = hn::Load(d, totals + x);
        const float* weight = weights + x;
        const float* value = values + x;
        for (int i = 0; i < group; ++i, weight += next_weight, value += next_value) {
            const auto w = hn::LoadU(d, weight);
            sum = hn::MulAdd(w, hn::LoadU(d, value), sum);
            total = hn::Add(total, w);
        }
        hn::Store(sum, d, sums + x);
        hn::Store(total, d, totals + x);
    }
}

/// Weights of the pixels (x, y), (x + 1, y), ... for the shift (dx, dy). The sums over columns are
/// those of the row above; for the first row they are made anew.
HWY_INLINE void weights_of_shift(const Prepared& in, NonLocalMeansScratch& scratch, float* weights,
                                 int x, int y, int dx, int dy, int count, bool first) {
    std::int32_t* columns = scratch.column(dx, dy);
    const std::int32_t *a = in.steps.at(x, y), *b = in.steps.at(x + dx, y + dy);
    const int all = count + 2 * kLine;  // as far as patches reach
    if (first) {
        std::fill_n(columns, all, 0);
        for (int row = -2 * in.patch; row <= 0; ++row)
            step_columns<true>(columns, a + row * in.steps.stride, b + row * in.steps.stride, all);
    }
    std::int32_t *sums = scratch.patches, *work = sums + NonLocalMeansScratch::width;
#if GUIDE_X86_VECTORS
    if (in.patch == 3) {
        if (first) {
            sums_of_seven<false>(columns, a, b, sums, count);
        } else {
            sums_of_seven<true>(columns, a, b, sums, count);
        }
    } else
#endif
    {
        if (!first) step_columns<false>(columns, a, b, all);
        sums_of_any(columns, work, sums, count, 2 * in.patch + 1);
    }
    weights_of_sums(sums, weights, count, in.octave_bits);
}

/// Means of the pixels [left, left + width) x [begin, end); `use(y, sums, totals)` takes a row.
template <class Use>
HWY_INLINE void means_of_tile(const Prepared& in, NonLocalMeansScratch& scratch, int left,
                              int width, int begin, int end, const Use& use) {
    const Floats d;
    const int radius = in.radius, whole = whole_lines(width);
    const int margin = whole_lines(radius), lanes = static_cast<int>(hn::Lanes(d));
    const auto start_row = [&](int y) HWY_ATTR {  // a pixel itself weighs 1
        for (int x = 0; x < whole; x += lanes) {
            hn::Store(hn::LoadU(d, in.values.at(left + x, y)), d, scratch.sum(y) + x);
            hn::Store(hn::Set(d, 1.0F), d, scratch.total(y) + x);
        }
    };
    for (int y = begin; y < std::min(end, begin + radius); ++y)
        start_row(y);
    for (int y = begin - radius; y < end; ++y) {
        if (y >= begin && y + radius < end) start_row(y + radius);
        for (int dy = std::max(0, begin - y); dy <= radius; ++dy) {
            // The first row with this shift: both of its pixels, or the lower one alone, in the
            // tile.
            const bool first = y == begin - dy;
            for (int dx = dy == 0 ? 1 : -radius; dx <= radius;) {
                const int last = dx < 0 ? -1 : radius;
                const int group = std::min(kGroup, last - dx + 1);
                // Weights are needed where either pixel lies in the tile.
                const int before = dx < 0 ? 0 : margin, after = dx < 0 ? margin : 0;
                const int count = whole + before + after, from = left - before;
                for (int i = 0; i < group; ++i) {
                    weights_of_shift(in, scratch, scratch.weight(i), from, y, dx + i, dy, count,
                                     first);
                }
                if (y >= begin) {
                    add_weighted(scratch.weight(0) + before, NonLocalMeansScratch::width,
                                 in.values.at(left + dx, y + dy), 1, group, scratch.sum(y),
                                 scratch.total(y), whole);
                }
                if (y + dy < end) {
                    add_weighted(scratch.weight(0) + before - dx, NonLocalMeansScratch::width - 1,
                                 in.values.at(left - dx, y), -1, group, scratch.sum(y + dy),
                                 scratch.total(y + dy), whole);
                }
                dx += group;
            }
        }
        if (y >= begin) use(y, scratch.sum(y), scratch.total(y));
    }
}

/// The filter on rows [begin, end).
void means_of_band(const Prepared& prepared, NonLocalMeansScratch& scratch,
                   ImageView<const float> in, ImageView<float> out, int begin, int end) {
    const int tiles = (in.width + kTileMax - 1) / kTileMax;
    const int tile = whole_lines((in.width + tiles - 1) / tiles);
    for (int left = 0; left < in.width; left += tile) {
        const int width = std::min(tile, in.width - left);
        means_of_tile(prepared, scratch, left, width, begin, end,
                      [&](int y, const float* sums, const float* totals) HWY_ATTR {
                          const float* from = in.row(y) + left;
                          float* to = out.row(y) + left;
                          for_each_lanes(width, [&](auto d, int x) HWY_ATTR {
                              const auto v = hn::LoadU(d, from + x);
                              const auto mean =
                                  hn::Div(hn::LoadU(d, sums + x), hn::LoadU(d, totals + x));
                              const auto finite = hn::Eq(hn::Sub(v, v), hn::Zero(d));
                              hn::StoreU(hn::IfThenElse(finite, mean, v), d, to + x);
                          });
                      });
    }
}

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

HWY_EXPORT(means_of_band);
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
    int octave_bits = 0;  // as in Prepared
};

Steps steps_for(Range range, const NonLocalMeansOptions& options) {
    constexpr int kFinest = 23, kCoarsest = 12;  // bits of an octave
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

void NonLocalMeansOptions::validate() const {
    const char* const self = "NonLocalMeansOptions";
    require(search_radius >= 1 && search_radius <= 30, self, "search_radius is 1 to 30 px");
    require(patch_radius >= 0 && patch_radius <= 10, self, "patch_radius is 0 to 10 px");
    require(gamma >= 0 && gamma <= 0.9, self, "gamma is 0 to 0.9");
    require(smoothing > 0 && std::isfinite(smoothing), self, "smoothing is above 0");
    require(compare_sigma >= 0 && compare_sigma <= 5, self, "compare_sigma is 0 to 5 px");
}

void non_local_means(ImageView<const float> in, ImageView<float> out,
                     const NonLocalMeansOptions& options, Workspace& workspace,
                     const Execution& execution) {
    options.validate();
    require(in.width == out.width && in.height == out.height, "non_local_means",
            "in and out are of one size");
    if (in.empty()) return;
    workspace.rewind();

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

    for_each_band(execution, rows, [&](int begin, int end) {
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
    for_each_band(execution, rows, [&](int begin, int end) {
        Range here;
        for (int y = begin; y < end; ++y) {
            stabilise(compared.row(y), stride, gamma, here);
        }
        const std::lock_guard lock(range_mutex);
        range = {std::min(range.low, here.low), std::max(range.high, here.high)};
    });

    const Steps unit = steps_for(range, options);
    const auto quantise = GUIDE_KERNEL(quantise_rows);
    for_each_band(execution, rows, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* enters = compared.row(std::min(y + patch, rows - 1));
            const float* leaves = compared.row(std::max(y - patch - 1, 0));
            std::fill_n(steps.row(y), kLine, 0);
            quantise(enters, leaves, steps.row(y) + patch, stride - kLine, range.low, unit.scale,
                     unit.top);
        }
    });

    const Prepared prepared{radius,
                            patch,
                            {values.row(above) + margin, stride},
                            {steps.row(above) + margin, stride},
                            unit.octave_bits};
    const auto means = GUIDE_KERNEL(means_of_band);
    Spares<NonLocalMeansScratch> spares;
    // Bands of any height give the same bits; low ones start over more often.
    const int threads = execution.threads == 0 ? 16 : execution.threads;
    const int band_rows = std::max(32, (in.height + 4 * threads - 1) / (4 * threads));
    for_each_band(execution, in.height, band_rows, [&](int begin, int end) {
        const auto scratch = spares.take([&] { return NonLocalMeansScratch(radius); });
        means(prepared, *scratch, in, out, begin, end);
    });
}

void non_local_means(ImageView<const float> in, ImageView<float> out,
                     const NonLocalMeansOptions& options, const Execution& execution) {
    Workspace workspace;
    non_local_means(in, out, options, workspace, execution);
}

}  // namespace guide::filters
#endif
