// SPDX-License-Identifier: Apache-2.0
// What a user can do wrong with files: one clear line, the right exit code, nothing left behind.
#include "cli.hpp"

#include <guide/core/random.hpp>
#include <guide/io/write.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

using namespace guide;
using namespace guide::test;
using Catch::Contains;

namespace {

/// Runs segment and plan on `file` with every output asked for; nothing but whole files may appear
/// in `folder`.
void check_failure(const std::filesystem::path& folder, const std::string& file,
                   const std::string& cause) {
    for (const char* command : {"segment", "plan", "info"}) {
        const auto before = names_in(folder);
        std::vector<std::string> words{command, file, "--json", folder / "out.json"};
        if (command != std::string("info"))
            words.insert(words.end(), {"--overlay", folder / "out.png"});
        const auto result = run_guide(words);
        INFO(command << ": " << result.err);
        CHECK(result.exit_code == 1);
        CHECK(result.out.empty());
        CHECK(std::ranges::count(result.err, '\n') == 1);
        CHECK_THAT(result.err, Contains(file) && Contains(cause, Catch::CaseSensitive::No));
        CHECK(names_in(folder) == before);
    }
}

/// Runs plan: no crash, exit 3 (no answer), a JSON that says why, and an overlay that can be looked
/// at.
void check_no_answer(const std::filesystem::path& folder, const std::string& file,
                     const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"plan",    file,        "--json",         "-",
                                   "--quiet", "--overlay", folder / "no.png"};
    words.insert(words.end(), more.begin(), more.end());
    const auto result = run_guide(words);
    INFO(file << ": " << result.err);
    CHECK(result.exit_code == 3);
    CHECK(result.err.empty());
    const auto document = nlohmann::json::parse(result.out);
    CHECK(document.at("status") == "refused");
    CHECK(document.at("reason").get<std::string>().size() > 2);
    CHECK(document.at("explanation").get<std::string>().size() > 10);
    CHECK(document.at("candidates").empty());
    CHECK(std::filesystem::file_size(folder / "no.png") > 1000);
}

Image<Rgb8> photograph(int width, int height) {
    Image<Rgb8> picture(width, height);
    Random random(5);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const bool sky = y < height / 2;
            const auto noise = static_cast<int>(random.uniform(0, 20));
            const bool house = x > width / 3 && x < width / 2 && y > height / 3;
            auto c = [&](int value) {
                return static_cast<std::uint8_t>(std::min(255, value + noise));
            };
            picture.at(x, y) =
                house ? Rgb8{c(180), c(60), c(40)}
                      : (sky ? Rgb8{c(90), c(150), c(230)} : Rgb8{c(60), c(140), c(50)});
        }
    }
    return picture;
}

}  // namespace

TEST_CASE("bad input: files that are missing, empty, no picture or cut off") {
    const TemporaryFolder folder;
    const auto path = [&](const char* name) { return (folder.path() / name).string(); };
    check_failure(folder.path(), path("absent.png"), "no such file");
    io::write_text(path("empty.dcm"), "");
    check_failure(folder.path(), path("empty.dcm"), "empty");
    io::write_text(path("text.png"), "this is no picture\n");
    check_failure(folder.path(), path("text.png"), "not a picture");
    std::ifstream whole(sample(), std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(whole)), {});
    io::write_text(path("cut.png"), bytes.substr(0, bytes.size() / 2));
    const auto cut = run_guide({"segment", path("cut.png"), "--mask", path("m.png")});
    CHECK(cut.exit_code == 1);
    CHECK_FALSE(std::filesystem::exists(path("m.png")));
}

TEST_CASE("bad input: a folder without frames") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.path() / "frames");
    check_failure(folder.path(), folder.path() / "frames", "no picture");
}

TEST_CASE("bad input: a frame number beyond the last") {
    const auto result = run_guide({"segment", sample(), "--frame", "7"});
    CHECK(result.exit_code == 1);
    CHECK_THAT(result.err, Contains("frame"));
}

TEST_CASE("bad input: pictures without a knee get a reasoned no") {
    const TemporaryFolder folder;
    const auto path = [&](const char* name) { return (folder.path() / name).string(); };
    io::write_png(path("one.png"), Image<Rgb8>(1, 1).view());
    io::write_png(path("black.png"), Image<Rgb8>(640, 480).view());
    io::write_png(path("white.png"), Image<Rgb8>(300, 200, Rgb8{255, 255, 255}).view());
    io::write_png(path("photo.png"), photograph(400, 300).view());
    for (const char* name : {"one.png", "black.png", "white.png", "photo.png"}) {
        for (const char* view : {"auto", "suprapatellar-long", "xray-ap"}) {
            check_no_answer(folder.path(), path(name), {"--view", view});
        }
        check_no_answer(folder.path(), path(name),
                        {"--view", "suprapatellar-transverse", "--depth-mm", "35"});
    }
}

TEST_CASE("bad input: an output that cannot be written fails and leaves nothing") {
    const TemporaryFolder folder;
    for (const char* option : {"--json", "--overlay", "--mask"}) {
        const auto result =
            run_guide({"segment", sample(), "--view", "suprapatellar-long", "--depth-mm", "40",
                       option, folder.path() / "no" / "such" / "place.x", "--quiet"});
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK_THAT(result.err, Contains("place.x"));
    }
    CHECK(names_in(folder.path()).empty());
}

TEST_CASE("bad input: a depth that no picture can have is refused before anything is read") {
    for (const char* depth : {"-3", "0", "1e9", "inf", "abc"}) {
        CHECK(run_guide({"plan", sample(), "--depth-mm", depth}).exit_code == 2);
    }
}
