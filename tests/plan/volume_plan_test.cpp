// SPDX-License-Identifier: Apache-2.0
#include "support/sample_volume.hpp"
#include "support/volume_oracle.hpp"

#include <guide/core/error.hpp>
#include <guide/core/random.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace guide;
using namespace guide::test;
using namespace guide::plan;
using Eigen::Vector3d;

namespace {

bool has(const std::vector<Reason>& reasons, const std::string& code) {
    return std::ranges::find(reasons, code, &Reason::code) != reasons.end();
}

}  // namespace

TEST_CASE("volume: the needle comes from the lateral side and ends in the joint space") {
    for (const KneeSide side : {KneeSide::right, KneeSide::left}) {
        SampleVolume sample;
        sample.table.side = side;
        const VolumeScene scene = sample.scene();
        const Plan plan = plan_volume(scene, superolateral());
        REQUIRE(plan.status == PlanStatus::planned);
        CHECK(plan.approach == "superolateral");
        const Candidate& best = plan.candidates.front();
        REQUIRE(best.in_patient);
        const Vector3d entry = best.in_patient->entry_mm, target = best.in_patient->target_mm;
        // LPS: the left of the patient is lateral on the left knee.
        CHECK((entry.x() > target.x()) == (side == KneeSide::left));
        CHECK(entry.y() == Approx(4.5));  // between air and tissue
        CHECK(scene.role_at(target) == LabelRole::joint_space);
        CHECK(*best.path_mm == Approx((entry - target).norm()));
        CHECK(*best.path_mm <= 45 + 1e-9);
        CHECK(best.angle_deg <= 45 + 1e-6);
        CHECK(best.angle_deg ==
              Approx(std::asin((target - entry).normalized().y()) * 180 / 3.14159265));
        CHECK(best.clearance_mm.at("wall") >= 1 - 1e-9);
        CHECK(best.clearance_mm.at("bone") >= 2 - 1e-9);
        REQUIRE(best.layers.size() == 2);
        CHECK(best.layers[0].name == "muscle");
        CHECK(best.layers[1].name == "joint space");
        CHECK(best.layers[1].to_mm == Approx(*best.path_mm));
        CHECK(plan.allowed > 0);
        CHECK(plan.allowed <= plan.tried);
        REQUIRE(plan.safest);
        REQUIRE(plan.shortest);
        REQUIRE(plan.most_visible);
        CHECK(*plan.shortest->path_mm <= *best.path_mm + 1e-9);
        CHECK(plan.most_visible->angle_deg <= best.angle_deg + 1e-9);
    }
}

TEST_CASE("volume: what lies on the way is kept clear of by its margin") {
    SampleVolume sample;
    const Plan free = plan_volume(sample.scene(), superolateral());
    const Vector3d middle =
        (free.candidates[0].in_patient->entry_mm + free.candidates[0].in_patient->target_mm) / 2;
    const int x = static_cast<int>(middle.x()), y = static_cast<int>(middle.y()),
              z = static_cast<int>(middle.z());
    sample.fill({x - 1, y - 1, z - 1}, {x + 2, y + 2, z + 2}, 4);
    const VolumeScene scene = sample.scene();
    const auto planner = *VolumePlanner::make(scene, superolateral());

    const TrajectoryCheck drawn = planner.check(
        {free.candidates[0].in_patient->entry_mm, free.candidates[0].in_patient->target_mm});
    CHECK_FALSE(drawn.allowed);
    REQUIRE(drawn.broken.size() == 1);
    CHECK(drawn.broken[0].code == "vessel");
    CHECK(drawn.broken[0].text == "Nearer to a vessel than 5 mm.");

    const Plan plan = planner.plan();
    REQUIRE(plan.status == PlanStatus::planned);
    const Approach& approach = *find_approach("superolateral");
    const PlanOptions options = superolateral();
    const VolumeOracle oracle(sample.volume, sample.table, approach, options);
    for (const Candidate& c : plan.candidates) {
        CHECK(c.clearance_mm.at("vessel") >= 5 - 1e-6);
        CHECK(c.score < free.candidates[0].score + 1e-9);
        // Gaps are those that plain loops find.
        double least = 1e9;
        const Vector3d entry = c.in_patient->entry_mm, way = c.in_patient->target_mm - entry;
        for (int i = 0; i <= 400; ++i)
            least = std::min(
                least, oracle.distance(entry + i / 400.0 * way, LabelRole::obstacle, "vessel", 30));
        CHECK(c.clearance_mm.at("vessel") ==
              Approx(least - options.needle.outer_diameter_mm / 2).margin(0.03));
        CHECK(planner.check({entry, c.in_patient->target_mm}).allowed);
    }
}

