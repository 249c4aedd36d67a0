// SPDX-License-Identifier: Apache-2.0
#include "non_local_means_frames.hpp"
#include "spares.hpp"

#include <guide/filters/non_local_means.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "non_local_means.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "lanes-inl.hpp"
#include "patch_sums-inl.hpp"

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

constexpr int kGroup = 6;      // shifts of one row that are worked on together
constexpr int kTileMax = 448;  // px, the widest tile whose lines stay in the second cache

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

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

using Floats = hn::ScalableTag<float>;

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
HWY_INLINE void weights_of_shift(const NonLocalMeansFrames& in, NonLocalMeansScratch& scratch,
                                 float* weights, int x, int y, int dx, int dy, int count,
                                 bool first) {
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
HWY_INLINE void means_of_tile(const NonLocalMeansFrames& in, NonLocalMeansScratch& scratch,
                              int left, int width, int begin, int end, const Use& use) {
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
void means_of_band(const NonLocalMeansFrames& frames, NonLocalMeansScratch& scratch,
                   ImageView<const float> in, ImageView<float> out, int begin, int end) {
    const int tiles = (in.width + kTileMax - 1) / kTileMax;
    const int tile = whole_lines((in.width + tiles - 1) / tiles);
    for (int left = 0; left < in.width; left += tile) {
        const int width = std::min(tile, in.width - left);
        means_of_tile(frames, scratch, left, width, begin, end,
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

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(means_of_band);

void NonLocalMeansOptions::validate() const {
    const char* const self = "NonLocalMeansOptions";
    require(search_radius >= 1 && search_radius <= 30, self, "search_radius is 1 to 30 px");
    require(patch_radius >= 0 && patch_radius <= 10, self, "patch_radius is 0 to 10 px");
    require(gamma >= 0 && gamma <= 0.9, self, "gamma is 0 to 0.9");
    require(smoothing >= 1e-6 && smoothing <= 1e6, self, "smoothing is 1e-6 to 1e6");
    require(compare_sigma >= 0 && compare_sigma <= 5, self, "compare_sigma is 0 to 5 px");
}

void non_local_means(ImageView<const float> in, ImageView<float> out,
                     const NonLocalMeansOptions& options, Workspace& workspace,
                     const Execution& execution) {
    options.validate();
    require(in.width == out.width && in.height == out.height, "non_local_means",
            "in and out are of one size");
    if (in.empty()) return;
    const auto frames = non_local_means_frames(in, options, workspace, execution);
    const auto means = GUIDE_KERNEL(means_of_band);
    Spares<NonLocalMeansScratch> spares;
    // Bands of any height give the same bits; low ones start over more often.
    const int threads = execution.threads == 0 ? 16 : execution.threads;
    const int band_rows = std::max(32, (in.height + 4 * threads - 1) / (4 * threads));
    for_each_band(execution, in.height, band_rows, [&](int begin, int end) {
        const auto scratch = spares.take([&] { return NonLocalMeansScratch(frames.radius); });
        means(frames, *scratch, in, out, begin, end);
    });
}

void non_local_means(ImageView<const float> in, ImageView<float> out,
                     const NonLocalMeansOptions& options, const Execution& execution) {
    Workspace workspace;
    non_local_means(in, out, options, workspace, execution);
}

}  // namespace guide::filters
#endif
