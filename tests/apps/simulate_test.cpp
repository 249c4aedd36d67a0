// SPDX-License-Identifier: Apache-2.0
#include "cli.hpp"

#include <guide/io/frame_source.hpp>
#include <guide/io/sha256.hpp>
#include <guide/simulate/tissue.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

using namespace guide;
using namespace guide::test;
using Catch::Contains;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> sample_cases() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(samples().parent_path() / "cases")) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// The same, coarse and short.
Json small(Json c) {
    if (c.value("modality", "") == "fluoroscopy") {
        Json& arm = c["c_arm"];
        if (arm.is_null()) arm = Json::object();
        arm["pixel_mm"] = 4 * arm.value("pixel_mm", 0.4);
        arm["width_px"] = arm["height_px"] = 128;
        arm["voxel_mm"] = 3;
    } else {
        c["scanner"]["pixel_mm"] = 0.3;
        c["scanner"]["looks"] = 1;
    }
    if (c.contains("sequence")) c["sequence"]["frames"] = 2;
    return c;
}

Json coarse_ultrasound() {
    return small({{"schema", "guide.case/1"}, {"knee", {{"effusion_mm", 8}}}});
}
Json coarse_fluoroscopy() {
    return small({{"schema", "guide.case/1"}, {"modality", "fluoroscopy"}});
}

std::string written(const fs::path& file, const Json& c) {
    std::ofstream(file) << c.dump();
    return file.string();
}

/// Relative names and hashes of all files.
std::map<std::string, std::string> content(const fs::path& folder) {
    std::map<std::string, std::string> result;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            result[fs::relative(entry.path(), folder).string()] = io::sha256_of_file(entry.path());
        }
    }
    return result;
}

void check_frame(const fs::path& folder, const std::string& name, const Json& c) {
    const Json truth = json_of(folder / "truth" / (name + ".json"));
    CHECK(truth.at("schema") == "guide.truth/1");
    const fs::path file = folder / truth.at("source").at("file").get<std::string>();
    CHECK(truth.at("source").at("sha256") == io::sha256_of_file(file));
    const Frame frame = io::open(file)->read(0);
    const Frame labels =
        io::open(folder / truth.at("files").at("labels").get<std::string>())->read(0);
    const Frame mask = io::open(folder / truth.at("files").at("mask").get<std::string>())->read(0);
    const Json size{frame.intensity.width(), frame.intensity.height()};
    CHECK(truth.at("frame").at("size_px") == size);
    for (const Frame* other : {&labels, &mask}) {
        CHECK(other->intensity.width() == frame.intensity.width());
        CHECK(other->intensity.height() == frame.intensity.height());
    }
    // A picture, not a plane of one grey.
    const auto [darkest, brightest] = std::minmax_element(
        frame.intensity.data(), frame.intensity.data() + frame.intensity.size());
    CHECK(*brightest - *darkest > 150);
    CHECK(truth.at("bones").size() >= 1);
    CHECK(truth.at("case").at("title") == c.value("title", ""));
    if (c.value("modality", "") == "fluoroscopy") {
        CHECK(truth.at("c_arm").at("intrinsic").size() == 3);
    } else {
        CHECK(truth.at("probe").at("patient_from_probe").size() == 4);
        for (std::size_t i = 0; i < mask.intensity.size(); ++i) {
            if (mask.intensity.data()[i] == 0) continue;
            const auto tissue = static_cast<simulate::Tissue>(labels.intensity.data()[i]);
            REQUIRE((tissue == simulate::Tissue::joint_fluid ||
                     tissue == simulate::Tissue::bakers_cyst));
        }
    }
    CHECK(truth.at("needle").is_null() == !c.contains("needle"));
}

void check_cases(std::size_t first, std::size_t last) {
    const auto files = sample_cases();
    REQUIRE(files.size() > last);
    for (std::size_t i = first; i <= last; ++i) {
        const TemporaryFolder folder;
        const Json c = small(json_of(files[i]));
        INFO(files[i]);
        const auto result = run_simulate(folder.path(), c);
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        CHECK(result.out.empty());
        const bool sequence = c.contains("sequence");
        CHECK_THAT(result.err, Contains(sequence ? "2 frames with truth" : "1 frame with truth"));
        check_frame(folder.path() / "out", "frame_0000", c);
        if (sequence) check_frame(folder.path() / "out", "frame_0001", c);
    }
}

