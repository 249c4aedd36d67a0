// SPDX-License-Identifier: Apache-2.0
#include "needle_ends.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace guide::track {
namespace {

constexpr double kAlive = 0.3;  // of the shaft's usual contrast: where it ends
constexpr double kFlank = 2;    // widths, from the shaft to what it is compared with

float at(ImageView<const float> picture, double x, double y) {
    const int i = std::clamp(static_cast<int>(std::lround(x)), 0, picture.width - 1),
              j = std::clamp(static_cast<int>(std::lround(y)), 0, picture.height - 1);
    const float v = picture.at(i, j);
    return std::isfinite(v) ? v : 0.0F;
}

/// Contrast of the shaft at each pixel along it: brightest within its width, against the mean of
/// both sides.
std::vector<double> contrast_along(ImageView<const float> picture, const LineCandidate& line,
                                   double width, int count) {
    const double c = std::cos(line.angle), n = std::sin(line.angle);
    const auto across = [&](int s, double off) {
        return at(picture, line.begin.x + s * c - off * n, line.begin.y + s * n + off * c);
    };
    std::vector<double> contrast(static_cast<std::size_t>(count));
    for (int s = 0; s < count; ++s) {
        double best = 0, beside = 0;
        for (double off = -0.5 * width; off <= 0.5 * width; off += 1)
            best = std::max(best, static_cast<double>(across(s, off)));
        int samples = 0;
        for (double off = kFlank * width; off <= (kFlank + 1) * width; off += 1, samples += 2)
            beside += across(s, off) + across(s, -off);
        contrast[static_cast<std::size_t>(s)] = best - beside / std::max(1, samples);
    }
    return contrast;
}

std::vector<double> smoothed(const std::vector<double>& v, int half) {
    std::vector<double> result(v.size());
    const int count = static_cast<int>(v.size());
    for (int i = 0; i < count; ++i) {
        double sum = 0;
        int n = 0;
        for (int k = std::max(0, i - half); k <= std::min(count - 1, i + half); ++k, ++n)
            sum += v[static_cast<std::size_t>(k)];
        result[static_cast<std::size_t>(i)] = sum / n;
    }
    return result;
}

double median(std::vector<double> v) {
    const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
    std::nth_element(v.begin(), middle, v.end());
    return *middle;
}

/// From `from` in steps of `step`: the last place before the contrast stays away for a gap.
int last_alive(const std::vector<double>& contrast, int from, int step, double level, int gap) {
    int last = from, dark = 0;
    for (int i = from; i >= 0 && i < static_cast<int>(contrast.size()) && dark <= gap; i += step) {
        if (contrast[static_cast<std::size_t>(i)] < level) {
            ++dark;
        } else {
            dark = 0;
            last = i;
        }
    }
    return last;
}

}  // namespace

ShaftEnds find_ends(ImageView<const float> picture, const LineCandidate& line, double width,
                    double gap) {
    const double length = std::hypot(line.end.x - line.begin.x, line.end.y - line.begin.y);
    const int count = static_cast<int>(length) + 1;
    const auto contrast =
        smoothed(contrast_along(picture, line, width, count), static_cast<int>(width));
    const std::vector<double> inner(contrast.begin() + count / 4,
                                    contrast.begin() + count / 4 + std::max(1, count / 2));
    ShaftEnds ends;
    ends.contrast = median(inner);
    const double level = kAlive * ends.contrast;
    const auto top = std::max_element(contrast.begin() + count / 4,
                                      contrast.begin() + count / 4 + std::max(1, count / 2));
    const int middle = static_cast<int>(top - contrast.begin());
    const int first = last_alive(contrast, middle, -1, level, static_cast<int>(gap)),
              last = last_alive(contrast, middle, 1, level, static_cast<int>(gap));
    const double c = std::cos(line.angle), n = std::sin(line.angle);
    ends.begin = {line.begin.x + first * c, line.begin.y + first * n};
    ends.end = {line.begin.x + last * c, line.begin.y + last * n};
    // The smoothing, and how slowly the shaft fades there.
    ends.sigma = width;
    return ends;
}

}  // namespace guide::track
