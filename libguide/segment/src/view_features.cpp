// SPDX-License-Identifier: Apache-2.0
#include "view_features.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace guide::segment {
namespace {

constexpr double kBin = 0.5;            // mm, columns in which bone is looked at
constexpr double kSkin = 5.0;           // mm: skin and gel tell nothing
constexpr double kLine = 0.4;           // mm, blur before directions are measured
constexpr double kAround = 1.5;         // mm, over which they are
constexpr double kPattern = 2.0;        // mm, blur before the two sides are compared
constexpr double kNoShadowAbove = 3.0;  // mm: lost contact
constexpr double kQuarter = 0.25;       // of a third's columns: fewer show no bone
constexpr double kLargestBend = 5;      // mm per cm^2

using Bins = std::vector<std::optional<double>>;

Bins depths_of(const TissueGrid& grid, const std::vector<BoneSurface>& bones) {
    const double mm_x = grid.step_mm / grid.px_per_cell_x(),
                 mm_y = grid.step_mm / grid.px_per_cell_y();
    Bins bins(static_cast<std::size_t>(grid.box.width() * mm_x / kBin));
    for (const BoneSurface& bone : bones) {
        for (const PixelPoint p : densify(bone.points, 1.0)) {
            const double bin = (p.x - grid.box.x0) * mm_x / kBin;
            if (bin >= 0 && bin < static_cast<double>(bins.size()))
                bins[static_cast<std::size_t>(bin)] = (p.y - grid.box.y0) * mm_y;
        }
    }
    return bins;
}

/// mm from the middle of the picture.
double place(const Bins& bins, std::size_t i) {
    return (static_cast<double>(i) + 0.5 - 0.5 * static_cast<double>(bins.size())) * kBin;
}

double middle_depth(const Bins& bins, double none) {
    double sum = 0;
    int count = 0;
    for (std::size_t i = bins.size() / 3; i < 2 * bins.size() / 3; ++i) {
        if (bins[i]) sum += *bins[i], ++count;
    }
    return count > kQuarter * static_cast<double>(bins.size()) / 3 ? sum / count : none;
}

/// Quadratic term of the parabola through the middle half.
double bend_of(const Bins& bins) {
    std::vector<std::array<double, 2>> points;
    for (std::size_t i = bins.size() / 4; i < 3 * bins.size() / 4; ++i) {
        if (bins[i]) points.push_back({place(bins, i) / 10, *bins[i]});
    }
    if (points.size() <= bins.size() / 8 || points.size() < 4) return 0;
    cv::Mat1d left(static_cast<int>(points.size()), 3), right(static_cast<int>(points.size()), 1),
        solution;
    for (int i = 0; i < left.rows; ++i) {
        const auto [x, y] = points[static_cast<std::size_t>(i)];
        left(i, 0) = 1;
        left(i, 1) = x;
        left(i, 2) = x * x;
        right(i, 0) = y;
    }
    cv::solve(left, right, solution, cv::DECOMP_SVD);
    return std::clamp(solution(2), -kLargestBend, kLargestBend);
}

struct Groove {
    double deep = 0, aside = 0;  // mm
};

/// The deepest place with shallower bone on both sides.
Groove groove_of(const Bins& bins) {
    constexpr double kNever = std::numeric_limits<double>::infinity();
    std::vector<double> right(bins.size() + 1, kNever);  // highest from here on
    for (std::size_t i = bins.size(); i-- > 0;)
        right[i] = std::min(right[i + 1], bins[i].value_or(kNever));
    Groove found;
    double left = kNever;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        if (!bins[i]) continue;
        const double groove = std::min(*bins[i] - left, *bins[i] - right[i + 1]);
        if (std::isfinite(groove) && groove > found.deep)
            found = {groove, std::abs(place(bins, i))};
        left = std::min(left, *bins[i]);
    }
    return found;
}

double mirror_likeness(const TissueGrid& grid) {
    const cv::Mat1f pattern = blurred(grid.echo, grid.step_mm, kPattern);
    cv::Mat1f mirrored;
    cv::flip(pattern, mirrored, 1);
    cv::Scalar mean, spread;
    cv::meanStdDev(pattern, mean, spread);
    if (!(spread[0] > 0)) return 0;
    return (pattern.dot(mirrored) / static_cast<double>(pattern.total()) - mean[0] * mean[0]) /
           (spread[0] * spread[0]);
}

