// SPDX-License-Identifier: Apache-2.0
//
// `guide plan` where the frame has a place in the patient: label volumes, and C-arms.
#include "cli.hpp"

#include <guide/io/mayacam.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>

using namespace guide;
using namespace guide::test;
namespace fs = std::filesystem;

namespace {

/// The volume of the planner's own tests: air in front (y < 5), tissue, a joint space, femur.
void write_volume(const fs::path& file) {
    constexpr std::array kSize{80, 40, 50};
    std::ofstream out(file, std::ios::binary);
    out << "NRRD0004\ntype: uchar\ndimension: 3\nspace: left-posterior-superior\n"
           "sizes: 80 40 50\nspace directions: (1,0,0) (0,1,0) (0,0,1)\n"
           "space origin: (0,0,0)\nencoding: raw\nendian: little\n\n";
    for (int k = 0; k < kSize[2]; ++k) {
        for (int j = 0; j < kSize[1]; ++j) {
            for (int i = 0; i < kSize[0]; ++i) {
                const bool joint = i >= 32 && i < 52 && j >= 16 && j < 22 && k >= 15 && k < 35;
                out.put(static_cast<char>(joint ? 2 : j < 5 ? 0 : j >= 28 ? 3 : 1));
            }
        }
    }
}

nlohmann::json table() {
    return nlohmann::json::parse(R"({"schema": "guide.labels/1", "side": "right", "labels": [
        {"value": 0, "role": "outside"}, {"value": 1, "role": "soft", "name": "muscle"},
        {"value": 2, "role": "joint-space"}, {"value": 3, "role": "bone", "name": "femur"}]})");
}

std::string content_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("guide plan: a label volume gives JSON, page, picture and markups") {
    const TemporaryFolder folder;
    write_volume(folder.path() / "knee.nrrd");
    std::ofstream(folder.path() / "labels.json") << table().dump();
    const auto at = [&](const char* name) { return (folder.path() / name).string(); };
    const auto result =
        run_guide({"plan", at("knee.nrrd"), "--labels", at("labels.json"), "--approach",
                   "superolateral", "--json", at("plan.json"), "--report", at("plan.html"),
                   "--markups", at("plan.mrk.json"), "--overlay", at("plan.png"), "--explain"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(result.out.find("LPS") != std::string::npos);
    const auto plan = json_of(at("plan.json"));
    CHECK(plan.at("status") == "planned");
    CHECK(plan.at("volume").at("knee") == "right");
    const auto& best = plan.at("candidates").at(0);
    CHECK(best.at("target_px").is_null());
    CHECK(best.at("entry_patient_mm").at(1) == Approx(4.5));
    REQUIRE(best.at("sensitivities").size() >= 3);
    for (const auto& s : best.at("sensitivities")) {
        CHECK(!s.at("assumption").get<std::string>().empty());
        CHECK(s.at("p_hit").get<double>() <= 1);
    }
    for (const char* end : {"safest", "shortest", "most_visible"})
        CHECK(plan.at("alternatives").at(end).at("path_mm").get<double>() > 0);
    CHECK(fs::file_size(at("plan.png")) > 1000);
    const std::string page = content_of(at("plan.html"));
    CHECK(page.find("data:image/png;base64,") != std::string::npos);
    CHECK(page.find("not a medical device") != std::string::npos);
    CHECK(json_of(at("plan.mrk.json")).at("markups").at(0).at("coordinateSystem") == "LPS");

    // A refusal has a page too.
    const auto refused =
        run_guide({"plan", at("knee.nrrd"), "--labels", at("labels.json"), "--approach",
                   "superolateral", "--needle", "22G:15mm", "--report", at("none.pdf"), "--quiet"});
    CHECK(refused.exit_code == 3);
    CHECK(content_of(at("none.pdf")).starts_with("%PDF"));
}

TEST_CASE("guide plan: a wrong probe in a table of labels is named") {
    const TemporaryFolder folder;
    write_volume(folder.path() / "knee.nrrd");
    auto wrong = table();
    wrong["probe"] = {{"face_mm", {40, 5, 25}}, {"along", {1, 0, 0}}, {"looks", {1, 1, 0}}};
    const fs::path file = folder.path() / "labels.json";
    const auto run = [&] {
        std::ofstream(file) << wrong.dump();
        return run_guide({"plan", folder.path() / "knee.nrrd", "--labels", file, "--quiet"});
    };
    auto result = run();
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("right angles") != std::string::npos);
    wrong["probe"] = {{"face_mm", {40, 5}}};
    result = run();
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("probe.face_mm") != std::string::npos);
    wrong["probe"] = {{"face_mm", {40, 5, 25}}, {"along", {0, 0, 1}}, {"looks", {0, 1, 0}}};
    CHECK(run().exit_code == 0);
}

