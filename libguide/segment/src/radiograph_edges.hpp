// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/point.hpp>

#include <cstddef>
#include <vector>

namespace guide::segment {

/// The two borders of a joint space at evenly spaced columns from margin to margin, frame pixels.
struct JointEdges {
    double x0 = 0, step = 1;           ///< column i lies at x0 + i * step
    std::vector<double> femur, tibia;  ///< rows; one of each per column, femur above
    std::vector<char> closed;          ///< not 0: the bones touch at this column

    [[nodiscard]] int columns() const { return static_cast<int>(femur.size()); }
    [[nodiscard]] double x(double column) const { return x0 + column * step; }
    [[nodiscard]] PixelPoint femur_at(int column) const {
        return {x(column), femur[static_cast<std::size_t>(column)]};
    }
    [[nodiscard]] PixelPoint tibia_at(int column) const {
        return {x(column), tibia[static_cast<std::size_t>(column)]};
    }
};

}  // namespace guide::segment
