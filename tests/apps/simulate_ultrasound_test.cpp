// SPDX-License-Identifier: Apache-2.0
// Sectors, screens, injections and sequences in one file, as `guide simulate` makes them.
#include "cli.hpp"

#include <guide/io/frame_source.hpp>
#include <guide/io/sha256.hpp>
#include <guide/simulate/injection.hpp>
#include <guide/simulate/tissue.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>

using namespace guide;
using namespace guide::test;
using Catch::Contains;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

void make(const fs::path& folder, const Json& c, const std::vector<std::string>& more = {}) {
    const auto result = run_simulate(folder, c, more);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
}

Json coarse(Json fields) {
    Json c = {
        {"schema", "guide.case/1"}, {"knee", {{"effusion_mm", 8}}}, {"scanner", {{"looks", 1}}}};
    c.merge_patch(fields);
    if (!c.contains("screen") && !c["scanner"].contains("pixel_mm")) c["scanner"]["pixel_mm"] = 0.3;
    return c;
}

Json sector() {
    return coarse({{"view", "suprapatellar-transverse"},
                   {"scanner", {{"probe", "curvilinear"}, {"depth_mm", 60}}}});
}

Json injection(const Json& needle) {
    return coarse({{"view", "suprapatellar-transverse"},
                   {"knee", {{"effusion_mm", 4}}},
                   {"needle", needle},
                   {"sequence", {{"motion", "injection"}, {"frames", 3}, {"injected_ml", 6}}}});
}

double area_of(const Json& truth) {
    return truth.at("joint_space").at("area_mm2").get<double>();
}

void check_refused(const Json& c, const std::string& words) {
    const TemporaryFolder folder;
    const auto result = run_simulate(folder.path(), c);
    INFO(words << " | " << result.err);
    CHECK(result.exit_code == 1);
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK_THAT(result.err, Contains("case.json") && Contains(words));
    CHECK_FALSE(fs::exists(folder.path() / "out"));
}

}  // namespace

TEST_CASE("guide simulate: a sector is black beside the beams and so is its truth") {
    const TemporaryFolder folder;
    make(folder.path(), sector(), {"--format", "dicom"});
    const fs::path out = folder.path() / "out";
    const Frame frame = io::open(out / "frame_0000.dcm")->read(0);
    const Frame labels = io::open(out / "labels" / "frame_0000.png")->read(0);
    const Json truth = json_of(out / "truth" / "frame_0000.json");
    const int right = frame.intensity.width() - 1, bottom = frame.intensity.height() - 1;
    for (const int x : {0, right}) {
        for (const int y : {0, bottom}) {
            CHECK(frame.intensity.at(x, y) == 0);
            CHECK(labels.intensity.at(x, y) == 0);
        }
    }
    REQUIRE(frame.regions.size() == 1);
    const auto face = frame.regions[0].reference_pixel;
    REQUIRE(face);
    // The middle of a curved face is deeper than its ends: 50 - 50 cos 30 degrees.
    CHECK(face->y == Approx(6.7 / 0.3).margin(1.5));
    CHECK(face->x == Approx(0.5 * right).margin(1.5));
    CHECK(truth.at("case").at("scanner").at("probe") == "curvilinear");
    // Bone as the truth has it is bright.
    REQUIRE_FALSE(truth.at("bones").empty());
    double bright = 0;
    int count = 0;
    for (const Json& point : truth.at("bones")[0].at("points_px")) {
        const auto x = static_cast<int>(std::lround(point[0].get<double>()));
        const auto y = static_cast<int>(std::lround(point[1].get<double>()));
        float best = 0;
        for (int d = -2; d <= 2; ++d)
            best = std::max(best, frame.intensity.at(x, std::clamp(y + d, 0, bottom)));
        bright += static_cast<double>(best);
        ++count;
    }
    CHECK(bright / count > 90);
}