void check_refused(const Json& c, const std::string& words) {
    const TemporaryFolder folder;
    const auto result = run_simulate(folder.path(), c);
    INFO(words << " | " << result.err);
    CHECK(result.exit_code == 1);
    CHECK(result.out.empty());
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK_THAT(result.err, Contains("case.json") && Contains(words));
    CHECK_FALSE(fs::exists(folder.path() / "out"));
}

Json patched(Json c, const Json& patch) {
    c.merge_patch(patch);
    return c;
}

}  // namespace

TEST_CASE("guide simulate: the first sample cases can be made") {
    check_cases(0, 2);
}
TEST_CASE("guide simulate: the arthritic knee and the needle across the plane can be made") {
    check_cases(3, 4);
}
TEST_CASE("guide simulate: the needles in the plane can be made") {
    check_cases(5, 6);
}
TEST_CASE("guide simulate: cyst, joint line and trochlea can be made") {
    check_cases(7, 9);
}
TEST_CASE("guide simulate: the fluoroscopy cases can be made") {
    check_cases(10, 11);
}

TEST_CASE("guide simulate: the biplane case can be made") {
    check_cases(12, 12);
}

TEST_CASE("guide simulate: an ultrasound needle at the joint space has its tip in it") {
    const TemporaryFolder folder;
    const auto result = run_simulate(
        folder.path(), patched(coarse_ultrasound(), {{"view", "suprapatellar-transverse"},
                                                     {"needle", {{"length_mm", 80}}}}));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const fs::path out = folder.path() / "out";
    const Json needle = json_of(out / "truth" / "frame_0000.json").at("needle");
    const Frame mask = io::open(out / "masks" / "frame_0000.png")->read(0);
    const auto x = std::lround(needle.at("tip_px")[0].get<double>());
    const auto y = std::lround(needle.at("tip_px")[1].get<double>());
    CHECK(mask.intensity.at(static_cast<int>(x), static_cast<int>(y)) == 255);
    CHECK(needle.at("tip_across_mm").get<double>() == Approx(0).margin(1e-6));
    CHECK(needle.at("visible").get<double>() > 0.5);
    CHECK(needle.at("inserted_mm").get<double>() < 80);
}

TEST_CASE("guide simulate: any number of threads gives the same bytes") {
    for (const Json& c : {coarse_ultrasound(), coarse_fluoroscopy()}) {
        const TemporaryFolder one, three;
        REQUIRE(run_simulate(one.path(), c, {"--threads", "1", "--quiet"}).exit_code == 0);
        REQUIRE(run_simulate(three.path(), c, {"--threads", "3", "--quiet"}).exit_code == 0);
        const auto files = content(one.path() / "out");
        CHECK(files.size() == (c.contains("c_arm") ? 5U : 4U));  // an arm has a calibration
        CHECK(files == content(three.path() / "out"));
    }
}

