// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/geometry/export.hpp>
#include <guide/geometry/polyline.hpp>

#include <vector>

namespace guide {

/// A closed outline: the last point joins the first, which is not repeated. Simple (not
/// self-crossing) outlines only.
template <class Space>
using Polygon = std::vector<Point2<Space>>;

using PixelPolygon = Polygon<PixelSpace>;
using MmPolygon = Polygon<ImageMmSpace>;

/// Enclosed area in square units of the space, not negative (shoelace formula).
[[nodiscard]] GUIDE_GEOMETRY_EXPORT double polygon_area(const PixelPolygon& polygon);
[[nodiscard]] GUIDE_GEOMETRY_EXPORT double polygon_area(const MmPolygon& polygon);

/// Whether `p` lies inside (even-odd rule); points on the outline may count as either.
[[nodiscard]] GUIDE_GEOMETRY_EXPORT bool polygon_contains(const PixelPolygon& polygon,
                                                          PixelPoint p);
[[nodiscard]] GUIDE_GEOMETRY_EXPORT bool polygon_contains(const MmPolygon& polygon, MmPoint p);

/// Smallest distance from `p` to the outline; infinity for an empty polygon.
[[nodiscard]] GUIDE_GEOMETRY_EXPORT double distance_to_outline(const PixelPolygon& polygon,
                                                               PixelPoint p);
[[nodiscard]] GUIDE_GEOMETRY_EXPORT double distance_to_outline(const MmPolygon& polygon, MmPoint p);

[[nodiscard]] GUIDE_GEOMETRY_EXPORT MmPolygon polygon_to_mm(const PixelPolygon& polygon,
                                                            Spacing spacing);

/// Sets to `value` every pixel whose centre lies inside a polygon (even-odd over each one; overlaps
/// stay set).
GUIDE_GEOMETRY_EXPORT void fill_polygons(const std::vector<PixelPolygon>& polygons,
                                         ImageView<std::uint8_t> mask, std::uint8_t value = 255);

}  // namespace guide
