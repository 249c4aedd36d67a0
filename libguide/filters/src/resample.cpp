// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/resample.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "resample.cpp"
#include "kernel.hpp"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// out[x] = sum_i weights[i] rows[i][x]
void blend_rows(const float* const* rows, const float* weights, int count, float* out, int width) {
    const hn::ScalableTag<float> wide;
    const int lanes = static_cast<int>(hn::Lanes(wide));
    int begin = 0;
    for (; begin + 4 * lanes <= width; begin += 4 * lanes) {
        auto w = hn::Set(wide, weights[0]);
        const float* row = rows[0] + begin;
        auto a = hn::Mul(w, hn::LoadU(wide, row)), b = hn::Mul(w, hn::LoadU(wide, row + lanes));
        auto c = hn::Mul(w, hn::LoadU(wide, row + 2 * lanes)),
             e = hn::Mul(w, hn::LoadU(wide, row + 3 * lanes));
        for (int i = 1; i < count; ++i) {
            w = hn::Set(wide, weights[i]);
            row = rows[i] + begin;
            a = hn::MulAdd(w, hn::LoadU(wide, row), a);
            b = hn::MulAdd(w, hn::LoadU(wide, row + lanes), b);
            c = hn::MulAdd(w, hn::LoadU(wide, row + 2 * lanes), c);
            e = hn::MulAdd(w, hn::LoadU(wide, row + 3 * lanes), e);
        }
        hn::StoreU(a, wide, out + begin);
        hn::StoreU(b, wide, out + begin + lanes);
        hn::StoreU(c, wide, out + begin + 2 * lanes);
        hn::StoreU(e, wide, out + begin + 3 * lanes);
    }
    for_each_lanes(width - begin, [&](auto d, int i) HWY_ATTR {
        const int x = begin + i;
        auto sum = hn::Mul(hn::Set(d, weights[0]), hn::LoadU(d, rows[0] + x));
        for (int k = 1; k < count; ++k)
            sum = hn::MulAdd(hn::Set(d, weights[k]), hn::LoadU(d, rows[k] + x), sum);
        hn::StoreU(sum, d, out + x);
    });
}

