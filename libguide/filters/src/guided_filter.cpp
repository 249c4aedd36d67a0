// SPDX-License-Identifier: Apache-2.0
#include "spares.hpp"

#include <guide/filters/guided_filter.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "guided_filter.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "lanes-inl.hpp"

#ifndef GUIDE_FILTERS_GUIDED_FILTER
#define GUIDE_FILTERS_GUIDED_FILTER
namespace guide::filters {

/// Both passes: from images to the lines of all windows, and from those to the result.
struct GuidedFilterFrames {
    ImageView<const float> in, guidance;
    ImageView<float> out;
    ImageView<float> slope, offset;  // a and b of the window around each pixel
    float epsilon;
};

/// The lines of one thread, as long as windows and whole vectors reach, kMaps for each row of sums.
struct WindowSums {
    static constexpr int kMaps = 4, kSlack = 64;
    WindowSums(int width, int radius)
        : stride((width + 2 * radius + kSlack) / 16 * 16), side(2 * radius + 1) {
        const auto n = static_cast<std::size_t>(stride) * kMaps;
        ends = memory.take<float>(n * static_cast<std::size_t>(side));
        start = memory.take<float>(n);
        window = memory.take<float>(n);
        work = memory.take<float>(static_cast<std::size_t>(stride));
        std::fill_n(window, n, 0.0F);
    }
    [[nodiscard]] float* end(int row, int map) const {
        return ends + static_cast<std::ptrdiff_t>(row * kMaps + map) * stride;
    }
    int stride, side;
    Workspace memory;
    float* ends;    // sums from each row of a block to the block's last
    float* start;   // of the next block, to the row at hand
    float* window;  // over all rows of the window, then over its columns too
    float* work;
};

/// Index of the pixel at `i` when `count` pixels are mirrored without end, border included.
inline int reflected(int i, int count) {
    const int inside = ((i % (2 * count)) + 2 * count) % (2 * count);
    return std::min(inside, 2 * count - 1 - inside);
}

}  // namespace guide::filters
#endif

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

template <class D, std::size_t maps>
using Terms = std::array<hn::Vec<D>, maps>;

template <class D>
HWY_INLINE hn::Vec<D> finite_or_zero(D d, const float* from) {
    const auto v = hn::LoadU(d, from);
    return hn::IfThenElseZero(hn::Eq(hn::Sub(v, v), hn::Zero(d)), v);
}

/// line[x] = sum of line[x] to line[x + length - 1] for x < width, by doubling; `length` is odd.
HWY_INLINE void sum_along(float* line, float* work, int width, int length) {
    const hn::ScalableTag<float> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    int reach = width + length - 1;  // how far sums are still wanted
    // The first doubling fills `work`; `line` itself holds the sums of one.
    const float* from = line;
    for (int step = 1, done = 1; 2 * step <= length;) {
        reach -= step;
        for (int x = 0; x < reach; x += lanes)
            hn::Store(hn::Add(hn::Load(d, from + x), hn::LoadU(d, from + x + step)), d, work + x);
        from = work;
        step *= 2;
        if ((length & step) == 0) continue;
        for (int x = 0; x < width + length - done - step; x += lanes)
            hn::Store(hn::Add(hn::Load(d, line + x), hn::LoadU(d, work + x + done)), d, line + x);
        done += step;
    }
}

/// Calls `use(y)` for rows [begin, end) when `sums.window` has the sums of `terms(d, y, x)` over
/// the windows of its pixels.
///
/// Down the columns, rows are summed in blocks of one window height (van Herk): a window is the end
/// of one block, kept as sums from each row to the block's last, and the start of the next.
template <std::size_t maps, class MakeTerms, class Use>
HWY_INLINE void for_each_window_row(WindowSums& sums, int width, int height, int begin, int end,
                                    const MakeTerms& terms, const Use& use) {
    const int side = sums.side, radius = side / 2;
    const auto map_of = [&](float* lines, std::size_t map) {
        return lines + static_cast<std::ptrdiff_t>(map) * sums.stride;
    };
    for (int block = begin; block < end; block += side) {
        for (int i = side - 1; i >= 0; --i) {
            const int y = reflected(block - radius + i, height);
            float *to = sums.end(i, 0), *below = i + 1 < side ? sums.end(i + 1, 0) : nullptr;
            for_each_lanes(width, [&](auto d, int x) HWY_ATTR {
                const auto added = terms(d, y, x);
                for (std::size_t map = 0; map < maps; ++map) {
                    auto sum = added[map];
                    if (below) sum = hn::Add(sum, hn::LoadU(d, map_of(below, map) + x));
                    hn::StoreU(sum, d, map_of(to, map) + x);
                }
            });
        }
        for (int i = 0; i < side && block + i < end; ++i) {
            const int y = reflected(block + radius + i, height);
            for_each_lanes(width, [&](auto d, int x) HWY_ATTR {
                if (i == 0) {
                    for (std::size_t map = 0; map < maps; ++map) {
                        hn::StoreU(hn::Zero(d), d, map_of(sums.start, map) + x);
                        hn::StoreU(hn::LoadU(d, map_of(sums.end(0, 0), map) + x), d,
                                   map_of(sums.window, map) + radius + x);
                    }
                    return;
                }
                const auto added = terms(d, y, x);
                for (std::size_t map = 0; map < maps; ++map) {
                    float* start = map_of(sums.start, map) + x;
                    const auto sum = hn::Add(hn::LoadU(d, start), added[map]);
                    hn::StoreU(sum, d, start);
                    hn::StoreU(hn::Add(sum, hn::LoadU(d, map_of(sums.end(i, 0), map) + x)), d,
                               map_of(sums.window, map) + radius + x);
                }
            });
            for (std::size_t map = 0; map < maps; ++map) {
                float* line = map_of(sums.window, map);
                for (int x = 0; x < radius; ++x) {
                    line[x] = line[radius + reflected(x - radius, width)];
                    line[radius + width + x] = line[radius + reflected(width + x, width)];
                }
                sum_along(line, sums.work, width, side);
            }
            use(block + i);
        }
    }
}

