// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/export.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace guide::simulate {

/// What a point of the phantom is made of. The numbers are stored in label masks and stay.
enum class Tissue : std::uint8_t {
    outside = 0,  ///< air or gel beyond the skin
    skin = 1,
    subcutaneous_fat = 2,
    muscle = 3,
    quadriceps_tendon = 4,
    patellar_tendon = 5,
    suprapatellar_fat_pad = 6,
    prefemoral_fat_pad = 7,
    hoffa_fat_pad = 8,
    joint_fluid = 9,  ///< effusion, also what is injected
    synovium = 10,
    cartilage = 11,
    meniscus = 12,
    ligament = 13,  ///< collateral ligaments, capsule
    femur = 14,
    tibia = 15,
    patella = 16,
    fibula = 17,
    artery = 18,
    vein = 19,
    nerve = 20,
    bakers_cyst = 21,
    metal = 22,
    contrast_agent = 23,
    water = 24,  ///< of test tanks, and what was injected beside a joint
};
inline constexpr int kTissueCount = 25;

/// The word used in files, e.g. "prefemoral-fat-pad".
[[nodiscard]] GUIDE_SIMULATE_EXPORT std::string_view name_of(Tissue tissue);
[[nodiscard]] GUIDE_SIMULATE_EXPORT std::optional<Tissue> tissue_from_name(std::string_view name);

[[nodiscard]] GUIDE_SIMULATE_EXPORT bool is_bone(Tissue tissue);

/// How a tissue answers to ultrasound and to X-rays. Sources: docs/literature.md.
struct TissueProperties {
    double speed_m_s;           ///< of sound
    double impedance_mrayl;     ///< 10^6 kg/(m^2 s)
    double attenuation_db;      ///< one way, per cm and MHz
    double scatterers_per_mm3;  ///< point scatterers
    double scatter_sigma;       ///< amplitude of one, relative to fat
    double anisotropy;   ///< 0: scatters alike in all directions; 1: as tendon, along fibres alone
    double specular;     ///< share of its surface's reflection that is mirror-like, 0..1
    double xray_per_cm;  ///< linear attenuation at 60 keV
    double hounsfield;   ///< typical CT number, for label volumes shown as CT
};

[[nodiscard]] GUIDE_SIMULATE_EXPORT const TissueProperties& properties_of(Tissue tissue);

}  // namespace guide::simulate
