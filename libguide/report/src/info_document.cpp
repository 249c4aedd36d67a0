// SPDX-License-Identifier: Apache-2.0
#include "json_values.hpp"

#include <guide/report/documents.hpp>

namespace guide::report {
namespace {

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json region_json(const UltrasoundRegion& region) {
    Json result;
    result["box_px"] = json(region.box);
    result["clipped"] = region.clipped;
    result["data_type"] = io::region_data_type_name(region.data_type);
    result["spatial_format"] = region.spatial_format;
    result["unit_x"] = io::region_unit_name(region.unit_x);
    result["unit_y"] = io::region_unit_name(region.unit_y);
    result["delta_x"] = region.delta_x;
    result["delta_y"] = region.delta_y;
    result["reference_pixel"] =
        region.reference_pixel ? json(*region.reference_pixel) : Json(nullptr);
    result["spacing_mm"] = json(region.spacing);
    return result;
}

}  // namespace

std::string info_json(const io::SourceInfo& info) {
    Json result;
    result["schema"] = "guide.info/1";
    result["file"] = info.path.string();
    result["format"] = info.format;
    result["modality"] = name_of(info.modality);
    result["size_px"] = Json::array({info.width, info.height});
    result["frames"] = info.frame_count;
    result["frame_rate_hz"] = json(info.frame_rate_hz);
    result["bits_stored"] = info.bits_stored;
    result["channels"] = info.channels;
    result["spacing_mm"] = json(info.spacing);
    result["spacing_source"] = name_of(info.spacing_source);
    result["pixel_aspect"] = json(info.pixel_aspect);
    result["content_box_px"] = info.content_box ? json(*info.content_box) : Json(nullptr);
    result["regions"] = Json::array();
    for (const auto& region : info.regions)
        result["regions"].push_back(region_json(region));
    result["turned"] = {{"transposed", info.turn.transposed},
                        {"left_right", info.turn.left_right},
                        {"upside_down", info.turn.upside_down}};
    result["dicom"] = info.format != "dicom"
                          ? Json(nullptr)
                          : Json{{"modality", text_or_null(info.dicom_modality)},
                                 {"sop_class", text_or_null(info.sop_class)},
                                 {"transfer_syntax", text_or_null(info.transfer_syntax)},
                                 {"photometric", text_or_null(info.photometric)},
                                 {"manufacturer", text_or_null(info.manufacturer)},
                                 {"model", text_or_null(info.model)},
                                 {"body_part", text_or_null(info.body_part)}};
    result["notes"] = json(info.notes);
    return text_of(result);
}

}  // namespace guide::report
