// SPDX-License-Identifier: Apache-2.0
#include "support/sample_scene.hpp"

#include <guide/plan/check.hpp>
#include <guide/plan/remedy.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace guide;
using namespace guide::plan;
using namespace guide::test;

namespace {

const Remedy* remedy(const std::vector<Remedy>& all, const std::string& code) {
    const auto found = std::ranges::find(all, code, &Remedy::code);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("refusal: a needle that is too short asks for the next one that reaches") {
    PlanOptions options;
    options.needle = *standard_needle(22, 20);
    REQUIRE(plan_trajectories(suprapatellar(), options).status == PlanStatus::refused);
    const auto remedies = find_remedies(suprapatellar(), options);
    const Remedy* longer = remedy(remedies, "longer-needle");
    REQUIRE(longer != nullptr);
    options.needle.length_mm = longer->amount;
    CHECK(plan_trajectories(suprapatellar(), options).status == PlanStatus::planned);
    // None of the common ones between does.
    for (const double length : common_lengths_mm()) {
        if (length <= 20 || length >= longer->amount) continue;
        options.needle.length_mm = length;
        CHECK(plan_trajectories(suprapatellar(), options).status == PlanStatus::refused);
    }
}

TEST_CASE("refusal: a deep joint space asks for an entry farther to the side") {
    auto a = suprapatellar();
    a.bones.clear();
    a.joint_space->contours = {ellipse(250, 330, 60, 30)};
    a.joint_space->target = {250, 330};
    PlanOptions options;
    options.needle = *standard_needle(22, 90);
    options.entry_reach_mm = 6;
    options.own_approaches = {*find_approach("superolateral")};
    options.own_approaches[0].angle_limit_deg = 40;
    options.approach = "superolateral";
    const auto plan = plan_trajectories(a, options);
    REQUIRE(plan.status == PlanStatus::refused);
    const auto remedies = find_remedies(a, options);
    const Remedy* farther = remedy(remedies, "wider-reach");
    REQUIRE(farther != nullptr);
    options.entry_reach_mm += farther->amount + 0.01;
    CHECK(plan_trajectories(a, options).status == PlanStatus::planned);
    options.entry_reach_mm = 6;
    const Remedy* steeper = remedy(remedies, "angle");
    REQUIRE(steeper != nullptr);
    CHECK(steeper->unit == "deg");
    options.own_approaches[0].angle_limit_deg += steeper->amount + 0.01;
    CHECK(plan_trajectories(a, options).status == PlanStatus::planned);
}

TEST_CASE("refusal: a vessel in the way says by how much") {
    auto a = suprapatellar();
    a.obstacles = {{"vessel", {{-600, 20}, {1100, 20}, {1100, 30}, {-600, 30}}}};
    CHECK(remedy(find_remedies(a, {}), "vessel") == nullptr);  // no margin helps through it
    a.obstacles = {{"vessel", ellipse(-5, 45, 10, 10)}, {"vessel", ellipse(505, 45, 10, 10)}};
    PlanOptions options;
    options.entry_reach_mm = 15;
    if (plan_trajectories(a, options).status == PlanStatus::refused) {
        const auto remedies = find_remedies(a, options);
        CHECK_FALSE(remedies.empty());
    }
}

TEST_CASE("refusal: where there is a plan, or no joint space, nothing is proposed") {
    CHECK(find_remedies(suprapatellar(), {}).empty());
    auto a = suprapatellar();
    a.joint_space = no_answer("no-joint-space", "None.");
    CHECK(find_remedies(a, {}).empty());
    CHECK(find_remedies(suprapatellar(std::nullopt), {}).empty());
}

TEST_CASE("check: a planned path is allowed, with the plan's own figures") {
    const auto plan = plan_trajectories(suprapatellar());
    auto checker = TrajectoryChecker::make(suprapatellar());
    REQUIRE(checker.has_value());
    for (const auto& c : plan.candidates) {
        const auto result = checker->check({c.entry, c.target});
        CHECK(result.allowed);
        CHECK(result.path.score == Approx(c.score));
        CHECK(*result.path.p_hit == Approx(*c.p_hit));
        CHECK(result.path.clearance_mm.at("bone") == Approx(c.clearance_mm.at("bone")));
    }
}

TEST_CASE("check: a drawn path says every limit that it breaks, in the plan's words") {
    auto checker = TrajectoryChecker::make(suprapatellar());
    REQUIRE(checker.has_value());
    const auto has = [](const TrajectoryCheck& check, const std::string& code) {
        return std::ranges::any_of(check.broken, [&](const auto& b) { return b.code == code; });
    };
    // Straight down through the probe's face.
    const auto down = checker->check({{200, 0}, {200, 130}});
    CHECK_FALSE(down.allowed);
    CHECK(has(down, "under-probe"));
    CHECK(has(down, "angle"));
    // Into the femur.
    const auto deep = checker->check({{-300, 0}, {300, 250}});
    CHECK(has(deep, "bone-crossed"));
    CHECK(has(deep, "wall-margin"));
    for (const auto& b : deep.broken)
        CHECK_FALSE(b.text.empty());
    // Drawn within the picture alone: its entry is where the line meets the skin.
    const auto plan = plan_trajectories(suprapatellar());
    const auto& c = plan.candidates[0];
    const PixelPoint half{(c.entry.x + c.target.x) / 2, (c.entry.y + c.target.y) / 2};
    const auto drawn = checker->check({half, c.target});
    CHECK(drawn.allowed);
    CHECK(drawn.path.entry.x == Approx(c.entry.x).margin(1e-6));
}

TEST_CASE("check: without a joint space there is nothing to check against") {
    auto a = suprapatellar();
    a.joint_space = no_answer("no-joint-space", "None.");
    CHECK(check_trajectory(a, {{0, 0}, {1, 1}}).error().code == "no-joint-space");
    a = suprapatellar();
    a.view = View::trochlea;
    CHECK(check_trajectory(a, {{0, 0}, {1, 1}}).error().code == "no-approach");
}

TEST_CASE("replanning: near-equal paths do not take turns") {
    // The recess in the middle: left and right are equals, and noise decides between them.
    auto a = suprapatellar();
    a.bones = {{BoneKind::femur, {{0, 250}, {499, 250}}, 0.9}};
    PlanOptions options;
    options.needle = *standard_needle(22, 60);
    int jumps_free = 0, jumps_kept = 0;
    std::optional<PixelPoint> last_free, last_kept;
    for (int i = 0; i < 40; ++i) {
        const double shift = i % 2 == 0 ? 1.5 : -1.5;
        a.joint_space->contours = {ellipse(249.5 + shift, 130, 90, 40)};
        a.joint_space->target = {249.5 + shift, 130};
        options.previous.reset();
        const auto free = plan_trajectories(a, options);
        REQUIRE_FALSE(free.candidates.empty());
        const auto jumped = [](std::optional<PixelPoint> before, PixelPoint now) {
            return before && std::abs(before->x - now.x) > 100;
        };
        if (jumped(last_free, free.candidates[0].entry)) ++jumps_free;
        last_free = free.candidates[0].entry;
        if (last_kept) options.previous = PreviousPath{*last_kept, {249.5, 130}};
        const auto kept = plan_trajectories(a, options);
        if (jumped(last_kept, kept.candidates[0].entry)) ++jumps_kept;
        last_kept = kept.candidates[0].entry;
        CHECK(kept.candidates[0].score >= free.candidates[0].score - options.keep_bonus);
    }
    CHECK(jumps_free > 20);
    CHECK(jumps_kept == 0);
    // A path that is no longer allowed is let go.
    a.obstacles = {{"vessel", ellipse(last_kept->x < 0 ? 20 : 480, 50, 30, 30)}};
    options.previous = PreviousPath{*last_kept, {249.5, 130}};
    const auto other = plan_trajectories(a, options);
    REQUIRE_FALSE(other.candidates.empty());
    CHECK((other.candidates[0].entry.x < 0) != (last_kept->x < 0));
}