TEST_CASE("volume: a refusal says what broke and what would help") {
    SampleVolume sample;
    PlanOptions options = superolateral();
    options.needle.length_mm = 20;
    const auto planner = *VolumePlanner::make(sample.scene(), options);
    const Plan plan = planner.plan();
    REQUIRE(plan.status == PlanStatus::refused);
    CHECK(plan.reason->code == "all-paths-refused");
    const auto length = std::ranges::find(plan.rejected, "needle-length", &Rejection::code);
    REQUIRE(length != plan.rejected.end());
    CHECK(length->closest > 0);
    CHECK(length->unit == "mm");
    CHECK(length->text == "Longer than the 20 mm needle with 5 mm left outside the skin.");
    const auto remedies = planner.remedies();
    const auto longer = std::ranges::find(remedies, "longer-needle", &Remedy::code);
    REQUIRE(longer != remedies.end());
    options.needle.length_mm = longer->amount;
    CHECK(plan_volume(sample.scene(), options).status == PlanStatus::planned);
}

TEST_CASE("volume: the same bits for any number of threads") {
    const SampleVolume sample;
    const Plan one = plan_volume(sample.scene(1), superolateral());
    for (const int threads : {2, 5}) {
        const Plan other = plan_volume(sample.scene(threads), superolateral());
        REQUIRE(other.candidates.size() == one.candidates.size());
        CHECK(other.tried == one.tried);
        CHECK(other.allowed == one.allowed);
        for (std::size_t i = 0; i < one.candidates.size(); ++i) {
            CHECK(other.candidates[i].in_patient->entry_mm ==
                  one.candidates[i].in_patient->entry_mm);
            CHECK(other.candidates[i].in_patient->target_mm ==
                  one.candidates[i].in_patient->target_mm);
            CHECK(other.candidates[i].score == one.candidates[i].score);
        }
    }
}

TEST_CASE("volume: axes in another order or mirrored change nothing but rounding") {
    SampleVolume sample;
    sample.fill({20, 8, 20}, {24, 12, 50}, 4);
    const Plan plan = plan_volume(sample.scene(), superolateral());
    SampleVolume other = sample;
    // x <- z, y <- x backwards, z <- y.
    const auto& from = sample.volume;
    LabelVolume& to = other.volume;
    to.size = {from.size[2], from.size[0], from.size[1]};
    to.patient_from_voxel.matrix().setIdentity();
    to.patient_from_voxel.linear() << 0, -1, 0, 0, 0, 1, 1, 0, 0;
    to.patient_from_voxel.translation() = Vector3d(from.size[0] - 1, 0, 0);
    std::size_t at = 0;
    for (int k = 0; k < to.size[2]; ++k) {
        for (int j = 0; j < to.size[1]; ++j) {
            for (int i = 0; i < to.size[0]; ++i)
                to.labels[at++] = from.labels[static_cast<std::size_t>(
                    from.size[0] - 1 - j + from.size[0] * (k + from.size[1] * i))];
        }
    }
    const Plan turned = plan_volume(other.scene(), superolateral());
    REQUIRE(turned.status == plan.status);
    REQUIRE(!plan.candidates.empty());
    CHECK(turned.candidates[0].score == Approx(plan.candidates[0].score).epsilon(0.005));
}

