// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/plan/check.hpp>
#include <guide/plan/joint_centre.hpp>
#include <guide/plan/plan_xray.hpp>
#include <guide/simulate/carm.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace guide;
using namespace guide::plan;
using Eigen::Vector3d;

namespace {

/// A gap 4 mm high whose middle is a known surface, seen from in front and from the side by its
/// two edges. `off_mm` raises what the side shows of it.
struct Pair {
    Anatomy front_anatomy, side_anatomy;
    XrayView front, side;

    explicit Pair(double off_mm = 0, double roll_deg = 0) {
        simulate::CArm arm;
        arm.roll_deg = roll_deg;
        front.camera = simulate::calibration_of(arm.geometry());
        front_anatomy = seen(front.camera, Vector3d::UnitX(), 35, 0, View::xray_ap, arm);
        arm.primary_deg = 90;
        side.camera = simulate::calibration_of(arm.geometry());
        side_anatomy = seen(side.camera, Vector3d::UnitY(), 20, off_mm, View::xray_lateral, arm);
        front.anatomy = &front_anatomy;
        side.anatomy = &side_anatomy;
    }
    Pair(const Pair&) = delete;

    static Anatomy seen(const PinholeCamera& camera, const Vector3d& along, double half,
                        double off_mm, View view, const simulate::CArm& arm) {
        Anatomy anatomy;
        anatomy.grid = {arm.width, arm.height, std::nullopt};
        anatomy.content_box = anatomy.grid.bounds();
        anatomy.view = view;
        BoneSurface femur{BoneKind::femur, {}, 1}, tibia{BoneKind::tibia, {}, 1};
        for (int i = 0; i <= 80; ++i) {
            const double s = half * (i - 40) / 40;
            // From in front the line rises into the notch, 6 mm in the middle.
            const double notch = view == View::xray_ap ? 6 * std::exp(-s * s / 50) : 0;
            const Vector3d at = s * along + (notch + off_mm) * Vector3d::UnitZ();
            femur.points.push_back(camera.project(at + 2 * Vector3d::UnitZ()));
            tibia.points.push_back(camera.project(at - 2 * Vector3d::UnitZ()));
        }
        if (femur.points.front().x > femur.points.back().x && arm.roll_deg == 0) {
            std::reverse(femur.points.begin(), femur.points.end());
            std::reverse(tibia.points.begin(), tibia.points.end());
        }
        JointSpace joint;
        joint.contours.push_back(femur.points);
        joint.contours.back().insert(joint.contours.back().end(), tibia.points.rbegin(),
                                     tibia.points.rend());
        joint.target = {0.5 * (femur.points[40].x + tibia.points[40].x),
                        0.5 * (femur.points[40].y + tibia.points[40].y)};
        joint.confidence = 0.9;
        anatomy.joint_space = joint;
        anatomy.bones = {femur, tibia};
        return anatomy;
    }
};

}  // namespace

TEST_CASE(
    "joint centre: middles of two views are no one point, and places that are one are found") {
    const Pair pair;
    const auto found = find_joint_centre(pair.front, pair.side);
    REQUIRE(found);
    // The notch is 6 mm above what the side shows.
    CHECK(found->middles_apart_mm == Approx(6).margin(0.3));
    CHECK(found->rays_apart_mm < 0.5);
    CHECK(found->rays_apart_mm < found->middles_apart_mm);
    CHECK(std::abs(found->point.z()) < 1);
    CHECK(std::abs(found->from_middle_mm[0]) > 5);
    CHECK(std::abs(found->from_middle_mm[0]) < 18);
    CHECK(std::abs(found->from_middle_mm[1]) < 2);
    // What is said to be seen is seen there.
    const PixelPoint again = pair.front.camera.project(found->point);
    CHECK(std::hypot(again.x - found->seen[0].x, again.y - found->seen[0].y) < 1);
}

TEST_CASE("joint centre: what two views disagree by is told, not hidden") {
    JointCentreOptions fixed;
    fixed.reach = 0;
    const Pair pair;
    const auto at_middles = find_joint_centre(pair.front, pair.side, fixed);
    CHECK_FALSE(at_middles);  // 6 mm apart
    CHECK(at_middles.error().code == "views-disagree");

    const Pair lower(-3);
    const auto found = find_joint_centre(lower.front, lower.side);
    REQUIRE(found);
    // The line from in front goes down to 0 and no further.
    CHECK(found->rays_apart_mm > 2.5);
    const Pair far(-9);
    CHECK(find_joint_centre(far.front, far.side).error().code == "views-disagree");
}

TEST_CASE("joint centre: reasons name what is missing") {
    Pair pair;
    pair.side_anatomy.bones.pop_back();
    CHECK(find_joint_centre(pair.front, pair.side).error().code == "no-joint-line");
    pair.side_anatomy.joint_space = no_answer("no-knee", "none");
    CHECK(find_joint_centre(pair.front, pair.side).error().code == "no-joint-space");
    const Pair other;
    CHECK(find_joint_centre(other.front, other.front).error().code == "parallel-rays");
    JointCentreOptions bad;
    bad.apart_sigma_mm = 0;
    CHECK_THROWS_AS(find_joint_centre(other.front, other.side, bad), PreconditionError);
}

TEST_CASE("xray: a leg that lies across the picture is planned on as one that stands") {
    const auto planned = [](double roll_deg) {
        Pair pair(0, roll_deg);
        pair.front_anatomy.grid.spacing = Spacing{0.25, 0.25};
        PlanOptions options;
        options.approach = "ap-joint-line";
        return plan_trajectories(pair.front_anatomy, options);
    };
    const Plan standing = planned(0), lying = planned(90);
    REQUIRE(standing.status == PlanStatus::planned);
    REQUIRE(lying.status == PlanStatus::planned);
    const Candidate &a = standing.candidates.front(), &b = lying.candidates.front();
    CHECK(*a.path_mm == Approx(*b.path_mm).epsilon(0.02));
    CHECK(a.score == Approx(b.score).epsilon(0.02));
    // Across the leg in both.
    CHECK(std::abs(a.entry.x - a.target.x) > 3 * std::abs(a.entry.y - a.target.y));
    CHECK(std::abs(b.entry.y - b.target.y) > 3 * std::abs(b.entry.x - b.target.x));
    CHECK(b.warnings.size() == a.warnings.size() + 1);
}

TEST_CASE("xray: a path planned on a leg that lies keeps its limits when it is checked") {
    for (const double roll_deg : {0.0, 90.0, 180.0, -90.0}) {
        Pair pair(0, roll_deg);
        pair.front_anatomy.grid.spacing = Spacing{0.25, 0.25};
        PlanOptions options;
        options.approach = "ap-joint-line";
        const Plan plan = plan_trajectories(pair.front_anatomy, options);
        REQUIRE(plan.status == PlanStatus::planned);
        const Candidate& best = plan.candidates.front();
        INFO(roll_deg);
        const auto check = check_trajectory(pair.front_anatomy, {best.entry, best.target}, options);
        REQUIRE(check.has_value());
        CHECK(check->broken.empty());
        CHECK(check->path.angle_deg == Approx(best.angle_deg).margin(0.1));
        CHECK(distance(check->path.entry, best.entry) < 0.01);
        CHECK(distance(check->path.target, best.target) < 0.01);
    }
}
