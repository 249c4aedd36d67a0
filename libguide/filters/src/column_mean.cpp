// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/column_mean.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "column_mean.cpp"
#include "kernel.hpp"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// Pixels as doubles; what is not finite counts as 0, or it would spoil every sum below it.
template <class D>
HWY_INLINE hn::Vec<D> load_finite(D d, const float* from) {
    const auto v = hn::LoadU(hn::Rebind<float, D>(), from);
    return hn::PromoteTo(d, hn::IfThenElseZero(hn::IsFinite(v), v));
}

/// The same without negative ones.
template <class D>
HWY_INLINE hn::Vec<D> load_positive(D d, const float* from) {
    return hn::Max(hn::Zero(d), load_finite(d, from));
}

/// sums += in
void add_row(const float* in, double* sums, int width) {
    for_each_doubles(width, [&](auto d, int x) HWY_ATTR {
        hn::StoreU(hn::Add(hn::LoadU(d, sums + x), load_finite(d, in + x)), d, sums + x);
    });
}

/// sums += enter - leave; out = sums * scale
void slide_row(const float* enter, const float* leave, double* sums, double scale, float* out,
               int width) {
    for_each_doubles(width, [&](auto d, int x) HWY_ATTR {
        const auto change = hn::Sub(load_finite(d, enter + x), load_finite(d, leave + x));
        const auto sum = hn::Add(hn::LoadU(d, sums + x), change);
        hn::StoreU(sum, d, sums + x);
        const hn::Rebind<float, decltype(d)> df;
        hn::StoreU(hn::DemoteTo(df, hn::Mul(sum, hn::Set(d, scale))), df, out + x);
    });
}

/// sums += in, negatives as 0
void add_positive_row(const float* in, double* sums, int width) {
    for_each_doubles(width, [&](auto d, int x) HWY_ATTR {
        hn::StoreU(hn::Add(hn::LoadU(d, sums + x), load_positive(d, in + x)), d, sums + x);
    });
}

/// above += in; out = (all - above) / all, 0 where nothing is
void share_row(const float* in, const double* all, double* above, float* out, int width) {
    for_each_doubles(width, [&](auto d, int x) HWY_ATTR {
        const auto sum = hn::Add(hn::LoadU(d, above + x), load_positive(d, in + x));
        hn::StoreU(sum, d, above + x);
        const auto whole = hn::LoadU(d, all + x);
        const auto share = hn::Div(hn::Sub(whole, sum), whole);
        const hn::Rebind<float, decltype(d)> df;
        hn::StoreU(hn::DemoteTo(df, hn::IfThenElseZero(hn::Gt(whole, hn::Zero(d)), share)), df,
                   out + x);
    });
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(add_row);
HWY_EXPORT(slide_row);
HWY_EXPORT(add_positive_row);
HWY_EXPORT(share_row);

namespace {

constexpr int kColumns = 128;  ///< worked at together: their sums stay in the nearest cache

void check_sizes(ImageView<const float> in, ImageView<float> out, const char* function) {
    require(in.width == out.width && in.height == out.height, function,
            "in and out are of one size");
}

}  // namespace

void ColumnWindow::validate() const {
    constexpr int far = std::numeric_limits<int>::max() / 4;
    require(from >= -far && from <= far, "ColumnWindow", "from is a distance in pixels");
    require(to >= from && to <= far, "ColumnWindow", "to is not below from");
    require(fewest_rows >= 1, "ColumnWindow", "fewest_rows is 1 or more");
}

void column_mean(ImageView<const float> in, ImageView<float> out, const ColumnWindow& window,
                 const Execution& execution) {
    window.validate();
    check_sizes(in, out, "column_mean");
    if (in.empty()) return;
    const auto add = GUIDE_KERNEL(add_row);
    const auto slide = GUIDE_KERNEL(slide_row);
    for_each_band(execution, in.width, kColumns, [&](int begin, int end) {
        const int width = end - begin;
        const std::vector<float> nothing(static_cast<std::size_t>(width));
        std::vector<double> sums(static_cast<std::size_t>(width));
        // `sums` is over the rows [from, to); both move down by one row at most, never further than
        // the image.
        int from = std::clamp(window.from, 0, in.height), to = from;
        for (const int first = std::clamp(window.to, 0, in.height); to < first; ++to)
            add(in.row(to) + begin, sums.data(), width);
        for (int y = 0; y < in.height; ++y) {
            const float *enter = nothing.data(), *leave = enter;
            if (std::clamp(y + window.to, 0, in.height) > to) enter = in.row(to++) + begin;
            if (std::clamp(y + window.from, 0, in.height) > from) leave = in.row(from++) + begin;
            float* row = out.row(y) + begin;
            slide(enter, leave, sums.data(), 1.0 / std::max(1, to - from), row, width);
            if (to - from < window.fewest_rows) std::fill_n(row, width, window.otherwise);
        }
    });
}

void column_share_below(ImageView<const float> in, ImageView<float> out,
                        const Execution& execution) {
    check_sizes(in, out, "column_share_below");
    if (in.empty()) return;
    const auto add = GUIDE_KERNEL(add_positive_row);
    const auto share = GUIDE_KERNEL(share_row);
    for_each_band(execution, in.width, kColumns, [&](int begin, int end) {
        const int width = end - begin;
        std::vector<double> all(static_cast<std::size_t>(width)), above(all);
        for (int y = 0; y < in.height; ++y)
            add(in.row(y) + begin, all.data(), width);
        for (int y = 0; y < in.height; ++y)
            share(in.row(y) + begin, all.data(), above.data(), out.row(y) + begin, width);
    });
}

}  // namespace guide::filters
#endif
