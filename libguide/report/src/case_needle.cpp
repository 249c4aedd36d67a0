// SPDX-License-Identifier: Apache-2.0
#include "case_parts.hpp"

#include <guide/plan/needle.hpp>

#include <array>

namespace guide::report {
namespace {

constexpr const char* kTargets[] = {"joint-space",  "recess",        "trochlea",
                                    "medial-joint", "lateral-joint", "popliteal"};

Json json_of(const std::optional<Eigen::Vector3d>& v) {
    return v ? Json::array({v->x(), v->y(), v->z()}) : Json(nullptr);
}

}  // namespace

std::optional<Eigen::Vector3d> vector_of(const std::vector<double>& numbers) {
    if (numbers.empty()) return std::nullopt;
    return Eigen::Vector3d(numbers[0], numbers[1], numbers[2]);
}

void read_needle(Fields fields, CaseNeedle& n, bool fluoroscopy) {
    fields.whole("gauge", n.gauge, 1, 40);
    fields.number("length_mm", n.length_mm, 10, 250);
    if (const auto standard = plan::standard_needle(n.gauge, n.length_mm); !standard)
        fields.fail("gauge", "does not fit: " + standard.error().text);
    if (fluoroscopy) n.target = "recess";
    int target = fluoroscopy ? 1 : 0;
    fields.word("target", target, kTargets);
    n.target = kTargets[target];
    if (fluoroscopy && target == 0) {
        fields.fail("target",
                    "is \"joint-space\", which ultrasound frames alone have; name a "
                    "place, such as recess.");
    }
    n.tip_mm = vector_of(fields.numbers("tip_mm", 3, -400, 400));
    n.direction = vector_of(fields.numbers("direction", 3, -1e6, 1e6));
    if (n.direction) {
        if (!(n.direction->norm() > 1e-9)) fields.fail("direction", "has no length.");
        n.direction->normalize();
    }
    if (n.tip_mm && !n.direction) fields.fail("tip_mm", "needs a direction beside it.");
    if (fluoroscopy && !n.direction) fields.fail("direction", "is needed in fluoroscopy.");
    fields.number("angle_deg", n.angle_deg, 0, 90);
    if (n.angle_deg && n.direction) fields.fail("angle_deg", "does not go with a direction.");
    int across = n.across_plane ? 1 : 0, right = n.from_right ? 1 : 0;
    fields.word("plane", across, std::array{"in", "across"});
    fields.word("from", right, kCaseSides);
    n.across_plane = across == 1;
    n.from_right = right == 1;
    fields.number("off_plane_mm", n.off_plane_mm, -30, 30);
    fields.number("short_of_target_mm", n.short_of_target_mm, -30, 100);
    fields.number("bend_mm", n.bend_mm, 0, 30);
    fields.number("bevel_deg", n.bevel_deg, 5, 90);
    fields.number("echogenic", n.echogenic, 0, 1);
    if (fluoroscopy && fields.find("drag_mm") != nullptr)
        fields.fail("drag_mm", "goes with ultrasound alone.");
    fields.number("drag_mm", n.drag_mm, 0, 2);
    fields.no_other_field();
}

Json json_of(const CaseNeedle& n) {
    Json result = {{"gauge", n.gauge},
                   {"length_mm", n.length_mm},
                   {"target", n.target},
                   {"tip_mm", json_of(n.tip_mm)},
                   {"direction", json_of(n.direction)},
                   {"angle_deg", n.angle_deg ? Json(*n.angle_deg) : Json(nullptr)},
                   {"plane", n.across_plane ? "across" : "in"},
                   {"from", kCaseSides[n.from_right ? 1 : 0]},
                   {"off_plane_mm", n.off_plane_mm},
                   {"short_of_target_mm", n.short_of_target_mm},
                   {"bend_mm", n.bend_mm},
                   {"bevel_deg", n.bevel_deg},
                   {"echogenic", n.echogenic}};
    if (n.drag_mm > 0) result["drag_mm"] = n.drag_mm;
    return result;
}

}  // namespace guide::report
