// SPDX-License-Identifier: Apache-2.0
#include "view_words.hpp"

#include <guide/core/random.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

using namespace guide;
using namespace guide::segment;

namespace {

Image<float> floats(const cv::Mat1b& screen) {
    Image<float> image(screen.cols, screen.rows);
    for (int y = 0; y < screen.rows; ++y)
        for (int x = 0; x < screen.cols; ++x)
            image.at(x, y) = screen(y, x);
    return image;
}

/// Text over dark tissue.
std::optional<WrittenView> read(const std::string& text, int font = cv::FONT_HERSHEY_DUPLEX,
                                double scale = 0.55) {
    cv::Mat1b screen(480, 640, std::uint8_t{2});
    Random random(3);
    for (int y = 60; y < 420; ++y) {
        for (int x = 90; x < 550; ++x) {
            screen(y, x) = static_cast<std::uint8_t>(
                std::min(160.0, 4 + 30 * std::hypot(random.normal(), random.normal())));
        }
    }
    cv::putText(screen, text, {110, 90}, font, scale, 255, 1, cv::LINE_AA);
    return find_written_view(floats(screen).view());
}

}  // namespace

TEST_CASE("view words: places and planes give the view") {
    const auto [text, view] =
        GENERATE(table<std::string, View>({{"R SUPRAPAT LONG", View::suprapatellar_long},
                                           {"SUPRAPATELLAR TRANS", View::suprapatellar_transverse},
                                           {"L KNEE MEDIAL", View::medial},
                                           {"KNEE LAT LONG", View::lateral},
                                           {"L POST TRANS", View::posterior},
                                           {"TROCHLEA", View::trochlea}}));
    const int font = GENERATE(cv::FONT_HERSHEY_DUPLEX, cv::FONT_HERSHEY_COMPLEX);
    const auto written = read(text, font);
    INFO(text);
    REQUIRE(written);
    CHECK(written->view == view);
    CHECK(text.find(written->words.substr(0, 4)) != std::string::npos);
}

TEST_CASE("view words: what does not name a view names none") {
    const std::string text = GENERATE(as<std::string>{}, "", "LONG", "MED", "SUPRAPAT", "HOSPITAL",
                                      "GEN RES", "SUPRAPAT LONG TRANS", "MED LAT KNEE", "0.5 CM");
    INFO(text);
    CHECK_FALSE(read(text));
}

TEST_CASE("view words: real screens are read right or not at all") {
    const auto data = test::shared_data();
    if (!data) {
        WARN("Skipped: the shared frames are not here.");
        return;
    }
    std::ifstream table(*data / "us-knee-views.csv");
    std::string line;
    std::getline(table, line);
    int right = 0;
    while (std::getline(table, line)) {
        std::istringstream fields(line);
        std::string file, text;
        std::getline(fields, file, ',');
        std::getline(fields, text, ',');
        const auto has = [&](const char* word) { return text.find(word) != std::string::npos; };
        const View view = has("POST")        ? View::posterior
                          : has("MED")       ? View::medial
                          : has("LAT LONG")  ? View::lateral
                          : has("PAT LONG")  ? View::suprapatellar_long
                          : has("PAT TRANS") ? View::suprapatellar_transverse
                                             : View::unknown;
        if (view == View::unknown) continue;  // the table does not say
        const cv::Mat1b screen = cv::imread((*data / file).string(), cv::IMREAD_GRAYSCALE);
        const auto written = find_written_view(floats(screen).view());
        if (!written) continue;
        INFO(file << ": " << text);
        CHECK(written->view == view);
        right += written->view == view ? 1 : 0;
    }
    CHECK(right >= 27);
}
