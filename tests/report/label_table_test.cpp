// SPDX-License-Identifier: Apache-2.0
#include <guide/report/volume.hpp>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace guide;
using namespace guide::report;

namespace {

std::string fault_of(const std::string& json) {
    const auto table = read_label_table(json);
    return table ? "" : table.error().text;
}

std::string with(const std::string& more) {
    return R"({"schema": "guide.labels/1", "labels": [{"value": 0, "role": "outside"}, )"
           R"({"value": 1, "role": "soft"}, {"value": 2, "role": "joint-space"}])" +
           more + "}";
}

}  // namespace

TEST_CASE("label table: every field is read") {
    const auto table = read_label_table(with(
        R"(, "others": "soft", "side": "left", "skin_offset_mm": 12, "boundary_sigma_mm": 0.4,)"
        R"( "joint_between": {"one": [1], "other": [2, 0], "mm": 5})"));
    REQUIRE(table);
    REQUIRE(table->labels.size() == 3);
    CHECK(table->labels[2].role == plan::LabelRole::joint_space);
    CHECK(table->others == plan::LabelRole::soft);
    CHECK(table->side == plan::KneeSide::left);
    CHECK(table->skin_offset_mm == 12);
    CHECK(table->boundary_sigma_mm == 0.4);
    REQUIRE(table->joint_between);
    CHECK(table->joint_between->other == std::vector{2, 0});
    CHECK(table->joint_between->mm == 5);
    CHECK(read_label_table(with(""))->others == plan::LabelRole::unknown);
}

TEST_CASE("label table: a mistake is named by its field") {
    CHECK(fault_of("nonsense") == "It is no JSON.");
    CHECK(fault_of("[]") == "It is no object.");
    CHECK(fault_of(R"({"schema": "x"})") == "schema is not \"guide.labels/1\".");
    CHECK(fault_of(R"({"schema": "guide.labels/1"})") == "labels is no list.");
    CHECK(fault_of(with(R"(, "skin": 3)")) == "skin is no field of a table of labels.");
    CHECK(fault_of(with(R"(, "skin_offset_mm": "far")")) == "skin_offset_mm is not a number.");
    CHECK(fault_of(with(R"(, "joint_between": {"one": [1], "mm": 5})")) ==
          "joint_between.other is no list of label values.");
    const auto one = [](const std::string& entry) {
        return fault_of(R"({"schema": "guide.labels/1", "labels": [)" + entry + "]}");
    };
    CHECK(one(R"({"value": 1})") == "labels[0].role is missing.");
    CHECK(one(R"({"role": "soft"})") == "labels[0].value is missing.");
    CHECK(one(R"({"value": 300, "role": "soft"})") ==
          "labels[0].value is 300; it can be 0 to 255.");
    CHECK(one(R"({"value": 1, "role": "stone"})").find("labels[0].role is \"stone\"") == 0);
    CHECK(one(R"({"value": 1, "role": "obstacle"})") == "Label 1 is an obstacle without a kind.");
}

TEST_CASE("label volume: the plan's points are the patient's") {
    plan::Plan plan;
    CHECK(volume_markups_json(plan).error().code == "no-path");
    plan::Candidate c;
    c.in_patient = plan::PatientPath{{-80.5, 10, 20}, {-60, 12, 25}, {2, 2, 2}};
    c.path_mm = 21.2;
    plan.status = plan::PlanStatus::planned;
    plan.candidates = {c};
    const auto document = nlohmann::json::parse(*volume_markups_json(plan));
    const auto& points = document["markups"][0]["controlPoints"];
    CHECK(points[0]["position"] == nlohmann::json::array({-80.5, 10.0, 20.0}));
    CHECK(points[1]["position"] == nlohmann::json::array({-60.0, 12.0, 25.0}));
    const std::string text =
        volume_explanation_text({{"skin-assumed", "The skin is stated."}}, plan);
    CHECK(text.find("Enter the skin at -80.5, 10, 20") != std::string::npos);
    CHECK(text.find("to the patient's right") != std::string::npos);
    CHECK(text.find("The skin is stated.") != std::string::npos);
}
