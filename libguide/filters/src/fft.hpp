// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>

#include <cstddef>
#include <vector>

namespace guide::filters {

/// The smallest n' >= n without prime factors above 5, so that the transform is fast.
[[nodiscard]] int good_fft_size(int n);

/// Fourier transform of one length for many lines at once, X_k = sum_j x_j exp(-2 pi i j k / n):
/// radix 2, 3, 4 and 5, self-sorting (Stockham), lines side by side so that the innermost loop is
/// long. Twiddles are made in double.
class FftPlan {
  public:
    /// `n` as good_fft_size gives it; throws PreconditionError otherwise.
    explicit FftPlan(int n);

    [[nodiscard]] int size() const { return n_; }

    /// Transforms `lines` lines in place; element j of line b stands at j * lines + b. `scratch_*`
    /// are as large. The inverse, without its factor 1/n, is the same with `re` and `im` exchanged.
    void transform(float* re, float* im, float* scratch_re, float* scratch_im, int lines) const;

  private:
    struct Stage {
        int radix = 1;
        std::vector<float> cosines, sines;  // of the factor for part p, output j: [p * radix + j]
    };
    int n_ = 1;
    std::vector<Stage> stages_;
};

/// A complex image, real and imaginary part apart, rows contiguous.
struct ComplexPlane {
    int width = 0, height = 0;
    std::vector<float> re, im;

    ComplexPlane(int w, int h)
        : width(w),
          height(h),
          re(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)),
          im(re.size()) {}
};

enum class Direction { forward, inverse };

/// Two-dimensional transform in place; the inverse carries its factor 1 / (width * height).
void fft_2d(ComplexPlane& plane, const FftPlan& across, const FftPlan& down, Direction direction,
            const Execution& execution);

}  // namespace guide::filters
