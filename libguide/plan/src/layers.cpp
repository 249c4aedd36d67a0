// SPDX-License-Identifier: Apache-2.0
#include "layers.hpp"

#include <algorithm>
#include <cmath>

namespace guide::plan {
namespace {

double height_of(const MmPolyline& line, double x) {
    if (x <= line.front().x) return line.front().y;
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (x > line[i].x || line[i].x <= line[i - 1].x) continue;
        const double t = (x - line[i - 1].x) / (line[i].x - line[i - 1].x);
        return line[i - 1].y + t * (line[i].y - line[i - 1].y);
    }
    return line.back().y;
}

/// The layer at `p`: the first whose lower border lies deeper.
std::size_t layer_at(const Scene& scene, MmPoint p) {
    std::size_t i = 0;
    while (i < scene.layers.size() && height_of(scene.layers[i].outline, p.x) <= p.y)
        ++i;
    return i;
}

}  // namespace

std::vector<LayerCrossing> layers_crossed(const Scene& scene, MmPoint entry, MmPoint target,
                                          double length) {
    constexpr double kStep = 0.1;  // mm
    std::vector<LayerCrossing> crossed;
    if (scene.layers.empty()) return crossed;
    const int steps = std::max(1, static_cast<int>(std::ceil(length / kStep)));
    double from = 0;
    std::size_t layer = layer_at(scene, lerp(entry, target, 0.5 / steps));
    for (int i = 1; i <= steps; ++i) {
        const double to = length * i / steps;
        const std::size_t next = i == steps
                                     ? scene.layers.size() + 1
                                     : layer_at(scene, lerp(entry, target, (i + 0.5) / steps));
        if (next == layer) continue;
        if (layer < scene.layers.size()) crossed.push_back({scene.layers[layer].kind, from, to});
        from = to;
        layer = next;
    }
    return crossed;
}

}  // namespace guide::plan
