// SPDX-License-Identifier: Apache-2.0
#include "case_parts.hpp"

#include <guide/simulate/scanner.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace guide::report {

using simulate::ProbeOffset;

namespace {

constexpr const char* kProbes[] = {"linear", "curvilinear"};

void read_probe(Fields& fields, CaseScanner& s) {
    int kind = 0;
    fields.word("probe", kind, kProbes);
    s.curvilinear = kind == 1;
    if (s.curvilinear) {
        // What suits an abdominal probe: deep, low, less gain with depth.
        s.depth_mm = 80;
        s.frequency_mhz = 4;
        s.focus_mm = 40;
        s.tgc_db_per_cm = 7.5;
    }
    for (const char* name : {"radius_mm", "field_of_view_deg"}) {
        if (!s.curvilinear && fields.find(name) != nullptr)
            fields.fail(name, "goes with a curvilinear probe alone.");
    }
    if (s.curvilinear && fields.find("width_mm") != nullptr)
        fields.fail("width_mm", "goes with a linear probe alone; see radius_mm.");
    fields.number("width_mm", s.width_mm, 10, 100);
    fields.number("radius_mm", s.radius_mm, 5, 100);
    fields.number("field_of_view_deg", s.field_of_view_deg, 10, 120);
    if (s.face_mm() < 5 || s.face_mm() > 100) {
        std::ostringstream text;
        text << "and radius_mm make a face " << std::round(10 * s.face_mm()) / 10
             << " mm wide; it can be 5 to 100.";
        fields.fail("field_of_view_deg", text.str());
    }
}

/// As another scanner in other hands would have them.
void draw_knobs(CaseScanner& s, std::uint64_t seed) {
    const simulate::UltrasoundSettings drawn =
        simulate::random_scanner(seed, std::clamp(s.depth_mm, 15.0, 60.0));
    s.frequency_mhz = drawn.frequency_mhz;
    s.focus_mm = drawn.focus_mm;
    s.gain_db = drawn.gain_db;
    s.tgc_db_per_cm = drawn.tgc_db_per_cm;
    s.dynamic_range_db = drawn.dynamic_range_db;
    s.looks = drawn.looks;
}

}  // namespace

void read_offset(Fields fields, ProbeOffset& p) {
    fields.number("along_mm", p.along_mm, -100, 100);
    fields.number("across_mm", p.across_mm, -100, 100);
    fields.number("turn_deg", p.turn_deg, -180, 180);
    fields.number("tilt_deg", p.tilt_deg, -60, 60);
    fields.number("rock_deg", p.rock_deg, -30, 30);
    fields.no_other_field();
}

void read_scanner(Fields fields, CaseScanner& s, std::uint64_t seed) {
    read_probe(fields, s);
    fields.number("depth_mm", s.depth_mm, 10, 150);
    bool by_chance = false;
    fields.flag("by_chance", by_chance);
    if (by_chance && s.curvilinear) fields.fail("by_chance", "goes with a linear probe alone.");
    if (by_chance) draw_knobs(s, seed);
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

Json json_of(const ProbeOffset& p) {
    return {{"along_mm", p.along_mm},
            {"across_mm", p.across_mm},
            {"turn_deg", p.turn_deg},
            {"tilt_deg", p.tilt_deg},
            {"rock_deg", p.rock_deg}};
}

Json json_of(const CaseScanner& s) {
    Json gaps = Json::array();
    for (const simulate::LostContact& gap : s.lost_contact)
        gaps.push_back(Json::array({gap.begin_mm, gap.end_mm}));
    Json result = {{"probe", kProbes[s.curvilinear ? 1 : 0]}};
    if (s.curvilinear) {
        result["radius_mm"] = s.radius_mm;
        result["field_of_view_deg"] = s.field_of_view_deg;
    } else {
        result["width_mm"] = s.width_mm;
    }
    result.update({{"depth_mm", s.depth_mm},
                   {"pixel_mm", s.pixel_mm ? Json(*s.pixel_mm) : Json(nullptr)},
                   {"frequency_mhz", s.frequency_mhz},
                   {"focus_mm", s.focus_mm},
                   {"gain_db", s.gain_db},
                   {"tgc_db_per_cm", s.tgc_db_per_cm},
                   {"dynamic_range_db", s.dynamic_range_db},
                   {"looks", s.looks},
                   {"tissue_speed_m_s", s.tissue_speed_m_s},
                   {"lost_contact_mm", gaps}});
    return result;
}

}  // namespace guide::report