TEST_CASE("volume: a longer needle never takes the plan away, a larger margin never gives one") {
    SampleVolume sample;
    sample.fill({10, 6, 0}, {30, 9, 22}, 4);
    sample.fill({10, 6, 28}, {30, 9, 50}, 5);
    const VolumeScene scene = sample.scene();
    bool planned = false;
    for (const double length : {15.0, 25.0, 35.0, 50.0, 90.0}) {
        PlanOptions options = superolateral();
        options.needle.length_mm = length;
        const bool now = plan_volume(scene, options).status == PlanStatus::planned;
        CHECK((now || !planned));
        planned = now;
    }
    CHECK(planned);
    bool refused = false;
    for (const double margin : {0.5, 2.0, 5.0, 9.0, 20.0, 40.0}) {
        PlanOptions options;
        Approach own = *find_approach("superolateral");
        own.name = "own";
        own.margins = {{"vessel", margin}, {"nerve", margin}};
        options.own_approaches = {own};
        options.approach = "own";
        const bool now = plan_volume(scene, options).status == PlanStatus::refused;
        CHECK((now || !refused));
        refused = now;
    }
    CHECK(refused);
}

TEST_CASE("volume: p_hit is the share of hits with the stated errors") {
    const SampleVolume sample;
    const VolumeScene scene = sample.scene();
    PlanOptions options = superolateral();
    const Plan plan = plan_volume(scene, options);
    Random random(7);
    for (const Candidate& c : plan.candidates) {
        const Vector3d target = c.in_patient->target_mm;
        const Vector3d out = (c.in_patient->entry_mm - target).normalized();
        const Vector3d aside = out.unitOrthogonal(), other = out.cross(aside);
        const double bent =
            options.errors.deflection_share * deflection_mm(options.needle, *c.path_mm);
        const double depth = target.y() - 4.5, border = 1 / std::sqrt(12);
        const auto ball = [&](double sigma) {
            return Vector3d(sigma * random.normal(), sigma * random.normal(),
                            sigma * random.normal());
        };
        int hits = 0;
        constexpr int kDraws = 20000;
        for (int i = 0; i < kDraws; ++i) {
            // Each error for itself; the bevel points anywhere.
            const double roll = random.uniform(0, 2 * 3.14159265358979);
            const Vector3d tip =
                target + ball(options.aiming_sigma_mm) + ball(border) +
                ball(options.errors.motion_mm) +
                options.errors.spacing_relative * *c.path_mm * random.normal() * out +
                options.errors.sound_speed_relative * depth * random.normal() * Vector3d(0, 1, 0) +
                bent * (std::cos(roll) * aside + std::sin(roll) * other);
            if (scene.role_at(tip) == LabelRole::joint_space) ++hits;
        }
        CHECK(*c.p_hit == Approx(hits / static_cast<double>(kDraws)).margin(0.012));
    }
}

TEST_CASE("volume: out of plane the needle is steeper and its errors larger") {
    const SampleVolume sample;
    PlanOptions options;
    Approach own = *find_approach("mid-medial-out-of-plane");
    own.name = "own";
    own.views = {View::suprapatellar_transverse};
    options.own_approaches = {own};
    options.approach = "own";
    const Plan plan = plan_volume(sample.scene(), options);
    REQUIRE(plan.status == PlanStatus::planned);
    CHECK(plan.candidates[0].angle_deg >= 30 - 1e-6);
    CHECK(*plan.candidates[0].tip_sigma_mm > options.aiming_sigma_mm * 1.6);
}

