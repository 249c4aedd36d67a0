// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/plan/plan_xray.hpp>
#include <guide/simulate/carm.hpp>
#include <guide/simulate/knee.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <numbers>

using namespace guide;
using namespace guide::plan;
using Eigen::Vector3d;

namespace {

/// A simulated knee before a biplane set: the gap between femur and tibia is taken as a slab about
/// its joint lines, 6 mm thick, so that the truth is known in the patient.
struct Biplane {
    simulate::Knee knee{simulate::KneeParameters{}};
    Vector3d middle, across;
    PinholeCamera front, side;
    Anatomy anatomy;  // of the side view
    XrayPlace place;
    static constexpr double kHalfAcross = 35, kHalfDeep = 18, kHalfHigh = 3;

    Biplane() {
        const auto marks = knee.landmarks();
        middle = (marks.medial_joint + marks.lateral_joint) / 2;
        across = Vector3d::UnitX();
        simulate::CArm arm;
        arm.isocentre = middle + Vector3d(4, -6, 9);  // not where the joint is
        arm.primary_deg = 5;
        front = simulate::calibration_of(arm.geometry());
        arm.primary_deg = 95, arm.secondary_deg = 4;
        side = simulate::calibration_of(arm.geometry());
        anatomy.grid = {arm.width, arm.height, std::nullopt};
        anatomy.content_box = anatomy.grid.bounds();
        anatomy.view = View::xray_lateral;
        JointSpace joint;
        joint.contours = {outline(side, Vector3d::UnitY(), kHalfDeep)};
        joint.target = side.project(middle);
        joint.confidence = 0.9;
        anatomy.joint_space = joint;
        place.camera = side;
        place.other = OtherXray{front, {outline(front, across, kHalfAcross)}, {}, {}};
    }

    [[nodiscard]] PixelPolygon outline(const PinholeCamera& camera, const Vector3d& along,
                                       double half) const {
        const Vector3d a = half * along, z = kHalfHigh * Vector3d::UnitZ();
        return {camera.project(middle - a + z), camera.project(middle + a + z),
                camera.project(middle + a - z), camera.project(middle - a - z)};
    }
    [[nodiscard]] static PlanOptions along_beam(double length) {
        PlanOptions options;
        options.approach = "fluoro-lateral-patellofemoral";
        options.needle.length_mm = length;
        return options;
    }
};

}  // namespace

TEST_CASE("xray: two pictures of a C-arm give the path's place in the patient") {
    const Biplane b;
    PlanOptions options;
    options.approach = "fluoro-paramedian";
    const auto made = plan_on_xray(b.anatomy, b.place, options);
    REQUIRE(made);
    REQUIRE(made->plan.status == PlanStatus::planned);
    for (const Candidate& c : made->plan.candidates) {
        REQUIRE(c.placed);
        const Vector3d tip = c.placed->target_mm - b.middle;
        // In the gap, in the middle of what the front shows of it.
        CHECK(std::abs(tip.x()) < 2);
        CHECK(std::abs(tip.y()) < Biplane::kHalfDeep);
        CHECK(std::abs(tip.z()) < Biplane::kHalfHigh);
        CHECK(distance(b.side.project(c.placed->target_mm), c.target) < 1e-6);
        CHECK(distance(b.side.project(c.placed->entry_mm), c.entry) < 1e-6);
        // The scale is that at its depth: no millimetre is the detector's.
        const double mm = distance(c.entry, c.target) * made->mm_per_pixel;
        CHECK((c.placed->entry_mm - c.placed->target_mm).norm() == Approx(mm).epsilon(0.01));
    }
    CHECK(made->mm_per_pixel == Approx(0.4 * 700 / 1100).epsilon(0.02));
    REQUIRE(made->target_in_other);
    CHECK(polygon_contains(b.place.other->joint_space[0], *made->target_in_other));
    CHECK(*made->p_hit_in_other > 0.5);
    CHECK(*made->p_hit_in_other <= 1);
}

