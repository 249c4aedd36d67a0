// SPDX-License-Identifier: Apache-2.0
#include <guide/core/random.hpp>
#include <guide/segment/content_box.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>
#include <opencv2/imgcodecs.hpp>

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

using namespace guide;
using namespace guide::segment;

namespace {

void fill_box(Image<float>& screen, PixelBox box, float grey) {
    for (int y = box.y0; y < box.y1; ++y) {
        for (int x = box.x0; x < box.x1; ++x)
            screen.at(x, y) = grey;
    }
}

float speckle(Random& random, double mean) {
    return static_cast<float>(
        std::min(255.0, 4 + mean * 1.2 * std::hypot(random.normal(), random.normal())));
}

void fill_tissue(Image<float>& screen, PixelBox box, std::uint64_t seed = 1) {
    Random random(seed);
    for (int y = box.y0; y < box.y1; ++y) {
        for (int x = box.x0; x < box.x1; ++x)
            screen.at(x, y) = speckle(random, 60);
    }
}

/// Something like a line of text: strokes of 2 pixels, 10 high.
void write_text(Image<float>& screen, int x, int y, int letters) {
    for (int i = 0; i < letters; ++i) {
        fill_box(screen, {x + 8 * i, y, x + 8 * i + 2, y + 10}, 230);
        fill_box(screen, {x + 8 * i, y + 4, x + 8 * i + 6, y + 6}, 230);
    }
}

/// A scanner's screen: text, a ruler, a grey bar, buttons, on a ground of `ground`.
Image<float> furnished_screen(float ground) {
    Image<float> screen(640, 480, ground);
    write_text(screen, 20, 8, 12);
    write_text(screen, 250, 22, 20);
    for (int i = 0; i < 8; ++i)
        write_text(screen, 600, 60 + 20 * i, 4);
    for (int y = 60; y < 420; y += 20)
        fill_box(screen, {585, y, 591, y + 1}, 200);
    for (int y = 100; y < 220; ++y)
        fill_box(screen, {8, y, 22, y + 1}, static_cast<float>(2 * (y - 100)));
    fill_box(screen, {60, 455, 540, 475}, 90);
    for (int i = 0; i < 6; ++i)
        write_text(screen, 80 + 75 * i, 460, 5);
    return screen;
}

void check_near(PixelBox found, PixelBox truth, int tolerance) {
    INFO("found " << found.x0 << ' ' << found.y0 << ' ' << found.x1 << ' ' << found.y1);
    CHECK(std::abs(found.x0 - truth.x0) <= tolerance);
    CHECK(std::abs(found.y0 - truth.y0) <= tolerance);
    CHECK(std::abs(found.x1 - truth.x1) <= tolerance);
    CHECK(std::abs(found.y1 - truth.y1) <= tolerance);
}

}  // namespace

TEST_CASE(
    "content_box: finds the picture among text, ruler, bars and buttons, on black and on grey") {
    const PixelBox truth{98, 45, 575, 430};
    for (const float ground : {0.0F, 60.0F}) {
        auto screen = furnished_screen(ground);
        fill_tissue(screen, truth);
        const auto box = find_content_box(screen.view());
        REQUIRE(box);
        check_near(*box, truth, 2);
        CHECK(lower_edge_support(screen.view(), *box) > 0.9);
    }
}

TEST_CASE("content_box: fluid right across and a shadow at the side do not cut the picture") {
    const PixelBox truth{98, 45, 575, 430};
    auto screen = furnished_screen(0);
    fill_tissue(screen, truth);
    fill_box(screen, {98, 180, 575, 240}, 0);
    fill_box(screen, {420, 120, 575, 430}, 0);
    const auto box = find_content_box(screen.view());
    REQUIRE(box);
    check_near(*box, truth, 2);
}

TEST_CASE("content_box: a sector gives the box around it") {
    auto screen = furnished_screen(0);
    Random random(3);
    for (int y = 45; y < 430; ++y) {
        for (int x = 60; x < 560; ++x) {
            const double dx = x - 310, dy = y + 20, r = std::hypot(dx, dy);
            if (r > 110 && r < 445 && std::abs(dx) < 0.6 * dy)
                screen.at(x, y) = speckle(random, 60);
        }
    }
    const auto box = find_content_box(screen.view());
    REQUIRE(box);
    // Its corners are sharp, where a few pixels are lost.
    check_near(*box, {81, 74, 540, 426}, 12);
}

