// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/workspace.hpp>

#include <cstddef>

namespace guide::filters {

/// The smoothed frame with a margin around it, as several frames of one value for each grid point.
/// Grid 1: at whole pixels, half a pixel further right, half a pixel further down. Above: at each
/// of the grid x grid pixels that a grid point stands for, row by row.
struct SmoothedFrames {
    float* data;
    std::ptrdiff_t pitch, size;  ///< floats from row to row, from frame to frame
    int grid;                    ///< px
    int margin, width, height;   ///< px, whole grid steps; width and height with the margin

    [[nodiscard]] const float* at(int x, int y) const {
        return data + (y + margin / grid) * pitch + x + margin / grid;
    }
    /// From a grid point to what stands (dx, dy) half pixels further.
    [[nodiscard]] std::ptrdiff_t offset(int dx, int dy) const {
        const int unit = 2 * grid;
        const auto below = [](int v, int n) { return v >= 0 ? v / n : -((n - 1 - v) / n); };
        const int x = below(dx, unit), y = below(dy, unit);
        const int right = dx - x * unit, down = dy - y * unit;
        const int frame = grid == 1 ? right + 2 * down : down / 2 * grid + right / 2;
        return frame * size + y * pitch + x;
    }
};

/// Smooths `in` with a Gaussian into frames with at least `margin` px around them; they live in
/// `workspace`, where kernels may read 64 floats beyond the end of a row.
SmoothedFrames smoothed_frames(ImageView<const float> in, int grid, int margin, double sigma,
                               Workspace& workspace, Workers& workers);

}  // namespace guide::filters
