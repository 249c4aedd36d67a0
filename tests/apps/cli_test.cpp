// SPDX-License-Identifier: Apache-2.0
#include "cli.hpp"

#include <guide/io/frame_source.hpp>
#include <guide/io/write.hpp>
#include <guide/segment/content_box.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <sstream>

using namespace guide;
using namespace guide::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

const std::vector<std::string> kSampleView{"--view", "suprapatellar-long", "--depth-mm", "40"};

std::vector<std::string> on_sample(const std::string& command, std::vector<std::string> more) {
    std::vector<std::string> words{command, sample()};
    words.insert(words.end(), kSampleView.begin(), kSampleView.end());
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

/// The same picture with black sides: text and ruler stand there.
void write_without_sides(const std::string& from, const std::filesystem::path& to) {
    const Frame frame = io::open(from)->read(0);
    const auto box = segment::find_content_box(frame.intensity.view());
    REQUIRE(box);
    Image<Rgb8> picture(frame.intensity.width(), frame.intensity.height(), Rgb8{});
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = box->x0; x < box->x1; ++x) {
            const auto grey = static_cast<std::uint8_t>(frame.intensity.at(x, y));
            picture.at(x, y) = {grey, grey, grey};
        }
    }
    io::write_png(to, picture.view());
}

}  // namespace

TEST_CASE("guide: help and version answer on standard output") {
    const auto help = run_guide({"--help"});
    CHECK(help.exit_code == 0);
    for (const char* word : {"info", "segment", "plan", "evaluate", "not a medical device"}) {
        CHECK_THAT(help.out, Contains(word));
    }
    for (const char* command : {"info", "segment", "plan", "track", "simulate", "evaluate"}) {
        CHECK(run_guide({command, "--help"}).exit_code == 0);
    }
    CHECK_THAT(run_guide({"--version"}).out, Contains("guide 0."));
}

TEST_CASE("guide: wrong usage ends with 2 and one line") {
    const std::vector<std::vector<std::string>> wrong{
        {},
        {"fly"},
        {"plan"},
        {"plan", sample(), "--view", "from-above"},
        {"plan", sample(), "--approach", "by-luck"},
        {"plan", sample(), "--needle", "22G"},
        {"plan", sample(), "--report", "page.doc"},
        {"plan", sample(), "--report", sample() + ".pdf", "--markups", sample() + ".pdf"},
        {"plan", sample(), "--operator", "surgeon"},
        {"plan", sample(), "--lateral-side", "up"},
        {"plan", sample(), "--product", "glue"},
        {"plan", sample(), "--volume-ml", "-1"},
        {"plan", sample(), "--flow-ml-min", "0"},
        {"plan", sample(), "--depth-mm", "-3"},
        {"plan", sample(), "--depth-mm", "nan"},
        {"plan", sample(), "--depth-mm", "40", "--spacing-mm", "0.1"},
        {"segment", sample(), "--spacing-mm", "0"},
        {"segment", sample(), "--frame", "-1"},
        {"segment", sample(), "--spacing-mm", "0.0005"},
        {"plan", sample(), "--view", "xray-ap", "--depth-mm", "40"},
        {"segment", sample(), "--mask", "/tmp/same.png", "--overlay", "/tmp/same.png"},
        {"evaluate"},
        {"evaluate", "--mask", sample()},
    };
    for (const auto& words : wrong) {
        const auto result = run_guide(words);
        INFO(result.err);
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK(std::ranges::count(result.err, '\n') == 1);
    }
}

TEST_CASE("guide info: says what the sample is, in words and in JSON") {
    const auto text = run_guide({"info", sample()});
    CHECK(text.exit_code == 0);
    CHECK_THAT(text.out, Contains("png") && Contains("none: no millimetres"));
    const auto json = run_guide({"info", sample(), "--json", "-"});
    const Json document = Json::parse(json.out);
    CHECK(document.at("schema") == "guide.info/1");
    CHECK(document.at("spacing_mm").is_null());
    CHECK(document.at("frames") == 1);
}