TEST_CASE("guide plan: a C-arm's calibration and a second picture give the scale and the place") {
    const TemporaryFolder folder;
    const auto made = run_simulate(
        folder.path(),
        {{"schema", "guide.case/1"},
         {"modality", "fluoroscopy"},
         {"view", "xray-ap"},
         {"seed", 7},
         {"knee", {{"effusion_mm", 3}, {"flexion_deg", 8}, {"seed", 5}}},
         {"c_arm", {{"pixel_mm", 0.6}, {"width_px", 384}, {"height_px", 384}, {"voxel_mm", 1}}},
         {"biplane", {{"primary_deg", -85}}}});
    INFO(made.err);
    REQUIRE(made.exit_code == 0);
    const fs::path out = folder.path() / "out", second = out / "second";
    const auto camera_of = [](const fs::path& views) {
        return io::read_mayacam(views / "calibration" / "frame_0000.txt").camera;
    };
    const PinholeCamera camera = camera_of(out), other = camera_of(second);
    const auto truth = json_of(second / "truth" / "frame_0000.json");
    const auto seen = truth.at("joint_space").at("target_px").get<std::array<double, 2>>();
    const std::vector<std::string> words{"plan", out / "frame_0000.png", "--view", "xray-ap",
                                         "--quiet"};
    const auto run = [&](const std::vector<std::string>& more) {
        auto all = words;
        all.insert(all.end(), more.begin(), more.end());
        return run_guide(all);
    };
    const fs::path json = folder.path() / "plan.json", picture = folder.path() / "plan.png";
    const std::string first_camera = out / "calibration" / "frame_0000.txt";
    const std::string other_camera = second / "calibration" / "frame_0000.txt";
    const std::string target = std::to_string(seen[0]) + "," + std::to_string(seen[1]);
    auto result = run({"--camera", first_camera, "--other-camera", other_camera, "--other-target",
                       target, "--json", json, "--overlay", picture});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(fs::file_size(picture) > 1000);
    const auto plan = json_of(json);
    CHECK(plan.at("status") == "planned");
    const auto& best = plan.at("candidates").at(0);
    const auto patient = best.at("target_patient_mm").get<std::array<double, 3>>();
    const auto pixel = best.at("target_px").get<std::array<double, 2>>();
    const Eigen::Vector3d place(patient[0], patient[1], patient[2]);
    CHECK(camera.project(place).x == Approx(pixel[0]).margin(0.02));
    CHECK(camera.project(place).y == Approx(pixel[1]).margin(0.02));
    const auto& arm = plan.at("c_arm");
    CHECK(arm.at("mm_per_pixel").get<double>() == Approx(camera.mm_per_pixel(place)).epsilon(1e-3));
    const auto again = arm.at("target_in_other_px").get<std::array<double, 2>>();
    CHECK(other.project(place).x == Approx(again[0]).margin(0.02));
    CHECK(other.project(place).y == Approx(again[1]).margin(0.02));

    // The second picture itself: the joint is found in it too, and the path drawn on it.
    const fs::path drawn = folder.path() / "other.png";
    result = run({"--camera", first_camera, "--other-camera", other_camera, "--other-picture",
                  second / "frame_0000.png", "--other-overlay", drawn, "--json", json});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(fs::file_size(drawn) > 1000);
    const auto centre = json_of(json).at("c_arm").at("joint_centre");
    CHECK(centre.at("rays_apart_mm").get<double>() <= 1);
    CHECK(centre.at("rays_apart_mm").get<double>() <= centre.at("middles_apart_mm").get<double>());
    CHECK(run({"--camera", first_camera, "--other-camera", other_camera, "--other-target", target,
               "--other-picture", second / "frame_0000.png"})
              .exit_code == 2);

    // The depth itself, in place of the second picture.
    const double depth = camera.depth(place);
    result = run({"--camera", first_camera, "--target-depth-mm", std::to_string(depth), "--json",
                  json, "--skin-mm", "60"});
    REQUIRE(result.exit_code == 0);
    CHECK(json_of(json).at("c_arm").at("mm_per_pixel").get<double>() ==
          Approx(arm.at("mm_per_pixel").get<double>()).epsilon(1e-3));

    // What does not fit together is named.
    CHECK(run({"--other-camera", other_camera, "--other-target", target}).exit_code == 2);
    CHECK(run({"--camera", first_camera, "--other-camera", other_camera}).exit_code == 2);
    CHECK(run({"--camera", first_camera, "--target-depth-mm", "-3"}).exit_code == 2);
    const fs::path broken = folder.path() / "broken.txt";
    std::ofstream(broken) << "image size\n384,384\n\ncamera matrix\n1,2\n";
    result = run({"--camera", broken, "--target-depth-mm", "700"});
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("broken.txt") != std::string::npos);
}
