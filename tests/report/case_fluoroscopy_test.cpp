// SPDX-License-Identifier: Apache-2.0
#include <guide/report/case.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace guide;
using Catch::Contains;
using report::read_case;

namespace {

std::string with(const std::string& fields) {
    return R"({"schema": "guide.case/1", "modality": "fluoroscopy", )" + fields + "}";
}

}  // namespace

TEST_CASE("fluoroscopy case: pair, wires, volume and injection are read as they were written") {
    const std::string texts[] = {
        with(R"("biplane": {"primary_deg": -80, "secondary_deg": 5}, "contrast": "in-joint",
             "wires": [{"name": "K-wire", "radius_mm": 0.8, "points_mm": [[0, 1, 2], [3, 4, 5.5]]},
             {"points_mm": [[0, 0, 0], [1, 0, 0], [1, 1, 0]]}],
             "needle": {"direction": [1, 0, 0]},
             "sequence": {"motion": "injection", "frames": 4, "injected_ml": 7})"),
        with(R"("knee": {"laterality": "left"}, "volume": {"file": "own.nrrd",
             "labels": {"5": "femur", "12": "tibia"}, "background": "subcutaneous-fat",
             "around_mm": 8, "smooth_mm": 0},
             "needle": {"tip_mm": [1, 2, 3], "direction": [0, 1, 0]})")};
    for (const std::string& text : texts) {
        const auto once = read_case(text);
        INFO((once ? "" : once.error().text));
        REQUIRE(once);
        const std::string written = report::case_json(*once);
        const auto again = read_case(written);
        INFO(written);
        REQUIRE(again);
        CHECK(report::case_json(*again) == written);
    }
    const auto pair = read_case(texts[0]);
    CHECK(pair->biplane->primary_deg == -80);
    REQUIRE(pair->wires.size() == 2);
    CHECK(pair->wires[0].name == "K-wire");
    CHECK(pair->wires[0].wire.points[1].z() == 5.5);
    CHECK(pair->wires[1].wire.points.size() == 3);
    const auto own = read_case(texts[1]);
    CHECK(own->volume->labels.at(12) == simulate::Tissue::tibia);
    CHECK(own->knee.laterality == simulate::Laterality::left);
}

TEST_CASE("fluoroscopy case: the second view is the other of AP and lateral") {
    const auto primary = [](const std::string& fields) {
        const auto c = read_case(with(fields + R"(, "biplane": {})"));
        REQUIRE(c);
        return c->biplane->primary_deg;
    };
    CHECK(primary(R"("view": "xray-ap")") == -90);
    CHECK(primary(R"("view": "xray-ap", "knee": {"laterality": "left"})") == 90);
    CHECK(primary(R"("view": "xray-lateral")") == 0);
    CHECK_FALSE(read_case(with(R"("view": "xray-ap")"))->biplane);
}

TEST_CASE("fluoroscopy case: each fault names its field") {
    const std::string labels = R"("labels": {"1": "femur"})";
    const std::pair<std::string, const char*> faults[] = {
        {R"("biplane": {"primary_deg": 999})", "biplane.primary_deg is 999"},
        {R"("biplane": {"distance": 1})", "biplane.distance is no field"},
        {R"("wires": {})", "wires is not a list"},
        {R"("wires": [{"radius_mm": 1}])", "wires[0].points_mm"},
        {R"("wires": [{"points_mm": [[0, 0, 0]]}])", "wires[0].points_mm"},
        {R"("wires": [{"points_mm": [[0, 0, 0], [1, 2]]}])", "wires[0].points_mm"},
        {R"("wires": [{"points_mm": [[0, 0, 0], null]}])", "wires[0].points_mm"},
        {R"("wires": [{"points_mm": [[0, 0, 0], [1, 2, 1000]]}])", "wires[0].points_mm is 1000"},
        {R"("wires": [{"points_mm": [[0, 0, 0], [1, 2, 3]], "radius_mm": 0}])",
         "wires[0].radius_mm"},
        {R"("volume": {)" + labels + "}", "volume.file is needed"},
        {R"("volume": {"file": "a"})", "volume.labels is needed"},
        {R"("volume": {"file": "a", "labels": {}})", "volume.labels is needed"},
        {R"("volume": {"file": "a", "labels": {"x": "femur"}})", "volume.labels.x is no label"},
        {R"("volume": {"file": "a", "labels": {"0": "femur"}})", "volume.labels.0 is no label"},
        {R"("volume": {"file": "a", "labels": {"1": "ear"}})", "\"ear\", which is no tissue"},
        {R"("volume": {"file": "a", "background": "ear", )" + labels + "}", "volume.background"},
        {R"("volume": {"file": "a", "around_mm": -1, )" + labels + "}", "volume.around_mm"},
        {R"("knee": {"size": 1}, "volume": {"file": "a", )" + labels + "}",
         "knee.size does not go with volume"},
        {R"("c_arm": {"voxel_mm": 1}, "volume": {"file": "a", )" + labels + "}",
         "c_arm.voxel_mm does not go with volume"},
        {R"("needle": {"direction": [0, 1, 0]}, "volume": {"file": "a", )" + labels + "}",
         "needle.tip_mm is needed"},
        {R"("needle": {"direction": [0, 1, 0]}, "sequence": {"motion": "injection", "frames": 2})",
         "contrast"},
        {R"("contrast": "in-joint", "sequence": {"motion": "injection", "frames": 2})",
         "there is no needle"},
    };
    for (const auto& [fields, words] : faults) {
        INFO(fields);
        const auto c = read_case(with(fields));
        REQUIRE_FALSE(c);
        CHECK(c.error().code == "bad-case");
        CHECK_THAT(c.error().text, Contains(words));
    }
    for (const std::string part : {R"("biplane": {})", R"("wires": [])"}) {
        const auto c = read_case(R"({"schema": "guide.case/1", )" + part + "}");
        REQUIRE_FALSE(c);
        CHECK_THAT(c.error().text, Contains("does not go with ultrasound"));
    }
    const auto own = read_case(R"({"schema": "guide.case/1", "volume": {"file": "a"}})");
    REQUIRE_FALSE(own);
    CHECK_THAT(own.error().text, Contains("volume does not go with ultrasound"));
}