TEST_CASE("guide simulate: truth on a screen is in the screen's pixels") {
    const TemporaryFolder folder;
    make(folder.path(), coarse({{"screen",
                                 {{"style", "band"},
                                  {"size_px", {640, 480}},
                                  {"ruler", "right"},
                                  {"colour", true},
                                  {"callipers", true},
                                  {"text", true}}}}));
    const fs::path out = folder.path() / "out";
    const Frame frame = io::open(out / "frame_0000.png")->read(0);
    const Frame mask = io::open(out / "masks" / "frame_0000.png")->read(0);
    const Json truth = json_of(out / "truth" / "frame_0000.json");
    CHECK(frame.intensity.width() == 640);
    CHECK(frame.intensity.height() == 480);
    CHECK(frame.colour.width() == 640);
    const auto box = truth.at("frame").at("content_box_px").get<std::vector<int>>();
    CHECK(box[0] > 5);
    CHECK(box[3] < 475);
    // The picture shows 51.2 mm by 38.4 mm.
    const double mm = truth.at("frame").at("spacing_mm")[0];
    CHECK((box[2] - box[0]) * mm == Approx(51.2).margin(2.5 * mm));
    CHECK((box[3] - box[1]) * mm == Approx(38.4).margin(2.5 * mm));
    const Json& screen = truth.at("screen");
    const double face = screen.at("face_px")[1];
    CHECK(face == Approx(box[1]).margin(1));
    for (const Json& tick : screen.at("ruler").at("ticks")) {
        CHECK((tick.at("y_px").get<double>() - face) * mm ==
              Approx(tick.at("depth_mm").get<double>()).margin(0.01));
    }
    int inside = 0;
    for (int y = 0; y < 480; ++y) {
        for (int x = 0; x < 640; ++x) {
            if (mask.intensity.at(x, y) == 0) continue;
            ++inside;
            REQUIRE((x >= box[0] && x < box[2] && y >= box[1] && y < box[3]));
        }
    }
    CHECK(inside * mm * mm == Approx(area_of(truth)).epsilon(0.02));
    const Json& callipers = screen.at("callipers");
    const double thickness = truth.at("joint_space").at("thickness_mm");
    CHECK(callipers.at("mm").get<double>() >= 0.95 * thickness);
    CHECK(callipers.at("mm").get<double>() <= 2 * thickness);
    CHECK_FALSE(screen.at("texts").empty());
    CHECK(screen.at("marker").at("side").is_string());
}

TEST_CASE("guide simulate: screens of several knees differ, each made again from its truth") {
    const TemporaryFolder folder, again;
    make(folder.path(), coarse({{"screen", Json::object()}}), {"--count", "3", "--seed", "3"});
    const fs::path truths = folder.path() / "out" / "truth";
    std::vector<std::string> looks;
    for (const auto& entry : fs::directory_iterator(truths)) {
        const Json screen = json_of(entry.path()).at("screen");
        looks.push_back(screen.at("style").get<std::string>() + screen.at("face_px").dump());
    }
    REQUIRE(looks.size() == 3);
    std::sort(looks.begin(), looks.end());
    CHECK(std::unique(looks.begin(), looks.end()) == looks.end());
    make(again.path(), json_of(truths / "knee_0002.json").at("case"));
    CHECK(io::sha256_of_file(again.path() / "out" / "frame_0000.png") ==
          io::sha256_of_file(folder.path() / "out" / "knee_0002.png"));
}

