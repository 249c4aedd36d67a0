// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/point.hpp>

#include <algorithm>
#include <optional>

namespace guide {

/// Millimetres from one pixel centre to the next.
struct Spacing {
    double x_mm = 0, y_mm = 0;

    friend bool operator==(const Spacing&, const Spacing&) = default;
};

/// Whole pixels x0 <= x < x1, y0 <= y < y1.
struct PixelBox {
    int x0 = 0, y0 = 0, x1 = 0, y1 = 0;

    [[nodiscard]] int width() const { return x1 - x0; }
    [[nodiscard]] int height() const { return y1 - y0; }
    [[nodiscard]] bool empty() const { return x1 <= x0 || y1 <= y0; }
    [[nodiscard]] bool contains(PixelPoint p) const {
        return p.x >= x0 - 0.5 && p.x < x1 - 0.5 && p.y >= y0 - 0.5 && p.y < y1 - 0.5;
    }
    friend bool operator==(const PixelBox&, const PixelBox&) = default;
};

[[nodiscard]] inline PixelBox intersection(PixelBox a, PixelBox b) {
    return {std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1), std::min(a.y1, b.y1)};
}

/// Size of a frame and, when it is calibrated, its scale. Without a spacing no millimetre can be
/// had.
struct PixelGrid {
    int width = 0, height = 0;
    std::optional<Spacing> spacing;

    [[nodiscard]] bool calibrated() const { return spacing.has_value(); }
    [[nodiscard]] PixelBox bounds() const { return {0, 0, width, height}; }
};

[[nodiscard]] inline MmPoint to_mm(PixelPoint p, Spacing s) {
    return {p.x * s.x_mm, p.y * s.y_mm};
}
[[nodiscard]] inline MmVector to_mm(PixelVector v, Spacing s) {
    return {v.x * s.x_mm, v.y * s.y_mm};
}
[[nodiscard]] inline PixelPoint to_px(MmPoint p, Spacing s) {
    return {p.x / s.x_mm, p.y / s.y_mm};
}

}  // namespace guide
