// SPDX-License-Identifier: Apache-2.0
#include "cli.hpp"

#include <guide/core/image.hpp>
#include <guide/io/write.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <string>

using namespace guide;
using namespace guide::test;
using Json = nlohmann::json;

namespace {

/// A bone-bright frame, and agent where `centre` is given: a round cloud.
std::string frame_in(const TemporaryFolder& folder, const std::string& name, double cloud_x,
                     int width = 200) {
    Image<Rgb8> picture(width, 200);
    for (int y = 0; y < 200; ++y) {
        for (int x = 0; x < width; ++x) {
            const double bone = std::abs(x - 100) < 45 && std::abs(y - 100) > 4 ? 60 : 0;
            const double off = std::hypot(x - cloud_x, y - 60) / 34;
            const double agent = cloud_x > 0 && off < 1 ? 40 * (1 - off) : 0;
            const double noise = (x * 31 + y * 17 + static_cast<int>(cloud_x) * x % 5) % 3;
            const auto grey = static_cast<std::uint8_t>(60 + bone + agent + noise);
            picture.at(x, y) = {grey, grey, grey};
        }
    }
    const auto file = folder.path() / name;
    io::write_png(file, picture.view());
    return file.string();
}

}  // namespace

TEST_CASE("guide contrast: agent that ran away from the tip, as a document") {
    const TemporaryFolder folder;
    const std::string before = frame_in(folder, "a.png", 0), after = frame_in(folder, "b.png", 105);
    const auto result =
        run_guide({"contrast", before, after, "--view", "xray-ap", "--tip", "150,100",
                   "--contrast-ml", "2", "--spacing-mm", "0.6", "--output", "-", "--quiet"});
    CHECK(result.exit_code == 0);
    const Json document = Json::parse(result.out);
    CHECK(document.at("schema") == "guide.contrast/1");
    CHECK(document.at("place") == "inside");
    CHECK(document.at("probability_inside").get<double>() > 0.8);
    CHECK(document.at("agent").at("centre_px")[0].get<double>() == Approx(105).margin(3));
    CHECK(document.at("notes").empty());
    CHECK(document.at("reason").is_null());
}

TEST_CASE("guide contrast: frames that say nothing are refused with a reason") {
    const TemporaryFolder folder;
    const std::string before = frame_in(folder, "a.png", 0), same = frame_in(folder, "b.png", 0),
                      wider = frame_in(folder, "c.png", 0, 220);
    const auto none = run_guide({"contrast", before, same, "--json", "-", "--quiet"});
    CHECK(none.exit_code == 3);
    const Json document = Json::parse(none.out);
    CHECK(document.at("reason").at("code") == "no-contrast");
    CHECK(document.at("place") == "unsure");
    CHECK(document.at("agent").is_null());
    const auto differ = run_guide({"contrast", before, wider});
    CHECK(differ.exit_code == 3);
    CHECK(differ.out.find("differ in size") != std::string::npos);
    CHECK(run_guide({"contrast", before, same, "--tip", "500,2"}).exit_code == 2);
    CHECK(run_guide({"contrast", before, same, "--contrast-ml", "-1"}).exit_code == 2);
    CHECK(run_guide({"contrast", before, "missing.png"}).exit_code == 1);
    CHECK(run_guide({"contrast", before, same, "--json", before}).exit_code == 2);
}