TEST_CASE("content_box: a picture without a screen around it is the whole frame") {
    Image<float> tissue(300, 200);
    fill_tissue(tissue, {0, 0, 300, 200});
    CHECK(find_content_box(tissue.view()) == PixelBox{0, 0, 300, 200});
    // Black shadow below, gel above.
    fill_box(tissue, {0, 0, 300, 10}, 0);
    fill_box(tissue, {0, 120, 300, 200}, 0);
    CHECK(find_content_box(tissue.view()) == PixelBox{0, 0, 300, 200});
}

TEST_CASE("content_box: neither the range of greys nor the stride matters") {
    const PixelBox truth{98, 45, 575, 430};
    auto screen = furnished_screen(0);
    fill_tissue(screen, truth);
    const auto box = find_content_box(screen.view());
    Image<float> wide(700, 480, -5.0F);
    for (int y = 0; y < 480; ++y) {
        for (int x = 0; x < 640; ++x)
            wide.at(x, y) = 100 * screen.at(x, y) - 3000;
    }
    CHECK(find_content_box(wide.view().cropped(0, 0, 640, 480)) == box);
    screen.at(300, 200) = std::numeric_limits<float>::quiet_NaN();
    screen.at(301, 200) = std::numeric_limits<float>::infinity();
    CHECK(find_content_box(screen.view()).has_value());
}

TEST_CASE("content_box: no picture is a reason, never a crash") {
    CHECK(find_content_box(ImageView<const float>()).error().code == "no-picture");
    for (const int size : {1, 2, 3, 17, 500}) {
        CHECK(find_content_box(Image<float>(size, size).view()).error().code == "no-picture");
        CHECK(find_content_box(Image<float>(size, 1, 7.0F).view()).error().code == "no-picture");
    }
    CHECK(find_content_box(furnished_screen(0).view()).error().code == "no-picture");
    Image<float> nothing(40, 40, std::numeric_limits<float>::quiet_NaN());
    CHECK_FALSE(find_content_box(nothing.view()).has_value());
    Image<float> noise(2, 3);
    fill_tissue(noise, {0, 0, 2, 3});
    CHECK_NOTHROW(find_content_box(noise.view()));
}

TEST_CASE("content_box: a scale follows from the depth, or a reason") {
    const auto spacing = spacing_from_depth({10, 20, 510, 420}, 40);
    REQUIRE(spacing);
    CHECK(spacing->x_mm == Approx(0.1));
    CHECK(spacing->y_mm == Approx(0.1));
    CHECK(spacing_from_depth({0, 0, 10, 10}, -3).error().code == "bad-depth");
    CHECK(spacing_from_depth({0, 0, 10, 10}, 0).error().code == "bad-depth");
    CHECK(spacing_from_depth({0, 0, 10, 10}, NAN).error().code == "bad-depth");
    CHECK(spacing_from_depth({0, 0, 10, 0}, 40).error().code == "empty-box");
    CHECK_FALSE(spacing_from_depth({0, 0, 10, 10}, 1e9).has_value());
    // Pixels higher than wide: the depth runs along the height.
    const auto high = spacing_from_depth({10, 20, 510, 420}, 40, 4.0 / 3);
    REQUIRE(high);
    CHECK(high->x_mm == Approx(0.075));
    CHECK(high->y_mm == Approx(0.1));
    for (const double bad : {0.0, -1.0, static_cast<double>(NAN), static_cast<double>(INFINITY)})
        CHECK(spacing_from_depth({0, 0, 10, 10}, 40, bad).error().code == "bad-aspect");
}

TEST_CASE(
    "content_box: real scanner screens within 3 pixels, but where the bottom lies in shadow") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    std::ifstream csv(data / "us-knee-views.csv");
    std::string line;
    std::getline(csv, line);
    int count = 0, right = 0;
    while (std::getline(csv, line)) {
        std::stringstream fields(line);
        std::string file, skip, value;
        std::getline(fields, file, ',');
        std::getline(fields, skip, ',');
        std::getline(fields, skip, ',');
        int edge[4];
        for (int& e : edge) {
            std::getline(fields, value, ',');
            e = std::stoi(value);
        }
        cv::Mat1f grey;
        cv::imread((data / file).string(), cv::IMREAD_GRAYSCALE).convertTo(grey, CV_32F);
        if (grey.empty()) continue;
        const auto box = find_content_box({grey.ptr<float>(), grey.cols, grey.rows});
        REQUIRE(box);
        ++count;
        const bool near = std::abs(box->x0 - edge[0]) <= 3 && std::abs(box->y0 - edge[1]) <= 3 &&
                          std::abs(box->x1 - edge[2] - 1) <= 3 &&
                          std::abs(box->y1 - edge[3] - 1) <= 3;
        right += near ? 1 : 0;
    }
    CHECK(count > 0);
    CHECK(right >= 0.95 * count);
}
