// SPDX-License-Identifier: Apache-2.0
#include "support/oracle.hpp"
#include "support/random_scene.hpp"

#include <guide/plan/check.hpp>

#include <catch2/catch.hpp>

#include <thread>

using namespace guide;
using namespace guide::test;
using namespace guide::plan;

namespace {

constexpr int kScenes = 60;

Plan plan_of(const RandomScene& scene) {
    return plan_trajectories(scene.anatomy, scene.options);
}

/// Whether the path is allowed in the scene, or breaks a limit by less than `tolerance`.
bool allowed(const Candidate& path, const RandomScene& scene, double tolerance = 1e-6) {
    const auto result = check_trajectory(
        scene.anatomy, {path.entry, path.target, path.out_of_plane_mm.value_or(0)}, scene.options);
    // Pixels and back again round off.
    bool ok = true;
    for (const auto& broken : result->broken)
        ok = ok && broken.amount < tolerance;
    return ok;
}

}  // namespace

TEST_CASE("property: the mirrored scene has the mirrored plan") {
    for (int seed = 0; seed < kScenes; ++seed) {
        const auto scene = random_ultrasound_scene(static_cast<std::uint64_t>(seed));
        auto other = scene;
        other.anatomy = mirrored(scene.anatomy);
        const auto a = plan_of(scene), b = plan_of(other);
        INFO("seed " << seed);
        CHECK(a.status == b.status);
        if (a.candidates.empty() || b.candidates.empty()) continue;
        CHECK(b.candidates[0].score == Approx(a.candidates[0].score).epsilon(0.005));
        CHECK(b.allowed == a.allowed);
        // The mirrored path is as good in the mirrored scene as the path is in its own.
        auto path = a.candidates[0];
        const double last = scene.anatomy.grid.width - 1;
        path.entry.x = last - path.entry.x, path.target.x = last - path.target.x;
        CHECK(allowed(path, other));
    }
}

TEST_CASE("property: a longer needle never takes a path away") {
    for (int seed = 0; seed < kScenes; ++seed) {
        auto scene = random_ultrasound_scene(static_cast<std::uint64_t>(seed));
        scene.options.hub_reserve_mm = 5;
        std::optional<Plan> shorter;
        for (const double length : {30.0, 45.0, 60.0, 100.0}) {
            scene.options.needle.length_mm = length;
            const Plan plan = plan_of(scene);
            INFO("seed " << seed << ", " << length << " mm");
            if (shorter) {
                CHECK(plan.allowed >= shorter->allowed);
                if (shorter->status == PlanStatus::planned)
                    CHECK(plan.status == PlanStatus::planned);
                for (const auto& path : shorter->candidates)
                    CHECK(allowed(path, scene));
            }
            shorter = plan;
        }
    }
}

TEST_CASE("property: a larger margin never adds a path") {
    for (int seed = 0; seed < kScenes; ++seed) {
        auto scene = random_ultrasound_scene(static_cast<std::uint64_t>(seed));
        Approach& approach = scene.options.own_approaches[0];
        const auto smaller = scene;
        const Plan before = plan_of(scene);
        switch (seed % 4) {
            case 0:
                approach.bone_margin_mm += 1;
                break;
            case 1:
                for (auto& margin : approach.margins)
                    margin.mm += 1.5;
                approach.other_margin_mm += 1.5;
                break;
            case 2:
                approach.angle_limit_deg =
                    std::max(approach.angle_preferred_deg, approach.angle_limit_deg - 5);
                break;
            default:
                approach.wall_margin_mm += 0.5;
        }
        const Plan after = plan_of(scene);
        INFO("seed " << seed);
        CHECK(after.allowed <= before.allowed);
        if (before.status == PlanStatus::refused) CHECK(after.status == PlanStatus::refused);
        for (const auto& path : after.candidates)
            CHECK(allowed(path, smaller));
    }
}

