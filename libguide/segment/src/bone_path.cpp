// SPDX-License-Identifier: Apache-2.0
#include "bone_path.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>

namespace guide::segment {
namespace {

constexpr int kSteepest = 3;          // rows per column
constexpr double kSlopePrice = 0.05;  // of a full column, times the slope squared
constexpr std::int32_t kFromGap = 127;
constexpr float kNever = -1e9F;

/// Columns as rows: the path goes from one to the next.
Image<float> transposed(const Image<float>& image) {
    Image<float> turned(image.height(), image.width());
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            turned.at(y, x) = image.at(x, y);
    }
    return turned;
}

/// The best way to each of `rows` rows: from the gap, or from a row of the column before, whose
/// sums begin at `before`, with kSteepest rows never reached on either side.
void best_steps(const float* before, float from_gap, bool first, int rows, float* best,
                std::int32_t* from) {
    std::fill_n(best, rows, from_gap);
    std::fill_n(from, rows, kFromGap);
    if (first) return;
    for (int d = -kSteepest; d <= kSteepest; ++d) {
        const auto price = static_cast<float>(kSlopePrice * d * d);
        for (int y = 0; y < rows; ++y) {
            const float value = before[y + d] - price;
            const bool better = value > best[y];
            best[y] = better ? value : best[y];
            from[y] = better ? d : from[y];
        }
    }
}

/// Angle of the line fitted to rows in columns one after another, deg; positive where it descends.
double descent_deg(std::span<const int> rows) {
    const double n = static_cast<double>(rows.size()), middle = (n - 1) / 2;
    double sum = 0;
    for (std::size_t i = 0; i < rows.size(); ++i)
        sum += (static_cast<double>(i) - middle) * rows[i];
    return std::atan(12 * sum / (n * (n * n - 1))) * 180 / std::numbers::pi;
}

}  // namespace

std::vector<int> best_bone_path(const Image<float>& bone, double least, double gap_price) {
    const int width = bone.width(), height = bone.height();
    const auto price = static_cast<float>(gap_price), needed = static_cast<float>(least);
    const Image<float> columns = transposed(bone);
    Image<std::int32_t> step(height, width);
    // The row that a gap begins after, -1: the gap goes on.
    std::vector<int> gap_from(static_cast<std::size_t>(width), -1);
    const auto rows = static_cast<std::size_t>(height);
    std::vector<float> before(rows + 2 * kSteepest, kNever), now(before);
    float gap = 0;
    for (int x = 0; x < width; ++x) {
        const float* sums = before.data() + kSteepest;
        float* best = now.data() + kSteepest;
        best_steps(sums, gap - price, x == 0, height, best, step.row(x));
        const float* evidence = columns.row(x);
        for (int y = 0; y < height; ++y)
            best[y] += evidence[y] - needed;
        const float* top = std::max_element(sums, sums + height);
        if (*top - price > gap) {
            gap = *top - price;
            gap_from[static_cast<std::size_t>(x)] = static_cast<int>(top - sums);
        }
        before.swap(now);
    }
    std::vector<int> path(static_cast<std::size_t>(width), -1);
    const auto last = std::max_element(before.begin(), before.end());
    int row = *last - price > gap ? static_cast<int>(last - before.begin()) - kSteepest : -1;
    for (int x = width - 1; x >= 0; --x) {
        path[static_cast<std::size_t>(x)] = row;
        if (row < 0) {
            row = gap_from[static_cast<std::size_t>(x)];
        } else {
            const std::int32_t from = step.at(row, x);
            row = from == kFromGap ? -1 : row + from;
        }
    }
    return path;
}

void cut_bridges(std::vector<int>& path, const Image<float>& bone, double least, int window) {
    const int n = static_cast<int>(path.size());
    std::vector<double> sums(path.size() + 1, 0.0), counts(sums);
    for (std::size_t i = 0; i < path.size(); ++i) {
        const int x = static_cast<int>(i), y = path[i];
        sums[i + 1] = sums[i] + (y < 0 ? 0.0 : static_cast<double>(bone.at(x, y)));
        counts[i + 1] = counts[i] + (y < 0 ? 0 : 1);
    }
    for (int x = 0; x < n; ++x) {
        const auto from = static_cast<std::size_t>(std::max(0, x - window / 2));
        const auto to = static_cast<std::size_t>(std::min(n, x + window / 2 + 1));
        if (sums[to] - sums[from] < least * (counts[to] - counts[from])) {
            path[static_cast<std::size_t>(x)] = -1;
        }
    }
}

void split_at_notches(std::vector<int>& path, int reach, double largest_deg) {
    const auto r = static_cast<std::size_t>(std::max(2, reach));
    std::vector<double> bend(path.size(), 0.0);
    const std::span<const int> rows(path);
    for (std::size_t x = r; x + r < path.size(); ++x) {
        const auto around = rows.subspan(x - r, 2 * r + 1);
        if (std::ranges::count(around, -1) > 0) continue;
        bend[x] = descent_deg(around.first(r + 1)) - descent_deg(around.last(r + 1));
    }
    for (std::size_t x = r; x + r < path.size(); ++x) {
        const auto first = bend.begin() + static_cast<std::ptrdiff_t>(x - r);
        const auto sharpest =
            std::max_element(first, first + static_cast<std::ptrdiff_t>(2 * r + 1));
        if (bend[x] > largest_deg && sharpest == first + static_cast<std::ptrdiff_t>(r))
            path[x] = -1;
    }
}

}  // namespace guide::segment
