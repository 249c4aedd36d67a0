// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/tissue_field.hpp>

#include <array>

namespace guide::simulate {

/// Materials that a ray's way is split into: ways of water (soft tissue as so much water), cortical
/// bone, contrast agent and steel, mm.
enum Material { kWater, kBone, kContrast, kSteel, kMaterialCount };

/// Three energies that stand for the spectrum of a 75 kV tube behind its filter, keV 40, 60 and 80.
inline constexpr int kEnergyCount = 3;
inline constexpr std::array<double, kEnergyCount> kEnergyShare{0.35, 0.45, 0.20};

/// Linear attenuation, 1/mm: mass coefficients of NIST times density. Water 1.00, cortical bone
/// 1.92, steel 7.9 g/cm3, contrast agent of 150 mg iodine a millilitre.
inline constexpr double kAttenuation[kEnergyCount][kMaterialCount]{
    {0.02683, 0.1278, 0.358, 2.87},
    {0.02059, 0.0604, 0.134, 0.952},
    {0.01837, 0.0428, 0.071, 0.470},
};

/// What is left of a spectrum after these ways, 0 to 1.
[[nodiscard]] double transmitted(const std::array<double, kMaterialCount>& ways_mm);

/// Ways per mm of the tissues: bone has a cortex of 1.5 mm about a spongy core, `density` times as
/// dense as in the mean.
struct MaterialShare {
    float water, bone, contrast;
};
[[nodiscard]] MaterialShare materials_of(const TissueSample& sample, float density = 1);

}  // namespace guide::simulate
