// SPDX-License-Identifier: Apache-2.0
#include "case_parts.hpp"

#include <charconv>
#include <string>

namespace guide::report {
namespace {

using simulate::Tissue;

Tissue tissue_of(const Fields& fields, const std::string& field, const Json& word) {
    if (!word.is_string()) fields.fail(field, "is not a text.");
    const auto tissue = simulate::tissue_from_name(word.get<std::string>());
    if (!tissue) fields.fail(field, "is \"" + word.get<std::string>() + "\", which is no tissue.");
    return *tissue;
}

}  // namespace

void read_volume(Fields fields, CaseVolume& v) {
    fields.text("file", v.file);
    if (v.file.empty()) fields.fail("file", "is needed.");
    const Json* labels = fields.find("labels");
    if (labels == nullptr || !labels->is_object() || labels->empty()) {
        fields.fail("labels",
                    "is needed: an object that names the tissue of each label, such as "
                    "{\"1\": \"femur\"}.");
    }
    for (const auto& [key, word] : labels->items()) {
        int label = -1;
        const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), label);
        if (error != std::errc{} || end != key.data() + key.size() || label < 1 || label > 65535)
            fields.fail("labels." + key, "is no label; labels are 1 to 65535.");
        v.labels[label] = tissue_of(fields, "labels." + key, word);
    }
    if (const Json* word = fields.find("background"))
        v.background = tissue_of(fields, "background", *word);
    fields.number("around_mm", v.around_mm, 0, 1000);
    fields.number("smooth_mm", v.smooth_mm, 0, 3);
    fields.no_other_field();
}

Json json_of(const CaseVolume& v) {
    Json labels = Json::object();
    for (const auto& [label, tissue] : v.labels)
        labels[std::to_string(label)] = simulate::name_of(tissue);
    return {{"file", v.file},
            {"labels", labels},
            {"background", simulate::name_of(v.background)},
            {"around_mm", v.around_mm},
            {"smooth_mm", v.smooth_mm}};
}

}  // namespace guide::report