TEST_CASE("guide segment: mask, JSON and overlay of the sample agree") {
    const TemporaryFolder folder;
    const auto mask = folder.path() / "m.png", json = folder.path() / "s.json",
               overlay = folder.path() / "o.png";
    const auto result =
        run_guide(on_sample("segment", {"--mask", mask, "--json", json, "--overlay", overlay}));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(result.out.empty());
    const Json document = Json::parse(content(json));
    CHECK(document.at("schema") == "guide.segmentation/1");
    CHECK(document.at("status") == "found");
    CHECK(document.at("view") == "suprapatellar-long");
    CHECK(document.at("frame").at("spacing_source") == "user");
    CHECK(document.at("source").at("sha256").get<std::string>().size() == 64);
    CHECK(document.at("bones").size() >= 1);

    const Frame frame = io::open(mask)->read(0);
    CHECK(frame.intensity.width() == document.at("frame").at("size_px")[0]);
    double area_px = 0;
    for (std::size_t i = 0; i < frame.intensity.size(); ++i) {
        const float value = frame.intensity.data()[i];
        REQUIRE((value == 0 || value == 255));
        area_px += value == 255;
    }
    const double s = document.at("frame").at("spacing_mm")[0];
    CHECK(area_px * s * s ==
          Approx(document.at("joint_space").at("area_mm2").get<double>()).epsilon(0.03));
    CHECK(io::open(overlay)->info().width >= 640);
}

TEST_CASE("guide plan: plans on the sample as the contract has it") {
    const TemporaryFolder folder;
    const auto json = folder.path() / "p.json", overlay = folder.path() / "o.png";
    const auto result = run_guide(
        on_sample("plan", {"--json", json, "--overlay", overlay, "--needle", "22G:50mm"}));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const Json document = Json::parse(content(json));
    CHECK(document.at("schema") == "guide.plan/1");
    CHECK(document.at("status") == "planned");
    CHECK(document.at("approach") == "superolateral");
    CHECK(document.at("needle").at("gauge") == 22);
    const Json& best = document.at("candidates").at(0);
    CHECK(best.at("rank") == 1);
    CHECK(best.at("path_mm").get<double>() <= 45);
    CHECK(best.at("angle_deg").get<double>() <= 45);
    CHECK(best.at("p_hit").get<double>() > 0);
    CHECK(best.at("clearance_mm").at("wall").get<double>() > 0);
    CHECK(document.at("injection").at("wall_shear_pa").get<double>() == Approx(9.6).margin(0.1));
    const auto [x, y] =
        std::pair{best.at("target_px")[0].get<int>(), best.at("target_px")[1].get<int>()};
    const auto segmented =
        run_guide(on_sample("segment", {"--mask", folder.path() / "m.png", "--quiet"}));
    CHECK(segmented.err.empty());
    CHECK(io::open(folder.path() / "m.png")->read(0).intensity.at(x, y) == 255);
}

TEST_CASE("guide plan: same input, same bytes") {
    const TemporaryFolder folder;
    const auto a = folder.path() / "a.png", b = folder.path() / "b.png";
    const auto first = run_guide(on_sample("plan", {"--json", "-", "--overlay", a, "--quiet"}));
    const auto second = run_guide(on_sample("plan", {"--json", "-", "--overlay", b, "--quiet"}));
    REQUIRE(first.exit_code == 0);
    CHECK(first.out == second.out);
    CHECK(content(a) == content(b));
}

TEST_CASE("guide plan: view and scale are read off the screen where nobody states them") {
    const auto result = run_guide({"plan", sample(), "--json", "-", "--quiet"});
    CHECK(result.exit_code == 0);
    const Json document = Json::parse(result.out);
    CHECK(document.at("view_recognised").at("name") == "suprapatellar-long");
    CHECK(document.at("frame").at("spacing_source") == "ruler");
    CHECK(document.at("frame").at("spacing_mm")[1].get<double>() == Approx(0.1).epsilon(0.005));
    CHECK(document.at("status") == "planned");
}

