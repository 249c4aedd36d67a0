// SPDX-License-Identifier: Apache-2.0
#include "support/sample_scene.hpp"

#include <guide/plan/check.hpp>
#include <guide/plan/plan.hpp>
#include <guide/plan/remedy.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace guide;
using namespace guide::plan;
using namespace guide::test;

namespace {

constexpr double kPi = 3.14159265358979;

bool rejected_for(const Plan& plan, const std::string& code) {
    return std::ranges::any_of(plan.rejected, [&](const auto& r) { return r.code == code; });
}

bool warned(const Candidate& c, const std::string& code) {
    return std::ranges::any_of(c.warnings, [&](const auto& w) { return w.code == code; });
}

}  // namespace

TEST_CASE("geometry: the layers on the way are named, and add up to the path") {
    auto a = suprapatellar();
    a.layers = {{"skin", {{0, 20}, {499, 20}}},
                {"subcutaneous fat", {{100, 60}, {400, 60}}},
                {"quadriceps tendon", {{0, 90}, {499, 90}}}};
    const auto plan = plan_trajectories(a);
    REQUIRE_FALSE(plan.candidates.empty());
    const auto& c = plan.candidates[0];
    REQUIRE(c.layers.size() == 3);
    CHECK(c.layers[0].name == "skin");
    CHECK(c.layers[1].name == "subcutaneous fat");
    CHECK(c.layers[2].name == "quadriceps tendon");
    CHECK(c.layers[0].from_mm == 0);
    for (std::size_t i = 1; i < c.layers.size(); ++i)
        CHECK(c.layers[i].from_mm == c.layers[i - 1].to_mm);
    // Skin of 2 mm at the path's angle.
    CHECK(c.layers[0].to_mm == Approx(2 / std::sin(c.angle_deg * kPi / 180)).margin(0.15));
    CHECK(c.layers[2].to_mm < *c.path_mm);
}

TEST_CASE("geometry: how much of the path lies beside the picture is said") {
    const auto plan = plan_trajectories(suprapatellar());
    REQUIRE_FALSE(plan.candidates.empty());
    for (const auto& c : plan.candidates) {
        const double aside = c.entry_mm->x < 0 ? -0.05 - c.entry_mm->x : c.entry_mm->x - 49.95;
        CHECK(*c.unseen_mm == Approx(aside / std::cos(c.angle_deg * kPi / 180)).margin(0.02));
    }
}

TEST_CASE("geometry: no path crosses what was not seen, unless the approach allows it") {
    auto a = suprapatellar();
    a.unseen = {{"shadow", {{40, 0}, {60, 0}, {60, 399}, {40, 399}}}};
    const auto plan = plan_trajectories(a);
    REQUIRE(plan.status == PlanStatus::planned);
    CHECK(rejected_for(plan, "not-seen"));
    for (const auto& c : plan.candidates)
        CHECK(c.entry.x > 499);
    PlanOptions options;
    Approach own = *find_approach("superolateral");
    own.allows_unseen = true;
    options.own_approaches = {own};
    options.approach = "superolateral";
    const auto through = plan_trajectories(a, options);
    REQUIRE_FALSE(through.candidates.empty());
    CHECK(through.candidates[0].entry.x < 0);
    CHECK(warned(through.candidates[0], "crosses-unseen"));
}

TEST_CASE("geometry: the needle comes from the side of the knee that the approach says") {
    PlanOptions options;
    options.needle = *standard_needle(22, 90);
    options.approach = "superolateral";
    options.lateral_side = FrameSide::right;
    for (const auto& c : plan_trajectories(suprapatellar(), options).candidates)
        CHECK(c.entry.x > 499);
    options.approach = "superomedial";
    const auto medial = plan_trajectories(suprapatellar(), options);
    REQUIRE_FALSE(medial.candidates.empty());
    for (const auto& c : medial.candidates)
        CHECK(c.entry.x < 0);
}

TEST_CASE("geometry: out of plane the needle enters in front of the probe and is steep") {
    auto a = suprapatellar();
    a.view = View::medial;
    PlanOptions options;
    options.approach = "mid-medial-out-of-plane";
    const auto plan = plan_trajectories(a, options);
    REQUIRE(plan.status == PlanStatus::planned);
    const auto& c = plan.candidates[0];
    CHECK(*c.out_of_plane_mm >= 12);  // half of the probe and the gap
    CHECK((c.angle_deg >= 30 && c.angle_deg <= 80));
    const double across = c.target_mm->x - c.entry_mm->x, down = c.target_mm->y - c.entry_mm->y;
    CHECK(*c.path_mm == Approx(std::hypot(across, down, *c.out_of_plane_mm)));
    CHECK(*c.unseen_mm == Approx(*c.path_mm * (1 - 1.5 / *c.out_of_plane_mm)));
    CHECK(warned(c, "out-of-plane"));
    // The picture's section is taken to go on in front of it.
    a.obstacles = {{"vessel", {{0, 40}, {499, 40}, {499, 50}, {0, 50}}}};
    CHECK(plan_trajectories(a, options).status == PlanStatus::refused);
}

