// SPDX-License-Identifier: Apache-2.0
#include "case_document.hpp"
#include "case_parts.hpp"

#include <guide/core/error.hpp>
#include <guide/report/case.hpp>

#include <algorithm>
#include <cmath>

namespace guide::report {
namespace {

constexpr const char* kSchema = "guide.case/1";
constexpr const char* kModalities[] = {"ultrasound", "fluoroscopy"};
constexpr const char* kPlaces[] = {"none", "in-joint", "outside-joint"};
void read_view(Fields& fields, Case& c) {
    if (c.fluoroscopy) c.view = View::xray_ap;
    std::string name(name_of(c.view));
    fields.text("view", name);
    const auto view = view_from_name(name);
    if (!view || *view == View::unknown) fields.fail("view", "is \"" + name + "\", no known view.");
    if (is_xray(*view) != c.fluoroscopy) {
        fields.fail("view", "is \"" + name + "\", which is no view of " +
                                kModalities[c.fluoroscopy ? 1 : 0] + ".");
    }
    c.view = *view;
    // A lateral view looks from the outer side, where the tube stands.
    const bool right = c.knee.laterality == simulate::Laterality::right;
    if (c.view == View::xray_lateral) c.xray.arm.primary_deg = right ? -90 : 90;
}

/// Somebody's own knee stands in place of ours.
void read_own_volume(Fields& fields, Case& c) {
    const Json* own = fields.find("volume");
    if (own == nullptr) return;
    if (!c.fluoroscopy) {
        fields.fail("volume",
                    "does not go with ultrasound: a label volume names no places to hold a probe "
                    "to, and mostly no skin.");
    }
    read_volume({*own, "volume"}, c.volume.emplace());
    if (const Json* knee = fields.find("knee")) {
        for (const auto& [field, value] : knee->items()) {
            if (field != "laterality")
                fields.fail("knee." + field, "does not go with volume, which is the knee.");
        }
    }
    if (const Json* arm = fields.find("c_arm"); arm != nullptr && arm->contains("voxel_mm"))
        fields.fail("c_arm.voxel_mm", "does not go with volume, which has its own voxels.");
    const Json* needle = fields.find("needle");
    if (needle != nullptr && needle->is_object() && !needle->contains("tip_mm"))
        fields.fail("needle.tip_mm", "is needed: a label volume names no places to aim at.");
}

void read_parts(Fields& fields, Case& c) {
    const auto part = [&](const char* name, auto read) {
        if (const Json* j = fields.find(name)) read(Fields(*j, name));
    };
    const auto only = [&](const char* name, bool wanted) {
        if (fields.find(name) != nullptr && !wanted) {
            fields.fail(
                name, std::string("does not go with ") + kModalities[c.fluoroscopy ? 1 : 0] + ".");
        }
    };
    only("probe", !c.fluoroscopy);
    only("scanner", !c.fluoroscopy);
    only("screen", !c.fluoroscopy);
    only("c_arm", c.fluoroscopy);
    only("contrast", c.fluoroscopy);
    only("biplane", c.fluoroscopy);
    only("wires", c.fluoroscopy);
    only("contrast_ml", c.fluoroscopy);
    part("knee", [&](Fields f) { read_knee(std::move(f), c.knee); });
    read_own_volume(fields, c);
    read_view(fields, c);
    part("probe", [&](Fields f) { read_offset(std::move(f), c.probe); });
    part("scanner", [&](Fields f) { read_scanner(std::move(f), c.scanner, c.seed); });
    part("screen", [&](Fields f) { read_screen(std::move(f), c.screen.emplace()); });
    if (!c.screen && !c.scanner.pixel_mm) c.scanner.pixel_mm = c.scanner.curvilinear ? 0.15 : 0.08;
    part("c_arm", [&](Fields f) { read_xray(std::move(f), c.xray); });
    // By default from the side where the first view is from the front, else from the front.
    const double turned = std::abs(std::cos(c.xray.arm.primary_deg * 0.017453292519943295));
    const bool right = c.knee.laterality == simulate::Laterality::right;
    part("biplane", [&](Fields f) {
        c.biplane.emplace().primary_deg = turned < 0.7 ? 0 : right ? -90 : 90;
        read_biplane(std::move(f), *c.biplane);
    });
    if (const Json* list = fields.find("wires")) c.wires = read_wires(fields, *list);
    int contrast = 0;
    fields.word("contrast", contrast, kPlaces);
    c.contrast = static_cast<Contrast>(contrast);
    fields.number("contrast_ml", c.contrast_ml, 0.1, 20);
    part("needle", [&](Fields f) { read_needle(std::move(f), c.needle.emplace(), c.fluoroscopy); });
    if (c.contrast == Contrast::outside_joint && !c.needle)
        fields.fail("contrast",
                    "outside the joint lies about the needle's tip; there is no needle.");
    part("sequence", [&](Fields f) { read_sequence(std::move(f), c.sequence); });
    if (c.sequence.motion == Motion::needle_insertion && !c.needle)
        fields.fail("sequence", "pushes a needle in; there is no needle.");
    if (c.sequence.motion == Motion::injection && c.fluoroscopy && c.contrast == Contrast::none) {
        fields.fail("sequence",
                    "injects fluid, which X-rays do not show; say where contrast agent goes to "
                    "(contrast: in-joint or outside-joint).");
    }
    if (c.sequence.motion == Motion::injection && !c.needle)
        fields.fail("sequence", "injects through a needle; there is no needle.");
    if (c.sequence.motion == Motion::probe_sweep && c.fluoroscopy)
        fields.fail("sequence", "moves a probe; fluoroscopy has none.");
}

/// Where a byte of a text stands, for people.
std::string place_in(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, byte > 0 ? byte - 1 : 0);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t start = before.rfind('\n');
    const std::size_t column =
        before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

Expected<Case> read_case(std::string_view json, const std::optional<std::uint64_t>& knee_seed) {
    const auto fault = [](const std::string& why) { return no_answer("bad-case", why); };
    Json document;
    try {
        document = Json::parse(json);
    } catch (const Json::parse_error& e) {
        return fault("It is no JSON object; " + place_in(json, e.byte) + " cannot be read.");
    }
    if (!document.is_object()) return fault("It is no JSON object.");
    Case c;
    if (knee_seed) {
        c.knee = simulate::random_knee(*knee_seed);
        c.seed = *knee_seed;
    }
    try {
        Fields fields(document, "");
        std::string schema;
        fields.text("schema", schema);
        if (schema != kSchema) fields.fail("schema", std::string("is not \"") + kSchema + "\".");
        fields.text("title", c.title);
        if (!knee_seed) fields.seed("seed", c.seed);
        (void)fields.find("seed");
        int modality = 0;
        fields.word("modality", modality, kModalities);
        c.fluoroscopy = modality == 1;
        read_parts(fields, c);
        fields.no_other_field();
    } catch (const FieldFault& f) {
        return fault(f.text);
    }
    return c;
}

Json case_document(const Case& c) {
    Json result;
    result["schema"] = kSchema;
    result["title"] = c.title;
    result["modality"] = kModalities[c.fluoroscopy ? 1 : 0];
    result["view"] = name_of(c.view);
    result["seed"] = c.seed;
    if (c.volume) {
        result["knee"] = {{"laterality", json_of(c.knee)["laterality"]}};
        result["volume"] = json_of(*c.volume);
    } else {
        result["knee"] = json_of(c.knee);
    }
    if (c.fluoroscopy) {
        result["c_arm"] = json_of(c.xray);
        if (c.volume) result["c_arm"].erase("voxel_mm");
        if (c.biplane) result["biplane"] = json_of(*c.biplane);
        result["wires"] = json_of(c.wires);
        result["contrast"] = kPlaces[static_cast<int>(c.contrast)];
        result["contrast_ml"] = c.contrast_ml;
    } else {
        result["probe"] = json_of(c.probe);
        result["scanner"] = json_of(c.scanner);
        if (c.screen) result["screen"] = json_of(*c.screen);
    }
    if (c.needle) result["needle"] = json_of(*c.needle);
    result["sequence"] = json_of(c.sequence);
    return result;
}

std::string case_json(const Case& c) {
    return text_of(case_document(c));
}

}  // namespace guide::report
