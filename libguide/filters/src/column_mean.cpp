// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/column_mean.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace guide::filters {
namespace {

/// Sums from the top down of the columns [begin, end): row y of the table holds the sum of the rows
/// above y. What is not finite counts as 0, or it would spoil every sum below it.
class ColumnSums {
  public:
    template <class Value>
    ColumnSums(ImageView<const float> in, int begin, int end, Value value)
        : columns_(static_cast<std::size_t>(end - begin)),
          sums_((static_cast<std::size_t>(in.height) + 1) * columns_) {
        for (int y = 0; y < in.height; ++y) {
            const float* source = in.row(y) + begin;
            const double* before = row(y);
            double* after = sums_.data() + (static_cast<std::size_t>(y) + 1) * columns_;
            for (std::size_t x = 0; x < columns_; ++x)
                after[x] = before[x] + (std::isfinite(source[x]) ? value(source[x]) : 0.0);
        }
    }

    [[nodiscard]] const double* row(int y) const {
        return sums_.data() + static_cast<std::size_t>(y) * columns_;
    }

  private:
    std::size_t columns_;
    std::vector<double> sums_;
};

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
    for_each_band(execution, in.width, [&](int begin, int end) {
        const ColumnSums sums(in, begin, end, [](float v) { return static_cast<double>(v); });
        for (int y = 0; y < in.height; ++y) {
            // Kept inside before adding, so that windows "down to the bottom" cannot overflow.
            const int from = std::clamp(y + window.from, 0, in.height);
            const int to = std::clamp(y + window.to, 0, in.height);
            float* row = out.row(y) + begin;
            if (to - from < window.fewest_rows) {
                std::fill_n(row, end - begin, window.otherwise);
                continue;
            }
            const double *high = sums.row(from), *low = sums.row(to);
            for (int x = 0; x < end - begin; ++x) {
                row[x] = static_cast<float>((low[x] - high[x]) / (to - from));
            }
        }
    });
}

void column_share_below(ImageView<const float> in, ImageView<float> out,
                        const Execution& execution) {
    check_sizes(in, out, "column_share_below");
    if (in.empty()) return;
    for_each_band(execution, in.width, [&](int begin, int end) {
        const ColumnSums sums(in, begin, end,
                              [](float v) { return std::max(0.0, static_cast<double>(v)); });
        const double* all = sums.row(in.height);
        for (int y = 0; y < in.height; ++y) {
            const double* down_to = sums.row(y + 1);
            float* row = out.row(y) + begin;
            for (int x = 0; x < end - begin; ++x) {
                row[x] = all[x] > 0 ? static_cast<float>((all[x] - down_to[x]) / all[x]) : 0.0F;
            }
        }
    });
}

}  // namespace guide::filters
