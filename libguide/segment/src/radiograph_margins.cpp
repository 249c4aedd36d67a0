// SPDX-License-Identifier: Apache-2.0
#include "radiograph_margins.hpp"

#include <algorithm>
#include <cstddef>

namespace guide::segment {
namespace {

constexpr float kCarriesOn = 0.2f;  // of the edge's median strength in the outer quarter
constexpr int kBorder = 3;          // columns at the picture's side that tell nothing

/// An edge beyond the end of the band, from the band outwards, one row up or down per column.
std::vector<int> follow(const std::vector<int>& rows, int first_column, float sign, int direction,
                        ImageView<const float> gradient_y) {
    const int n = static_cast<int>(rows.size());
    const auto at = [&](int i) {  // counted from the end that is followed
        return direction < 0 ? i : n - 1 - i;
    };
    std::vector<float> strengths;
    for (int i = 0; i < std::max(1, n / 4); ++i) {
        const int row = rows[static_cast<std::size_t>(at(i))];
        strengths.push_back(sign * gradient_y.at(first_column + at(i), row));
    }
    const auto middle = strengths.begin() + static_cast<std::ptrdiff_t>(strengths.size() / 2);
    std::nth_element(strengths.begin(), middle, strengths.end());
    const float least = std::max(0.0f, kCarriesOn * *middle);

    std::vector<int> path;
    int row = rows[static_cast<std::size_t>(at(0))];
    for (int i = 1; i <= gradient_y.width / 8; ++i) {
        const int x = first_column + at(0) + direction * i;
        if (x < kBorder || x >= gradient_y.width - kBorder) break;
        int best = row;
        for (const int y : {row - 1, row + 1}) {
            if (y < 0 || y >= gradient_y.height) continue;
            if (sign * gradient_y.at(x, y) > sign * gradient_y.at(x, best)) best = y;
        }
        row = best;
        if (!(sign * gradient_y.at(x, row) > least)) break;
        path.push_back(row);
    }
    return path;
}

}  // namespace

int extend_to_margins(Band& band, int first_column, ImageView<const float> gradient_y) {
    for (const int direction : {-1, 1}) {
        auto upper = follow(band.upper, first_column, -1, direction, gradient_y);
        auto lower = follow(band.lower, first_column, 1, direction, gradient_y);
        std::size_t more = 0;
        while (more < std::min(upper.size(), lower.size()) && lower[more] > upper[more])
            ++more;
        upper.resize(more);
        lower.resize(more);
        if (direction < 0) {
            band.upper.insert(band.upper.begin(), upper.rbegin(), upper.rend());
            band.lower.insert(band.lower.begin(), lower.rbegin(), lower.rend());
            first_column -= static_cast<int>(more);
        } else {
            band.upper.insert(band.upper.end(), upper.begin(), upper.end());
            band.lower.insert(band.lower.end(), lower.begin(), lower.end());
        }
    }
    return first_column;
}

}  // namespace guide::segment
