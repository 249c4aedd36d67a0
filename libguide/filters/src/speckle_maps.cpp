// SPDX-License-Identifier: Apache-2.0
#include "spares.hpp"

#include <guide/filters/speckle_statistics.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "speckle_maps.cpp"
#include "kernel.hpp"
#include "lanes-inl.hpp"

#include <hwy/contrib/math/math-inl.h>

#ifndef GUIDE_FILTERS_SPECKLE_MAPS
#define GUIDE_FILTERS_SPECKLE_MAPS
namespace guide::filters {

/// What is summed over the window beside the number of samples.
enum class Sums { kValueAndSquare, kSquareAndFourth, kSquareAndLog };

/// One row of the three sums: number of samples and the two of `Sums`.
struct SumRows {
    double *count, *first, *second;
};

}  // namespace guide::filters
#endif

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

template <class D>
HWY_INLINE hn::Vec<D> load_as_double(D d, const float* from) {
    return hn::PromoteTo(d, hn::LoadU(hn::Rebind<float, D>(), from));
}

void terms_of_row(const float* in, SumRows out, int width, Sums sums) {
    for_each_doubles(width, [&](auto d, int x) HWY_ATTR {
        const auto v = load_as_double(d, in + x);
        const auto zero = hn::Zero(d), one = hn::Set(d, 1.0);
        // Infinity minus itself is no number, which equals nothing.
        const auto finite = hn::Eq(hn::Sub(v, v), zero);
        const auto use = sums == Sums::kValueAndSquare ? finite : hn::And(finite, hn::Gt(v, zero));
        const auto a = hn::IfThenElseZero(use, v);
        const auto square = hn::Mul(a, a);
        hn::StoreU(hn::IfThenElseZero(use, one), d, out.count + x);
        hn::StoreU(sums == Sums::kValueAndSquare ? a : square, d, out.first + x);
        auto second = square;
        if (sums == Sums::kSquareAndFourth) second = hn::Mul(square, square);
        if (sums == Sums::kSquareAndLog) {
            second = hn::IfThenElseZero(use, hn::Log(d, hn::IfThenElse(use, square, one)));
        }
        hn::StoreU(second, d, out.second + x);
    });
}

/// Turns `line` into its sums over [x, x + length), by doubling: no sum is ever taken back. `line`
/// reaches width + length - 1 values and `work` as many.
void window_sums(double* line, double* work, int width, int length) {
    const int all = width + length - 1;
    std::copy_n(line, all, work);
    int done = 0;  // length of the sums in `line` so far
    for (int step = 1;; step *= 2) {
        if ((length & step) != 0) {
            if (done == 0) {
                std::copy_n(work, all, line);
            } else {  // sums of `done` values, and of `step` values behind them
                for_each_doubles(all - done, [&](auto d, int x) HWY_ATTR {
                    hn::StoreU(hn::Add(hn::LoadU(d, line + x), hn::LoadU(d, work + x + done)), d,
                               line + x);
                });
            }
            done += step;
        }
        if (2 * step > length) return;
        for_each_doubles(all - step, [&](auto d, int x) HWY_ATTR {
            hn::StoreU(hn::Add(hn::LoadU(d, work + x), hn::LoadU(d, work + x + step)), d, work + x);
        });
    }
}

void add_rows(const double* a, const double* b, double* out, int count) {
    for_each_doubles(count, [&](auto d, int x) HWY_ATTR {
        hn::StoreU(hn::Add(hn::LoadU(d, a + x), hn::LoadU(d, b + x)), d, out + x);
    });
}