TEST_CASE("guide simulate: random knees differ, and keep what the case says") {
    const TemporaryFolder folder;
    const auto result =
        run_simulate(folder.path(), coarse_ultrasound(), {"--count", "3", "--seed", "7"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const fs::path out = folder.path() / "out";
    std::vector<double> sizes;
    for (const char* name : {"knee_0000", "knee_0001", "knee_0002"}) {
        check_frame(out, name, coarse_ultrasound());
        const Json knee =
            json_of(out / "truth" / (std::string(name) + ".json")).at("case").at("knee");
        CHECK(knee.at("effusion_mm") == 8);
        CHECK(knee.at("seed") == 7 + sizes.size());
        sizes.push_back(knee.at("size"));
    }
    CHECK(sizes[0] != sizes[1]);
    CHECK(sizes[1] != sizes[2]);
}

TEST_CASE("guide simulate: a sweep of the probe moves it as the case says") {
    const TemporaryFolder folder;
    const auto result =
        run_simulate(folder.path(), patched(coarse_ultrasound(), {{"sequence",
                                                                   {{"motion", "probe-sweep"},
                                                                    {"frames", 2},
                                                                    {"frames_per_s", 4},
                                                                    {"to", {{"tilt_deg", 10}}}}}}));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const fs::path truth = folder.path() / "out" / "truth";
    const Json first = json_of(truth / "frame_0000.json"),
               last = json_of(truth / "frame_0001.json");
    CHECK(last.at("sequence").at("time_s") == 0.25);
    double cosine = 0;
    for (std::size_t r = 0; r < 3; ++r) {
        cosine += first.at("probe").at("patient_from_probe")[r][1].get<double>() *
                  last.at("probe").at("patient_from_probe")[r][1].get<double>();
    }
    CHECK(std::acos(cosine) == Approx(0.17453).margin(1e-4));
}

TEST_CASE("guide simulate: DICOM frames state the scale of the truth") {
    for (const Json& c : {coarse_ultrasound(), coarse_fluoroscopy()}) {
        const TemporaryFolder folder;
        REQUIRE(run_simulate(folder.path(), c, {"--format", "dicom"}).exit_code == 0);
        const fs::path out = folder.path() / "out";
        const Frame frame = io::open(out / "frame_0000.dcm")->read(0);
        const Json truth = json_of(out / "truth" / "frame_0000.json");
        REQUIRE(frame.spacing);
        CHECK(frame.spacing->x_mm ==
              Approx(truth.at("frame").at("spacing_mm")[0].get<double>()).epsilon(1e-9));
        CHECK(frame.modality ==
              (c.contains("modality") ? Modality::fluoroscopy : Modality::ultrasound));
        check_frame(out, "frame_0000", c);
    }
}

TEST_CASE("guide simulate: impossible cases are refused with one line") {
    const Json us = coarse_ultrasound(), xa = coarse_fluoroscopy();
    check_refused(patched(us, {{"kne", 1}}), "kne is no field");
    check_refused(patched(us, {{"knee", {{"effusion_mm", -2}}}}), "knee.effusion_mm");
    check_refused(patched(us, {{"knee", {{"flexion_deg", 200}}}}), "knee.flexion_deg");
    check_refused(patched(us, {{"needle", {{"length_mm", 2000}}}}), "needle.length_mm");
    check_refused(patched(us, {{"needle", {{"length_mm", 12}, {"angle_deg", 25}}}}), "12 mm long");
    check_refused(patched(us, {{"needle", {{"angle_deg", 80}}}}), "pass through the probe");
    check_refused(patched(us, {{"needle", {{"tip_mm", {22, 0, 0}}, {"direction", {0, 1, 0}}}}}),
                  "tip lies in bone (femur)");
    check_refused(patched(us, {{"needle", {{"tip_mm", {0, -300, 0}}, {"direction", {0, 1, 0}}}}}),
                  "not lie in the body");
    check_refused(patched(us, {{"probe", {{"across_mm", 99}}}}), "skin");
    check_refused(patched(us, {{"view", "bone"}, {"needle", Json::object()}}),
                  "shows no joint space");
    check_refused(patched(xa, {{"needle", {{"direction", {0, -1, 0}}, {"length_mm", 100}}}}),
                  "passes through bone");
    check_refused(Json(3), "no JSON object");
}

TEST_CASE("guide simulate: wrong usage, and files that cannot be read or written") {
    const TemporaryFolder folder;
    const std::string file = written(folder.path() / "case.json", coarse_ultrasound());
    const std::string out = folder.path() / "out";
    const std::vector<std::vector<std::string>> wrong{
        {"simulate"},
        {"simulate", file},
        {"simulate", file, "--output", out, "--count", "0"},
        {"simulate", file, "--output", out, "--format", "jpeg"},
        {"simulate", file, "--output", out, "--threads", "-1"},
        {"simulate", file, "--output", out, "--seed", "-1"},
    };
    for (const auto& words : wrong) {
        const auto result = run_guide(words);
        INFO(result.err);
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
    }
    const std::vector<std::vector<std::string>> failing{
        {"simulate", folder.path() / "no.json", "--output", out},
        {"simulate", folder.path(), "--output", out},
        {"simulate", file, "--output", file},
    };
    for (const auto& words : failing) {
        const auto result = run_guide(words);
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
        CHECK_THAT(result.err, Contains(words[1]) || Contains("case.json"));
    }
}
