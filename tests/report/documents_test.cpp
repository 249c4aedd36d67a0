// SPDX-License-Identifier: Apache-2.0
#include "sample_plan.hpp"

#include <guide/report/documents.hpp>
#include <guide/report/summary.hpp>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace guide;
using nlohmann::json;

namespace {

Frame some_frame(bool calibrated) {
    return test::black_frame(calibrated);
}

Anatomy some_anatomy(const Frame& frame) {
    return test::recess_in(frame);
}

}  // namespace

TEST_CASE("documents: a segmentation has every field of the schema") {
    const Frame frame = some_frame(true);
    const auto document =
        json::parse(report::segmentation_json({"a.png", "00", 3}, frame, some_anatomy(frame)));
    for (const char* key : {"schema", "source", "frame", "view", "status", "reason", "explanation",
                            "joint_space", "bones"}) {
        INFO(key);
        CHECK(document.contains(key));
    }
    CHECK(document["source"] == json{{"file", "a.png"}, {"sha256", "00"}, {"frame", 3}});
    CHECK(document["frame"]["spacing_mm"] == json{0.1, 0.1});
    CHECK(document["frame"]["modality"] == "ultrasound");
    CHECK(document["bones"][0]["kind"] == "femur");
    CHECK(document["joint_space"]["contours_px"][0].size() == 4);
}

TEST_CASE("documents: what is not known is null, and why there is no answer is said") {
    const Frame frame = some_frame(false);
    Anatomy anatomy = some_anatomy(frame);
    auto document = json::parse(report::segmentation_json({"a.png", "", 0}, frame, anatomy));
    CHECK(document["status"] == "uncalibrated");
    CHECK(document["frame"]["spacing_mm"].is_null());
    CHECK(document["source"]["sha256"].is_null());
    CHECK(document["joint_space"]["area_mm2"].is_null());
    anatomy.joint_space = no_answer("no-joint-space", "There is none.");
    document = json::parse(report::segmentation_json({"a.png", "", 0}, frame, anatomy));
    CHECK(document["status"] == "not-found");
    CHECK(document["reason"] == "no-joint-space");
    CHECK(document["explanation"] == "There is none.");
    CHECK(document["joint_space"].is_null());
}

TEST_CASE("documents: cartilage with its thickness, or null") {
    const Frame frame = some_frame(true);
    Anatomy anatomy = some_anatomy(frame);
    const auto written = [&] {
        return json::parse(report::segmentation_json({"a.png", "", 0}, frame, anatomy))
            .at("cartilage");
    };
    CHECK(written().is_null());
    anatomy.cartilage =
        Cartilage{{{1, 2}, {3, 2}}, {{1, 6}, {3, 6}}, std::vector<double>{1.5, 2.5}, 0.8};
    CHECK(written()["surface_px"] == json{{1.0, 2.0}, {3.0, 2.0}});
    CHECK(written()["mean_thickness_mm"] == 2.0);
    CHECK(written()["least_thickness_mm"] == 1.5);
    CHECK(written()["largest_thickness_mm"] == 2.5);
    CHECK(report::segmentation_summary(frame, anatomy).find("2.0 mm on the femur") !=
          std::string::npos);
    anatomy.cartilage->thickness_mm.reset();
    CHECK(written()["mean_thickness_mm"].is_null());
}

TEST_CASE("documents: a radiograph's measures are there, in ratios where there is no scale") {
    const Frame frame = some_frame(false);
    Anatomy anatomy = some_anatomy(frame);
    JointWidths widths;
    widths.left_px = widths.minimum_px = 12;
    widths.right_px = 20;
    widths.joint_line_px = 240;
    widths.standard = {{0.1, 14, std::nullopt}};
    anatomy.joint_space->widths = widths;
    anatomy.joint_space->narrowing = Narrowing{NarrowingDegree::narrowed, 0.75, 0.5};
    anatomy.joint_space->landmarks = {{"femur-notch", {50, 20}}};
    const auto document = json::parse(report::segmentation_json({"a.png", "", 0}, frame, anatomy));
    const auto& joint = document["joint_space"];
    CHECK(joint["image_left_width_mm"].is_null());
    CHECK(joint["medial_width_mm"].is_null());
    CHECK(joint["image_left_width_ratio"] == 0.05);
    CHECK(joint["standard_widths"][0]["place"] == 0.1);
    CHECK(joint["standard_widths"][0]["mm"].is_null());
    CHECK(joint["narrowing"]["degree"] == "narrowed");
    CHECK(joint["narrowing"]["narrowed_probability"] == 0.75);
    CHECK(joint["narrowing"]["note"].get<std::string>().find("not a diagnosis") !=
          std::string::npos);
    CHECK(joint["landmarks_px"]["femur-notch"] == json{50, 20});
    CHECK(report::segmentation_summary(frame, anatomy).find("no diagnosis") != std::string::npos);
}

TEST_CASE("documents: a plan holds the segmentation, the candidates and the injection") {
    const Frame frame = some_frame(true);
    const Anatomy anatomy = some_anatomy(frame);
    const auto plan = plan::plan_trajectories(anatomy);
    const auto document = json::parse(report::plan_json({"a.png", "00", 0}, frame, anatomy, plan));
    CHECK(document["schema"] == "guide.plan/1");
    CHECK(document["status"] == "planned");
    CHECK(document["segmentation_status"] == "found");
    REQUIRE(document["candidates"].size() == plan.candidates.size());
    CHECK(document["candidates"][0]["entry_px"][0].get<double>() ==
          Approx(plan.candidates[0].entry.x).margin(1e-4));
    for (const char* key :
         {"rank", "score", "entry_px", "target_px", "entry_mm", "target_mm", "angle_deg", "path_mm",
          "clearance_mm", "p_hit", "tip_sigma_mm", "visibility", "warnings"}) {
        INFO(key);
        CHECK(document["candidates"][0].contains(key));
    }
    CHECK(document["injection"]["wall_shear_pa"].is_number());
}

TEST_CASE("documents: numbers that are none and text that is no UTF-8 do not break a document") {
    const Frame frame = some_frame(true);
    Anatomy anatomy = some_anatomy(frame);
    anatomy.joint_space->confidence = std::nan("");
    const auto document =
        json::parse(report::segmentation_json({"bad\xff name.png", "00", 0}, frame, anatomy));
    CHECK(document["joint_space"]["confidence"].is_null());
}

TEST_CASE("summary: the same facts in words") {
    const Frame frame = some_frame(true);
    const Anatomy anatomy = some_anatomy(frame);
    CHECK_THAT(report::segmentation_summary(frame, anatomy),
               Catch::Contains("joint space   found"));
    CHECK_THAT(report::plan_summary(plan::plan_trajectories(anatomy)),
               Catch::Contains("candidate 1"));
}