TEST_CASE("volume: wrong options throw, wrong calls are named") {
    const SampleVolume sample;
    PlanOptions options = superolateral();
    options.hub_reserve_mm = -1;
    CHECK_THROWS_AS(plan_volume(sample.scene(), options), PreconditionError);
    const auto planner = *VolumePlanner::make(sample.scene(), superolateral());
    CHECK_THROWS_AS(planner.check({{1, 1, 1}, {1, 1, 1}}), PreconditionError);
}

TEST_CASE("volume: a drawn path from anywhere is told what it breaks") {
    const SampleVolume sample;
    const auto planner = *VolumePlanner::make(sample.scene(), superolateral());
    // From behind, through the femur.
    const auto behind = planner.check({{40, 60, 25}, {40, 19, 25}});
    CHECK_FALSE(behind.allowed);
    CHECK(
        std::ranges::any_of(behind.broken, [](const auto& b) { return b.code == "bone-crossed"; }));
    // A tip outside the volume.
    CHECK_FALSE(planner.check({{0, 0, 0}, {400, 19, 25}}).allowed);
    // Straight from in front: too steep.
    const auto steep = planner.check({{42, 0, 25}, {42, 19, 25}});
    REQUIRE(steep.broken.size() >= 1);
    CHECK(steep.broken[0].code == "angle");
    CHECK(steep.broken[0].amount == Approx(45));
    CHECK(has(steep.path.warnings, "steep"));
}

TEST_CASE("volume: a needle that runs along under the skin is warned of, then refused") {
    const SampleVolume sample;
    const auto planner = *VolumePlanner::make(sample.scene(), superolateral());
    const auto broken = [](const TrajectoryCheck& check, const std::string& code) {
        return std::ranges::find(check.broken, code, &BrokenLimit::code) != check.broken.end();
    };
    const TrajectoryCheck flat = planner.check({{2, 4, 25}, {30, 9, 25}});
    CHECK(has(flat.path.warnings, "grazing-entry"));
    CHECK_FALSE(broken(flat, "grazing-entry"));
    const TrajectoryCheck steep = planner.check({{22, 4, 25}, {42, 19, 25}});
    CHECK_FALSE(has(steep.path.warnings, "grazing-entry"));
    const TrajectoryCheck along = planner.check({{2, 4, 25}, {42, 7, 25}});
    const auto graze = std::ranges::find(along.broken, "grazing-entry", &BrokenLimit::code);
    REQUIRE(graze != along.broken.end());
    CHECK(graze->unit == "deg");
    CHECK(graze->amount == Approx(8 - std::atan(3 / 40.0) * 180 / 3.14159265).margin(0.01));
    PlanOptions options = superolateral();
    options.skin_angle_least_deg = 0;
    CHECK_FALSE(
        broken(VolumePlanner::make(sample.scene(), options)->check({{2, 4, 25}, {42, 7, 25}}),
               "grazing-entry"));
    options.skin_angle_least_deg = 46;
    CHECK_FALSE(options.validate());
}

TEST_CASE("volume: no needle enters where the probe stands") {
    SampleVolume sample;
    // Over where the needle would enter.
    const Plan free = plan_volume(sample.scene(), superolateral());
    REQUIRE(free.status == PlanStatus::planned);
    const Vector3d there = free.candidates[0].in_patient->entry_mm;
    sample.table.probe = {there, {0, 0, 1}, {0, 1, 0}, 20};
    REQUIRE(sample.table.validate());
    const auto planner = *VolumePlanner::make(sample.scene(), superolateral());
    const auto check = planner.check({there, free.candidates[0].in_patient->target_mm});
    REQUIRE(check.broken.size() == 1);
    CHECK(check.broken[0].code == "under-probe");
    CHECK(check.broken[0].amount == Approx(12).margin(1e-6));  // half the housing, and the gap
    const Plan plan = planner.plan();
    REQUIRE(plan.status == PlanStatus::planned);
    for (const Candidate& c : plan.candidates) {
        const Vector3d from = c.in_patient->entry_mm - there;
        CHECK((std::abs(from.z()) >= 10 + 5 - 1e-9 || std::abs(from.x()) >= 7 + 5 - 1e-9));
    }
    // A tilted probe: the angle is that to its face.
    const Vector3d looks(std::sin(0.2), std::cos(0.2), 0);
    sample.table.probe = {{40, 5, 25}, {0, 0, 1}, looks, 20};
    const Plan tilted = plan_volume(sample.scene(), superolateral());
    REQUIRE(tilted.status == PlanStatus::planned);
    const PatientPath& path = *tilted.candidates[0].in_patient;
    CHECK(tilted.candidates[0].angle_deg ==
          Approx(std::asin((path.target_mm - path.entry_mm).normalized().dot(looks)) * 180 /
                 3.14159265));
    sample.table.probe->looks = {0, 0, 1};
    CHECK_FALSE(sample.table.validate());
    sample.table.probe = {{40, 5, 25}, {0, 0, 1}, {0, 1, 0}, 4};
    CHECK_FALSE(sample.table.validate());
}

