// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/core/random.hpp>
#include <guide/segment/content_box.hpp>
#include <guide/track/needle.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>
#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <numbers>
#include <sstream>
#include <string>
#include <vector>

using namespace guide;
using track::find_needle;

namespace {

constexpr int kWidth = 512, kHeight = 400;
constexpr PixelBox kAll{0, 0, kWidth, kHeight};

Frame tissue(std::uint64_t seed = 1) {
    Frame frame;
    frame.intensity = Image<float>(kWidth, kHeight);
    Random random(seed);
    for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x)
            frame.intensity.at(x, y) =
                static_cast<float>(25 * std::hypot(random.normal(), random.normal()));
    return frame;
}

void draw(Frame& frame, PixelPoint from, PixelPoint to, double grey = 120) {
    const double length = std::hypot(to.x - from.x, to.y - from.y), c = (to.x - from.x) / length,
                 n = (to.y - from.y) / length;
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            const double along = (x - from.x) * c + (y - from.y) * n,
                         off = (y - from.y) * c - (x - from.x) * n;
            if (along < 0 || along > length) continue;
            frame.intensity.at(x, y) += static_cast<float>(grey * std::exp(-off * off / 4));
        }
    }
}

double distance(PixelPoint a, PixelPoint b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

Frame read(const std::filesystem::path& file) {
    const cv::Mat1b grey = cv::imread(file.string(), cv::IMREAD_GRAYSCALE);
    REQUIRE_FALSE(grey.empty());
    Frame frame;
    frame.intensity = Image<float>(grey.cols, grey.rows);
    for (int y = 0; y < grey.rows; ++y)
        for (int x = 0; x < grey.cols; ++x)
            frame.intensity.at(x, y) = grey(y, x);
    return frame;
}

}  // namespace

TEST_CASE("needle: a shaft in speckle is found with its tip at the lower end") {
    const double angle = GENERATE(-50, -20, 8, 35, 60) * std::numbers::pi / 180;
    Frame frame = tissue();
    const PixelPoint middle{250, 190};
    const double half = 90;
    const PixelPoint a{middle.x - half * std::cos(angle), middle.y - half * std::sin(angle)},
        b{middle.x + half * std::cos(angle), middle.y + half * std::sin(angle)};
    draw(frame, a, b);
    const auto needle = find_needle(frame, kAll);
    REQUIRE(needle);
    const PixelPoint lower = a.y > b.y ? a : b, upper = a.y > b.y ? b : a;
    CHECK(distance(needle->tip, lower) < 6);
    CHECK(distance(needle->entry, upper) < 6);
    CHECK(needle->axis_deg == Approx(angle * 180 / std::numbers::pi).margin(0.5));
    CHECK(needle->contrast > 50);
    CHECK(needle->confidence > 0.5);
}

TEST_CASE("needle: a mirrored frame has the mirrored needle") {
    Frame frame = tissue(3), mirror = tissue(3);
    draw(frame, {100, 90}, {300, 210});
    for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x)
            mirror.intensity.at(x, y) = frame.intensity.at(kWidth - 1 - x, y);
    const auto a = find_needle(frame, kAll), b = find_needle(mirror, kAll);
    REQUIRE(a);
    REQUIRE(b);
    CHECK(a->tip.x == Approx(kWidth - 1 - b->tip.x).margin(1.5));
    CHECK(a->tip.y == Approx(b->tip.y).margin(1.5));
    CHECK(a->axis_deg == Approx(-b->axis_deg).margin(0.1));
}

TEST_CASE("needle: same bits for any number of threads") {
    Frame frame = tissue();
    draw(frame, {100, 90}, {300, 210});
    const auto one = find_needle(frame, kAll, {}, {1}), five = find_needle(frame, kAll, {}, {5});
    REQUIRE(one);
    REQUIRE(five);
    CHECK(one->tip.x == five->tip.x);
    CHECK(one->entry.y == five->entry.y);
}

TEST_CASE("needle: what is none is refused with a reason") {
    CHECK_FALSE(find_needle(tissue(), kAll));
    // A layer from side to side.
    Frame layer = tissue();
    draw(layer, {-20, 150}, {540, 190});
    CHECK(find_needle(layer, kAll).error().code == "crosses-picture");
    // Fibres.
    Frame fibres = tissue();
    for (int i = 0; i < 5; ++i)
        draw(fibres, {80.0 + 20 * i, 60.0 + 50 * i}, {300.0 + 20 * i, 120.0 + 50 * i});
    CHECK(find_needle(fibres, kAll).error().code == "many-lines");
    // Nothing at all, and nearly nothing.
    Frame black;
    black.intensity = Image<float>(kWidth, kHeight, 0.0F);
    CHECK(find_needle(black, kAll).error().code == "no-line");
    CHECK(find_needle(black, {10, 10, 20, 20}).error().code == "empty-picture");
    Frame broken;
    broken.intensity = Image<float>(kWidth, kHeight, NAN);
    CHECK_FALSE(find_needle(broken, kAll));
    track::NeedleOptions options;
    options.gap = 2;
    CHECK_THROWS_AS(find_needle(black, kAll, options), PreconditionError);
}

TEST_CASE("needle: real frames of a needle, and of muscle without one") {
    const auto data = test::shared_data();
    if (!data) {
        WARN("Skipped: the shared frames are not here.");
        return;
    }
    std::ifstream table(*data / "us-needle" / "lines.csv");
    std::string line;
    std::getline(table, line);
    std::vector<double> tips, angles;
    int frames = 0;
    while (std::getline(table, line)) {
        std::vector<std::string> fields;
        std::istringstream stream(line);
        for (std::string field; std::getline(stream, field, ',');)
            fields.push_back(field);
        const auto file = *data / "us-needle" / fields[0] / "image" /
                          std::filesystem::path(fields[1]).replace_extension(".png");
        ++frames;
        const Frame frame = read(file);
        const auto box = segment::find_content_box(frame.intensity.view());
        REQUIRE(box);
        const auto needle = find_needle(frame, *box);
        if (!needle) continue;
        const PixelPoint left{std::stod(fields[3]), std::stod(fields[4])},
            right{std::stod(fields[5]), std::stod(fields[6])};
        tips.push_back(std::min(distance(needle->tip, left), distance(needle->tip, right)));
        angles.push_back(std::abs(needle->axis_deg - std::stod(fields[7])));
    }
    CHECK(frames == 25);
    REQUIRE(tips.size() == 25);
    std::sort(tips.begin(), tips.end());
    std::sort(angles.begin(), angles.end());
    CHECK(tips[12] < 8);
    CHECK(angles[12] < 0.6);
    for (const auto& entry : std::filesystem::directory_iterator(*data / "us-muscle")) {
        const Frame frame = read(entry.path());
        const auto box = segment::find_content_box(frame.intensity.view());
        INFO(entry.path().filename());
        CHECK_FALSE(find_needle(frame, box.value_or(frame.grid().bounds())));
    }
}