void fit_lines(const GuidedFilterFrames& f, WindowSums& sums, int begin, int end) {
    const auto terms = [&](auto d, int y, int x) HWY_ATTR {
        const auto guidance = finite_or_zero(d, f.guidance.row(y) + x);
        const auto in = finite_or_zero(d, f.in.row(y) + x);
        return Terms<decltype(d), 4>{guidance, in, hn::Mul(guidance, in),
                                     hn::Mul(guidance, guidance)};
    };
    const float share = 1.0F / static_cast<float>(sums.side * sums.side);
    const auto fit = [&](int y) HWY_ATTR {
        for_each_lanes(f.in.width, [&](auto d, int x) HWY_ATTR {
            const auto mean = [&](int map) HWY_ATTR {
                return hn::Mul(hn::LoadU(d, sums.window + map * sums.stride + x),
                               hn::Set(d, share));
            };
            const auto guidance = mean(0), in = mean(1);
            const auto covariance = hn::NegMulAdd(guidance, in, mean(2));
            const auto variance = hn::Max(hn::NegMulAdd(guidance, guidance, mean(3)), hn::Zero(d));
            const auto slope = hn::Div(covariance, hn::Add(variance, hn::Set(d, f.epsilon)));
            hn::StoreU(slope, d, f.slope.row(y) + x);
            hn::StoreU(hn::NegMulAdd(slope, guidance, in), d, f.offset.row(y) + x);
        });
    };
    for_each_window_row<4>(sums, f.in.width, f.in.height, begin, end, terms, fit);
}

void apply_lines(const GuidedFilterFrames& f, WindowSums& sums, int begin, int end) {
    const auto terms = [&](auto d, int y, int x) HWY_ATTR {
        return Terms<decltype(d), 2>{hn::LoadU(d, f.slope.row(y) + x),
                                     hn::LoadU(d, f.offset.row(y) + x)};
    };
    const float share = 1.0F / static_cast<float>(sums.side * sums.side);
    const auto apply = [&](int y) HWY_ATTR {
        for_each_lanes(f.in.width, [&](auto d, int x) HWY_ATTR {
            const auto slope = hn::LoadU(d, sums.window + x);
            const auto offset = hn::LoadU(d, sums.window + sums.stride + x);
            const auto line = hn::MulAdd(slope, finite_or_zero(d, f.guidance.row(y) + x), offset);
            const auto in = hn::LoadU(d, f.in.row(y) + x);
            const auto finite = hn::Eq(hn::Sub(in, in), hn::Zero(d));
            hn::StoreU(hn::IfThenElse(finite, hn::Mul(line, hn::Set(d, share)), in), d,
                       f.out.row(y) + x);
        });
    };
    for_each_window_row<2>(sums, f.in.width, f.in.height, begin, end, terms, apply);
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(fit_lines);
HWY_EXPORT(apply_lines);

void GuidedFilterOptions::validate() const {
    require(radius >= 1 && radius <= 100, "GuidedFilterOptions", "radius is 1 to 100 px");
    require(epsilon >= 1e-12 && epsilon <= 1e30, "GuidedFilterOptions", "epsilon is 1e-12 to 1e30");
}

void guided_filter(ImageView<const float> in, ImageView<const float> guidance, ImageView<float> out,
                   const GuidedFilterOptions& options, Workspace& workspace,
                   const Execution& execution) {
    options.validate();
    const auto is_of_size = [&](auto view) {
        return view.width == in.width && view.height == in.height;
    };
    require(is_of_size(guidance) && is_of_size(out), "guided_filter",
            "in, guidance and out are of one size");
    if (in.empty()) return;
    workspace.rewind();
    const auto pixels = static_cast<std::size_t>(in.width) * static_cast<std::size_t>(in.height);
    const ImageView<float> slope(workspace.take<float>(pixels), in.width, in.height);
    const ImageView<float> offset(workspace.take<float>(pixels), in.width, in.height);
    const GuidedFilterFrames frames{in,    guidance, out,
                                    slope, offset,   static_cast<float>(options.epsilon)};
    Spares<WindowSums> spares;
    Workers workers(execution);
    const int side = 2 * options.radius + 1;
    const int band_rows = (24 + side - 1) / side * side;  // whole blocks, small shares
    for (const auto pass : {GUIDE_KERNEL(fit_lines), GUIDE_KERNEL(apply_lines)}) {
        workers.for_each_band(in.height, band_rows, [&](int begin, int end) {
            const auto sums = spares.take([&] { return WindowSums(in.width, options.radius); });
            pass(frames, *sums, begin, end);
        });
    }
}

void guided_filter(ImageView<const float> in, ImageView<const float> guidance, ImageView<float> out,
                   const GuidedFilterOptions& options, const Execution& execution) {
    Workspace workspace;
    guided_filter(in, guidance, out, options, workspace, execution);
}

}  // namespace guide::filters
#endif
