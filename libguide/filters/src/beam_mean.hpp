// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace guide::filters {

/// Columns that one thread goes down at a time.
inline constexpr int kBeamColumns = 128;

/// Means over `width` columns (odd) around each of a strip of columns, of those that the frame has.
class BeamMean {
  public:
    /// For columns [begin, end) of a frame of `columns`.
    BeamMean(int begin, int end, int columns, int width)
        : begin_(begin),
          end_(end),
          columns_(columns),
          half_(width / 2),
          first_(std::max(0, begin - half_)),
          sums_(static_cast<std::size_t>(std::min(columns, end + half_) - first_) + 1) {}

    /// out[x - begin] = mean of value(x') around x.
    template <class Value>
    void operator()(const Value& value, float* out) {
        const int last = first_ + static_cast<int>(sums_.size()) - 1;
        double* sums = sums_.data() - first_;
        for (int x = first_; x < last; ++x)
            sums[x + 1] = sums[x] + static_cast<double>(value(x));
        for (int x = begin_; x < end_; ++x) {
            const int left = std::max(0, x - half_), right = std::min(columns_, x + half_ + 1);
            out[x - begin_] = static_cast<float>((sums[right] - sums[left]) / (right - left));
        }
    }

  private:
    int begin_, end_, columns_, half_, first_;
    std::vector<double> sums_;
};

}  // namespace guide::filters
