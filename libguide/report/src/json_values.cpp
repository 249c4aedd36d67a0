// SPDX-License-Identifier: Apache-2.0
#include "json_values.hpp"

#include <cmath>

namespace guide::report {

Json json(double value) {
    if (!std::isfinite(value)) return nullptr;
    const double rounded = std::round(value * 1e4) / 1e4;
    return rounded == 0 ? 0.0 : rounded;  // no "-0.0"
}

Json json(const std::optional<double>& value) {
    return value ? json(*value) : Json(nullptr);
}

Json json(const std::optional<bool>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json json(PixelPoint p) {
    return Json::array({json(p.x), json(p.y)});
}

Json json(const std::optional<MmPoint>& p) {
    return p ? Json::array({json(p->x), json(p->y)}) : Json(nullptr);
}

Json json(const Eigen::Vector3d& p) {
    return Json::array({json(p.x()), json(p.y()), json(p.z())});
}

Json json(const PixelPolyline& points) {
    Json result = Json::array();
    for (const PixelPoint p : points)
        result.push_back(json(p));
    return result;
}

Json json(PixelBox box) {
    return Json::array({box.x0, box.y0, box.x1, box.y1});
}

Json json(const std::optional<Spacing>& spacing) {
    // Spacings are small numbers of which every digit counts.
    return spacing ? Json::array({spacing->x_mm, spacing->y_mm}) : Json(nullptr);
}

Json json(const std::vector<Reason>& reasons) {
    Json result = Json::array();
    for (const Reason& r : reasons)
        result.push_back({{"code", r.code}, {"text", r.text}});
    return result;
}

std::string text_of(const Json& document) {
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace guide::report
