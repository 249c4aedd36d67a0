// SPDX-License-Identifier: Apache-2.0
#include "support/sample_scene.hpp"

#include <guide/core/error.hpp>
#include <guide/plan/plan.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace guide;
using namespace guide::plan;
using namespace guide::test;

namespace {

const Rejection* rejection(const Plan& plan, const std::string& code) {
    for (const auto& r : plan.rejected) {
        if (r.code == code) return &r;
    }
    return nullptr;
}

}  // namespace

TEST_CASE("plan: a clear recess gets ranked paths that keep every limit") {
    const auto plan = plan_trajectories(suprapatellar());
    REQUIRE(plan.status == PlanStatus::planned);
    CHECK(plan.approach == "superolateral");
    REQUIRE(plan.candidates.size() >= 2);
    int rank = 1;
    for (const auto& c : plan.candidates) {
        CHECK(c.rank == rank++);
        CHECK(c.angle_deg <= 45);
        CHECK(*c.path_mm <= 45);
        CHECK(*c.path_mm == Approx(distance(*c.entry_mm, *c.target_mm)));
        CHECK(c.entry_mm->x == Approx(c.entry.x * 0.1));
        CHECK((c.entry.x < 0 || c.entry.x > 499));
        CHECK(c.entry.y == Approx(0).margin(1e-9));
        CHECK(c.clearance_mm.at("bone") >= 2);
        CHECK(c.clearance_mm.at("wall") >= 1);
        CHECK(polygon_contains(suprapatellar().joint_space->contours[0], c.target));
        CHECK((*c.p_hit > 0 && *c.p_hit <= 1));
    }
    CHECK(plan.candidates[0].target == PixelPoint{200, 130});
    CHECK(plan.candidates[0].entry.x < 0);  // the recess lies nearer to the left end of the face
}

TEST_CASE("plan: the hit probability is the Gaussian's mass in a strip") {
    // A strip of +-4 mm, sigma 2: P = erf(4 / (2 sqrt 2)) = 0.9545 when it is long.
    auto a = suprapatellar();
    a.joint_space->contours = {PixelPolygon{{-2000, 90}, {2000, 90}, {2000, 170}, {-2000, 170}}};
    a.joint_space->boundary_sigma_px = 0;
    PlanOptions options;
    options.aiming_sigma_mm = 2;
    const auto plan = plan_trajectories(a, options);
    REQUIRE_FALSE(plan.candidates.empty());
    CHECK(*plan.candidates[0].p_hit == Approx(0.9545).margin(0.01));
}

TEST_CASE("plan: a needle that is too short is refused with the missing millimetres") {
    PlanOptions options;
    options.needle = *standard_needle(22, 25);
    const auto plan = plan_trajectories(suprapatellar(), options);
    CHECK(plan.status == PlanStatus::refused);
    CHECK(plan.reason->code == "all-paths-refused");
    const auto* r = rejection(plan, "needle-length");
    REQUIRE(r != nullptr);
    CHECK(r->count > 0);
    // Best case: entry 5 mm beyond the face, target grid's nearest point some 12 mm deep: at least
    // 8 mm too short.
    CHECK(r->closest > 0);
    CHECK(r->unit == "mm");
}

TEST_CASE("plan: bone across every way refuses, and says by how much") {
    auto a = suprapatellar();
    a.bones.push_back({BoneKind::patella, {{-1000, 60}, {1500, 60}}, 0.9});
    const auto plan = plan_trajectories(a);
    CHECK(plan.status == PlanStatus::refused);
    REQUIRE(rejection(plan, "bone-clearance") != nullptr);
    CHECK(rejection(plan, "bone-clearance")->closest == Approx(2 + 0.718 / 2));
}

TEST_CASE("plan: a patella on one side sends the needle to the other") {
    auto a = suprapatellar();
    a.bones.push_back({BoneKind::patella, {{-100, 30}, {110, 80}}, 0.9});
    const auto plan = plan_trajectories(a);
    REQUIRE(plan.status == PlanStatus::planned);
    for (const auto& c : plan.candidates)
        CHECK(c.entry.x > 499);
}

