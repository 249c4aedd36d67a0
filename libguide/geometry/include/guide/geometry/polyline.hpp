// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/export.hpp>
#include <guide/geometry/pixel_grid.hpp>

#include <vector>

namespace guide {

/// Points joined by straight segments, open.
template <class Space>
using Polyline = std::vector<Point2<Space>>;

using PixelPolyline = Polyline<PixelSpace>;
using MmPolyline = Polyline<ImageMmSpace>;

/// Sum of the segment lengths, in the unit of the space; 0 for fewer than two points.
[[nodiscard]] GUIDE_GEOMETRY_EXPORT double polyline_length(const PixelPolyline& line);
[[nodiscard]] GUIDE_GEOMETRY_EXPORT double polyline_length(const MmPolyline& line);

/// Smallest distance from `p` to the line; infinity for an empty line.
[[nodiscard]] GUIDE_GEOMETRY_EXPORT double distance_to_polyline(PixelPoint p,
                                                                const PixelPolyline& line);
[[nodiscard]] GUIDE_GEOMETRY_EXPORT double distance_to_polyline(MmPoint p, const MmPolyline& line);

/// Points along the line no more than `step` apart, its own points included. Throws
/// PreconditionError for step <= 0.
[[nodiscard]] GUIDE_GEOMETRY_EXPORT PixelPolyline densify(const PixelPolyline& line, double step);
[[nodiscard]] GUIDE_GEOMETRY_EXPORT MmPolyline densify(const MmPolyline& line, double step);

[[nodiscard]] GUIDE_GEOMETRY_EXPORT MmPolyline to_mm(const PixelPolyline& line, Spacing spacing);

}  // namespace guide