TEST_CASE("guide simulate: injected fluid opens the recess by its volume") {
    const TemporaryFolder folder;
    make(folder.path(), injection({{"length_mm", 80}}));
    const fs::path out = folder.path() / "out" / "truth";
    const Json first = json_of(out / "frame_0000.json"), second = json_of(out / "frame_0001.json"),
               last = json_of(out / "frame_0002.json");
    CHECK(first.at("injection").at("site") == "recess");
    CHECK(first.at("injection").at("injected_ml") == 0);
    CHECK(first.at("injection").at("effusion_mm") == 4);
    CHECK(second.at("injection").at("injected_ml") == 3);
    CHECK(last.at("injection").at("injected_ml") == 6);
    CHECK(area_of(second) > 1.1 * area_of(first));
    CHECK(area_of(last) > 1.1 * area_of(second));
    // The volume that the knee of the last frame holds more than the first one's.
    const auto volume = [&](const Json& truth) {
        simulate::KneeParameters p;
        const Json& knee = truth.at("case").at("knee");
        p.effusion_mm = truth.at("injection").at("effusion_mm");
        p.seed = knee.at("seed");
        return simulate::recess_fluid_ml(simulate::Knee(p));
    };
    CHECK(volume(last) - volume(first) == Approx(6).epsilon(0.05));
    // The needle stays where it is, its tip in the fluid.
    for (const Json* truth : {&first, &second, &last}) {
        CHECK(truth->at("needle").at("tip_mm") == first.at("needle").at("tip_mm"));
        const Frame labels =
            io::open(out.parent_path() / truth->at("files").at("labels").get<std::string>())
                ->read(0);
        const auto x = std::lround(truth->at("needle").at("tip_px")[0].get<double>());
        const auto y = std::lround(truth->at("needle").at("tip_px")[1].get<double>());
        CHECK(labels.intensity.at(static_cast<int>(x), static_cast<int>(y)) ==
              static_cast<float>(simulate::Tissue::joint_fluid));
    }
}

TEST_CASE("guide simulate: fluid beside the joint makes a pool and leaves the recess alone") {
    const TemporaryFolder folder;
    make(folder.path(), injection({{"length_mm", 80}, {"short_of_target_mm", 14}}));
    const fs::path out = folder.path() / "out";
    const Json first = json_of(out / "truth" / "frame_0000.json"),
               last = json_of(out / "truth" / "frame_0002.json");
    CHECK(last.at("injection").at("site") == "soft-tissue");
    CHECK(last.at("injection").at("pool_ml") == 6);
    CHECK(last.at("injection").at("effusion_mm") == 4);
    CHECK(last.at("injection").at("recess_ml") == first.at("injection").at("recess_ml"));
    CHECK(area_of(last) < 1.1 * area_of(first));
    const Frame labels = io::open(out / "labels" / "frame_0002.png")->read(0);
    const auto water = static_cast<float>(simulate::Tissue::water);
    const auto pool = std::count(labels.intensity.data(),
                                 labels.intensity.data() + labels.intensity.size(), water);
    CHECK(static_cast<double>(pool) * 0.09 > 40);  // mm2
}

TEST_CASE("guide simulate: a needle that drags tissue along moves the truth with the picture") {
    const auto labels_with = [](double drag_mm) {
        const TemporaryFolder folder;
        make(folder.path(), coarse({{"view", "suprapatellar-transverse"},
                                    {"needle", {{"length_mm", 80}, {"drag_mm", drag_mm}}}}));
        const fs::path out = folder.path() / "out";
        CHECK(json_of(out / "truth" / "frame_0000.json").at("needle").at("visible") > 0.5);
        return io::open(out / "labels" / "frame_0000.png")->read(0);
    };
    const Frame still = labels_with(0), dragged = labels_with(2);
    std::size_t moved = 0;
    for (std::size_t i = 0; i < still.intensity.size(); ++i)
        moved += still.intensity.data()[i] != dragged.intensity.data()[i] ? 1 : 0;
    CHECK(moved > 20);
    CHECK(moved < still.intensity.size() / 20);
}

