// SPDX-License-Identifier: Apache-2.0
#include "radiograph_outline.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace guide::segment {
namespace {

constexpr float kBending = 0.05f;  // price of one column per row
constexpr int kMargin = 3;  // columns at the picture's side where gradients are not to be trusted

}  // namespace

SideOutline find_side_outline(ImageView<const float> gradient_x, const std::vector<int>& joint_line,
                              Side side, Towards towards, int gap, int rows) {
    const int width = gradient_x.width, height = gradient_x.height;
    const bool left = side == Side::left;
    const int begin = left ? kMargin : width * 7 / 10;
    const int end = left ? width * 3 / 10 : width - kMargin;
    const int columns = end - begin;
    const float sign = left ? 1.0f : -1.0f;
    const int direction = towards == Towards::femur ? -1 : 1;
    const auto reward = [&](int row, int column) {
        const int x = begin + column;
        const int y = joint_line[static_cast<std::size_t>(x)] + direction * (gap + row);
        return sign * gradient_x.at(x, std::clamp(y, 0, height - 1));
    };

    // From the far end to the joint, so that tracing back begins at the joint.
    std::vector<float> value(static_cast<std::size_t>(columns)), next(value);
    std::vector<std::int8_t> steps(static_cast<std::size_t>(columns) *
                                   static_cast<std::size_t>(rows));
    for (int c = 0; c < columns; ++c)
        value[static_cast<std::size_t>(c)] = reward(rows - 1, c);
    for (int r = rows - 2; r >= 0; --r) {
        for (int c = 0; c < columns; ++c) {
            float best = -1e30f;
            int step = 0;
            for (int d = -1; d <= 1; ++d) {
                if (c + d < 0 || c + d >= columns) continue;
                const float v = value[static_cast<std::size_t>(c + d)] - (d == 0 ? 0.0f : kBending);
                if (v > best) {
                    best = v;
                    step = d;
                }
            }
            next[static_cast<std::size_t>(c)] = best + reward(r, c);
            steps[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns) +
                  static_cast<std::size_t>(c)] = static_cast<std::int8_t>(step);
        }
        value.swap(next);
    }
    const auto best = std::max_element(value.begin(), value.end());
    SideOutline outline;
    outline.strength = *best / rows;
    int c = static_cast<int>(best - value.begin());
    for (int r = 0; r < rows; ++r) {
        outline.columns.push_back(begin + c);
        if (r + 1 < rows) {
            c += steps[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns) +
                       static_cast<std::size_t>(c)];
        }
    }
    return outline;
}

}  // namespace guide::segment
