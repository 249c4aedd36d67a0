// SPDX-License-Identifier: Apache-2.0
#include "xray_volume.hpp"

#include <guide/simulate/knee.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using namespace guide::simulate;
using Eigen::Vector3d;

TEST_CASE("x-ray volume: each code stands for the materials of the tissue that it was made from") {
    for (int t = 0; t < kTissueCount; ++t) {
        for (const float depth : {0.0F, 1.0F, 1.5F, 1.74F, 2.3F, 5.0F}) {
            const TissueSample sample{static_cast<Tissue>(t), depth};
            const std::uint8_t code = xray_code(sample);
            CHECK(tissue_of_code(code) == sample.tissue);
            const MaterialShare wanted = materials_of(sample), found = materials_of_code(code);
            CHECK(found.water == Approx(wanted.water).margin(0.01));
            CHECK(found.bone == Approx(wanted.bone).margin(0.01));
            CHECK(found.contrast == wanted.contrast);
        }
    }
}

TEST_CASE("x-ray volume: blocks that are asked for once hold what their voxels hold") {
    KneeParameters parameters;
    parameters.seed = GENERATE(1U, 2U);
    parameters.effusion_mm = 8;
    parameters.bakers_cyst_mm = 15;
    parameters.osteophyte_mm = 4;
    parameters.flexion_deg = parameters.seed == 1 ? 10 : 60;
    const Knee knee(parameters);
    VoxelGrid grid;
    grid.size = {71, 85, 61};
    grid.patient_from_grid.linear() *= 1.4;
    grid.patient_from_grid.translation() = Vector3d(-20, -65, -35);
    const auto sampler = [&](const Vector3d& p) { return knee.at(p); };
    const SpongyBone spongiosa({});
    const auto codes = xray_codes(grid, sampler, spongiosa, {2});
    CHECK(codes == xray_codes(grid, sampler, spongiosa, {1}));
    std::size_t i = 0, different = 0, bones = 0;
    for (int z = 0; z < grid.size[2]; ++z) {
        for (int y = 0; y < grid.size[1]; ++y) {
            for (int x = 0; x < grid.size[0]; ++x, ++i) {
                const Vector3d place = grid.patient_from_grid * Vector3d(x, y, z);
                const TissueSample sample = knee.at(place);
                const auto own = xray_code(
                    sample, is_bone(sample.tissue) ? spongiosa.density(sample.tissue, place) : 1);
                if (own != codes[i]) ++different;
                if (is_bone(tissue_of_code(own)) != is_bone(tissue_of_code(codes[i]))) ++bones;
            }
        }
    }
    // Depths are right to first order alone: some voxels at the border between fat and muscle.
    const auto all = static_cast<double>(codes.size());
    CHECK(static_cast<double>(different) / all < 5e-4);
    CHECK(static_cast<double>(bones) / all < 3e-5);
}