void snr_of_sums(const SumRows sums, float* out, int width) {
    for_each_doubles(width, [&](auto d, int x) HWY_ATTR {
        const auto n = hn::Max(hn::LoadU(d, sums.count + x), hn::Set(d, 1.0));
        const auto mean = hn::Div(hn::LoadU(d, sums.first + x), n);
        const auto square = hn::Div(hn::LoadU(d, sums.second + x), n);
        const auto power = hn::Mul(mean, mean);
        const auto least = hn::Set(d, 1.0 / (double{kLargestSnr} * kLargestSnr));
        const auto variance = hn::Max(hn::Sub(square, power), hn::Mul(power, least));
        const auto snr =
            hn::IfThenElseZero(hn::Gt(power, hn::Zero(d)), hn::Div(mean, hn::Sqrt(variance)));
        const hn::Rebind<float, decltype(d)> floats;
        hn::StoreU(hn::DemoteTo(floats, snr), floats, out + x);
    });
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(terms_of_row);
HWY_EXPORT(window_sums);
HWY_EXPORT(add_rows);
HWY_EXPORT(snr_of_sums);

namespace {

/// Room for rows of the three sums, one behind the other.
class SumBuffer {
  public:
    SumBuffer(int rows, int width)
        : width_(static_cast<std::size_t>(width)),
          values_(3 * width_ * static_cast<std::size_t>(rows)) {}
    [[nodiscard]] SumRows row(int y) {
        double* at = values_.data() + 3 * width_ * static_cast<std::size_t>(y);
        return {at, at + width_, at + 2 * width_};
    }
    [[nodiscard]] int row_values() const { return static_cast<int>(3 * width_); }

  private:
    std::size_t width_;
    std::vector<double> values_;
};

/// What one thread works in.
struct Scratch {
    Scratch(int height, int width)
        : ends(height, width),
          next(height, width),
          start(1, width),
          whole(1, width),
          work(static_cast<std::size_t>(width)) {}
    SumBuffer ends, next, start, whole;
    std::vector<double> work;
};

/// Calls `use(y, sums)` for each row with the sums over the windows of its pixels.
template <class Use>
void for_each_window_row(ImageView<const float> in, const StatisticsWindow& window, Sums sums,
                         const Execution& execution, const Use& use) {
    window.validate();
    const int length = 2 * window.half_width + 1, height = 2 * window.half_height + 1;
    const int margin = window.half_width, padded = in.width + length - 1;
    Spares<Scratch> spares;
    const auto terms = GUIDE_KERNEL(terms_of_row);
    const auto across = GUIDE_KERNEL(window_sums);
    const auto add = GUIDE_KERNEL(add_rows);

    // Bands sum a window height more than they give; an even number of equal ones shares out well.
    const int bands = std::max(1, in.height / (2 * std::max(64, 2 * height)) * 2);
    for_each_band(execution, in.height, in.height / bands + 1, [&](int begin, int end) {
        // Rows are summed in blocks of one window height: the window of a row is the end of one
        // block, kept as sums from each row to the block's last, and the start of the next one.
        const auto scratch = spares.take([&] { return Scratch(height, padded); });
        auto& [ends, next, start, whole, work] = *scratch;
        const auto values = ends.row_values();
        const auto sum_row = [&](int y, SumRows to) {
            std::fill_n(to.count, values, 0.0);
            if (y < 0 || y >= in.height) return;
            terms(in.row(y), {to.count + margin, to.first + margin, to.second + margin}, in.width,
                  sums);
            for (double* line : {to.count, to.first, to.second})
                across(line, work.data(), in.width, length);
        };
        for (int i = 0; i < height - 1; ++i)
            sum_row(begin + i - window.half_height, next.row(i));
        for (int block = begin; block < end; block += height) {
            std::swap(ends, next);
            sum_row(block + window.half_height, ends.row(height - 1));
            for (int i = height - 2; i >= 0; --i)
                add(ends.row(i).count, ends.row(i + 1).count, ends.row(i).count, values);
            use(block, ends.row(0));
            double* sum = start.row(0).count;
            std::fill_n(sum, values, 0.0);
            for (int i = 1; i < height && block + i < end; ++i) {
                const SumRows fresh = next.row(i - 1);
                sum_row(block + i + window.half_height, fresh);
                add(sum, fresh.count, sum, values);
                add(sum, ends.row(i).count, whole.row(0).count, values);
                use(block + i, whole.row(0));
            }
        }
    });
}

void require_same_size(ImageView<const float> in, ImageView<const float> out,
                       const char* function) {
    require(in.width == out.width && in.height == out.height, function,
            "input and outputs are of one size");
}

/// Greenwood and Durand (1960), from y = ln(mean) - mean of ln for a gamma distribution.
double likeliest_shape(double y) {
    if (y <= 0.5772) return (0.5000876 + y * (0.1648852 - 0.0544274 * y)) / y;
    if (y <= 17) {
        return (8.898919 + y * (9.059950 + 0.9775373 * y)) / (y * (17.79728 + y * (11.968477 + y)));
    }
    return 1 / y;  // what the second form tends to, within 5 %
}

Nakagami nakagami_of_sums(double count, double first, double second, NakagamiEstimator estimator) {
    const double scale = first / count;
    double shape = kLargestNakagamiShape;
    if (estimator == NakagamiEstimator::kMoments) {
        const double variance = second / count - scale * scale;
        if (variance * kLargestNakagamiShape > scale * scale) shape = scale * scale / variance;
    } else {
        const double y = std::log(scale) - second / count;
        if (y * 2 * kLargestNakagamiShape > 1) shape = likeliest_shape(y);
    }
    return {std::min(shape, kLargestNakagamiShape), scale};
}

Sums sums_for(NakagamiEstimator estimator) {
    return estimator == NakagamiEstimator::kMoments ? Sums::kSquareAndFourth : Sums::kSquareAndLog;
}

}  // namespace

void StatisticsWindow::validate() const {
    require(half_width >= 0 && half_width <= 255, "StatisticsWindow", "half_width is 0 to 255 px");
    require(half_height >= 0 && half_height <= 255, "StatisticsWindow",
            "half_height is 0 to 255 px");
}

void local_speckle_snr(ImageView<const float> in, ImageView<float> out,
                       const StatisticsWindow& window, const Execution& execution) {
    require_same_size(in, out, "local_speckle_snr");
    const auto snr = GUIDE_KERNEL(snr_of_sums);
    for_each_window_row(in, window, Sums::kValueAndSquare, execution,
                        [&](int y, SumRows sums) { snr(sums, out.row(y), in.width); });
}

void nakagami_maps(ImageView<const float> in, ImageView<float> shape, ImageView<float> scale,
                   const StatisticsWindow& window, NakagamiEstimator estimator,
                   const Execution& execution) {
    if (!shape.empty()) require_same_size(in, shape, "nakagami_maps");
    if (!scale.empty()) require_same_size(in, scale, "nakagami_maps");
    for_each_window_row(in, window, sums_for(estimator), execution, [&](int y, SumRows sums) {
        for (int x = 0; x < in.width; ++x) {
            Nakagami here;
            if (sums.count[x] >= 2) {
                here = nakagami_of_sums(sums.count[x], sums.first[x], sums.second[x], estimator);
            }
            if (!shape.empty()) shape.at(x, y) = static_cast<float>(here.shape);
            if (!scale.empty()) scale.at(x, y) = static_cast<float>(here.scale);
        }
    });
}

Expected<Nakagami> nakagami(std::span<const float> amplitudes, NakagamiEstimator estimator) {
    double count = 0, first = 0, second = 0;
    for (const float a : amplitudes) {
        if (!(std::isfinite(a) && a > 0)) continue;
        const double square = double{a} * a;
        count += 1;
        first += square;
        second += estimator == NakagamiEstimator::kMoments ? square * square : std::log(square);
    }
    if (count < 2) return no_answer("too-few-samples", "Fewer than two amplitudes are above 0.");
    return nakagami_of_sums(count, first, second, estimator);
}

}  // namespace guide::filters
#endif
