// SPDX-License-Identifier: Apache-2.0
#include "case_parts.hpp"

namespace guide::report {

using simulate::KneeParameters;
using simulate::Laterality;

void read_knee(Fields fields, KneeParameters& k) {
    int side = k.laterality == Laterality::right ? 1 : 0;
    fields.word("laterality", side, kCaseSides);
    k.laterality = side == 1 ? Laterality::right : Laterality::left;
    fields.number("size", k.size, 0.8, 1.25);
    fields.number("flexion_deg", k.flexion_deg, 0, 110);
    fields.number("fat_mm", k.fat_mm, 1, 40);
    fields.number("effusion_mm", k.effusion_mm, 0, 20);
    fields.number("synovium_mm", k.synovium_mm, 0, 8);
    fields.number("cartilage_mm", k.cartilage_mm, 0, 4);
    fields.number("narrowing_medial", k.narrowing_medial, 0, 1);
    fields.number("narrowing_lateral", k.narrowing_lateral, 0, 1);
    fields.number("osteophyte_mm", k.osteophyte_mm, 0, 8);
    fields.number("bakers_cyst_mm", k.bakers_cyst_mm, 0, 40);
    fields.number("shape_variation", k.shape_variation, 0, 2);
    fields.seed("seed", k.seed);
    fields.no_other_field();
}

Json json_of(const KneeParameters& k) {
    return {{"laterality", kCaseSides[k.laterality == Laterality::right ? 1 : 0]},
            {"size", k.size},
            {"flexion_deg", k.flexion_deg},
            {"fat_mm", k.fat_mm},
            {"effusion_mm", k.effusion_mm},
            {"synovium_mm", k.synovium_mm},
            {"cartilage_mm", k.cartilage_mm},
            {"narrowing_medial", k.narrowing_medial},
            {"narrowing_lateral", k.narrowing_lateral},
            {"osteophyte_mm", k.osteophyte_mm},
            {"bakers_cyst_mm", k.bakers_cyst_mm},
            {"shape_variation", k.shape_variation},
            {"seed", k.seed}};
}

}  // namespace guide::report