TEST_CASE("guide simulate: a sequence in DICOM is one file that every truth names") {
    Json c = coarse({{"sequence",
                      {{"motion", "probe-sweep"},
                       {"frames", 3},
                       {"frames_per_s", 8},
                       {"to", {{"across_mm", 4}}}}}});
    const TemporaryFolder folder, again;
    make(folder.path(), c, {"--format", "dicom"});
    make(again.path(), c, {"--format", "dicom", "--threads", "1"});
    const fs::path out = folder.path() / "out", file = out / "sequence.dcm";
    CHECK(io::sha256_of_file(file) == io::sha256_of_file(again.path() / "out" / "sequence.dcm"));
    const auto source = io::open(file);
    REQUIRE(source->info().frame_count == 3);
    CHECK(std::none_of(fs::directory_iterator(out), fs::directory_iterator(),
                       [](const auto& e) { return e.path().filename() == "frame_0000.dcm"; }));
    for (int i = 0; i < 3; ++i) {
        const Json truth = json_of(out / "truth" / ("frame_000" + std::to_string(i) + ".json"));
        CHECK(truth.at("source").at("file") == "sequence.dcm");
        CHECK(truth.at("source").at("frame") == i);
        CHECK(truth.at("source").at("sha256") == io::sha256_of_file(file));
        const Frame frame = source->read(i);
        CHECK(frame.time_s == truth.at("sequence").at("time_s").get<double>());
        REQUIRE(frame.spacing);
        CHECK(frame.spacing->x_mm ==
              Approx(truth.at("frame").at("spacing_mm")[0].get<double>()).epsilon(1e-9));
        REQUIRE(frame.content_box);
        CHECK(Json{frame.content_box->x0, frame.content_box->y0, frame.content_box->x1,
                   frame.content_box->y1} == truth.at("frame").at("content_box_px"));
    }
}

TEST_CASE("guide simulate: a sequence too large for one file is refused before it is begun") {
    const TemporaryFolder folder;
    const auto result = run_simulate(
        folder.path(),
        coarse({{"sequence", {{"frames", 10000}}}, {"screen", {{"size_px", {800, 600}}}}}),
        {"--format", "dicom"});
    CHECK(result.exit_code == 1);
    CHECK_THAT(result.err, Contains("sequence.dcm") && Contains("holds up to 1024"));
    CHECK_FALSE(fs::exists(folder.path() / "out"));
}

TEST_CASE("guide simulate: the sample cases of sector, injection and screen can be made") {
    for (const char* name : {"14-curvilinear-posterior", "15-injection", "16-screen"}) {
        INFO(name);
        Json c = json_of(samples().parent_path() / "cases" / (std::string(name) + ".json"));
        c["scanner"]["looks"] = 1;
        if (c.contains("screen")) {
            c["screen"]["size_px"] = {480, 360};
        } else {
            c["scanner"]["pixel_mm"] = 0.3;
        }
        if (c.contains("sequence")) c["sequence"]["frames"] = 2;
        const TemporaryFolder folder;
        make(folder.path(), c);
        const Json truth = json_of(folder.path() / "out" / "truth" / "frame_0000.json");
        CHECK(truth.at("status") == "found");
        CHECK(truth.contains("screen") == c.contains("screen"));
        CHECK(truth.contains("injection") == c.contains("sequence"));
    }
}

TEST_CASE("guide simulate: impossible probes, screens and injections are refused with one line") {
    check_refused(coarse({{"scanner", {{"radius_mm", 40}}}}), "scanner.radius_mm goes with");
    check_refused(coarse({{"screen", {{"style", "none"}}}}), "screen.style");
    check_refused(coarse({{"screen", {{"size_px", {320, 240}}, {"style", "console"}}},
                          {"scanner", {{"pixel_mm", 0.05}}}}),
                  "fits on the screen");
    Json much = injection({{"length_mm", 80}});
    much["sequence"]["injected_ml"] = 60;
    much["knee"]["effusion_mm"] = 15;
    check_refused(much, "what the recess takes");
    check_refused(injection({{"length_mm", 80},
                             {"target", "trochlea"},
                             {"angle_deg", 25},
                             {"short_of_target_mm", -8}}),
                  "needle");
    Json xray = {
        {"schema", "guide.case/1"}, {"modality", "fluoroscopy"}, {"screen", Json::object()}};
    check_refused(xray, "screen does not go with fluoroscopy");
}
