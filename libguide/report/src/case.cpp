// SPDX-License-Identifier: Apache-2.0
#include "case_document.hpp"
#include "json_fields.hpp"

#include <guide/core/error.hpp>
#include <guide/plan/needle.hpp>
#include <guide/report/case.hpp>

namespace guide::report {
namespace {

using simulate::KneeParameters;
using simulate::Laterality;
using simulate::ProbeOffset;

constexpr const char* kSchema = "guide.case/1";
constexpr const char* kModalities[] = {"ultrasound", "fluoroscopy"};
constexpr const char* kSides[] = {"left", "right"};
constexpr const char* kPlaces[] = {"none", "in-joint", "outside-joint"};
constexpr const char* kMotions[] = {"still", "probe-sweep", "needle-insertion"};
constexpr const char* kTargets[] = {"joint-space",  "recess",        "trochlea",
                                    "medial-joint", "lateral-joint", "popliteal"};

void read_knee(Fields fields, KneeParameters& k) {
    int side = k.laterality == Laterality::right ? 1 : 0;
    fields.word("laterality", side, kSides);
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

void read_offset(Fields fields, ProbeOffset& p) {
    fields.number("along_mm", p.along_mm, -100, 100);
    fields.number("across_mm", p.across_mm, -100, 100);
    fields.number("turn_deg", p.turn_deg, -180, 180);
    fields.number("tilt_deg", p.tilt_deg, -60, 60);
    fields.number("rock_deg", p.rock_deg, -30, 30);
    fields.no_other_field();
}

void read_scanner(Fields fields, CaseScanner& s) {
    fields.number("width_mm", s.width_mm, 10, 100);
    fields.number("depth_mm", s.depth_mm, 10, 150);
    fields.number("pixel_mm", s.pixel_mm, 0.03, 1);
    fields.number("frequency_mhz", s.frequency_mhz, 2, 20);
    fields.number("focus_mm", s.focus_mm, 2, 150);
    fields.number("gain_db", s.gain_db, -40, 40);
    fields.number("tgc_db_per_cm", s.tgc_db_per_cm, 0, 60);
    fields.number("dynamic_range_db", s.dynamic_range_db, 20, 120);
    fields.whole("looks", s.looks, 1, 7);
    if (s.looks % 2 == 0) fields.fail("looks", "is even; it can be 1, 3, 5 or 7.");
    fields.number("tissue_speed_m_s", s.tissue_speed_m_s, 1400, 1650);
    if (const Json* gaps = fields.find("lost_contact_mm")) {
        if (!gaps->is_array() || gaps->size() > 100)
            fields.fail("lost_contact_mm", "is not a list of pairs.");
        for (const Json& gap : *gaps) {
            if (!gap.is_array() || gap.size() != 2 || !gap[0].is_number() || !gap[1].is_number() ||
                !(gap[0].get<double>() < gap[1].get<double>()))
                fields.fail("lost_contact_mm", "holds what is not a pair of begin and end.");
            s.lost_contact.push_back({gap[0].get<double>(), gap[1].get<double>()});
        }
    }
    fields.no_other_field();
}

std::optional<Eigen::Vector3d> vector_of(const std::vector<double>& numbers) {
    if (numbers.empty()) return std::nullopt;
    return Eigen::Vector3d(numbers[0], numbers[1], numbers[2]);
}

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

void read_needle(Fields fields, CaseNeedle& n, bool fluoroscopy) {
    fields.whole("gauge", n.gauge, 1, 40);
    fields.number("length_mm", n.length_mm, 10, 250);
    if (const auto standard = plan::standard_needle(n.gauge, n.length_mm); !standard)
        fields.fail("gauge", "does not fit: " + standard.error().text);
    if (fluoroscopy) n.target = "recess";
    int target = fluoroscopy ? 1 : 0;
    fields.word("target", target, kTargets);
    n.target = kTargets[target];
    if (fluoroscopy && target == 0) {
        fields.fail("target",
                    "is \"joint-space\", which ultrasound frames alone have; name a "
                    "place, such as recess.");
    }
    n.tip_mm = vector_of(fields.numbers("tip_mm", 3, -400, 400));
    n.direction = vector_of(fields.numbers("direction", 3, -1e6, 1e6));
    if (n.direction) {
        if (!(n.direction->norm() > 1e-9)) fields.fail("direction", "has no length.");
        n.direction->normalize();
    }
    if (n.tip_mm && !n.direction) fields.fail("tip_mm", "needs a direction beside it.");
    if (fluoroscopy && !n.direction) fields.fail("direction", "is needed in fluoroscopy.");
    fields.number("angle_deg", n.angle_deg, 0, 90);
    if (n.angle_deg && n.direction) fields.fail("angle_deg", "does not go with a direction.");
    int across = n.across_plane ? 1 : 0, right = n.from_right ? 1 : 0;
    fields.word("plane", across, std::array{"in", "across"});
    fields.word("from", right, kSides);
    n.across_plane = across == 1;
    n.from_right = right == 1;
    fields.number("off_plane_mm", n.off_plane_mm, -30, 30);
    fields.number("short_of_target_mm", n.short_of_target_mm, -30, 100);
    fields.number("bend_mm", n.bend_mm, 0, 30);
    fields.number("bevel_deg", n.bevel_deg, 5, 90);
    fields.number("echogenic", n.echogenic, 0, 1);
    fields.no_other_field();
}

void read_sequence(Fields fields, CaseSequence& s) {
    int motion = static_cast<int>(s.motion);
    fields.word("motion", motion, kMotions);
    s.motion = static_cast<Motion>(motion);
    fields.whole("frames", s.frames, 1, 10000);
    fields.number("frames_per_s", s.frames_per_s, 1, 200);
    for (const auto& [name, offset] : {std::pair{"from", &s.from}, std::pair{"to", &s.to}}) {
        const Json* j = fields.find(name);
        if (j == nullptr) continue;
        if (s.motion != Motion::probe_sweep) fields.fail(name, "goes with a probe-sweep alone.");
        read_offset({*j, fields.name_of(name)}, *offset);
    }
    fields.no_other_field();
}

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
    const bool right = c.knee.laterality == Laterality::right;
    if (c.view == View::xray_lateral) c.xray.arm.primary_deg = right ? -90 : 90;
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
    only("c_arm", c.fluoroscopy);
    only("contrast", c.fluoroscopy);
    only("contrast_ml", c.fluoroscopy);
    part("knee", [&](Fields f) { read_knee(std::move(f), c.knee); });
    read_view(fields, c);
    part("probe", [&](Fields f) { read_offset(std::move(f), c.probe); });
    part("scanner", [&](Fields f) { read_scanner(std::move(f), c.scanner); });
    part("c_arm", [&](Fields f) { read_xray(std::move(f), c.xray); });
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
    if (c.sequence.motion == Motion::probe_sweep && c.fluoroscopy)
        fields.fail("sequence", "moves a probe; fluoroscopy has none.");
}

Json json_of(const ProbeOffset& p) {
    return {{"along_mm", p.along_mm},
            {"across_mm", p.across_mm},
            {"turn_deg", p.turn_deg},
            {"tilt_deg", p.tilt_deg},
            {"rock_deg", p.rock_deg}};
}

Json json_of(const std::optional<Eigen::Vector3d>& v) {
    return v ? Json::array({v->x(), v->y(), v->z()}) : Json(nullptr);
}

Json json_of(const KneeParameters& k) {
    return {{"laterality", kSides[k.laterality == Laterality::right ? 1 : 0]},
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

Json json_of(const CaseScanner& s) {
    Json gaps = Json::array();
    for (const simulate::LostContact& gap : s.lost_contact)
        gaps.push_back(Json::array({gap.begin_mm, gap.end_mm}));
    return {{"width_mm", s.width_mm},
            {"depth_mm", s.depth_mm},
            {"pixel_mm", s.pixel_mm},
            {"frequency_mhz", s.frequency_mhz},
            {"focus_mm", s.focus_mm},
            {"gain_db", s.gain_db},
            {"tgc_db_per_cm", s.tgc_db_per_cm},
            {"dynamic_range_db", s.dynamic_range_db},
            {"looks", s.looks},
            {"tissue_speed_m_s", s.tissue_speed_m_s},
            {"lost_contact_mm", gaps}};
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

Json json_of(const CaseNeedle& n) {
    return {{"gauge", n.gauge},
            {"length_mm", n.length_mm},
            {"target", n.target},
            {"tip_mm", json_of(n.tip_mm)},
            {"direction", json_of(n.direction)},
            {"angle_deg", n.angle_deg ? Json(*n.angle_deg) : Json(nullptr)},
            {"plane", n.across_plane ? "across" : "in"},
            {"from", kSides[n.from_right ? 1 : 0]},
            {"off_plane_mm", n.off_plane_mm},
            {"short_of_target_mm", n.short_of_target_mm},
            {"bend_mm", n.bend_mm},
            {"bevel_deg", n.bevel_deg},
            {"echogenic", n.echogenic}};
}

}  // namespace

Expected<Case> read_case(std::string_view json, const std::optional<std::uint64_t>& knee_seed) {
    const auto fault = [](const std::string& why) { return no_answer("bad-case", why); };
    const Json document = Json::parse(json, nullptr, false);
    if (document.is_discarded() || !document.is_object()) return fault("It is no JSON object.");
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
    result["knee"] = json_of(c.knee);
    if (c.fluoroscopy) {
        result["c_arm"] = json_of(c.xray);
        result["contrast"] = kPlaces[static_cast<int>(c.contrast)];
        result["contrast_ml"] = c.contrast_ml;
    } else {
        result["probe"] = json_of(c.probe);
        result["scanner"] = json_of(c.scanner);
    }
    if (c.needle) result["needle"] = json_of(*c.needle);
    result["sequence"] = {{"motion", kMotions[static_cast<int>(c.sequence.motion)]},
                          {"frames", c.sequence.frames},
                          {"frames_per_s", c.sequence.frames_per_s}};
    if (c.sequence.motion == Motion::probe_sweep) {
        result["sequence"]["from"] = json_of(c.sequence.from);
        result["sequence"]["to"] = json_of(c.sequence.to);
    }
    return result;
}

std::string case_json(const Case& c) {
    return text_of(case_document(c));
}

}  // namespace guide::report
