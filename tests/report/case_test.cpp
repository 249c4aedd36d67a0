// SPDX-License-Identifier: Apache-2.0
#include <guide/report/case.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace guide;
using Catch::Contains;
using report::read_case;

namespace {

std::string with(const std::string& fields) {
    return R"({"schema": "guide.case/1")" + (fields.empty() ? "" : ", " + fields) + "}";
}

std::string fault_of(const std::string& fields) {
    const auto c = read_case(with(fields));
    if (c) return {};
    CHECK(c.error().code == "bad-case");
    return c.error().text;
}

}  // namespace

TEST_CASE("case: an empty case is the default knee in a long suprapatellar view") {
    const auto c = read_case(with(""));
    REQUIRE(c);
    CHECK_FALSE(c->fluoroscopy);
    CHECK(c->view == View::suprapatellar_long);
    CHECK(c->knee.effusion_mm == simulate::KneeParameters{}.effusion_mm);
    CHECK(c->sequence.frames == 1);
    CHECK_FALSE(c->needle);
}

TEST_CASE("case: what is written is read as it was") {
    const std::string texts[] = {
        with(R"("title": "T", "seed": 18446744073709551615, "knee": {"laterality": "left",
             "effusion_mm": 7.25}, "probe": {"tilt_deg": -3}, "scanner": {"depth_mm": 50,
             "lost_contact_mm": [[-25, -20], [21, 26]]}, "needle": {"gauge": 25, "plane": "across",
             "from": "right", "angle_deg": 45}, "sequence": {"motion": "probe-sweep", "frames": 9,
             "to": {"across_mm": 8}})"),
        with(R"("modality": "fluoroscopy", "view": "xray-lateral", "contrast": "outside-joint",
             "c_arm": {"secondary_deg": 10, "black_od": 4, "white_od": 1, "shift_mm": [1, 2, 3]},
             "needle": {"target": "trochlea", "direction": [0, 2, 0]})")};
    for (const std::string& text : texts) {
        const auto once = read_case(text);
        REQUIRE(once);
        const std::string written = report::case_json(*once);
        const auto again = read_case(written);
        INFO(written);
        REQUIRE(again);
        CHECK(report::case_json(*again) == written);
    }
    CHECK(read_case(texts[0])->seed == 18446744073709551615ULL);
    CHECK(read_case(texts[1])->needle->direction->y() == Approx(1));
}

TEST_CASE("case: random knees keep what the case states") {
    const std::string text = with(R"("knee": {"effusion_mm": 9.5})");
    const auto first = read_case(text, 4), second = read_case(text, 5);
    REQUIRE((first && second));
    CHECK(first->knee.effusion_mm == 9.5);
    CHECK(second->knee.effusion_mm == 9.5);
    CHECK(first->knee.size == simulate::random_knee(4).size);
    CHECK(first->knee.size != second->knee.size);
    CHECK(first->seed == 4);
}

TEST_CASE("case: a lateral radiograph looks from the outer side") {
    const auto primary = [](const std::string& side) {
        const auto c = read_case(
            with(R"("modality": "fluoroscopy", "view": "xray-lateral", "knee": {"laterality": ")" +
                 side + "\"}"));
        REQUIRE(c);
        return c->xray.arm.primary_deg;
    };
    CHECK(primary("left") == 90);
    CHECK(primary("right") == -90);
}

TEST_CASE("case: each fault names its field") {
    const std::pair<const char*, const char*> faults[] = {
        {R"("knees": {})", "knees"},
        {R"("knee": {"effusion": 3})", "knee.effusion is no field"},
        {R"("knee": {"effusion_mm": -1})", "knee.effusion_mm is -1; it can be 0 to 20"},
        {R"("knee": {"flexion_deg": 200})", "knee.flexion_deg is 200"},
        {R"("knee": {"fat_mm": "much"})", "knee.fat_mm is not a number"},
        {R"("knee": {"laterality": "middle"})", "knee.laterality"},
        {R"("knee": 3)", "knee is no object"},
        {R"("seed": -1)", "seed"},
        {R"("seed": 1.5)", "seed"},
        {R"("modality": "mri")", "modality is \"mri\"; known are ultrasound, fluoroscopy"},
        {R"("view": "from-above")", "view"},
        {R"("view": "xray-ap")", "no view of ultrasound"},
        {R"("c_arm": {})", "c_arm does not go with ultrasound"},
        {R"("modality": "fluoroscopy", "probe": {})", "probe does not go with fluoroscopy"},
        {R"("scanner": {"looks": 2})", "scanner.looks"},
        {R"("scanner": {"lost_contact_mm": [[3, 1]]})", "scanner.lost_contact_mm"},
        {R"("needle": {"length_mm": 900})", "needle.length_mm is 900"},
        {R"("needle": {"gauge": 3})", "needle.gauge"},
        {R"("needle": {"tip_mm": [1, 2]})", "needle.tip_mm is not a list of 3 numbers"},
        {R"("needle": {"tip_mm": [1, 2, 3]})", "needs a direction"},
        {R"("needle": {"direction": [0, 0, 0]})", "needle.direction has no length"},
        {R"("needle": {"direction": [0, 1, 0], "angle_deg": 30})", "needle.angle_deg"},
        {R"("modality": "fluoroscopy", "needle": {})", "needle.direction is needed"},
        {R"("modality": "fluoroscopy", "contrast": "outside-joint")", "no needle"},
        {R"("modality": "fluoroscopy", "c_arm": {"black_od": 3})", "c_arm.black_od"},
        {R"("modality": "fluoroscopy", "c_arm": {"source_to_detector_mm": 500})", "detector"},
        {R"("sequence": {"motion": "needle-insertion", "frames": 3})", "there is no needle"},
        {R"("sequence": {"frames": 0})", "sequence.frames is 0"},
        {R"("sequence": {"from": {}})", "sequence.from"},
        {R"("sequence": {"motion": "probe-sweep", "to": {"tilt_deg": 90}})",
         "sequence.to.tilt_deg"},
    };
    for (const auto& [fields, words] : faults) {
        INFO(fields);
        CHECK_THAT(fault_of(fields), Contains(words));
    }
    CHECK_THAT(read_case("{}").error().text, Contains("schema"));
    CHECK_THAT(read_case("[1]").error().text, Contains("no JSON object"));
    CHECK_THAT(read_case("{").error().text, Contains("no JSON object"));
    CHECK_THAT(read_case("{\n  \"seed\": 1,,\n}").error().text, Contains("line 2, column 13"));
    CHECK_THAT(read_case("").error().text, Contains("no JSON object"));
}