/// The structure tensor's sums over a part of the picture.
struct Lines {
    double coherent = 0, all = 0, sideways = 0, downwards = 0, level = 0;

    void add(double xx, double yy, double xy) {
        const double difference = xx - yy, whole = xx + yy;
        if (!(whole > 0)) return;
        coherent += std::sqrt(difference * difference + 4 * xy * xy);
        all += whole;
        sideways += xx;
        downwards += yy;
        level -= difference;
    }
    void add(const Lines& other) {
        coherent += other.coherent;
        all += other.all;
        sideways += other.sideways;
        downwards += other.downwards;
        level += other.level;
    }
    [[nodiscard]] double coherence() const { return all > 0 ? coherent / all : 0; }
    [[nodiscard]] double layers() const {
        return sideways > 0 && downwards > 0 ? std::log(downwards / sideways) : 0;
    }
    [[nodiscard]] double levelness() const { return coherent > 0 ? level / coherent : 0; }
};

/// Of the upper and the lower half, where there is an echo.
std::array<Lines, 2> lines_in(const TissueGrid& grid) {
    const double step = grid.step_mm;
    const cv::Mat1f smooth = blurred(grid.echo, step, kLine);
    cv::Mat1f x, y;
    cv::Sobel(smooth, x, CV_32F, 1, 0);
    cv::Sobel(smooth, y, CV_32F, 0, 1);
    const cv::Mat1f xx = blurred(x.mul(x), step, kAround), yy = blurred(y.mul(y), step, kAround),
                    xy = blurred(x.mul(y), step, kAround);
    std::array<Lines, 2> halves;
    for (int row = static_cast<int>(kSkin / step); row < smooth.rows; ++row) {
        Lines& half = halves[row < smooth.rows / 2 ? 0 : 1];
        for (int column = 0; column < smooth.cols; ++column) {
            if (grid.shadow(row, column)) continue;
            half.add(xx(row, column), yy(row, column), xy(row, column));
        }
    }
    return halves;
}

/// How much deeper shadow begins in the middle quarter than in the outer ones, medians.
double shadow_middle(const TissueGrid& grid) {
    const int width = grid.shadow.cols, height = grid.shadow.rows;
    std::vector<double> tops;
    for (int x = 0; x < width; ++x) {
        int y = std::min(height, static_cast<int>(kNoShadowAbove / grid.step_mm));
        while (y < height && !grid.shadow(y, x))
            ++y;
        tops.push_back(y * grid.step_mm);
    }
    const auto median = [&](int from, int to) {
        std::vector<double> part(tops.begin() + from, tops.begin() + to);
        const auto middle = part.begin() + static_cast<std::ptrdiff_t>(part.size() / 2);
        std::nth_element(part.begin(), middle, part.end());
        return *middle;
    };
    const double left = median(0, width / 4), right = median(width - width / 4, width);
    return median(3 * width / 8, 5 * width / 8) - (left + right) / 2;
}

}  // namespace

ViewFeatures view_features(const TissueGrid& grid, const std::vector<BoneSurface>& bones) {
    ViewFeatures f;
    f.mirror = mirror_likeness(grid);
    const auto halves = lines_in(grid);
    Lines all = halves[0];
    all.add(halves[1]);
    f.lines_below = halves[1].coherence();
    f.layers_above = halves[0].layers();
    f.level_above = halves[0].levelness();
    f.level = all.levelness();
    const Bins bins = depths_of(grid, bones);
    f.bone_depth = middle_depth(bins, grid.echo.rows * grid.step_mm);
    f.bone_bend = bend_of(bins);
    f.bone_cover = static_cast<double>(
                       std::ranges::count_if(bins, [](const auto& b) { return b.has_value(); })) /
                   static_cast<double>(std::max<std::size_t>(1, bins.size()));
    f.bone_stretches = static_cast<double>(bones.size());
    const Groove groove = groove_of(bins);
    f.groove_aside = groove.aside;
    f.groove = std::log1p(groove.deep);
    f.shadow = cv::countNonZero(grid.shadow) / static_cast<double>(grid.shadow.total());
    f.shadow_middle = shadow_middle(grid);
    return f;
}

}  // namespace guide::segment