TEST_CASE("guide plan: a depth that the ruler contradicts is taken, and doubted") {
    const auto result = run_guide({"plan", sample(), "--depth-mm", "50", "--json", "-", "--quiet"});
    const Json document = Json::parse(result.out);
    CHECK(document.at("frame").at("spacing_source") == "user");
    CHECK_THAT(result.out, Contains("depth-against-ruler"));
}

TEST_CASE("guide plan: without a scale it plans in pixels, says so, and ends with 3") {
    const TemporaryFolder folder;
    const auto cut = folder.path() / "without_ruler.png";
    write_without_sides(sample(), cut);
    const auto result =
        run_guide({"plan", cut, "--view", "suprapatellar-long", "--json", "-", "--quiet"});
    CHECK(result.exit_code == 3);
    const Json document = Json::parse(result.out);
    CHECK(document.at("status") == "uncalibrated");
    CHECK(document.at("reason") == "no-calibration");
    for (const auto& c : document.at("candidates")) {
        for (const char* key : {"entry_mm", "target_mm", "path_mm", "p_hit", "tip_sigma_mm"})
            CHECK(c.at(key).is_null());
    }
    for (const char* key : {"area_mm2", "depth_mm", "thickness_mm", "effusion"}) {
        CHECK(document.at("joint_space").at(key).is_null());
    }
}

TEST_CASE("guide plan: a needle too short is refused with reasons and 3") {
    const auto result =
        run_guide(on_sample("plan", {"--needle", "22G:20mm", "--json", "-", "--quiet"}));
    CHECK(result.exit_code == 3);
    const Json document = Json::parse(result.out);
    CHECK(document.at("status") == "refused");
    CHECK(document.at("candidates").empty());
    bool named = false;
    for (const auto& r : document.at("rejected"))
        named = named || (r.at("code") == "needle-length" && r.at("closest") > 0);
    CHECK(named);
}

TEST_CASE("guide plan: an approach that is not for the view is refused with 3") {
    const auto result =
        run_guide(on_sample("plan", {"--approach", "bakers-cyst", "--json", "-", "--quiet"}));
    CHECK(result.exit_code == 3);
    CHECK(Json::parse(result.out).at("reason") == "wrong-view");
}

TEST_CASE("guide plan: --explain says it in sentences, on standard output") {
    const auto result = run_guide(on_sample("plan", {"--explain", "--quiet"}));
    INFO(result.out);
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    for (const char* words : {"The way in\n- Enter ", "How sure it is", "Why this path",
                              "What was ruled out", "not a medical device"})
        CHECK_THAT(result.out, Contains(words));
    // Beside a JSON on standard output it goes to standard error.
    const auto both = run_guide(on_sample("plan", {"--explain", "--json", "-"}));
    CHECK(Json::parse(both.out).at("status") == "planned");
    CHECK(both.err == result.out);
}

TEST_CASE("guide plan: a refusal says what would help, in the JSON and in sentences") {
    const auto result =
        run_guide(on_sample("plan", {"--needle", "22G:20mm", "--explain", "--json", "-"}));
    CHECK(result.exit_code == 3);
    CHECK_THAT(result.err, Contains("Why there is no path") && Contains("What would help"));
    const Json document = Json::parse(result.out);
    REQUIRE_FALSE(document.at("remedies").empty());
    CHECK(document.at("remedies")[0].at("code") == "longer-needle");
}