TEST_CASE("plan: no path runs behind a patella, nor from beyond the picture's end of it") {
    auto a = suprapatellar();
    a.bones.push_back({BoneKind::patella, {{420, 60}, {499, 50}}, 0.9});
    PlanOptions options;
    options.needle = *standard_needle(22, 120);
    options.entry_reach_mm = 100;
    options.candidate_limit = 100000;
    const auto plan = plan_trajectories(a, options);
    REQUIRE_FALSE(plan.candidates.empty());
    for (const auto& c : plan.candidates)
        CHECK(c.entry.x < 0);
    REQUIRE(rejection(plan, "behind-bone") != nullptr);
}

TEST_CASE("plan: an obstacle on every way refuses, one beside the way is reported") {
    auto a = suprapatellar();
    a.obstacles = {{"vessel", {{-1000, 40}, {1500, 40}, {1500, 50}, {-1000, 50}}}};
    const auto blocked = plan_trajectories(a);
    CHECK(blocked.status == PlanStatus::refused);
    REQUIRE(rejection(blocked, "vessel") != nullptr);
    CHECK(rejection(blocked, "vessel")->closest == Approx(5 + 0.718 / 2));
    a.obstacles = {{"vessel", {{480, 300}, {490, 300}, {485, 310}}}};
    const auto free = plan_trajectories(a);
    REQUIRE(free.status == PlanStatus::planned);
    CHECK(free.candidates[0].clearance_mm.at("vessel") > 5);
}

TEST_CASE("plan: a slit that falls between the paths of the grid is found") {
    auto a = suprapatellar();
    PlanOptions options;
    options.approach = "mine";
    options.own_approaches = {*find_approach("superolateral")};
    options.own_approaches[0].name = "mine";
    options.own_approaches[0].other_margin_mm = 1;
    bool before = false;
    int hidden = 0;
    for (int gap = 30; gap <= 90; gap += 3) {
        // A sheet of tendon over the whole width, with a hole on the left.
        a.obstacles = {{"tendon", {{-2000, 60}, {60, 60}, {60, 64}, {-2000, 64}}},
                       {"tendon", {{60.0 + gap, 60}, {2500, 60}, {2500, 64}, {60.0 + gap, 64}}}};
        const auto plan = plan_trajectories(a, options);
        const bool planned = plan.status == PlanStatus::planned;
        INFO("hole of " << gap / 10.0 << " mm");
        if (before) CHECK(planned);
        if (planned && plan.allowed == 0) ++hidden;
        before = planned;
        if (planned) CHECK(plan.candidates[0].clearance_mm.at("tendon") >= 1 - 1e-6);
    }
    CHECK(before);
    CHECK(hidden > 0);
}

TEST_CASE("plan: between two parts of a recess bone keeps its margin") {
    auto a = suprapatellar();
    // A path from the left to the right part passes a spur between them at less than the margin.
    a.joint_space->contours = {ellipse(330, 130, 60, 30), ellipse(120, 120, 40, 30)};
    a.joint_space->target = {330, 130};
    a.bones = {{BoneKind::bone, {{200, 250}, {215, 126}, {230, 250}}, 0.9}};
    PlanOptions options;
    options.candidate_limit = 100000;
    options.needle = *standard_needle(22, 90);
    const auto plan = plan_trajectories(a, options);
    REQUIRE(rejection(plan, "bone-clearance") != nullptr);
    REQUIRE_FALSE(plan.candidates.empty());
    for (const auto& c : plan.candidates) {
        if (c.entry.x > 0 || c.target.x < 230) continue;
        const auto way = *c.target_mm - *c.entry_mm;
        const double at_spur = c.entry_mm->y + way.y * (21.5 - c.entry_mm->x) / way.x;
        CHECK(at_spur < 12.6 - 2);
    }
}

TEST_CASE("plan: without calibration there are pixels and no millimetre") {
    const auto plan = plan_trajectories(suprapatellar(std::nullopt));
    CHECK(plan.status == PlanStatus::uncalibrated);
    CHECK(plan.reason->code == "no-calibration");
    REQUIRE_FALSE(plan.candidates.empty());
    for (const auto& c : plan.candidates) {
        CHECK_FALSE(c.path_mm);
        CHECK_FALSE(c.entry_mm);
        CHECK_FALSE(c.target_mm);
        CHECK_FALSE(c.p_hit);
        CHECK_FALSE(c.tip_sigma_mm);
        CHECK(c.clearance_mm.empty());
    }
}

