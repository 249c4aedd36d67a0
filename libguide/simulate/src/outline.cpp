// SPDX-License-Identifier: Apache-2.0
// Marching squares on the pixels' centres.
#include "outline.hpp"

#include <algorithm>
#include <cstddef>
#include <map>

namespace guide::simulate {
namespace {

/// Edges between neighbouring pixels, a ring of outside pixels included: the one to the right of
/// (x, y) and the one below it.
class Edges {
  public:
    Edges(ImageView<const std::uint8_t> inside, const std::function<bool(PixelPoint)>& is_inside)
        : inside_(inside), is_inside_(is_inside) {}

    [[nodiscard]] bool in(int x, int y) const {
        return x >= 0 && y >= 0 && x < inside_.width && y < inside_.height && inside_.at(x, y) != 0;
    }
    [[nodiscard]] std::size_t right(int x, int y) const { return 2 * number(x, y); }
    [[nodiscard]] std::size_t below(int x, int y) const { return 2 * number(x, y) + 1; }

    /// Where the outline crosses an edge.
    [[nodiscard]] PixelPoint crossing(std::size_t edge) const {
        const auto width = static_cast<std::size_t>(inside_.width + 2);
        const int x = static_cast<int>(edge / 2 % width) - 1;
        const int y = static_cast<int>(edge / 2 / width) - 1;
        const double dx = edge % 2 == 0 ? 1 : 0, dy = 1 - dx;
        const auto at = [&](double t) { return PixelPoint{x + t * dx, y + t * dy}; };
        const int x1 = x + static_cast<int>(dx), y1 = y + static_cast<int>(dy);
        if (x < 0 || y < 0 || x1 >= inside_.width || y1 >= inside_.height) return at(0.5);
        const bool begins = in(x, y);
        double low = 0, high = 1;
        for (int i = 0; i < 8; ++i) {
            const double middle = 0.5 * (low + high);
            (is_inside_(at(middle)) == begins ? low : high) = middle;
        }
        return at(0.5 * (low + high));
    }

  private:
    [[nodiscard]] std::size_t number(int x, int y) const {
        return static_cast<std::size_t>(y + 1) * static_cast<std::size_t>(inside_.width + 2) +
               static_cast<std::size_t>(x + 1);
    }

    ImageView<const std::uint8_t> inside_;
    const std::function<bool(PixelPoint)>& is_inside_;
};

double signed_area(const PixelPolygon& polygon) {
    double sum = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const PixelPoint a = polygon[i], b = polygon[(i + 1) % polygon.size()];
        sum += a.x * b.y - b.x * a.y;
    }
    return sum / 2;
}

}  // namespace

std::vector<PixelPolygon> outlines_of(ImageView<const std::uint8_t> inside,
                                      const std::function<bool(PixelPoint)>& is_inside) {
    const Edges edges(inside, is_inside);
    // Each cell of four pixels joins its crossed edges by steps about its inside corners; from
    // every edge goes one step, and holes are walked round the other way.
    std::map<std::size_t, std::size_t> next;
    for (int y = -1; y < inside.height; ++y) {
        for (int x = -1; x < inside.width; ++x) {
            const bool a = edges.in(x, y), b = edges.in(x + 1, y), c = edges.in(x + 1, y + 1),
                       d = edges.in(x, y + 1);
            const std::size_t top = edges.right(x, y), right = edges.below(x + 1, y),
                              bottom = edges.right(x, y + 1), left = edges.below(x, y);
            // Around the cell clockwise: entering steps begin where outside turns inside.
            const bool corner[4] = {a, b, c, d};
            const std::size_t side[4] = {top, right, bottom, left};
            for (int i = 0; i < 4; ++i) {
                // Side i lies between corners i and i + 1: a step ends where the inside begins.
                if (!corner[i] && corner[(i + 1) % 4]) {
                    // It came from the side where this run of inside corners ends.
                    int end = (i + 1) % 4;
                    while (corner[(end + 1) % 4])
                        end = (end + 1) % 4;
                    next[side[end]] = side[i];
                }
            }
        }
    }
    std::vector<PixelPolygon> outlines;
    while (!next.empty()) {
        std::size_t edge = next.begin()->first;
        PixelPolygon outline;
        while (true) {
            const auto step = next.find(edge);
            if (step == next.end()) break;
            outline.push_back(edges.crossing(edge));
            edge = step->second;
            next.erase(step);
        }
        if (outline.size() > 2 && signed_area(outline) > 0) outlines.push_back(std::move(outline));
    }
    std::stable_sort(outlines.begin(), outlines.end(), [](const auto& a, const auto& b) {
        return polygon_area(a) > polygon_area(b);
    });
    return outlines;
}

}  // namespace guide::simulate
