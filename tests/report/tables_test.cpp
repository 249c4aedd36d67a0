// SPDX-License-Identifier: Apache-2.0
#include <guide/report/tables.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using namespace guide::report;
using Catch::Contains;

namespace {

std::string approaches_with(const std::string& entry) {
    return R"({"schema": "guide.approaches/1", "approaches": [)" + entry + "]}";
}

std::string fault_of(const std::string& entry) {
    const auto read = read_approaches(approaches_with(entry));
    return read ? "none" : read.error().text;
}

std::string needle_fault(const std::string& entry) {
    const auto read = read_needles(R"({"schema": "guide.needles/1", "needles": [)" + entry + "]}");
    return read ? "none" : read.error().text;
}

}  // namespace

TEST_CASE("tables: an own approach takes what it says and keeps the rest of its model") {
    const auto read = read_approaches(approaches_with(
        R"({"name": "mine", "like": "superolateral", "angle_limit_deg": 35, "side": "medial",
            "views": ["suprapatellar-long"], "margins_mm": {"vessel": 8}, "accuracy": 0.9})"));
    REQUIRE(read.has_value());
    const auto& a = read->at(0);
    CHECK(a.name == "mine");
    CHECK(a.angle_limit_deg == 35);
    CHECK(a.side == plan::EntrySide::medial);
    CHECK(a.views == std::vector{View::suprapatellar_long});
    CHECK(a.margin_mm("vessel") == 8);
    CHECK(a.margin_mm("nerve") == 2);
    CHECK(a.accuracy == 0.9);
    CHECK(a.flexion_high_deg == 30);
}

TEST_CASE("tables: a wrong approach is refused by its name and field") {
    CHECK_THAT(fault_of(R"({"name": "mine", "views": ["lateral"], "bone_margin_mm": -1})"),
               Contains("mine") && Contains("bone_margin_mm"));
    CHECK_THAT(fault_of(R"({"name": "mine", "views": ["lateral"], "colour": "red"})"),
               Contains("mine") && Contains("colour"));
    CHECK_THAT(fault_of(R"({"name": "mine", "views": ["from-above"]})"),
               Contains("mine") && Contains("from-above"));
    CHECK_THAT(fault_of(R"({"name": "mine", "views": ["lateral"], "entry": "sideways"})"),
               Contains("sideways") && Contains("beside-probe"));
    CHECK_THAT(fault_of(R"({"name": "mine", "views": ["lateral"], "angle_limit_deg": "steep"})"),
               Contains("angle_limit_deg"));
    CHECK_THAT(fault_of(R"({"views": ["lateral"]})"), Contains("name"));
    CHECK_THAT(fault_of(R"({"name": "mine", "like": "nothing"})"), Contains("nothing"));
    CHECK_THAT(
        fault_of(R"({"name": "a", "views": ["lateral"]}, {"name": "a", "views": ["medial"]})"),
        Contains("twice"));
    CHECK_THAT(fault_of("7"), Contains("Entry 1"));
    CHECK_THAT(fault_of(""), Contains("empty"));
    CHECK_FALSE(read_approaches("no JSON"));
    CHECK_FALSE(read_approaches("{}"));
    CHECK_FALSE(read_approaches(R"({"schema": "guide.needles/1", "approaches": []})"));
}

TEST_CASE("tables: an own needle takes the diameters of its gauge, or its own") {
    const auto read = read_needles(
        R"({"schema": "guide.needles/1", "needles": [
            {"name": "long", "gauge": 22, "length_mm": 90},
            {"name": "odd", "gauge": 21, "length_mm": 60, "outer_diameter_mm": 0.8,
             "inner_diameter_mm": 0.6, "bevel": "pencil-point", "echogenic": true}]})");
    REQUIRE(read.has_value());
    CHECK(read->at(0).outer_diameter_mm == 0.718);
    CHECK(read->at(1).inner_diameter_mm == 0.6);
    CHECK(read->at(1).bevel == plan::Bevel::pencil_point);
    CHECK(read->at(1).echogenic);
    CHECK(plan::parse_needle("odd", *read)->length_mm == 60);
    CHECK_THAT(needle_fault(R"({"name": "wide", "gauge": 22, "length_mm": 50,
                                "outer_diameter_mm": 0.4, "inner_diameter_mm": 0.5})"),
               Contains("wide") && Contains("inner_diameter_mm"));
    CHECK_THAT(needle_fault(R"({"name": "short", "gauge": 22, "length_mm": 2})"),
               Contains("short"));
    CHECK_THAT(needle_fault(R"({"name": "x", "gauge": 22.5, "length_mm": 50})"), Contains("gauge"));
    CHECK_THAT(needle_fault(R"({"gauge": 22})"), Contains("name"));
    CHECK_THAT(needle_fault(R"({"name": "x", "bevel": "round"})"), Contains("round"));
}
