// SPDX-License-Identifier: Apache-2.0
#include <guide/simulate/tissue.hpp>

#include <array>
#include <cstddef>

namespace guide::simulate {
namespace {

struct Row {
    std::string_view name;
    TissueProperties properties;
};

// Speed, impedance and attenuation as in the tables of the simulators of docs/literature.md;
// tissues that stand in none take those of their nearest kin. Attenuation of X-rays at 60 keV from
// density and composition (NIST). Scatter amplitudes: engineering, chosen so that grey levels fall
// in the order seen on real frames.
constexpr std::array<Row, kTissueCount> kRows{{
    // name, {m/s, MRayl, dB/cm/MHz, 1/mm3, sigma, anisotropy, specular, 1/cm, HU}
    {"outside", {1540, 1.54, 0.0, 0, 0, 0, 0, 0.0, -1000}},
    {"skin", {1620, 1.72, 0.9, 60, 1.2, 0, 0.3, 0.215, 60}},
    {"subcutaneous-fat", {1450, 1.38, 0.6, 60, 0.45, 0, 0.2, 0.188, -100}},
    {"muscle", {1580, 1.68, 1.1, 60, 0.55, 0.3, 0.3, 0.215, 55}},
    {"quadriceps-tendon", {1650, 1.75, 1.4, 60, 1.5, 0.9, 0.6, 0.222, 90}},
    {"patellar-tendon", {1650, 1.75, 1.4, 60, 1.5, 0.9, 0.6, 0.222, 90}},
    {"suprapatellar-fat-pad", {1470, 1.42, 0.7, 60, 0.9, 0, 0.3, 0.190, -90}},
    {"prefemoral-fat-pad", {1470, 1.42, 0.7, 60, 0.65, 0, 0.3, 0.190, -90}},
    {"hoffa-fat-pad", {1470, 1.42, 0.7, 60, 0.8, 0, 0.3, 0.190, -90}},
    {"joint-fluid", {1520, 1.53, 0.02, 20, 0.02, 0, 0.5, 0.207, 15}},
    {"synovium", {1560, 1.62, 0.8, 60, 0.4, 0, 0.3, 0.210, 40}},
    {"cartilage", {1665, 1.86, 1.0, 40, 0.04, 0, 0.7, 0.222, 80}},
    {"meniscus", {1650, 1.76, 1.3, 60, 1.6, 0.3, 0.5, 0.222, 90}},
    {"ligament", {1650, 1.75, 1.4, 60, 1.3, 0.8, 0.6, 0.222, 90}},
    {"femur", {3430, 6.5, 10, 20, 0.3, 0, 0.9, 0.45, 700}},
    {"tibia", {3430, 6.5, 10, 20, 0.3, 0, 0.9, 0.45, 700}},
    {"patella", {3430, 6.5, 10, 20, 0.3, 0, 0.9, 0.45, 700}},
    {"fibula", {3430, 6.5, 10, 20, 0.3, 0, 0.9, 0.45, 700}},
    {"artery", {1570, 1.66, 0.2, 40, 0.05, 0, 0.5, 0.218, 45}},
    {"vein", {1570, 1.66, 0.2, 40, 0.05, 0, 0.4, 0.218, 45}},
    {"nerve", {1600, 1.70, 1.0, 60, 1.0, 0.6, 0.3, 0.213, 50}},
    {"bakers-cyst", {1520, 1.53, 0.02, 20, 0.03, 0, 0.5, 0.207, 15}},
    {"metal", {5800, 45, 0, 0, 0, 0, 1, 8.0, 8000}},
    {"contrast-agent", {1540, 1.56, 0.05, 20, 0.05, 0, 0.3, 1.6, 3000}},
    {"water", {1482, 1.48, 0.0022, 0, 0, 0, 0.5, 0.206, 0}},
}};

const Row& row_of(Tissue tissue) {
    return kRows[static_cast<std::size_t>(tissue)];
}

}  // namespace

std::string_view name_of(Tissue tissue) {
    return row_of(tissue).name;
}

std::optional<Tissue> tissue_from_name(std::string_view name) {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (kRows[i].name == name) return static_cast<Tissue>(i);
    }
    return std::nullopt;
}

bool is_bone(Tissue tissue) {
    return tissue == Tissue::femur || tissue == Tissue::tibia || tissue == Tissue::patella ||
           tissue == Tissue::fibula;
}

const TissueProperties& properties_of(Tissue tissue) {
    return row_of(tissue).properties;
}

}  // namespace guide::simulate
