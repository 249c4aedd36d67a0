// SPDX-License-Identifier: Apache-2.0
// Probes, screens and injections of a case.
#include <guide/report/case.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace guide;
using Catch::Contains;
using report::read_case;

namespace {

std::string with(const std::string& fields) {
    return R"({"schema": "guide.case/1", )" + fields + "}";
}

}  // namespace

TEST_CASE("case: a curvilinear probe brings what suits it") {
    const auto linear = read_case(with(R"("title": "T")"));
    const auto curved = read_case(with(R"("scanner": {"probe": "curvilinear", "radius_mm": 40,
        "field_of_view_deg": 70, "gain_db": 3})"));
    REQUIRE((linear && curved));
    CHECK_FALSE(linear->scanner.curvilinear);
    CHECK(linear->scanner.pixel_mm == 0.08);
    CHECK(linear->scanner.face_mm() == 51.2);
    CHECK(curved->scanner.curvilinear);
    CHECK(curved->scanner.depth_mm == 80);
    CHECK(curved->scanner.frequency_mhz == 4);
    CHECK(curved->scanner.face_mm() == Approx(45.886));
    CHECK(curved->scanner.gain_db == 3);
}

TEST_CASE("case: a screen leaves open what is not stated, and the pixel too") {
    const auto c = read_case(with(R"("screen": {"style": "console", "size_px": [800, 600],
        "ruler": "left", "colour": false, "callipers": true, "minor_mm": 5, "major_mm": 10})"));
    REQUIRE(c);
    REQUIRE(c->screen);
    CHECK(c->screen->options.style == simulate::ScreenStyle::console);
    CHECK(c->screen->options.size == std::pair{800, 600});
    CHECK(c->screen->options.ruler == simulate::ScreenSide::left);
    CHECK(c->screen->options.colour == false);
    CHECK_FALSE(c->screen->options.marker);
    CHECK_FALSE(c->screen->options.text);
    CHECK(c->screen->callipers);
    CHECK_FALSE(c->screen->seed);
    CHECK_FALSE(c->scanner.pixel_mm);
    CHECK_FALSE(read_case(with(R"("seed": 3)"))->screen);
}

TEST_CASE("case: probes, screens and injections are read as they were written") {
    for (
        const char* fields :
        {R"("scanner": {"probe": "curvilinear", "radius_mm": 60}, "screen": {})",
         R"("screen": {"style": "pocket", "ruler_marks": "dots", "ruler_numbers": false,
              "marker": "right", "grey_bar": "none", "text": true, "icons": false,
              "focus_mark": true, "seed": 9, "major_mm": 20}, "scanner": {"pixel_mm": 0.1})",
         R"("needle": {"drag_mm": 0.5}, "sequence": {"motion": "injection", "frames": 5, "injected_ml": 7.5})"}) {
        const auto once = read_case(with(fields));
        INFO(fields);
        REQUIRE(once);
        const std::string written = report::case_json(*once);
        const auto again = read_case(written);
        INFO(written);
        REQUIRE(again);
        CHECK(report::case_json(*again) == written);
    }
}

TEST_CASE("case: a scanner by chance follows the seed, but for what the case says") {
    const std::string fields = R"("scanner": {"by_chance": true, "depth_mm": 50, "looks": 7})";
    const auto one = read_case(with(fields), 1), same = read_case(with(fields), 1),
               other = read_case(with(fields), 2);
    REQUIRE((one && same && other));
    CHECK(one->scanner.frequency_mhz == same->scanner.frequency_mhz);
    CHECK(one->scanner.frequency_mhz != other->scanner.frequency_mhz);
    CHECK(one->scanner.dynamic_range_db != other->scanner.dynamic_range_db);
    CHECK(one->scanner.depth_mm == 50);
    CHECK(one->scanner.looks == 7);
    // What is written says every knob, so that it reads back without chance.
    const auto again = read_case(report::case_json(*one));
    REQUIRE(again);
    CHECK(again->scanner.frequency_mhz == one->scanner.frequency_mhz);
    CHECK(again->scanner.gain_db == one->scanner.gain_db);
}

TEST_CASE("case: faults of probes, screens and injections name their field") {
    const std::pair<const char*, const char*> faults[] = {
        {R"("scanner": {"probe": "round"})", "scanner.probe is \"round\"; known are linear, curv"},
        {R"("scanner": {"by_chance": 1})", "scanner.by_chance is not true or false"},
        {R"("scanner": {"probe": "curvilinear", "by_chance": true})", "goes with a linear probe"},
        {R"("scanner": {"radius_mm": 50})", "scanner.radius_mm goes with a curvilinear probe"},
        {R"("scanner": {"field_of_view_deg": 50})", "scanner.field_of_view_deg goes with"},
        {R"("scanner": {"probe": "curvilinear", "width_mm": 40})", "scanner.width_mm goes with"},
        {R"("scanner": {"probe": "curvilinear", "radius_mm": 3})", "scanner.radius_mm is 3"},
        {R"("scanner": {"probe": "curvilinear", "field_of_view_deg": 170})", "is 170; it can be"},
        {R"("scanner": {"probe": "curvilinear", "radius_mm": 90, "field_of_view_deg": 110})",
         "make a face 147.4 mm wide"},
        {R"("screen": 3)", "screen is no object"},
        {R"("screen": {"style": "vendor"})", "screen.style is \"vendor\"; known are band"},
        {R"("screen": {"size_px": [640]})", "screen.size_px is not a list of 2"},
        {R"("screen": {"size_px": [640.5, 480]})", "screen.size_px holds what is no whole"},
        {R"("screen": {"size_px": [300, 480]})", "screen.size_px is less than 320 wide"},
        {R"("screen": {"size_px": [99999, 480]})", "screen.size_px is 99999"},
        {R"("screen": {"colour": "red"})", "screen.colour is not true or false"},
        {R"("screen": {"ruler": "above"})", "screen.ruler is \"above\""},
        {R"("screen": {"minor_mm": 0})", "screen.minor_mm is 0"},
        {R"("screen": {"minor_mm": 4, "major_mm": 10})", "screen.major_mm is no multiple"},
        {R"("screen": {"logo": true})", "screen.logo is no field"},
        {R"("screen": {"seed": -3})", "screen.seed"},
        {R"("modality": "fluoroscopy", "screen": {})", "screen does not go with fluoroscopy"},
        {R"("needle": {"drag_mm": 3})", "needle.drag_mm is 3; it can be 0 to 2"},
        {R"("modality": "fluoroscopy", "needle": {"direction": [1, 0, 0], "drag_mm": 1})",
         "needle.drag_mm goes with ultrasound"},
        {R"("needle": {}, "sequence": {"motion": "injection"})", "sequence.frames is 1"},
        {R"("sequence": {"motion": "injection", "frames": 4})", "there is no needle"},
        {R"("needle": {}, "sequence": {"frames": 4, "injected_ml": 4})",
         "sequence.injected_ml goes with an injection alone"},
        {R"("needle": {}, "sequence": {"motion": "injection", "frames": 4, "injected_ml": 0})",
         "sequence.injected_ml is 0"},
    };
    for (const auto& [fields, words] : faults) {
        INFO(fields);
        const auto c = read_case(with(fields));
        REQUIRE_FALSE(c);
        CHECK(c.error().code == "bad-case");
        CHECK_THAT(c.error().text, Contains(words));
    }
}
