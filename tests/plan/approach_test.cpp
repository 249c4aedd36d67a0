// SPDX-License-Identifier: Apache-2.0
#include "support/sample_scene.hpp"

#include <guide/core/error.hpp>
#include <guide/plan/plan.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

using namespace guide;
using namespace guide::plan;
using namespace guide::test;

TEST_CASE("approach: every entry of the table is right, named once, and says where it is from") {
    std::set<std::string> names;
    for (const Approach& a : approaches()) {
        INFO(a.name);
        CHECK(a.validate().has_value());
        CHECK(names.insert(a.name).second);
        CHECK_FALSE(a.text.empty());
        CHECK_FALSE(a.source.empty());
        CHECK_FALSE(a.position.empty());
        CHECK_FALSE(a.needles.empty());
        CHECK(a.margin_mm("vessel") == 5);
        CHECK(a.margin_mm("anything") == 2);
    }
    for (const char* name :
         {"superolateral", "superomedial", "midlateral", "mid-medial", "joint-line-lateral",
          "infrapatellar-anterolateral", "infrapatellar-anteromedial", "bakers-cyst",
          "fluoro-lateral-patellofemoral", "fluoro-anterolateral", "fluoro-paramedian"})
        CHECK(names.count(name) == 1);
}

TEST_CASE("approach: one that makes no sense is refused by name and field") {
    const auto fault_of = [](auto change) {
        Approach a = *find_approach("superolateral");
        a.name = "mine";
        change(a);
        const auto valid = a.validate();
        return valid ? std::string("none") : valid.error().text;
    };
    using Catch::Contains;
    CHECK_THAT(fault_of([](Approach& a) { a.bone_margin_mm = -1; }),
               Contains("mine") && Contains("bone_margin_mm"));
    CHECK_THAT(fault_of([](Approach& a) { a.wall_margin_mm = std::nan(""); }),
               Contains("wall_margin_mm"));
    CHECK_THAT(fault_of([](Approach& a) { a.angle_least_deg = 50; }), Contains("angle_least_deg"));
    CHECK_THAT(fault_of([](Approach& a) { a.angle_preferred_deg = 80; }),
               Contains("angle_preferred_deg"));
    CHECK_THAT(fault_of([](Approach& a) { a.margins = {{"vessel", -5}}; }), Contains("vessel"));
    CHECK_THAT(fault_of([](Approach& a) {
                   a.margins = {{"vessel", 5}, {"vessel", 2}};
               }),
               Contains("vessel") && Contains("twice"));
    CHECK_THAT(fault_of([](Approach& a) { a.margins = {{"", 5}}; }), Contains("margins"));
    CHECK_THAT(fault_of([](Approach& a) { a.other_margin_mm = -0.1; }),
               Contains("other_margin_mm"));
    CHECK_THAT(fault_of([](Approach& a) { a.depth_limit_mm = 0; }), Contains("depth_limit_mm"));
    CHECK_THAT(fault_of([](Approach& a) { a.accuracy = 1.5; }), Contains("accuracy"));
    CHECK_THAT(fault_of([](Approach& a) { a.views = {View::xray_ap}; }),
               Contains("beside-probe") && Contains("xray-ap"));
    CHECK_THAT(fault_of([](Approach& a) { a.entry = EntryRule::frame_side; }),
               Contains("frame-side"));
    CHECK_THAT(fault_of([](Approach& a) { a.name = "auto"; }), Contains("auto"));
    CHECK_THAT(fault_of([](Approach& a) { a.name.clear(); }), Contains("no name"));
    CHECK_THAT(fault_of([](Approach& a) { a.views = {}; }), Contains("views"));
    CHECK_THAT(fault_of([](Approach& a) { a.needles = {"22X:50mm"}; }), Contains("22X:50mm"));
    CHECK_THAT(fault_of([](Approach& a) { a.flexion_high_deg = 400; }), Contains("flexion"));
    CHECK(fault_of([](Approach&) {}) == "none");
}

TEST_CASE("approach: an own one is found, comes first, and replaces one of the same name") {
    Approach own = *find_approach("superolateral");
    own.name = "from-above";
    const std::vector<Approach> mine{own};
    CHECK(find_approach("from-above", mine) == &mine[0]);
    CHECK(find_approach("from-above") == nullptr);
    CHECK(approaches_for(View::suprapatellar_long, mine)[0]->name == "from-above");
    PlanOptions options;
    options.own_approaches = mine;
    CHECK(plan_trajectories(suprapatellar(), options).approach == "from-above");
    options.own_approaches[0].name = "superolateral";
    options.own_approaches[0].angle_limit_deg = 31;
    const auto plan = plan_trajectories(suprapatellar(), options);
    CHECK(plan.approach == "superolateral");
    for (const auto& c : plan.candidates)
        CHECK(c.angle_deg <= 31);
    options.own_approaches[0].depth_limit_mm = 0;
    CHECK_THROWS_WITH(plan_trajectories(suprapatellar(), options),
                      Catch::Contains("superolateral") && Catch::Contains("depth_limit_mm"));
}

TEST_CASE("approach: auto goes on to the next one when the first is blocked") {
    auto a = suprapatellar();
    a.view = View::medial;
    // From the sides a vessel at the skin; above the recess the way is free.
    a.obstacles = {{"vessel", {{-600, 0}, {-5, 0}, {-5, 90}, {-600, 90}}},
                   {"vessel", {{505, 0}, {1100, 0}, {1100, 90}, {505, 90}}}};
    const auto plan = plan_trajectories(a);
    CHECK(plan.status == PlanStatus::planned);
    CHECK(plan.approach == "mid-medial-out-of-plane");
}
