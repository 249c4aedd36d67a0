// SPDX-License-Identifier: Apache-2.0
// Wires in the beam, and the second arm.
#include "case_parts.hpp"

#include <cstddef>
#include <string>

namespace guide::report {

void read_biplane(Fields fields, CaseBiplane& b) {
    fields.number("primary_deg", b.primary_deg, -180, 180);
    fields.number("secondary_deg", b.secondary_deg, -60, 60);
    fields.number("roll_deg", b.roll_deg, -180, 180);
    fields.no_other_field();
}

Json json_of(const CaseBiplane& b) {
    return {{"primary_deg", b.primary_deg},
            {"secondary_deg", b.secondary_deg},
            {"roll_deg", b.roll_deg}};
}

std::vector<CaseWire> read_wires(const Fields& fields, const Json& list) {
    constexpr std::size_t kMost = 100, kMostPoints = 1000;
    if (!list.is_array() || list.size() > kMost)
        fields.fail("wires", "is not a list of at most 100 wires.");
    std::vector<CaseWire> wires;
    for (const Json& entry : list) {
        const std::string path = "wires[" + std::to_string(wires.size()) + "]";
        Fields f(entry, path);
        CaseWire& w = wires.emplace_back();
        f.text("name", w.name);
        f.number("radius_mm", w.wire.radius_mm, 0.05, 5);
        const Json* points = f.find("points_mm");
        if (points == nullptr || !points->is_array() || points->size() < 2 ||
            points->size() > kMostPoints)
            f.fail("points_mm", "is not a list of 2 to 1000 points.");
        for (const Json& point : *points) {
            Json named = Json::object();
            named["points_mm"] = point;
            const auto p = vector_of(Fields(named, path).numbers("points_mm", 3, -400, 400));
            if (!p) f.fail("points_mm", "is not a list of points of 3 numbers.");
            w.wire.points.push_back(*p);
        }
        f.no_other_field();
    }
    return wires;
}

Json json_of(const std::vector<CaseWire>& wires) {
    Json result = Json::array();
    for (const CaseWire& w : wires) {
        Json points = Json::array();
        for (const Eigen::Vector3d& p : w.wire.points)
            points.push_back(Json::array({p.x(), p.y(), p.z()}));
        result.push_back(
            {{"name", w.name}, {"radius_mm", w.wire.radius_mm}, {"points_mm", points}});
    }
    return result;
}

}  // namespace guide::report
