// SPDX-License-Identifier: Apache-2.0
#include "sample_plan.hpp"

#include <guide/report/documents.hpp>
#include <guide/report/markups.hpp>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>

using namespace guide;
using namespace guide::test;
using Json = nlohmann::json;

namespace {

bool is_one_of(const Json& value, std::initializer_list<const char*> words) {
    return value.is_string() && std::any_of(words.begin(), words.end(), [&](const char* w) {
               return value.get<std::string>() == w;
           });
}

bool is_numbers(const Json& value, std::size_t count) {
    return value.is_array() && value.size() == count &&
           std::all_of(value.begin(), value.end(), [](const Json& n) { return n.is_number(); });
}

// The rules of Slicer's markups-schema-v1.0.3.json for the fields that are written here, by hand.

void check_control_point(const Json& point) {
    REQUIRE(point.is_object());
    for (const auto& [field, value] : point.items()) {
        INFO(field << " = " << value.dump());
        if (field == "position") {
            CHECK(is_numbers(value, 3));
        } else if (field == "orientation") {
            CHECK(is_numbers(value, 9));
        } else if (field == "positionStatus") {
            CHECK(is_one_of(value, {"undefined", "preview", "defined"}));
        } else if (field == "selected" || field == "locked" || field == "visibility") {
            CHECK(value.is_boolean());
        } else {
            CHECK(is_one_of(field, {"id", "label", "description", "associatedNodeID"}));
            CHECK(value.is_string());
        }
    }
}

void check_markup(const Json& markup) {
    REQUIRE(markup.is_object());
    CHECK(markup.contains("type"));  // the one field that the schema requires
    for (const auto& [field, value] : markup.items()) {
        INFO(field << " = " << value.dump());
        if (field == "type") {
            CHECK(is_one_of(value,
                            {"Fiducial", "Line", "Angle", "Curve", "ClosedCurve", "Plane", "ROI"}));
        } else if (field == "coordinateSystem") {
            CHECK(is_one_of(value, {"LPS", "RAS"}));
        } else if (field == "coordinateUnits") {
            CHECK(is_one_of(value, {"mm", "um"}));
        } else if (field == "locked" || field == "fixedNumberOfControlPoints") {
            CHECK(value.is_boolean());
        } else if (field == "labelFormat") {
            CHECK(value.is_string());
        } else if (field == "lastUsedControlPointNumber") {
            CHECK(value.is_number_integer());
        } else {
            CHECK(field == "controlPoints");
            REQUIRE(value.is_array());
            for (const Json& point : value)
                check_control_point(point);
        }
    }
}

Json checked(const std::string& text) {
    const Json document = Json::parse(text);
    REQUIRE(document.is_object());
    CHECK(document.at("@schema") ==
          "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/"
          "Resources/Schema/markups-schema-v1.0.3.json#");
    REQUIRE(document.at("markups").is_array());
    for (const Json& markup : document.at("markups"))
        check_markup(markup);
    return document;
}

void check_at(const Json& point, std::array<double, 3> expected) {
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(point.at("position")[i].get<double>() == Approx(expected[i]).margin(2e-4));
}

}  // namespace

TEST_CASE("markups: a line and its two points keep the rules of Slicer's schema") {
    const Frame frame = black_frame(true);
    const auto plan = plan::plan_trajectories(recess_in(frame));
    const auto text = report::markups_json(frame, plan);
    REQUIRE(text.has_value());
    const Json document = checked(*text);
    REQUIRE(document["markups"].size() == 2);
    CHECK(document["markups"][0]["type"] == "Line");
    CHECK(document["markups"][1]["type"] == "Fiducial");
    for (const Json& markup : document["markups"]) {
        CHECK(markup["coordinateSystem"] == "LPS");
        REQUIRE(markup["controlPoints"].size() == 2);
        const auto& best = plan.candidates[0];
        check_at(markup["controlPoints"][0], {best.entry_mm->x, best.entry_mm->y, 0});
        check_at(markup["controlPoints"][1], {best.target_mm->x, best.target_mm->y, 0});
        CHECK(markup["controlPoints"][0]["label"] == "entry");
        CHECK_THAT(markup["controlPoints"][0]["description"].get<std::string>(),
                   Catch::Contains("no place in the patient is known"));
    }
}

TEST_CASE("markups: a tracked frame's points go through its transform") {
    Frame frame = black_frame(true);
    // Pixels of 0.1 mm turned by a quarter about x, then moved.
    Eigen::Matrix4d pose = Eigen::Matrix4d::Identity();
    pose.col(0) << 0.1, 0, 0, 0;
    pose.col(1) << 0, 0, 0.1, 0;
    pose.col(2) << 0, -0.1, 0, 0;
    pose.col(3) << 10, 20, 30, 1;
    frame.image_to_reference = pose;
    const auto plan = plan::plan_trajectories(recess_in(frame));
    const Json document = checked(*report::markups_json(frame, plan));
    const auto& points = document["markups"][0]["controlPoints"];
    const auto& best = plan.candidates[0];
    check_at(points[0], {10 + 0.1 * best.entry.x, 20, 30 + 0.1 * best.entry.y});
    check_at(points[1], {10 + 0.1 * best.target.x, 20, 30 + 0.1 * best.target.y});
    CHECK_THAT(points[0]["description"].get<std::string>(), Catch::Contains("tracked"));
    // guide.plan/1 says the same.
    const Json plan_document =
        Json::parse(report::plan_json({"a.mha", "", 0}, frame, recess_in(frame), plan));
    const Json& told = plan_document["candidates"][0];
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(told["entry_patient_mm"][i].get<double>() ==
              Approx(points[0]["position"][i].get<double>()).margin(2e-4));
        CHECK(told["target_patient_mm"][i].get<double>() ==
              Approx(points[1]["position"][i].get<double>()).margin(2e-4));
    }
    frame.image_to_reference.reset();
    const Json untracked =
        Json::parse(report::plan_json({"a.png", "", 0}, frame, recess_in(frame), plan));
    CHECK_FALSE(untracked["candidates"][0].contains("entry_patient_mm"));
}

TEST_CASE("markups: an entry out of plane stands off the image plane") {
    const Frame frame = black_frame(true);
    plan::PlanOptions options;
    options.approach = "mid-medial-out-of-plane";
    const auto plan = plan::plan_trajectories(recess_in(frame, View::medial), options);
    REQUIRE_FALSE(plan.candidates.empty());
    const double off = *plan.candidates[0].out_of_plane_mm;
    CHECK(off > 0);
    const Json document = checked(*report::markups_json(frame, plan));
    CHECK(document["markups"][0]["controlPoints"][0]["position"][2].get<double>() ==
          Approx(off).margin(1e-4));
    CHECK(document["markups"][0]["controlPoints"][1]["position"][2] == 0.0);
}

TEST_CASE("markups: without a path or a scale there is a reason instead of a file") {
    const Frame frame = black_frame(true);
    CHECK(report::markups_json(frame, plan::Plan{}).error().code == "no-path");
    const Frame bare = black_frame(false);
    const auto plan = plan::plan_trajectories(recess_in(bare));
    REQUIRE_FALSE(plan.candidates.empty());
    CHECK(report::markups_json(bare, plan).error().code == "no-calibration");
}
