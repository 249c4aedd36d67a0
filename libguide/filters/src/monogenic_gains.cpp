// SPDX-License-Identifier: Apache-2.0
#include "monogenic_kernels.hpp"

#include <cmath>
#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "monogenic_gains.cpp"
// clang-format off
#include "kernel.hpp"
#include "blocks-inl.hpp"
#include "elementary-inl.hpp"
// clang-format on

#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

void fill_gains(const CosinePlan& across, const CosinePlan& down, const MonogenicBandShape& shape,
                double scale, std::size_t v, float* gains) {
    const Lines d;
    const auto set = [&](double value) HWY_ATTR { return hn::Set(d, static_cast<float>(value)); };
    const double narrow = 1 / std::log(shape.sigma_on_f);
    // log2 of the gain is this times ln(squared frequency)^2.
    const Vector steep = set(-0.5 * narrow * narrow * 0.25 / std::log(2.0));
    const Vector wavelength = set(shape.wavelength_px * shape.wavelength_px);
    const Vector cut = set(shape.low_pass > 0 ? 1 / (shape.low_pass * shape.low_pass) : 0.0);
    const auto n = static_cast<std::size_t>(across.size);
    const double du = 0.5 / across.size, dv = 0.5 / down.size;
    for (std::size_t slot = 0; slot < 2 * across.pairs(); ++slot, gains += kBlock) {
        const std::size_t k = across.frequency_of(slot / 2);
        const double u = du * static_cast<double>(slot % 2 == 0 ? k : n - k);
        const Vector uu = set(u * u);
        for (std::size_t l = 0; l < kBlock; l += hn::Lanes(d)) {
            const Vector row = hn::Iota(d, static_cast<float>(v * kBlock + l));
            const Vector fv = hn::Mul(row, set(dv));
            const Vector squared = hn::MulAdd(fv, fv, uu);
            const Vector ln = hn::Log(d, hn::Max(hn::Mul(squared, wavelength), set(1e-30)));
            const Vector gain = exp2_of_negative(d, hn::Mul(steep, hn::Mul(ln, ln)));
            const Vector q = hn::Mul(squared, cut), q2 = hn::Mul(q, q), q4 = hn::Mul(q2, q2);
            const Vector damping = hn::MulAdd(hn::Mul(q4, q4), q2, set(1));
            const Vector result = hn::Div(hn::Mul(gain, set(scale)), damping);
            // Nothing beyond the last frequency, and no denormal numbers.
            const auto inside = hn::And(hn::Lt(row, set(down.size)), hn::Gt(gain, set(1e-20)));
            hn::Store(hn::IfThenElseZero(inside, result), d, gains + l);
        }
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(fill_gains);

FillMonogenicGains* fill_monogenic_gains() {
    return GUIDE_KERNEL(fill_gains);
}

}  // namespace guide::filters
#endif