TEST_CASE("plan: no joint space, wrong view and unknown view are refused with their reason") {
    auto a = suprapatellar();
    a.joint_space = no_answer("no-joint-space", "None.");
    CHECK(plan_trajectories(a).reason->code == "no-joint-space");
    a = suprapatellar();
    a.view = View::trochlea;
    CHECK(plan_trajectories(a).reason->code == "no-approach");
    PlanOptions options;
    options.approach = "bakers-cyst";
    CHECK(plan_trajectories(suprapatellar(), options).reason->code == "wrong-view");
}

TEST_CASE("plan: options that make no sense are a wrong call that names them") {
    const auto fault_of = [](auto change) {
        PlanOptions options;
        change(options);
        try {
            (void)plan_trajectories(suprapatellar(), options);
        } catch (const PreconditionError& error) {
            return std::string(error.what());
        }
        return std::string("none");
    };
    using Catch::Contains;
    CHECK(fault_of([](PlanOptions&) {}) == "none");
    CHECK_THAT(fault_of([](PlanOptions& o) { o.approach = "nonsense"; }), Contains("nonsense"));
    CHECK_THAT(fault_of([](PlanOptions& o) { o.aiming_sigma_mm = std::nan(""); }),
               Contains("aiming_sigma_mm"));
    CHECK_THAT(fault_of([](PlanOptions& o) { o.hub_reserve_mm = 60; }), Contains("hub_reserve_mm"));
    CHECK_THAT(fault_of([](PlanOptions& o) { o.probe_gap_mm = -1; }), Contains("probe_gap_mm"));
    CHECK_THAT(fault_of([](PlanOptions& o) { o.probe_gap_mm = 50; }), Contains("entry_reach_mm"));
    CHECK_THAT(fault_of([](PlanOptions& o) { o.slice_thickness_mm = 0; }),
               Contains("slice_thickness_mm"));
    CHECK_THAT(fault_of([](PlanOptions& o) { o.candidate_limit = 0; }),
               Contains("candidate_limit"));
    CHECK_THAT(fault_of([](PlanOptions& o) { o.keep_bonus = 2; }), Contains("keep_bonus"));
    CHECK_THAT(fault_of([](PlanOptions& o) { o.errors.motion_mm = -1; }), Contains("motion_mm"));
    CHECK_THAT(fault_of([](PlanOptions& o) { o.needle.outer_diameter_mm = -1; }),
               Contains("outer_diameter_mm"));
    const auto own = [&](auto change) {
        return fault_of([&](PlanOptions& o) {
            o.own_approaches = {*find_approach("superolateral")};
            o.own_approaches[0].name = "mine";
            change(o.own_approaches);
        });
    };
    CHECK_THAT(own([](auto& table) { table[0].bone_margin_mm = -2; }),
               Contains("mine") && Contains("bone_margin_mm"));
    CHECK_THAT(own([](auto& table) { table[0].angle_least_deg = 60; }),
               Contains("mine") && Contains("angle_least_deg"));
    CHECK_THAT(own([](auto& table) { table.push_back(table[0]); }),
               Contains("mine") && Contains("twice"));
}

TEST_CASE("plan: the mirrored scene has the mirrored plan") {
    const auto plan = plan_trajectories(suprapatellar());
    const auto other = plan_trajectories(mirrored(suprapatellar()));
    REQUIRE(plan.candidates.size() == other.candidates.size());
    for (std::size_t i = 0; i < plan.candidates.size(); ++i) {
        CHECK(other.candidates[i].score == Approx(plan.candidates[i].score));
        CHECK(other.candidates[i].angle_deg == Approx(plan.candidates[i].angle_deg));
    }
    CHECK(other.candidates[0].target.x == Approx(499 - plan.candidates[0].target.x));
    CHECK(other.candidates[0].entry.x == Approx(499 - plan.candidates[0].entry.x));
}