TEST_CASE("guide plan: --markups writes the best path for Slicer") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "p.mrk.json", json = folder.path() / "p.json";
    const auto result =
        run_guide(on_sample("plan", {"--markups", file, "--json", json, "--quiet"}));
    REQUIRE(result.exit_code == 0);
    const Json markups = Json::parse(content(file)), document = Json::parse(content(json));
    const Json& points = markups.at("markups")[0].at("controlPoints");
    const Json& best = document.at("candidates")[0];
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(points[0].at("position")[i] == best.at("entry_mm")[i]);
        CHECK(points[1].at("position")[i] == best.at("target_mm")[i]);
    }
    const auto none = run_guide(on_sample(
        "plan", {"--needle", "22G:20mm", "--markups", folder.path() / "no.mrk.json", "--quiet"}));
    CHECK(none.exit_code == 3);
    CHECK_THAT(none.err, Contains("no.mrk.json: not written"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "no.mrk.json"));
}

TEST_CASE("guide plan: --report writes a page as HTML or PDF, the same each time") {
    const TemporaryFolder folder;
    const auto html = folder.path() / "p.html", pdf = folder.path() / "p.pdf",
               again = folder.path() / "q.pdf";
    for (const auto& file : {html, pdf, again}) {
        const auto result = run_guide(on_sample("plan", {"--report", file, "--quiet"}));
        INFO(result.err);
        CHECK(result.exit_code == 0);
        CHECK(result.out.empty());
    }
    CHECK_THAT(content(html), Catch::StartsWith("<!DOCTYPE html>") &&
                                  Contains("data:image/png;base64,iVBOR") &&
                                  Contains("suprapatellar_long.png, frame 0"));
    CHECK_THAT(content(pdf), Catch::StartsWith("%PDF-1.4"));
    CHECK(content(pdf) == content(again));
    // A refusal has a page too.
    const auto refused =
        run_guide(on_sample("plan", {"--needle", "22G:20mm", "--report", html, "--quiet"}));
    CHECK(refused.exit_code == 3);
    CHECK_THAT(content(html), Contains("No path is offered."));
}

TEST_CASE("guide plan: own approaches and needles come from files") {
    const TemporaryFolder folder;
    const auto approaches = folder.path() / "a.json", needles = folder.path() / "n.json";
    io::write_text(approaches, R"({"schema": "guide.approaches/1", "approaches": [
        {"name": "flat", "like": "superolateral", "angle_limit_deg": 32}]})");
    io::write_text(needles, R"({"schema": "guide.needles/1", "needles": [
        {"name": "clinic", "gauge": 21, "length_mm": 80, "echogenic": true}]})");
    const auto result =
        run_guide(on_sample("plan", {"--approaches", approaches, "--approach", "flat", "--needles",
                                     needles, "--needle", "clinic", "--json", "-", "--quiet"}));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const Json document = Json::parse(result.out);
    CHECK(document.at("approach") == "flat");
    CHECK(document.at("needle").at("name") == "clinic");
    CHECK(document.at("needle").at("length_mm") == 80);
    for (const auto& c : document.at("candidates"))
        CHECK(c.at("angle_deg").get<double>() <= 32 + 1e-6);
    // auto tries own ones first
    CHECK(Json::parse(run_guide(on_sample("plan", {"--approaches", approaches, "--needle",
                                                   "22G:80mm", "--json", "-", "--quiet"}))
                          .out)
              .at("approach") == "flat");
    const auto unknown = run_guide(on_sample("plan", {"--needle", "clinic"}));
    CHECK(unknown.exit_code == 2);
}