TEST_CASE("property: scaling pixels together with the spacing changes nothing") {
    for (int seed = 0; seed < kScenes; ++seed) {
        const auto scene = random_ultrasound_scene(static_cast<std::uint64_t>(seed));
        auto big = scene;
        const auto twice = [](auto& points) {
            for (auto& p : points)
                p = {2 * p.x, 2 * p.y};
        };
        Anatomy& a = big.anatomy;
        a.grid.width *= 2, a.grid.height *= 2;
        a.grid.spacing = Spacing{a.grid.spacing->x_mm / 2, a.grid.spacing->y_mm / 2};
        a.content_box = a.grid.bounds();
        twice(a.skin);
        for (auto& b : a.bones)
            twice(b.points);
        for (auto& o : a.obstacles)
            twice(o.outline);
        for (auto& u : a.unseen)
            twice(u.outline);
        for (auto& c : a.joint_space->contours)
            twice(c);
        a.joint_space->target = {2 * a.joint_space->target.x, 2 * a.joint_space->target.y};
        a.joint_space->boundary_sigma_px *= 2;
        const auto one = plan_of(scene), two = plan_of(big);
        INFO("seed " << seed);
        REQUIRE(one.candidates.size() == two.candidates.size());
        CHECK(one.allowed == two.allowed);
        for (std::size_t i = 0; i < one.candidates.size(); ++i) {
            CHECK(*two.candidates[i].path_mm == Approx(*one.candidates[i].path_mm));
            CHECK(two.candidates[i].score == Approx(one.candidates[i].score));
            CHECK(two.candidates[i].clearance_mm.at("wall") ==
                  Approx(one.candidates[i].clearance_mm.at("wall")));
        }
    }
}

TEST_CASE("property: plans made at once on several threads have the same bits") {
    std::vector<RandomScene> scenes;
    std::vector<Plan> alone;
    for (int seed = 0; seed < 12; ++seed) {
        scenes.push_back(random_ultrasound_scene(static_cast<std::uint64_t>(seed)));
        alone.push_back(plan_of(scenes.back()));
    }
    std::vector<Plan> together(scenes.size());
    {
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < 3; ++t) {
            threads.emplace_back([&, t] {
                for (std::size_t i = t; i < scenes.size(); i += 3)
                    together[i] = plan_of(scenes[i]);
            });
        }
    }
    for (std::size_t i = 0; i < scenes.size(); ++i) {
        REQUIRE(together[i].candidates.size() == alone[i].candidates.size());
        for (std::size_t k = 0; k < alone[i].candidates.size(); ++k) {
            CHECK(together[i].candidates[k].entry == alone[i].candidates[k].entry);
            CHECK(together[i].candidates[k].target == alone[i].candidates[k].target);
            CHECK(together[i].candidates[k].score == alone[i].candidates[k].score);
        }
    }
}

TEST_CASE("property: the second opinion sees a plan made with looser limits") {
    int seen = 0, looked = 0;
    for (int seed = 0; seed < kScenes; ++seed) {
        const auto scene = random_ultrasound_scene(static_cast<std::uint64_t>(seed));
        auto strict = scene;
        Approach& approach = strict.options.own_approaches[0];
        for (auto& margin : approach.margins)
            margin.mm += 3;
        approach.bone_margin_mm += 3;
        approach.other_margin_mm += 3;
        approach.angle_limit_deg =
            std::max(approach.angle_least_deg, 0.7 * approach.angle_limit_deg);
        approach.angle_preferred_deg =
            std::min(approach.angle_preferred_deg, approach.angle_limit_deg);
        const Oracle oracle(strict.anatomy, approach, strict.options);
        for (const auto& c : plan_of(scene).candidates) {
            ++looked;
            const bool broken =
                oracle.broken({{c.entry_mm->x, c.entry_mm->y}, {c.target_mm->x, c.target_mm->y}})
                    .has_value();
            if (broken) ++seen;
            // And the library's own check agrees with it.
            if (distance(*c.target_mm, to_mm(scene.anatomy.joint_space->target,
                                             *scene.anatomy.grid.spacing)) > 0.01) {
                INFO("seed " << seed);
                // Samples lie 0.05 mm apart, so that they may miss as much.
                if (broken) CHECK_FALSE(allowed(c, strict));
                if (!broken) CHECK(allowed(c, strict, 0.05));
            }
        }
    }
    CHECK(seen > looked / 4);
    CHECK(seen < looked);
}

TEST_CASE("property: no ranked path is shorter or more visible than the plan's ends of the front") {
    int planned = 0;
    for (int seed = 0; seed < 3 * kScenes; ++seed) {
        const Plan plan = plan_of(random_ultrasound_scene(static_cast<std::uint64_t>(seed)));
        if (plan.candidates.empty()) continue;
        ++planned;
        REQUIRE((plan.safest && plan.shortest && plan.most_visible));
        INFO("seed " << seed);
        for (const Candidate& c : plan.candidates) {
            CHECK(*plan.shortest->path_mm <= *c.path_mm);
            CHECK(plan.most_visible->angle_deg <= c.angle_deg);
        }
    }
    CHECK(planned > kScenes);
}