TEST_CASE("volume: the path that is shown stays while another is no better") {
    SampleVolume sample;
    sample.fill({38, 6, 24}, {46, 14, 26}, 4);  // two ways about a vessel, nearly as good
    const VolumeScene scene = sample.scene();
    PlanOptions options = superolateral();
    options.candidate_limit = 5;
    const Plan plan = plan_volume(scene, options);
    REQUIRE(plan.candidates.size() >= 2);
    const Candidate& other = plan.candidates[1];
    REQUIRE(other.score > plan.candidates[0].score - 0.03);
    options.previous_in_patient = {other.in_patient->entry_mm, other.in_patient->target_mm};
    const Plan kept = plan_volume(scene, options);
    const PatientPath& first = *kept.candidates.at(0).in_patient;
    // Its hill is climbed, no more.
    CHECK((first.target_mm - other.in_patient->target_mm).norm() < 5);
    CHECK((first.entry_mm - other.in_patient->entry_mm).norm() < 10);
    CHECK(kept.candidates[0].score >= other.score - 1e-9);
    // Then it stands still.
    options.previous_in_patient = {first.entry_mm, first.target_mm};
    const PatientPath again = *plan_volume(scene, options).candidates.at(0).in_patient;
    CHECK((again.target_mm - first.target_mm).norm() < 0.05);
    CHECK((again.entry_mm - first.entry_mm).norm() < 0.2);
    // A much worse one is left, and so is one that nothing can be made of.
    options.previous_in_patient = {Vector3d(2, 4, 2), Vector3d(33, 17, 16)};
    options.keep_bonus = 0;
    CHECK(plan_volume(scene, options).candidates.at(0).score >= plan.candidates[0].score - 1e-9);
}

TEST_CASE("volume: each end of the Pareto front is best in its respect and allowed") {
    SampleVolume sample;
    sample.fill({10, 6, 18}, {30, 9, 26}, 4);
    const VolumeScene scene = sample.scene();
    const auto planner = *VolumePlanner::make(scene, superolateral());
    const Plan plan = planner.plan();
    REQUIRE(plan.safest);
    REQUIRE(plan.shortest);
    REQUIRE(plan.most_visible);
    const auto room = [](const Candidate& c) {
        return std::min(c.clearance_mm.at("bone"), c.clearance_mm.at("vessel") - 3);
    };
    std::vector<Candidate> all = plan.candidates;
    for (const auto* end : {&plan.safest, &plan.shortest, &plan.most_visible}) {
        all.push_back(**end);
        CHECK(planner.check({(*end)->in_patient->entry_mm, (*end)->in_patient->target_mm}).allowed);
    }
    for (const Candidate& c : all) {
        CHECK(room(c) <= room(*plan.safest) + 0.05);
        CHECK(*c.path_mm >= *plan.shortest->path_mm - 1e-6);
        CHECK(c.visibility <= plan.most_visible->visibility + 1e-9);
    }
}
