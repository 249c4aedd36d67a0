// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/core/random.hpp>
#include <guide/simulate/knee.hpp>

#include <algorithm>
#include <cmath>

namespace guide::simulate {

void KneeParameters::validate() const {
    const auto within = [](double value, double low, double high, const char* rule) {
        require(value >= low && value <= high, "KneeParameters", rule);
    };
    within(size, 0.8, 1.25, "size is 0.8 to 1.25");
    within(flexion_deg, 0, 110, "flexion_deg is 0 to 110 degrees");
    within(fat_mm, 1, 40, "fat_mm is 1 to 40 mm");
    within(effusion_mm, 0, 20, "effusion_mm is 0 to 20 mm");
    within(synovium_mm, 0, 8, "synovium_mm is 0 to 8 mm");
    within(cartilage_mm, 0, 4, "cartilage_mm is 0 to 4 mm");
    within(narrowing_medial, 0, 1, "narrowing_medial is 0 to 1");
    within(narrowing_lateral, 0, 1, "narrowing_lateral is 0 to 1");
    within(osteophyte_mm, 0, 8, "osteophyte_mm is 0 to 8 mm");
    within(bakers_cyst_mm, 0, 40, "bakers_cyst_mm is 0 to 40 mm");
    within(shape_variation, 0, 2, "shape_variation is 0 to 2");
}

KneeParameters random_knee(std::uint64_t seed) {
    Random random(seed, 0x70617469);
    const auto log_normal = [&](double median, double spread, double low, double high) {
        return std::clamp(median * std::exp(spread * random.normal()), low, high);
    };
    KneeParameters p;
    p.seed = seed;
    p.laterality = random.uniform() < 0.5 ? Laterality::left : Laterality::right;
    p.size = std::clamp(1 + 0.06 * random.normal(), 0.85, 1.2);
    p.flexion_deg = 20 + 15 * random.uniform();
    p.fat_mm = log_normal(7, 0.5, 2, 30);
    // Table of the European study: with effusion 7.5 (5) mm, without 1.3 (1.4) mm; half of each.
    const bool effusion = random.uniform() < 0.5;
    p.effusion_mm = effusion ? log_normal(6.3, 0.5, 4, 20) : log_normal(1.0, 0.7, 0.2, 3.9);
    p.synovium_mm = effusion ? log_normal(2.3, 0.6, 0.5, 6) : log_normal(0.9, 0.6, 0.3, 4);
    p.cartilage_mm = std::clamp(2 + 0.3 * random.normal(), 1.2, 2.8);
    if (random.uniform() < 0.6) {
        const double arthritis = random.uniform();
        const bool medial = random.uniform() < 0.75;
        (medial ? p.narrowing_medial : p.narrowing_lateral) = arthritis;
        (medial ? p.narrowing_lateral : p.narrowing_medial) = 0.3 * arthritis * random.uniform();
        p.osteophyte_mm = 5 * arthritis * random.uniform();
    }
    if (random.uniform() < 0.2) p.bakers_cyst_mm = log_normal(14, 0.5, 5, 40);
    return p;
}

}  // namespace guide::simulate
