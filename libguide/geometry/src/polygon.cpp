// SPDX-License-Identifier: Apache-2.0
#include <guide/geometry/polygon.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace guide {
namespace {

template <class Space>
double area_of(const Polygon<Space>& polygon) {
    double twice = 0;
    for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        twice += polygon[j].x * polygon[i].y - polygon[i].x * polygon[j].y;
    }
    return std::abs(twice) / 2;
}

template <class Space>
bool inside(const Polygon<Space>& polygon, Point2<Space> p) {
    bool result = false;
    for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        const auto& a = polygon[i];
        const auto& b = polygon[j];
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) {
            result = !result;
        }
    }
    return result;
}

template <class Space>
double outline_distance(const Polygon<Space>& polygon, Point2<Space> p) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        best = std::min(best, distance_to_segment(p, polygon[j], polygon[i]));
    }
    return best;
}

void fill_one(const PixelPolygon& polygon, ImageView<std::uint8_t> mask, std::uint8_t value) {
    std::vector<double> crossings;
    for (int y = 0; y < mask.height; ++y) {
        crossings.clear();
        for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
            const auto& a = polygon[i];
            const auto& b = polygon[j];
            if ((a.y > y) != (b.y > y))
                crossings.push_back((b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x);
        }
        std::sort(crossings.begin(), crossings.end());
        for (std::size_t k = 0; k + 1 < crossings.size(); k += 2) {
            const int begin = static_cast<int>(std::max(0.0, std::ceil(crossings[k])));
            const int end =
                static_cast<int>(std::min(mask.width - 1.0, std::floor(crossings[k + 1])));
            for (int x = begin; x <= end; ++x)
                mask.at(x, y) = value;
        }
    }
}

}  // namespace

double polygon_area(const PixelPolygon& polygon) {
    return area_of(polygon);
}
double polygon_area(const MmPolygon& polygon) {
    return area_of(polygon);
}
bool polygon_contains(const PixelPolygon& polygon, PixelPoint p) {
    return inside(polygon, p);
}
bool polygon_contains(const MmPolygon& polygon, MmPoint p) {
    return inside(polygon, p);
}
double distance_to_outline(const PixelPolygon& polygon, PixelPoint p) {
    return outline_distance(polygon, p);
}
double distance_to_outline(const MmPolygon& polygon, MmPoint p) {
    return outline_distance(polygon, p);
}

MmPolygon polygon_to_mm(const PixelPolygon& polygon, Spacing spacing) {
    return to_mm(polygon, spacing);
}

void fill_polygons(const std::vector<PixelPolygon>& polygons, ImageView<std::uint8_t> mask,
                   std::uint8_t value) {
    for (const auto& polygon : polygons)
        fill_one(polygon, mask, value);
}

}  // namespace guide