TEST_CASE("xray: along the beam the needle goes through one pixel, from the skin to the target") {
    Biplane b;
    // The skin where the beam meets it, by the phantom itself, and as seen from the front.
    const Vector3d up = (b.side.centre() - b.middle).normalized();
    const auto skin = b.knee.skin_from(b.middle + 250 * up, -up);
    REQUIRE(skin);
    const double deep = (*skin - b.middle).norm();
    b.place.other->skin = b.front.project(*skin);
    const auto made = plan_on_xray(b.anatomy, b.place, Biplane::along_beam(deep + 20));
    REQUIRE(made);
    REQUIRE(made->plan.status == PlanStatus::planned);
    const Candidate& best = made->plan.candidates[0];
    CHECK(distance(b.side.project(best.placed->entry_mm), best.target) < 1e-6);
    CHECK(*best.path_mm == Approx(deep).margin(6));
    CHECK((best.placed->entry_mm - best.placed->target_mm).norm() == Approx(*best.path_mm));
    const auto warned = [&](const char* code) {
        return std::ranges::find(best.warnings, code, &Reason::code) != best.warnings.end();
    };
    CHECK_FALSE(warned("depth-not-seen"));
    CHECK_FALSE(warned("skin-not-known"));

    const auto refused = plan_on_xray(b.anatomy, b.place, Biplane::along_beam(deep - 20));
    REQUIRE(refused);
    CHECK(refused->plan.status == PlanStatus::refused);
    REQUIRE(!refused->plan.rejected.empty());
    CHECK(refused->plan.rejected.back().code == "needle-length");
    CHECK(refused->plan.rejected.back().closest == Approx(25).margin(6));

    b.place.other->skin.reset();
    const auto open = plan_on_xray(b.anatomy, b.place, Biplane::along_beam(60));
    REQUIRE(open);
    const PatientPath& path = *open->plan.candidates.at(0).placed;
    CHECK((path.entry_mm - path.target_mm).norm() == Approx(55));
}

TEST_CASE("xray: one picture needs a depth, and takes its scale from it") {
    Biplane b;
    b.place.other.reset();
    const auto none = plan_on_xray(b.anatomy, b.place, {});
    REQUIRE_FALSE(none);
    CHECK(none.error().code == "bad-xray-place");
    b.place.target_depth_mm = b.side.depth(b.middle);
    PlanOptions options;
    options.approach = "fluoro-paramedian";
    const auto made = plan_on_xray(b.anatomy, b.place, options);
    REQUIRE(made);
    for (const Candidate& c : made->plan.candidates)
        CHECK(b.side.depth(c.placed->target_mm) == Approx(*b.place.target_depth_mm));
    CHECK_FALSE(made->target_in_other);
}

TEST_CASE("xray: a shown target is triangulated, and pictures that disagree are refused") {
    Biplane b;
    b.place.other->joint_space.clear();
    b.place.other->target = b.front.project(b.middle);
    const auto made = plan_on_xray(b.anatomy, b.place, {});
    REQUIRE(made);
    CHECK(made->ray_miss_mm < 1e-3);
    b.place.other->target->y += 60;
    const auto apart = plan_on_xray(b.anatomy, b.place, {});
    REQUIRE_FALSE(apart);
    CHECK(apart.error().code == "views-disagree");

    Biplane shifted;
    for (PixelPoint& p : shifted.place.other->joint_space[0])
        p.y += 60;
    CHECK(plan_on_xray(shifted.anatomy, shifted.place, {}).error().code == "views-disagree");
    shifted.anatomy.view = View::posterior;
    CHECK(plan_on_xray(shifted.anatomy, shifted.place, {}).error().code == "wrong-view");
    PlanOptions bad;
    bad.hub_reserve_mm = -1;
    CHECK_THROWS_AS(plan_on_xray(b.anatomy, b.place, bad), PreconditionError);
}
