// SPDX-License-Identifier: Apache-2.0
#include "json_fields.hpp"

#include <guide/report/volume.hpp>

#include <array>

namespace guide::report {
namespace {

constexpr std::array kRoles{"outside",   "soft",     "joint-space", "bone",
                            "cartilage", "obstacle", "unknown"};
constexpr std::array kSides{"unknown", "left", "right"};

plan::LabelEntry entry_of(const Json& json, const std::string& path) {
    Fields fields(json, path);
    plan::LabelEntry entry;
    if (fields.find("value") == nullptr) fields.fail("value", "is missing.");
    fields.whole("value", entry.value, 0, 255);
    if (fields.find("role") == nullptr) fields.fail("role", "is missing.");
    int role = 0;
    fields.word("role", role, kRoles);
    entry.role = *plan::label_role_from_name(kRoles[static_cast<std::size_t>(role)]);
    fields.text("name", entry.name);
    fields.no_other_field("a label");
    return entry;
}

std::vector<int> values_of(Fields& fields, const std::string& field) {
    const Json* list = fields.find(field);
    if (list == nullptr || !list->is_array()) fields.fail(field, "is no list of label values.");
    std::vector<int> values;
    for (const Json& value : *list) {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > 255)
            fields.fail(field, "holds what is no whole number from 0 to 255.");
        values.push_back(value.get<int>());
    }
    return values;
}

plan::LabelTable table_of(const Json& json) {
    Fields fields(json, "");
    plan::LabelTable table;
    std::string schema;
    fields.text("schema", schema);
    if (schema != "guide.labels/1") fields.fail("schema", "is not \"guide.labels/1\".");
    const Json* labels = fields.find("labels");
    if (labels == nullptr || !labels->is_array()) fields.fail("labels", "is no list.");
    for (std::size_t i = 0; i < labels->size(); ++i)
        table.labels.push_back(entry_of((*labels)[i], "labels[" + std::to_string(i) + "]"));
    int others = static_cast<int>(table.others), side = 0;
    fields.word("others", others, kRoles);
    table.others = *plan::label_role_from_name(kRoles[static_cast<std::size_t>(others)]);
    fields.word("side", side, kSides);
    table.side = static_cast<plan::KneeSide>(side);
    fields.number("skin_offset_mm", table.skin_offset_mm, 0, 100);
    fields.number("boundary_sigma_mm", table.boundary_sigma_mm, 0, 20);
    if (const Json* between = fields.find("joint_between")) {
        Fields parts(*between, "joint_between");
        table.joint_between.emplace();
        table.joint_between->one = values_of(parts, "one");
        table.joint_between->other = values_of(parts, "other");
        parts.number("mm", table.joint_between->mm, 0, 30);
        parts.no_other_field("joint_between");
    }
    if (const Json* probe = fields.find("probe")) {
        Fields parts(*probe, "probe");
        const auto vector = [&](const char* field, double most) {
            const auto numbers = parts.numbers(field, 3, -most, most);
            if (numbers.empty()) parts.fail(field, "is missing.");
            return Eigen::Vector3d(numbers[0], numbers[1], numbers[2]);
        };
        table.probe.emplace();
        table.probe->face_mm = vector("face_mm", 5000);
        table.probe->along = vector("along", 1e3);
        table.probe->looks = vector("looks", 1e3);
        parts.number("width_mm", table.probe->width_mm, 5, 150);
        parts.no_other_field("probe");
    }
    fields.no_other_field("a table of labels");
    return table;
}

}  // namespace

Expected<plan::LabelTable> read_label_table(std::string_view json) {
    const Json document = Json::parse(json, nullptr, false);
    if (document.is_discarded()) return no_answer("bad-labels", "It is no JSON.");
    try {
        plan::LabelTable table = table_of(document);
        if (const auto valid = table.validate(); !valid) return tl::unexpected(valid.error());
        return table;
    } catch (const FieldFault& fault) {
        return no_answer("bad-labels", fault.text);
    } catch (const Json::exception&) {
        return no_answer("bad-labels", "It holds a value out of range.");
    }
}

}  // namespace guide::report