TEST_CASE("plan: scaling pixels together with the spacing changes no millimetre") {
    auto big = suprapatellar(Spacing{0.05, 0.05});
    auto twice = [](PixelPoint& p) { p = {2 * p.x, 2 * p.y}; };
    big.grid.width *= 2;
    big.grid.height *= 2;
    for (auto& p : big.skin)
        twice(p);
    for (auto& bone : big.bones) {
        for (auto& p : bone.points)
            twice(p);
    }
    for (auto& p : big.joint_space->contours[0])
        twice(p);
    twice(big.joint_space->target);
    big.joint_space->boundary_sigma_px *= 2;
    const auto a = plan_trajectories(suprapatellar()), b = plan_trajectories(big);
    REQUIRE(a.candidates.size() == b.candidates.size());
    CHECK(*b.candidates[0].path_mm == Approx(*a.candidates[0].path_mm));
    CHECK(*b.candidates[0].p_hit == Approx(*a.candidates[0].p_hit));
    CHECK(b.candidates[0].clearance_mm.at("bone") ==
          Approx(a.candidates[0].clearance_mm.at("bone")));
}

TEST_CASE("plan: a longer needle never takes a path away") {
    int before = 0;
    for (const double length : {25.0, 38.0, 50.0, 90.0}) {
        PlanOptions options;
        options.needle = *standard_needle(22, length);
        const auto count = plan_trajectories(suprapatellar(), options).allowed;
        CHECK(count >= before);
        before = count;
    }
    CHECK(before > 0);
}

TEST_CASE("plan: along an X-ray joint line, from either side, never through bone") {
    Anatomy a;
    a.grid = {224, 224, std::nullopt};
    a.content_box = a.grid.bounds();
    a.view = View::xray_ap;
    const PixelPolygon band{{40, 106}, {184, 106}, {184, 116}, {40, 116}};
    JointSpace joint;
    joint.contours = {band};
    joint.target = {80, 111};
    joint.confidence = 0.9;
    a.joint_space = joint;
    a.bones = {{BoneKind::femur, {{40, 105}, {184, 105}}, 0.9},
               {BoneKind::tibia, {{40, 117}, {184, 117}}, 0.9}};
    const auto plan = plan_trajectories(a);
    CHECK(plan.status == PlanStatus::uncalibrated);
    CHECK(plan.approach == "ap-joint-line");
    REQUIRE_FALSE(plan.candidates.empty());
    for (const auto& c : plan.candidates) {
        CHECK(c.angle_deg <= 30);
        CHECK(polygon_contains(band, c.target));
        CHECK(std::abs(c.target.x - 112) >= 24);  // the notch's third is left alone
    }

    a.bones.push_back({BoneKind::bone, {{35, 0}, {35, 223}}, 0.9});  // a wall before the left side
    for (const auto& c : plan_trajectories(a).candidates)
        CHECK(c.entry.x > 100);
}

TEST_CASE("plan: a wide notch does not set the margin that the narrow compartments have to keep") {
    Anatomy a;
    a.grid = {224, 224, std::nullopt};
    a.content_box = a.grid.bounds();
    a.view = View::xray_ap;
    JointSpace joint;  // compartments 8 px wide, the notch 40
    joint.contours = {
        {{30, 108}, {88, 108}, {96, 76}, {128, 76}, {136, 108}, {194, 108}, {194, 116}, {30, 116}}};
    joint.target = {60, 112};
    joint.confidence = 0.9;
    a.joint_space = joint;
    a.bones = {
        {BoneKind::femur, {{30, 107}, {88, 107}, {96, 75}, {128, 75}, {136, 107}, {194, 107}}, 0.9},
        {BoneKind::tibia, {{30, 117}, {194, 117}}, 0.9}};
    const auto plan = plan_trajectories(a);
    REQUIRE_FALSE(plan.candidates.empty());
    for (const auto& c : plan.candidates) {
        CHECK(polygon_contains(joint.contours[0], c.target));
        CHECK(std::abs(c.target.x - 112) >= 27);
        CHECK(std::abs(c.target.y - 112) <= 2.1);  // half of the widest place from either wall
    }
}

TEST_CASE("plan: a hit that is less likely than a miss is warned of") {
    const auto warned = [](double sigma_mm) {
        PlanOptions options;
        options.aiming_sigma_mm = sigma_mm;
        const auto plan = plan_trajectories(suprapatellar(), options);
        REQUIRE_FALSE(plan.candidates.empty());
        const auto& best = plan.candidates[0];
        const bool warns = std::ranges::any_of(
            best.warnings, [](const auto& w) { return w.code == "hit-unlikely"; });
        CHECK(warns == (*best.p_hit < 0.5));
        return warns;
    };
    CHECK_FALSE(warned(1));
    CHECK(warned(6));
}