/// out[x] = sum_i weight_i(x) in[start[x] + i]. `start` rises and holds whole vectors, as does each
/// of the `taps` rows of `weights`, `stride` apart.
void blend_columns(const float* in, const int* start, const float* weights, std::size_t stride,
                   int taps, int width, float* out) {
    const hn::ScalableTag<float> d;
    const hn::RebindToSigned<decltype(d)> di;
    const int lanes = static_cast<int>(hn::Lanes(d));
    constexpr int kMostWindows = 4;  // above, gathering is faster
    for (int x = 0; x < width; x += lanes) {
        // Tap i of all lanes lies in the windows of one vector that follow each other from `base`
        // on: pick from each window by permutation.
        const float* base = in + start[x];
        const auto apart = hn::Sub(hn::LoadU(di, start + x), hn::Set(di, start[x]));
        const auto place = hn::IndicesFromVec(d, hn::And(apart, hn::Set(di, lanes - 1)));
        const int windows = (start[x + lanes - 1] - start[x]) / lanes + 1;
        auto sum = hn::Zero(d);
        for (int i = 0; i < taps; ++i) {
            auto v = hn::Zero(d);
            if (windows > kMostWindows) {
                v = hn::GatherIndex(d, base + i, apart);
            } else {
                v = hn::TableLookupLanes(hn::LoadU(d, base + i), place);
                for (int j = 1; j < windows; ++j) {
                    const auto here = hn::Gt(apart, hn::Set(di, j * lanes - 1));
                    const auto next =
                        hn::TableLookupLanes(hn::LoadU(d, base + i + j * lanes), place);
                    v = hn::IfThenElse(hn::RebindMask(d, here), next, v);
                }
            }
            // Beyond the triangle not even what is not finite counts.
            const auto w = hn::LoadU(d, weights + static_cast<std::size_t>(i) * stride + x);
            sum = hn::MulAdd(w, hn::IfThenElseZero(hn::Gt(w, hn::Zero(d)), v), sum);
        }
        if (x + lanes <= width) {
            hn::StoreU(sum, d, out + x);
        } else {
            HWY_ALIGN float rest[HWY_MAX_BYTES / sizeof(float)];
            hn::Store(sum, d, rest);
            std::copy_n(rest, width - x, out + x);
        }
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(blend_rows);
HWY_EXPORT(blend_columns);

namespace {

/// For each output pixel o of an axis the input pixels first[o], first[o] + 1, ... and their
/// weights: count[o] of them, from weights[most * o] on. They may lie beyond the border.
struct Taps {
    /// `scale`: input pixels for one output pixel.
    Taps(int out, double scale) {
        const double reach = std::max(1.0, scale);
        most = static_cast<int>(std::ceil(2 * reach)) + 1;
        weights.resize(static_cast<std::size_t>(out) * static_cast<std::size_t>(most));
        float* w = weights.data();
        for (int o = 0; o < out; ++o, w += most) {
            const double centre = (o + 0.5) * scale - 0.5;
            const int begin = static_cast<int>(std::floor(centre - reach)) + 1;
            int i = begin;
            double sum = 0;
            for (; i < centre + reach; ++i)
                sum += 1.0 - std::abs(i - centre) / reach;
            first.push_back(begin);
            count.push_back(i - begin);
            for (i = begin; i < begin + count.back(); ++i)
                w[i - begin] = static_cast<float>((1.0 - std::abs(i - centre) / reach) / sum);
        }
    }
    int most;
    std::vector<int> first, count;
    std::vector<float> weights;
};

/// Taps of a row in the order of blend_columns, for a row with `before` more pixels ahead of its
/// first and `after` behind its last.
struct RowTaps {
    RowTaps(const Taps& each, int width) {
        const std::size_t out = each.first.size();
        stride = (out + kMostLanes - 1) / kMostLanes * kMostLanes;
        taps = *std::max_element(each.count.begin(), each.count.end());
        before = std::max(0, -each.first.front());
        after = std::max(0, each.first.back() - width) + taps + 4 * kMostLanes;
        start.resize(stride, each.first.back() + before);
        weights.resize(stride * static_cast<std::size_t>(taps));
        for (std::size_t x = 0; x < out; ++x) {
            start[x] = each.first[x] + before;
            const float* from = each.weights.data() + x * static_cast<std::size_t>(each.most);
            for (int i = 0; i < each.count[x]; ++i)
                weights[static_cast<std::size_t>(i) * stride + x] = from[i];
        }
    }
    static constexpr int kMostLanes = 16;  // of any instruction set
    int taps = 0, before = 0, after = 0;
    std::size_t stride = 0;
    std::vector<int> start;
    std::vector<float> weights;
};

void resample_by(ImageView<const float> in, ImageView<float> out, double scale_x, double scale_y,
                 const Execution& execution) {
    const RowTaps across(Taps(out.width, scale_x), in.width);
    const Taps down(out.height, scale_y);
    const auto rows_kernel = GUIDE_KERNEL(blend_rows);
    const auto columns_kernel = GUIDE_KERNEL(blend_columns);

    for_each_band(execution, out.height, 32, [&](int begin, int end) {
        // One row averaged along y, with the border pixels repeated beyond the border.
        std::vector<float> padded(
            static_cast<std::size_t>(across.before + in.width + across.after));
        float* row = padded.data() + across.before;
        std::vector<const float*> rows;
        for (int y = begin; y < end; ++y) {
            const auto o = static_cast<std::size_t>(y);
            rows.clear();
            for (int i = 0; i < down.count[o]; ++i)
                rows.push_back(in.row(std::clamp(down.first[o] + i, 0, in.height - 1)));
            rows_kernel(rows.data(), down.weights.data() + o * static_cast<std::size_t>(down.most),
                        down.count[o], row, in.width);
            std::fill_n(padded.data(), across.before, row[0]);
            std::fill_n(row + in.width, across.after, row[in.width - 1]);
            columns_kernel(padded.data(), across.start.data(), across.weights.data(), across.stride,
                           across.taps, out.width, out.row(y));
        }
    });
}

bool above_zero(double value) {
    return std::isfinite(value) && value > 0;
}

}  // namespace

void resample(ImageView<const float> in, ImageView<float> out, const Execution& execution) {
    require(in.empty() == out.empty(), "resample", "both views hold pixels, or both none");
    if (in.empty()) return;
    resample_by(in, out, static_cast<double>(in.width) / out.width,
                static_cast<double>(in.height) / out.height, execution);
}

PixelGrid isotropic_grid(int width, int height, Spacing spacing, double target_mm) {
    constexpr const char* name = "isotropic_grid";
    require(width >= 1 && height >= 1, name, "width and height are 1 or more");
    require(above_zero(spacing.x_mm) && above_zero(spacing.y_mm), name, "spacing is above 0 mm");
    require(above_zero(target_mm), name, "target_mm is above 0");
    const double columns = std::round(width * spacing.x_mm / target_mm);
    const double rows = std::round(height * spacing.y_mm / target_mm);
    require(columns <= 65535 && rows <= 65535, name, "no side has more than 65535 pixels");
    return {std::max(1, static_cast<int>(columns)), std::max(1, static_cast<int>(rows)),
            Spacing{target_mm, target_mm}};
}

void resample_isotropic(ImageView<const float> in, Spacing spacing, ImageView<float> out,
                        double target_mm, const Execution& execution) {
    const PixelGrid grid = isotropic_grid(in.width, in.height, spacing, target_mm);
    require(out.width == grid.width && out.height == grid.height, "resample_isotropic",
            "out has the size that isotropic_grid gives");
    resample_by(in, out, target_mm / spacing.x_mm, target_mm / spacing.y_mm, execution);
}

}  // namespace guide::filters
#endif
