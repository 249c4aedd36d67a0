// SPDX-License-Identifier: Apache-2.0
#include <guide/plan/plan_volume.hpp>
#include <guide/simulate/knee.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using namespace guide::plan;
using Eigen::Vector3d;
using simulate::Tissue;

namespace {

LabelTable table_of_tissues() {
    LabelTable table;
    for (int value = 0; value < simulate::kTissueCount; ++value) {
        const auto tissue = static_cast<Tissue>(value);
        LabelEntry entry{value, LabelRole::soft, std::string(name_of(tissue))};
        if (simulate::is_bone(tissue)) entry.role = LabelRole::bone;
        switch (tissue) {
            case Tissue::outside:
                entry.role = LabelRole::outside;
                break;
            case Tissue::joint_fluid:
                entry.role = LabelRole::joint_space;
                break;
            case Tissue::cartilage:
                entry.role = LabelRole::cartilage;
                break;
            case Tissue::artery:
            case Tissue::vein:
                entry = {value, LabelRole::obstacle, "vessel"};
                break;
            case Tissue::nerve:
                entry = {value, LabelRole::obstacle, "nerve"};
                break;
            case Tissue::quadriceps_tendon:
            case Tissue::patellar_tendon:
                entry = {value, LabelRole::obstacle, "tendon"};
                break;
            default:
                break;
        }
        table.labels.push_back(entry);
    }
    return table;
}

}  // namespace

TEST_CASE("volume: a simulated knee is reached from its lateral side through plausible layers") {
    for (const auto laterality : {simulate::Laterality::right, simulate::Laterality::left}) {
        simulate::KneeParameters parameters;
        parameters.laterality = laterality;
        parameters.effusion_mm = 7;
        const simulate::Knee knee(parameters);
        const Vector3d recess = knee.landmarks().recess, half(55, 40, 30);
        const auto field = knee.field({recess - half, recess + half}, 1);
        LabelVolume volume{field.grid().size, field.grid().patient_from_grid, field.labels()};
        LabelTable table = table_of_tissues();
        const bool left = laterality == simulate::Laterality::left;
        table.side = left ? KneeSide::left : KneeSide::right;
        const auto scene = VolumeScene::make(volume, table);
        REQUIRE(scene);
        PlanOptions options;
        options.approach = "superolateral";
        options.needle.length_mm = 75;
        const Plan plan = plan_volume(*scene, options);
        INFO((plan.reason ? plan.reason->text : std::string()));
        REQUIRE(plan.status == PlanStatus::planned);
        const Candidate& best = plan.candidates.front();
        const Vector3d entry = best.in_patient->entry_mm, target = best.in_patient->target_mm;
        CHECK((entry.x() > target.x()) == left);
        // The phantom itself, which knows no voxels: fluid about the tip, air beyond the entry.
        CHECK(knee.at(target).tissue == Tissue::joint_fluid);
        CHECK(knee.at(entry + 1.5 * (entry - target).normalized()).tissue == Tissue::outside);
        for (double s = 0; s <= 1; s += 0.01)
            CHECK_FALSE(simulate::is_bone(knee.at(entry + s * (target - entry)).tissue));
        CHECK(*best.p_hit > 0.5);
        REQUIRE(best.layers.size() >= 3);
        CHECK(best.layers.front().name == "skin");
        CHECK(best.layers.back().name == "joint-fluid");
    }
}