TEST_CASE("geometry: along the beam the needle is a dot over the joint space") {
    Anatomy a;
    a.grid = {224, 224, Spacing{0.5, 0.5}};
    a.content_box = a.grid.bounds();
    a.view = View::xray_lateral;
    JointSpace joint;
    joint.contours = {PixelPolygon{{40, 100}, {100, 100}, {100, 120}, {40, 120}}};
    joint.target = {80, 111};
    joint.confidence = 0.9;
    a.joint_space = joint;
    PlanOptions options;
    options.approach = "fluoro-lateral-patellofemoral";
    const auto plan = plan_trajectories(a, options);
    REQUIRE(plan.status == PlanStatus::planned);
    CHECK(plan.candidates[0].entry == plan.candidates[0].target);
    CHECK(warned(plan.candidates[0], "depth-not-seen"));
    options.approach = "fluoro-paramedian";
    CHECK(plan_trajectories(a, options).status == PlanStatus::planned);
}

TEST_CASE("geometry: along the beam the middle of a narrow oblique space is met") {
    Anatomy a;
    a.grid = {400, 400, Spacing{0.5, 0.5}};
    a.content_box = a.grid.bounds();
    a.view = View::xray_lateral;
    JointSpace joint;
    joint.contours = {PixelPolygon{{40, 60}, {160, 180}, {160, 184}, {40, 64}}};
    joint.target = {100, 121};
    joint.confidence = 0.9;
    a.joint_space = joint;
    PlanOptions options;
    options.approach = "mine";
    options.own_approaches = {*find_approach("fluoro-lateral-patellofemoral")};
    options.own_approaches[0].name = "mine";
    options.own_approaches[0].target = TargetRule::best_score;
    const auto plan = plan_trajectories(a, options);
    REQUIRE(plan.status == PlanStatus::planned);
    // 1.41 mm thick; in the middle of it, and not at one of its ends.
    const auto& c = plan.candidates[0];
    CHECK(c.clearance_mm.at("wall") > 0.6);
    CHECK((c.target.x > 55 && c.target.x < 145));
}

TEST_CASE("geometry: a needle thicker than the joint space is refused by one sentence") {
    auto a = suprapatellar();
    a.joint_space->contours = {PixelPolygon{{120, 126}, {280, 126}, {280, 132}, {120, 132}}};
    a.joint_space->target = {200, 129};
    PlanOptions options;
    options.needle = *standard_needle(18, 50);
    const auto plan = plan_trajectories(a, options);
    REQUIRE(plan.status == PlanStatus::refused);
    CHECK(plan.candidates.empty());
    CHECK(plan.reason->code == "needle-thickness");
    CHECK_THAT(plan.reason->text, Catch::Contains("18G") && Catch::Contains("0.6 mm"));
    REQUIRE(plan.rejected.size() == 1);
    CHECK(plan.rejected[0].closest == Approx(1.27 - 0.6).margin(0.03));
    // A drawn path hears the same.
    const auto drawn = check_trajectory(a, {{-200, 0}, {200, 129}}, options);
    CHECK(std::ranges::any_of(drawn->broken,
                              [](const auto& b) { return b.code == "needle-thickness"; }));
    // What helps is a thinner one.
    const auto remedies = find_remedies(a, options);
    REQUIRE(remedies.size() == 1);
    CHECK(remedies[0].code == "thinner-needle");
    for (const int gauge : standard_gauges()) {
        if (standard_needle(gauge, 50)->outer_diameter_mm == remedies[0].amount)
            options.needle = *standard_needle(gauge, 50);
    }
    CHECK(plan_trajectories(a, options).status == PlanStatus::planned);
}

TEST_CASE("geometry: a needle thicker than the joint space at its tip is warned of") {
    auto a = suprapatellar();
    // Thin on the left, where its surest point lies; thick on the right.
    a.joint_space->contours = {PixelPolygon{{120, 127},
                                            {240, 127},
                                            {250, 110},
                                            {300, 110},
                                            {300, 150},
                                            {250, 150},
                                            {240, 132},
                                            {120, 132}}};
    a.joint_space->target = {180, 129.5};
    PlanOptions options;
    options.needle = *standard_needle(20, 70);
    const auto plan = plan_trajectories(a, options);
    REQUIRE_FALSE(plan.candidates.empty());
    CHECK(warned(plan.candidates[0], "needle-thicker-than-space"));
}
