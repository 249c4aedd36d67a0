// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/srad.hpp>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "srad.cpp"
#include "diffusion.hpp"
#include "kernel.hpp"
#include "row_diffusion-inl.hpp"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// With S the sum of the four neighbours, q^2 = T / S^2, T = 8 sum d^2 - L^2, so that
///   c = q0^2 (1 + q0^2) S^2 / (q0^4 S^2 + T):
/// one division for the two of the definition. T = 4 (P^2 + R^2) + L^2 + 2 M^2 with the central
/// differences P, R and the difference M of the two pairs of neighbours loses no digits.
void srad_row(const DiffusionRow& row) {
    const float level = row.level * row.level, factor = level * (1 + level);
    const float *above = row.rows[0], *below = row.rows[2];
    diffuse_row<1>(
        row, row.step / 8 * factor, [=](auto d, int x, auto w, auto middle, auto e) HWY_ATTR {
            const auto n = hn::Load(d, above + x), s = hn::Load(d, below + x);
            const auto pair_x = hn::Add(w, e), pair_y = hn::Add(n, s);
            const auto p = hn::Sub(e, w), r = hn::Sub(s, n), m = hn::Sub(pair_x, pair_y);
            const auto sum = hn::Add(pair_x, pair_y), square = hn::Mul(sum, sum);
            const auto laplacian = hn::NegMulAdd(hn::Set(d, 4.0F), middle, sum);
            const auto two = hn::Set(d, 2.0F);
            const auto slope = hn::MulAdd(two, hn::MulAdd(r, r, hn::Mul(p, p)), hn::Mul(m, m));
            // Where all is 0 nothing flows, but 0 / 0 would.
            auto below_line = hn::MulAdd(hn::Set(d, level * level), square, hn::Set(d, 1e-30F));
            below_line = hn::MulAdd(laplacian, laplacian, below_line);
            below_line = hn::MulAdd(two, slope, below_line);
            return hn::Min(hn::Div(square, below_line), hn::Set(d, 1 / factor));
        });
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(srad_row);

namespace {

Diffusion diffusion_of(const SradOptions& o) {
    return {GUIDE_KERNEL(srad_row), 1, o.steps, o.step_size, o.speckle, o.compression};
}

}  // namespace

void SradOptions::validate() const {
    diffusion_of(*this).validate("SradOptions");
}

void srad(ImageView<const float> in, ImageView<float> out, const SradOptions& options,
          Workspace& workspace, const Execution& execution) {
    options.validate();
    diffuse("srad", diffusion_of(options), in, out, workspace, execution);
}

void srad(ImageView<const float> in, ImageView<float> out, const SradOptions& options,
          const Execution& execution) {
    Workspace workspace;
    srad(in, out, options, workspace, execution);
}

}  // namespace guide::filters
#endif
