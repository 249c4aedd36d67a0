// SPDX-License-Identifier: Apache-2.0
// Results of the monogenic filter from the sums over its bands; read once for each instruction set.
#if defined(GUIDE_FILTERS_MONOGENIC_RESULTS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GUIDE_FILTERS_MONOGENIC_RESULTS_INL
#undef GUIDE_FILTERS_MONOGENIC_RESULTS_INL
#else
#define GUIDE_FILTERS_MONOGENIC_RESULTS_INL
#endif

#include "blocks-inl.hpp"
#include "elementary-inl.hpp"
#include "monogenic_kernels.hpp"

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// Sums over the bands of f, h1, h2, A, |f| - |h| and |h|, each an array of blocks.
struct Sums {
    float *even, *odd_x, *odd_y, *amplitude, *lines, *edges;
};

/// The pixels of one row of a tile, to be written vector by vector. Where the tile reaches beyond
/// the image, what is too much goes elsewhere.
class RowTarget {
  public:
    // cppcheck-suppress uninitMemberVar ; padded_ is written before it is read
    RowTarget(const ImageView<float>& view, int y, std::size_t left)
        : row_(view.data == nullptr ? nullptr : view.row(y) + left),
          count_(static_cast<std::size_t>(view.width) - left) {
        if (row_ == nullptr) return;
        // Rows lie far apart: what is written next is asked for early.
        const float* soon = view.row(std::min(y + 8, view.height - 1)) + left;
        hwy::Prefetch(soon);
        hwy::Prefetch(soon + std::min<std::size_t>(16, count_ - 1));
    }
    RowTarget(const RowTarget&) = delete;
    RowTarget& operator=(const RowTarget&) = delete;
    ~RowTarget() {
        if (row_ != nullptr && count_ < kBlock) std::copy_n(padded_, count_, row_);
    }

    template <class Value>
    HWY_INLINE void write(std::size_t lane, const Value& value) {
        if (row_ == nullptr) return;
        hn::StoreU(value(), Lines(), (count_ < kBlock ? padded_ : row_) + lane);
    }

  private:
    float* row_;
    std::size_t count_;
    float padded_[kBlock];
};

/// One of the sums alone.
void write_plane(const CosinePlan& plan, const float* sum, std::size_t left,
                 const ImageView<float>& view) {
    for (int y = 0; y < plan.pixels; ++y) {
        const auto at = static_cast<std::size_t>(plan.pixel_at[static_cast<std::size_t>(y)]);
        RowTarget row(view, y, left);
        for (std::size_t l = 0; l < kBlock; l += hn::Lanes(Lines()))
            row.write(l, [&]() HWY_ATTR { return hn::Load(Lines(), sum + at * kBlock + l); });
    }
}

/// All that is wanted of tile `left` / 32.
void write_results(const MonogenicFrame& frame, std::size_t left, const Sums& sums,
                   const MonogenicTargets& targets) {
    const Lines d;
    const CosinePlan& plan = *frame.down;
    // The sine transforms left a sign to be put right, which differs from pixel to pixel.
    HWY_ALIGN float sign_x[kBlock];
    for (std::size_t i = 0; i < kBlock; ++i) {
        const std::size_t x = std::min(left + i, frame.across->odd.size() - 1);
        sign_x[i] = frame.across->odd[x] ? 1.0F : -1.0F;
    }
    for (int y = 0; y < plan.pixels; ++y) {
        const auto pixel = static_cast<std::size_t>(y);
        const std::size_t block = static_cast<std::size_t>(plan.pixel_at[pixel]) * kBlock;
        const Vector sign_y = hn::Set(d, plan.odd[pixel] ? 1.0F : -1.0F);
        const auto target = [&](std::size_t i) { return RowTarget(targets.views[i], y, left); };
        RowTarget even = target(0), odd_x = target(1), odd_y = target(2), amplitude = target(3);
        RowTarget energy = target(4), phase = target(5), orientation = target(6);
        RowTarget line_energy = target(7), symmetry = target(8), asymmetry = target(9);
        for (std::size_t l = 0; l < kBlock; l += hn::Lanes(d)) {
            const std::size_t at = block + l;
            const Vector f = hn::Load(d, sums.even + at);
            const Vector h1 = hn::Mul(hn::Load(d, sums.odd_x + at), hn::Load(d, sign_x + l));
            const Vector h2 = hn::Mul(hn::Load(d, sums.odd_y + at), sign_y);
            const Vector squared = hn::MulAdd(h1, h1, hn::Mul(h2, h2));
            const Vector lines = hn::Load(d, sums.lines + at), edges = hn::Load(d, sums.edges + at);
            const Vector line = frame.polarity == Polarity::bright ? hn::Sub(f, edges)
                                : frame.polarity == Polarity::dark ? hn::Neg(hn::Add(f, edges))
                                                                   : lines;
            const auto twice = [](Vector v) HWY_ATTR { return hn::Add(v, v); };
            even.write(l, [&]() HWY_ATTR { return f; });
            odd_x.write(l, [&]() HWY_ATTR { return h1; });
            odd_y.write(l, [&]() HWY_ATTR { return h2; });
            amplitude.write(l, [&]() HWY_ATTR { return hn::Load(d, sums.amplitude + at); });
            energy.write(l, [&]() HWY_ATTR { return root(d, hn::MulAdd(f, f, squared)); });
            phase.write(l, [&]() HWY_ATTR { return twice(half_angle(d, root(d, squared), f)); });
            orientation.write(l, [&]() HWY_ATTR {
                // A direction across a line has no sign: kept to the right.
                const Vector side = hn::CopySignToAbs(hn::Set(d, 1.0F), h1);
                return twice(half_angle(d, hn::Mul(h2, side), hn::Abs(h1)));
            });
            line_energy.write(l, [&]() HWY_ATTR { return line; });
            symmetry.write(l, [&]() HWY_ATTR { return line; });
            asymmetry.write(l, [&]() HWY_ATTR { return hn::Neg(lines); });
        }
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
