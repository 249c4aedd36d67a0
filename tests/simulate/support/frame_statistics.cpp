// SPDX-License-Identifier: Apache-2.0
#include "frame_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace guide::test {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr float kDark = 12;  // grey: below, the screen's few levels distort what is left of speckle

/// Along both axes, weights renewed at the borders.
Image<float> smoothed(ImageView<const float> in, double sigma_x, double sigma_y) {
    Image<float> across(in.width, in.height), out(in.width, in.height);
    const auto pass = [](int count, double sigma, auto read, auto write) {
        const int radius = static_cast<int>(std::ceil(3 * sigma));
        for (int i = 0; i < count; ++i) {
            double sum = 0, weights = 0;
            for (int k = std::max(0, i - radius); k <= std::min(count - 1, i + radius); ++k) {
                const double w = std::exp(-0.5 * (k - i) * (k - i) / (sigma * sigma));
                sum += w * static_cast<double>(read(k));
                weights += w;
            }
            write(i, static_cast<float>(sum / weights));
        }
    };
    for (int y = 0; y < in.height; ++y) {
        pass(
            in.width, sigma_x, [&](int x) { return in.at(x, y); },
            [&](int x, float v) { across.view().at(x, y) = v; });
    }
    for (int x = 0; x < in.width; ++x) {
        pass(
            in.height, sigma_y, [&](int y) { return across.view().at(x, y); },
            [&](int y, float v) { out.view().at(x, y) = v; });
    }
    return out;
}

Image<float> cropped(ImageView<const float> grey, PixelBox box) {
    Image<float> part(box.width(), box.height());
    for (int y = 0; y < part.height(); ++y) {
        for (int x = 0; x < part.width(); ++x)
            part.view().at(x, y) = grey.at(box.x0 + x, box.y0 + y);
    }
    return part;
}

double width_at_half(const std::vector<double>& covariance, double step_mm) {
    for (std::size_t k = 1; k < covariance.size(); ++k) {
        if (covariance[k] > 0.5 * covariance[0]) continue;
        const double over = covariance[k - 1] - 0.5 * covariance[0];
        return 2 * step_mm *
               (static_cast<double>(k - 1) + over / (covariance[k - 1] - covariance[k]));
    }
    return kNone;
}

/// Means beside bone lines, gathered over all their points.
struct Beside {
    double sum = 0;
    int count = 0;
    void add(double value) {
        sum += value;
        ++count;
    }
    [[nodiscard]] double mean() const { return count > 0 ? sum / count : kNone; }
};

}  // namespace

CorrelationLengths correlation_lengths(ImageView<const float> grey, PixelBox box, Spacing spacing) {
    const Image<float> part = cropped(grey, box);
    const Image<float> ground = smoothed(part.view(), 1 / spacing.x_mm, 1 / spacing.y_mm);
    const auto counts = [&](int x, int y) { return ground.view().at(x, y) > kDark; };
    const auto left = [&](int x, int y) {
        return static_cast<double>(part.view().at(x, y) - ground.view().at(x, y));
    };
    const auto covariance = [&](int dx, int dy) {
        double sum = 0, count = 0;
        for (int y = 0; y + dy < part.height(); ++y) {
            for (int x = 0; x + dx < part.width(); ++x) {
                if (!counts(x, y) || !counts(x + dx, y + dy)) continue;
                sum += left(x, y) * left(x + dx, y + dy);
                ++count;
            }
        }
        return count > 0 ? sum / count : 0;
    };
    std::vector<double> across, down;
    for (int k = 0; k * spacing.x_mm < 3; ++k)
        across.push_back(covariance(k, 0));
    for (int k = 0; k * spacing.y_mm < 3; ++k)
        down.push_back(covariance(0, k));
    return {width_at_half(across, spacing.x_mm), width_at_half(down, spacing.y_mm)};
}

Figures figures_of(ImageView<const float> grey, PixelBox box, Spacing spacing,
                   const std::vector<BoneSurface>& bones) {
    Figures f;
    f.fill(kNone);
    box.y0 += static_cast<int>(std::lround(2 / spacing.y_mm));
    std::vector<float> values;
    std::array<Beside, 4> quarters;
    for (int y = box.y0; y < box.y1; ++y) {
        for (int x = box.x0; x < box.x1; ++x) {
            values.push_back(grey.at(x, y));
            quarters[static_cast<std::size_t>(4 * (y - box.y0) / box.height())].add(
                static_cast<double>(grey.at(x, y)));
        }
    }
    std::sort(values.begin(), values.end());
    const auto count = static_cast<double>(values.size());
    const auto percentile = [&](double share) {
        return static_cast<double>(values[static_cast<std::size_t>(share * (count - 1))]);
    };
    double sum = 0, squares = 0;
    for (const float v : values) {
        sum += static_cast<double>(v);
        squares += static_cast<double>(v) * static_cast<double>(v);
    }
    f[kMean] = sum / count;
    f[kDeviation] = std::sqrt(std::max(0.0, squares / count - f[kMean] * f[kMean]));
    f[kP5] = percentile(0.05);
    f[kP25] = percentile(0.25);
    f[kP50] = percentile(0.5);
    f[kP75] = percentile(0.75);
    f[kP95] = percentile(0.95);
    f[kP99] = percentile(0.99);
    f[kBlack] =
        static_cast<double>(std::upper_bound(values.begin(), values.end(), 4.5F) - values.begin()) /
        count;
    for (std::size_t q = 0; q < 4; ++q)
        f[kRows1 + q] = quarters[q].mean() / f[kMean];
    const CorrelationLengths lengths = correlation_lengths(grey, box, spacing);
    f[kAxialMm] = lengths.axial_mm;
    f[kLateralMm] = lengths.lateral_mm;

    Beside bone, above, below;
    const auto at = [&](int x, double y) -> const float* {
        const int row = static_cast<int>(std::lround(y));
        return x >= box.x0 && x < box.x1 && row >= box.y0 && row < box.y1 ? &grey.at(x, row)
                                                                          : nullptr;
    };
    const auto gather = [&](int x, double from, double to, Beside& where) {
        for (double y = from; y <= to; ++y)
            if (const float* v = at(x, y)) where.add(static_cast<double>(*v));
    };
    for (const BoneSurface& surface : bones) {
        for (const PixelPoint p : surface.points) {
            const int x = static_cast<int>(std::lround(p.x));
            float brightest = -1;
            for (double y = p.y - 0.6 / spacing.y_mm; y <= p.y + 0.6 / spacing.y_mm; ++y)
                if (const float* v = at(x, y)) brightest = std::max(brightest, *v);
            if (brightest < 0) continue;
            bone.add(static_cast<double>(brightest));
            gather(x, p.y - 5 / spacing.y_mm, p.y - 1 / spacing.y_mm, above);
            gather(x, p.y + 2 / spacing.y_mm, p.y + 8 / spacing.y_mm, below);
        }
    }
    f[kBoneGrey] = bone.mean();
    f[kAboveGrey] = above.mean();
    f[kBelowGrey] = below.mean();
    f[kBoneOverAbove] = f[kBoneGrey] - f[kAboveGrey];
    f[kBelowOverAbove] = f[kBelowGrey] / f[kAboveGrey];
    return f;
}

}  // namespace guide::test