TEST_CASE("guide plan: a wrong table ends with 1 and names file, entry and field") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "t.json";
    const std::pair<std::string, std::string> wrong[] = {
        {R"({"schema": "guide.approaches/1", "approaches": [
             {"name": "mine", "like": "superolateral", "bone_margin_mm": -1}]})",
         "bone_margin_mm"},
        {R"({"schema": "guide.approaches/1", "approaches": [
             {"name": "mine", "like": "superolateral", "angle_least_deg": 60}]})",
         "angle"},
        {R"({"schema": "guide.approaches/1", "approaches": [{"name": "mine", "like": "none"}]})",
         "none"},
        {"no JSON", "no JSON object"},
    };
    for (const auto& [text, named] : wrong) {
        io::write_text(file, text);
        const auto result = run_guide(on_sample("plan", {"--approaches", file}));
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK(result.out.empty());
        CHECK(std::ranges::count(result.err, '\n') == 1);
        CHECK_THAT(result.err, Contains("t.json") && Contains(named));
        if (text.find("mine") != std::string::npos) CHECK_THAT(result.err, Contains("mine"));
    }
    io::write_text(file, R"({"schema": "guide.needles/1", "needles": [
        {"name": "wide", "gauge": 22, "length_mm": 50, "outer_diameter_mm": 0.3,
         "inner_diameter_mm": 0.4}]})");
    const auto needle = run_guide(on_sample("plan", {"--needles", file}));
    CHECK(needle.exit_code == 1);
    CHECK_THAT(needle.err, Contains("t.json") && Contains("wide") && Contains("inner_diameter_mm"));
    const auto absent = run_guide(on_sample("plan", {"--needles", folder.path() / "absent.json"}));
    CHECK(absent.exit_code == 1);
    CHECK_THAT(absent.err, Contains("absent.json"));
}

TEST_CASE("guide plan: the injection that was asked for is checked") {
    const auto result = run_guide(on_sample(
        "plan", {"--product", "marrow-concentrate", "--volume-ml", "12", "--flow-ml-min", "8",
                 "--contrast-ml", "3", "--local-anaesthetic", "--json", "-", "--quiet"}));
    REQUIRE(result.exit_code == 0);
    const Json injection = Json::parse(result.out).at("injection");
    CHECK(injection.at("product") == "marrow-concentrate");
    // Twice the flow and four times the viscosity of the 9.64 Pa of water at 4 mL/min.
    CHECK(injection.at("wall_shear_pa").get<double>() == Approx(8 * 9.64).epsilon(0.01));
    CHECK(injection.at("duration_s").get<double>() == Approx(112.5));
    std::vector<std::string> codes;
    for (const auto& w : injection.at("warnings"))
        codes.push_back(w.at("code"));
    for (const char* code :
         {"local-anaesthetic", "high-wall-shear", "fast-flow", "contrast-share", "large-volume"}) {
        INFO(code);
        CHECK(std::ranges::count(codes, code) == 1);
    }
    const auto fat =
        run_guide(on_sample("plan", {"--product", "fat-graft", "--json", "-", "--quiet"}));
    CHECK(Json::parse(fat.out).at("injection").at("wall_shear_pa").is_null());
}

TEST_CASE("guide plan: a novice hits less often than a guided operator") {
    double hit[2] = {};
    for (int i = 0; i < 2; ++i) {
        const auto result = run_guide(on_sample(
            "plan", {"--operator", i == 0 ? "novice" : "guided", "--json", "-", "--quiet"}));
        REQUIRE(result.exit_code == 0);
        hit[i] = Json::parse(result.out).at("candidates")[0].at("p_hit");
    }
    CHECK(hit[0] < hit[1] - 0.05);
}

TEST_CASE("guide evaluate: a mask against itself and against another") {
    const TemporaryFolder folder;
    Image<std::uint8_t> a(40, 20), b(40, 20);
    for (int y = 5; y < 15; ++y) {
        for (int x = 0; x < 20; ++x)
            a.at(x, y) = 255, b.at(x + 10, y) = 255;
    }
    const auto file_a = folder.path() / "a.png", file_b = folder.path() / "b.png";
    io::write_mask_png(file_a, a.view());
    io::write_mask_png(file_b, b.view());
    const auto same = Json::parse(
        run_guide({"evaluate", "--mask", file_a, "--true-mask", file_a, "--json", "-", "--quiet"})
            .out);
    CHECK(same.at("overlap").at("dice") == 1.0);
    const auto half = Json::parse(
        run_guide({"evaluate", "--mask", file_a, "--true-mask", file_b, "--json", "-", "--quiet"})
            .out);
    CHECK(half.at("overlap").at("dice").get<double>() == Approx(0.5));
}

