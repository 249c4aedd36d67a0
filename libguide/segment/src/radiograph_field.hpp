// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/geometry/point.hpp>

#include <opencv2/core.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace guide::segment {

/// The value of an OpenCV expression (its own conversion is ambiguous to -Wconversion).
[[nodiscard]] inline cv::Mat1f grey_of(const cv::MatExpr& expression) {
    return cv::Mat1f(cv::Mat(expression));
}
[[nodiscard]] inline cv::Mat1b mask_of(const cv::MatExpr& expression) {
    return cv::Mat1b(cv::Mat(expression));
}

/// The middle one of `values`, the upper one of two; 0 of none.
template <class T>
[[nodiscard]] T median_of(std::vector<T> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// The exposed part of a radiograph on a small grid of fixed width, so that lengths in pixels of
/// this grid are fractions of the field and the work does not grow with the frame.
struct RadiographField {
    cv::Mat1f grey;  ///< as in the frame: bones may be bright or dark
    cv::Mat1b
        outside;  ///< not 0: collimator, border or round field's surroundings; no picture there
    double scale = 1;       ///< grid pixels per frame pixel, along x
    double scale_y = 1;     ///< the same along y
    double x0 = 0, y0 = 0;  ///< frame position of the grid's left and upper border (pixel borders,
                            ///< not centres)

    [[nodiscard]] PixelPoint to_frame(double x, double y) const {
        return {(x + 0.5) / scale + x0 - 0.5, (y + 0.5) / scale_y + y0 - 0.5};
    }
};

/// Columns of the grid.
constexpr int kFieldWidth = 224;
/// Sides of an exposed part that is no strip differ by this factor at most.
constexpr int kLongestField = 4;

/// Reduces `frame` (not empty; not finite pixels count as 0) to its exposed part. What surrounds
/// that is taken for constant, at an end of the grey scale, and reaching a corner; the exposed part
/// is convex (a rectangle, turned or not, or a disc). Strong noise is smoothed away in proportion
/// to its share of the local contrast. `grey` is empty where the exposed part is a narrow strip.
[[nodiscard]] RadiographField make_radiograph_field(ImageView<const float> frame);

/// The pixels outside the convex hull of everything that is not a constant extreme grey from a
/// corner on.
[[nodiscard]] cv::Mat1b outside_exposed_part(const cv::Mat1f& grey);

/// `grey` with the dark half of its range spread where more than half of the picture lies in the
/// darkest two fifths of it: a curve that keeps both ends and lifts the median to two fifths. A
/// dark picture shows bone as badly as a bright one shows it well; bright ones come back as they
/// are (the same data). Quantiles are of the inside alone.
[[nodiscard]] cv::Mat1f lift_shadows(const cv::Mat1f& grey, const cv::Mat1b& outside);

/// (grey - local mean) / local standard deviation, Gaussian window of `sigma` pixels over the
/// inside only; 0 outside. A floor of a quarter of the typical deviation keeps flat parts flat.
[[nodiscard]] cv::Mat1f normalise_locally(const cv::Mat1f& grey, const cv::Mat1b& outside,
                                          double sigma);

/// Derivatives of the picture smoothed by a Gaussian of `sigma`; 0 near and in the outside.
struct Gradients {
    cv::Mat1f x, y;
};
[[nodiscard]] Gradients gradients_of(const cv::Mat1f& grey, const cv::Mat1b& outside, double sigma);

}  // namespace guide::segment
