// SPDX-License-Identifier: Apache-2.0
#include "support/sample_volume.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <limits>

using namespace guide;
using namespace guide::test;
using namespace guide::plan;

namespace {

std::string refusal(const LabelVolume& volume, const LabelTable& table) {
    const auto scene = VolumeScene::make(volume, table);
    return scene ? "" : scene.error().code;
}

bool noted(const VolumeScene& scene, const std::string& code) {
    return std::ranges::find(scene.notes(), code, &Reason::code) != scene.notes().end();
}

}  // namespace

TEST_CASE("volume scene: what was measured is what was drawn") {
    const SampleVolume sample;
    const VolumeScene scene = sample.scene();
    CHECK(scene.joint_mm3() == Approx(20 * 6 * 20));
    CHECK(scene.widest_mm() == Approx(2.5));  // centres of six voxels of a millimetre
    CHECK((scene.joint_middle() - Eigen::Vector3d(41.5, 18.5, 24.5)).norm() < 1e-9);
    CHECK(scene.role_at({40, 2, 20}) == LabelRole::outside);
    CHECK(scene.role_at({40, 30, 20}) == LabelRole::bone);
    CHECK(scene.role_at({400, 30, 20}) == LabelRole::unknown);
    CHECK_FALSE(noted(scene, "no-bone-seen"));
    // No voxel of the two that the table names.
    CHECK(noted(scene, "vessels-not-searched"));
}

TEST_CASE("volume scene: what cannot be planned in is refused with its reason") {
    SampleVolume sample;
    SECTION("too few labels") {
        sample.volume.labels.pop_back();
        CHECK(refusal(sample.volume, sample.table) == "bad-volume");
    }
    SECTION("an empty axis") {
        sample.volume.size[2] = 0;
        CHECK(refusal(sample.volume, sample.table) == "bad-volume");
    }
    SECTION("skewed axes") {
        sample.volume.patient_from_voxel.linear()(0, 1) = 0.2;
        CHECK(refusal(sample.volume, sample.table) == "bad-volume");
    }
    SECTION("an axis without a length") {
        sample.volume.patient_from_voxel.linear().col(1).setZero();
        CHECK(refusal(sample.volume, sample.table) == "bad-volume");
    }
    SECTION("a place that is no number") {
        sample.volume.patient_from_voxel.translation().x() =
            std::numeric_limits<double>::quiet_NaN();
        CHECK(refusal(sample.volume, sample.table) == "bad-volume");
    }
    SECTION("no air") {
        sample.table.labels[0].role = LabelRole::soft;
        CHECK(refusal(sample.volume, sample.table) == "no-skin");
    }
    SECTION("no joint space") {
        sample.table.labels[2].role = LabelRole::soft;
        CHECK(refusal(sample.volume, sample.table) == "no-joint-space");
    }
    SECTION("an offset although there is air") {
        sample.table.skin_offset_mm = 10;
        CHECK(refusal(sample.volume, sample.table) == "bad-labels");
    }
    SECTION("an offset beyond the volume") {
        sample.table.labels[0].role = LabelRole::soft;
        sample.table.skin_offset_mm = 90;
        CHECK(refusal(sample.volume, sample.table) == "no-skin");
    }
    SECTION("tables that make no sense") {
        const LabelTable good = sample.table;
        for (const auto& spoil : std::vector<std::function<void(LabelTable&)>>{
                 [](LabelTable& t) { t.labels.clear(); },
                 [](LabelTable& t) { t.labels[1].value = 300; },
                 [](LabelTable& t) { t.labels[1].value = t.labels[0].value; },
                 [](LabelTable& t) { t.labels[4].name = ""; },
                 [](LabelTable& t) { t.others = LabelRole::obstacle; },
                 [](LabelTable& t) { t.skin_offset_mm = -1; },
                 [](LabelTable& t) { t.boundary_sigma_mm = -1; },
                 [](LabelTable& t) {
                     t.joint_between = JointBetween{{1}, {99}, 3};
                 },
                 [](LabelTable& t) {
                     t.joint_between = JointBetween{{1}, {}, 3};
                 },
                 [](LabelTable& t) {
                     t.joint_between = JointBetween{{1}, {3}, 0};
                 }}) {
            LabelTable bad = good;
            spoil(bad);
            CHECK(refusal(sample.volume, bad) == "bad-labels");
        }
    }
}

TEST_CASE("volume scene: a stated skin and a stated joint space are used and told") {
    SampleVolume sample;
    // Two bones 4 mm apart in soft tissue, no air, no joint space.
    sample.fill({0, 0, 0}, {80, 40, 50}, 1);
    sample.fill({30, 18, 10}, {55, 22, 22}, 3);
    sample.fill({30, 18, 26}, {55, 22, 40}, 6);
    sample.table.labels.push_back({6, LabelRole::bone, "tibia"});
    sample.table.skin_offset_mm = 8;
    sample.table.joint_between = JointBetween{{3}, {6}, 4.5};
    const VolumeScene scene = sample.scene();
    CHECK(noted(scene, "skin-assumed"));
    CHECK(noted(scene, "joint-assumed"));
    // Within 8 mm of the bones it is tissue, beyond it is air.
    CHECK(scene.role_at({40, 11, 15}) == LabelRole::soft);
    CHECK(scene.role_at({40, 8, 15}) == LabelRole::outside);
    CHECK(scene.role_at({40, 20, 24}) == LabelRole::joint_space);
    CHECK(scene.joint_mm3() >= 25 * 4 * 4);
}

TEST_CASE("volume scene: the fibula tells which knee it is") {
    SampleVolume sample;
    sample.table.side = KneeSide::unknown;
    CHECK(sample.scene().side() == KneeSide::unknown);
    CHECK(plan_volume(sample.scene(), superolateral()).reason->code == "no-laterality");
    sample.table.labels.push_back({6, LabelRole::bone, "tibia"});
    sample.table.labels.push_back({7, LabelRole::bone, "fibula"});
    sample.fill({30, 30, 0}, {60, 39, 10}, 6);
    sample.fill({10, 30, 0}, {16, 39, 10}, 7);
    const VolumeScene scene = sample.scene();
    CHECK(scene.side() == KneeSide::right);  // LPS: x grows to the left
    CHECK(noted(scene, "side-from-fibula"));
    CHECK(plan_volume(scene, superolateral()).status == PlanStatus::planned);
}

TEST_CASE("volume scene: air within the body is no place to come from") {
    SampleVolume sample;
    sample.fill({20, 14, 20}, {26, 18, 30}, 0);
    const VolumeScene scene = sample.scene();
    CHECK(noted(scene, "closed-air"));
    CHECK(scene.role_at({23, 16, 25}) == LabelRole::unknown);
    for (const Candidate& c : plan_volume(scene, superolateral()).candidates)
        CHECK(c.in_patient->entry_mm.y() == Approx(4.5));
}

TEST_CASE("volume scene: approaches of radiographs are not planned in a volume") {
    const SampleVolume sample;
    PlanOptions options;
    options.approach = "ap-joint-line";
    const Plan plan = plan_volume(sample.scene(), options);
    CHECK(plan.status == PlanStatus::refused);
    CHECK(plan.reason->code == "wrong-view");
    CHECK(plan.approach == "ap-joint-line");
}
