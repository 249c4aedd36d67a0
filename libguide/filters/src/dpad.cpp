// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/dpad.hpp>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dpad.cpp"
#include "diffusion.hpp"
#include "kernel.hpp"
#include "row_diffusion-inl.hpp"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// Sum and sum of squared deviations from the mean of each column of the window. Deviations are
/// taken from the pixel in the middle first: sums of squares would lose their digits.
template <int kReach>
HWY_INLINE void sum_columns(const DiffusionRow& row, float* HWY_RESTRICT sums,
                            float* HWY_RESTRICT deviations) {
    const hn::ScalableTag<float> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto n = hn::Set(d, 2 * kReach + 1.0F), one_of_n = hn::Set(d, 1 / (2 * kReach + 1.0F));
    const int first = -(kReach + lanes - 1) / lanes * lanes;
    for (int x = first; x < row.width + lanes + kReach; x += lanes) {
        const auto middle = hn::Load(d, row.rows[kReach] + x);
        auto sum = hn::Zero(d), squares = hn::Zero(d);
        for (int i = 1; i <= kReach; ++i) {
            const auto up = hn::Sub(hn::Load(d, row.rows[kReach - i] + x), middle);
            const auto down = hn::Sub(hn::Load(d, row.rows[kReach + i] + x), middle);
            sum = hn::Add(sum, hn::Add(up, down));
            squares = hn::MulAdd(up, up, hn::MulAdd(down, down, squares));
        }
        hn::Store(hn::MulAdd(n, middle, sum), d, sums + x);
        hn::Store(hn::NegMulAdd(hn::Mul(sum, one_of_n), sum, squares), d, deviations + x);
    }
}

/// With the sum s of the n pixels of the window and V = (n - 1) C^2 (s / n)^2 the sum of their
/// squared deviations, c = q0^2 / (1 + q0^2) (1 + (n - 1) / n^2 s^2 / V).
template <int kReach>
HWY_INLINE void dpad_row(const DiffusionRow& row) {
    constexpr float kSide = 2 * kReach + 1, kPixels = kSide * kSide;
    float *sums = row.scratch[0], *deviations = row.scratch[1];
    sum_columns<kReach>(row, sums, deviations);
    const float level = row.level * row.level, factor = level / (1 + level);
    diffuse_row<kReach>(row, row.step / 8 * factor, [=](auto d, int x, auto, auto, auto) HWY_ATTR {
        const auto middle = hn::Load(d, sums + x);
        auto sum = hn::Zero(d), squares = hn::Zero(d), all = hn::Load(d, deviations + x);
        for (int i = 1; i <= kReach; ++i) {
            const auto left = hn::Sub(hn::LoadU(d, sums + x - i), middle);
            const auto right = hn::Sub(hn::LoadU(d, sums + x + i), middle);
            sum = hn::Add(sum, hn::Add(left, right));
            squares = hn::MulAdd(left, left, hn::MulAdd(right, right, squares));
            all = hn::Add(
                all, hn::Add(hn::LoadU(d, deviations + x - i), hn::LoadU(d, deviations + x + i)));
        }
        const auto one_of_n = hn::Set(d, 1 / kSide);
        squares = hn::NegMulAdd(hn::Mul(sum, one_of_n), sum, squares);
        all = hn::MulAdd(squares, one_of_n, all);
        const auto total = hn::MulAdd(hn::Set(d, kSide), middle, sum);
        const auto square =
            hn::Mul(hn::Mul(total, total), hn::Set(d, (kPixels - 1) / (kPixels * kPixels)));
        // Where all is 0 nothing flows, but 0 / 0 would.
        const auto ratio = hn::Div(square, hn::Add(all, hn::Set(d, 1e-30F)));
        return hn::Min(hn::Add(ratio, hn::Set(d, 1.0F)), hn::Set(d, 1 / factor));
    });
}

void dpad_row_3(const DiffusionRow& row) {
    dpad_row<1>(row);
}
void dpad_row_5(const DiffusionRow& row) {
    dpad_row<2>(row);
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(dpad_row_3);
HWY_EXPORT(dpad_row_5);

namespace {

Diffusion diffusion_of(const DpadOptions& o) {
    return {o.window == 3 ? GUIDE_KERNEL(dpad_row_3) : GUIDE_KERNEL(dpad_row_5),
            o.window / 2,
            o.steps,
            o.step_size,
            o.speckle,
            o.compression};
}

}  // namespace

void DpadOptions::validate() const {
    require(window == 3 || window == 5, "DpadOptions", "window is 3 or 5 px");
    diffusion_of(*this).validate("DpadOptions");
}

void dpad(ImageView<const float> in, ImageView<float> out, const DpadOptions& options,
          Workspace& workspace, const Execution& execution) {
    options.validate();
    diffuse("dpad", diffusion_of(options), in, out, workspace, execution);
}

void dpad(ImageView<const float> in, ImageView<float> out, const DpadOptions& options,
          const Execution& execution) {
    Workspace workspace;
    dpad(in, out, options, workspace, execution);
}

}  // namespace guide::filters
#endif
