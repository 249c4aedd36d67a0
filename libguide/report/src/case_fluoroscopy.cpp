// SPDX-License-Identifier: Apache-2.0
#include "case_parts.hpp"

namespace guide::report {

void read_xray(Fields fields, CaseXray& x) {
    fields.number("primary_deg", x.arm.primary_deg, -180, 180);
    fields.number("secondary_deg", x.arm.secondary_deg, -60, 60);
    fields.number("roll_deg", x.arm.roll_deg, -180, 180);
    fields.number("source_to_isocentre_mm", x.arm.source_to_isocentre_mm, 300, 3000);
    fields.number("source_to_detector_mm", x.arm.source_to_detector_mm, 300, 5000);
    if (x.arm.source_to_detector_mm < x.arm.source_to_isocentre_mm + 80) {
        fields.fail("source_to_detector_mm",
                    "is less than 80 above source_to_isocentre_mm: the detector would lie in the "
                    "knee.");
    }
    fields.number("pixel_mm", x.arm.pixel_mm, 0.05, 5);
    fields.whole("width_px", x.arm.width, 16, 4096);
    fields.whole("height_px", x.arm.height, 16, 4096);
    if (const auto shift = vector_of(fields.numbers("shift_mm", 3, -150, 150))) x.shift_mm = *shift;
    fields.number("black_od", x.black_od, -1, 20);
    fields.number("white_od", x.white_od, -2, 19);
    if (x.black_od.has_value() != x.white_od.has_value())
        fields.fail("black_od", "and white_od stand together, or neither.");
    if (x.black_od && !(*x.black_od > *x.white_od + 0.1))
        fields.fail("black_od", "is not more than 0.1 above white_od.");
    fields.number("photons", x.photons, 10, 1e7);
    fields.number("scatter_to_primary", x.scatter_to_primary, 0, 5);
    fields.number("collimator_mm", x.collimator_mm, 0, 1000);
    fields.flag("bone_bright", x.bone_bright);
    fields.number("voxel_mm", x.voxel_mm, 0.4, 3);
    fields.no_other_field();
}

Json json_of(const CaseXray& x) {
    return {{"primary_deg", x.arm.primary_deg},
            {"secondary_deg", x.arm.secondary_deg},
            {"roll_deg", x.arm.roll_deg},
            {"source_to_isocentre_mm", x.arm.source_to_isocentre_mm},
            {"source_to_detector_mm", x.arm.source_to_detector_mm},
            {"pixel_mm", x.arm.pixel_mm},
            {"width_px", x.arm.width},
            {"height_px", x.arm.height},
            {"shift_mm", Json::array({x.shift_mm.x(), x.shift_mm.y(), x.shift_mm.z()})},
            {"black_od", x.black_od ? Json(*x.black_od) : Json(nullptr)},
            {"white_od", x.white_od ? Json(*x.white_od) : Json(nullptr)},
            {"photons", x.photons},
            {"scatter_to_primary", x.scatter_to_primary},
            {"collimator_mm", x.collimator_mm},
            {"bone_bright", x.bone_bright},
            {"voxel_mm", x.voxel_mm}};
}

}  // namespace guide::report