TEST_CASE("guide evaluate: a surface against a contour") {
    const TemporaryFolder folder;
    const auto found = folder.path() / "s.json", truth = folder.path() / "t.csv";
    io::write_text(found, R"({"bones": [{"points_px": [[0, 12], [100, 12]]}]})");
    io::write_text(truth, "x_px,y_px\n0,10\n100,10\n");
    const auto result =
        Json::parse(run_guide({"evaluate", "--surfaces", found, "--true-surface", truth,
                               "--spacing-mm", "0.1", "--json", "-", "--quiet"})
                        .out);
    CHECK(result.at("surface").at("mean_mm").get<double>() == Approx(0.2));
    CHECK(result.at("surface").at("f1_at_0_5_mm") == 1.0);
    io::write_text(found, "{}");
    CHECK(
        run_guide({"evaluate", "--surfaces", found, "--true-surface", truth, "--spacing-mm", "0.1"})
            .exit_code == 1);
}

TEST_CASE("guide track: a frame without a needle says why and ends with 3") {
    const auto result = run_guide({"track", sample(), "--json", "-", "--quiet"});
    CHECK(result.exit_code == 3);
    const Json document = Json::parse(result.out);
    CHECK(document.at("schema") == "guide.track/1");
    REQUIRE(document.at("frames").size() == 1);
    const Json& frame = document.at("frames")[0];
    CHECK(frame.at("visible") == false);
    CHECK(frame.at("tip_px").is_null());
    CHECK_FALSE(frame.at("reason").get<std::string>().empty());
}

TEST_CASE("guide track: the joint space is followed where a view is given") {
    const auto result = run_guide({"track", sample(), "--view", "suprapatellar-long",
                                   "--spacing-mm", "0.1", "--json", "-", "--quiet"});
    CHECK(result.exit_code == 0);
    const Json frame = Json::parse(result.out).at("frames").at(0);
    CHECK(frame.at("view") == "suprapatellar-long");
    CHECK(frame.at("joint_space").at("found") == true);
    CHECK(frame.at("joint_space").at("held") == false);
    CHECK(frame.at("joint_space").at("thickness_mm").is_number());
    CHECK(run_guide({"track", sample(), "--view", "xray-ap"}).exit_code == 2);
}

TEST_CASE("guide track: a needle drawn on a dark frame is found") {
    const TemporaryFolder folder;
    Image<Rgb8> picture(400, 300, Rgb8{});
    for (int y = 0; y < 300; ++y) {
        for (int x = 0; x < 400; ++x) {
            // A shaft from (60, 60) to (260, 160) on something like speckle.
            const double along = ((x - 60) * 2.0 + (y - 60)) / std::sqrt(5.0),
                         off = ((y - 60) * 2.0 - (x - 60)) / std::sqrt(5.0);
            const bool shaft = along > 0 && along < 223.6 && std::abs(off) < 1.5;
            const auto grey = static_cast<std::uint8_t>(shaft ? 230 : 20 + (x * 7 + y * 13) % 17);
            picture.at(x, y) = {grey, grey, grey};
        }
    }
    io::write_png(folder.path() / "a.png", picture.view());
    const auto result = run_guide({"track", folder.path(), "--json", "-", "--quiet"});
    CHECK(result.exit_code == 0);
    const Json frame = Json::parse(result.out).at("frames")[0];
    CHECK(frame.at("source") == "a.png");
    REQUIRE(frame.at("visible") == true);
    CHECK(frame.at("tip_px")[0].get<double>() == Approx(260).margin(6));
    CHECK(frame.at("tip_px")[1].get<double>() == Approx(160).margin(6));
    CHECK(frame.at("axis_deg").get<double>() == Approx(26.57).margin(0.5));
}
