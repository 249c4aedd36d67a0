// SPDX-License-Identifier: Apache-2.0
#include "xray_materials.hpp"

#include <algorithm>
#include <cmath>

namespace guide::simulate {

double transmitted(const std::array<double, kMaterialCount>& ways_mm) {
    double sum = 0;
    for (int e = 0; e < kEnergyCount; ++e) {
        double exponent = 0;
        for (int m = 0; m < kMaterialCount; ++m)
            exponent += kAttenuation[e][m] * ways_mm[static_cast<std::size_t>(m)];
        sum += kEnergyShare[static_cast<std::size_t>(e)] * std::exp(-exponent);
    }
    return sum;
}

MaterialShare materials_of(const TissueSample& sample, float density) {
    if (sample.tissue == Tissue::outside) return {0, 0, 0};
    if (sample.tissue == Tissue::contrast_agent) return {0, 0, 1};
    if (is_bone(sample.tissue)) {
        constexpr float kCortex = 1.5F;      // mm
        constexpr float kSpongiosa = 0.22F;  // share of bone in it, the rest is marrow
        const float core = std::clamp((sample.depth_mm - kCortex) / 0.8F, 0.0F, 1.0F);
        const float bone = 1 + core * (density * kSpongiosa - 1);
        return {0.93F * (1 - bone), bone, 0};
    }
    // At 60 keV, as the table of tissues has it.
    const double water = properties_of(sample.tissue).xray_per_cm / 10 / kAttenuation[1][kWater];
    return {static_cast<float>(water), 0, 0};
}

}  // namespace guide::simulate
