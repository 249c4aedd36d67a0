// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/core/random.hpp>
#include <guide/segment/content_box.hpp>
#include <guide/segment/depth_ruler.hpp>

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

constexpr PixelBox kPicture{150, 50, 600, 500};

/// A screen with tissue in its picture and nothing else.
cv::Mat1b bare_screen(std::uint64_t seed = 1) {
    cv::Mat1b screen(600, 800, std::uint8_t{3});
    Random random(seed);
    for (int y = kPicture.y0; y < kPicture.y1; ++y) {
        for (int x = kPicture.x0; x < kPicture.x1; ++x) {
            screen(y, x) = static_cast<std::uint8_t>(
                std::min(255.0, 4 + 50 * std::hypot(random.normal(), random.normal())));
        }
    }
    return screen;
}

struct Ruler {
    double px_per_mark = 45;
    int period = 2;                  // every so manyth mark is longer
    int x = 640;                     // left end
    int width = 6, long_width = 12;  // of marks
    int height = 1;
    int grey = 160;
};

void draw(cv::Mat1b& screen, const Ruler& ruler) {
    for (int k = 0; kPicture.y0 + k * ruler.px_per_mark < kPicture.y1 + 1; ++k) {
        const int y = static_cast<int>(std::lround(kPicture.y0 + k * ruler.px_per_mark));
        const int width =
            k % ruler.period == 0 && ruler.period > 1 ? ruler.long_width : ruler.width;
        screen(cv::Rect(ruler.x, y, width, ruler.height)) = static_cast<std::uint8_t>(ruler.grey);
    }
}

void write(cv::Mat1b& screen, const std::string& text, cv::Point at,
           int font = cv::FONT_HERSHEY_SIMPLEX, double scale = 0.5) {
    cv::putText(screen, text, at, font, scale, 170, 1, cv::LINE_AA);
}

Image<float> floats(const cv::Mat1b& screen) {
    Image<float> image(screen.cols, screen.rows);
    for (int y = 0; y < screen.rows; ++y)
        for (int x = 0; x < screen.cols; ++x)
            image.at(x, y) = screen(y, x);
    return image;
}

Expected<DepthRuler> read(const cv::Mat1b& screen) {
    return read_depth_ruler(floats(screen).view(), kPicture);
}

}  // namespace

TEST_CASE("depth ruler: every second mark longer is 5 and 10 mm") {
    cv::Mat1b screen = bare_screen();
    draw(screen, {});
    const auto ruler = read(screen);
    REQUIRE(ruler);
    CHECK(ruler->mm_per_mark == 5);
    CHECK(ruler->mm_per_px == Approx(5.0 / 45).epsilon(0.002));
    CHECK(ruler->relative_error < 0.01);
    CHECK_FALSE(ruler->numbers_read);
    CHECK(ruler->marks.size() == 11);
}

TEST_CASE("depth ruler: conventions of four and ten marks") {
    const auto [period, pitch, step] =
        GENERATE(table<int, double, double>({{4, 22.4, 2.5}, {10, 11.3, 1}}));
    cv::Mat1b screen = bare_screen();
    Ruler drawn;
    drawn.period = period;
    drawn.px_per_mark = pitch;
    draw(screen, drawn);
    const auto ruler = read(screen);
    REQUIRE(ruler);
    CHECK(ruler->mm_per_mark == step);
    CHECK(ruler->mm_per_px == Approx(step / pitch).epsilon(0.003));
}

TEST_CASE("depth ruler: marks that are all alike need a number") {
    cv::Mat1b screen = bare_screen();
    Ruler drawn;
    drawn.period = 1;
    drawn.px_per_mark = 90;
    draw(screen, drawn);
    const auto open = read(screen);
    REQUIRE_FALSE(open);
    CHECK(open.error().code == "ruler-ambiguous");

    // Five steps: 5 cm or 2.5 cm.
    const auto [depth, step] =
        GENERATE(table<std::string, double>({{"5.0", 10}, {"2.5", 5}, {"50", 10}, {"5.0 cm", 10}}));
    const int font = GENERATE(cv::FONT_HERSHEY_SIMPLEX, cv::FONT_HERSHEY_DUPLEX);
    write(screen, depth, {655, 530}, font);
    const auto ruler = read(screen);
    INFO(depth << ", font " << font);
    REQUIRE(ruler);
    CHECK(ruler->numbers_read);
    CHECK(ruler->mm_per_mark == step);
}

TEST_CASE("depth ruler: numbers at the marks tell fifths of a centimetre from whole ones") {
    cv::Mat1b screen = bare_screen();
    Ruler drawn;
    drawn.period = 5;
    drawn.px_per_mark = 22.5;
    draw(screen, drawn);
    REQUIRE_FALSE(read(screen));
    const bool centimetres = GENERATE(true, false);
    for (int k = 5; k <= 20; k += 5) {
        const int y = static_cast<int>(std::lround(kPicture.y0 + 22.5 * k)) + 5;
        write(screen, std::to_string(centimetres ? k / 5 : 2 * k), {660, y});
    }
    const auto ruler = read(screen);
    REQUIRE(ruler);
    CHECK(ruler->mm_per_mark == 2);
}

TEST_CASE("depth ruler: a mark that text runs into and one that is hidden do no harm") {
    cv::Mat1b screen = bare_screen();
    draw(screen, {});
    screen(cv::Rect(630, 182, 30, 9)) = 160;
    screen(cv::Rect(630, 315, 30, 12)) = 3;
    const auto ruler = read(screen);
    REQUIRE(ruler);
    CHECK(ruler->mm_per_px == Approx(5.0 / 45).epsilon(0.005));
}

TEST_CASE("depth ruler: marks on a line, on either side of the picture, dim or bright") {
    const int x = GENERATE(120, 640);
    const int grey = GENERATE(50, 255);
    cv::Mat1b screen = bare_screen();
    Ruler drawn;
    drawn.x = x;
    drawn.grey = grey;
    draw(screen, drawn);
    screen(cv::Rect(x - 1, kPicture.y0, 1, kPicture.height())) = static_cast<std::uint8_t>(grey);
    const auto ruler = read(screen);
    REQUIRE(ruler);
    CHECK(ruler->mm_per_px == Approx(5.0 / 45).epsilon(0.003));
}

TEST_CASE("depth ruler: a screen without one has none, text or not") {
    cv::Mat1b screen = bare_screen(GENERATE(range(1, 6)));
    if (GENERATE(false, true)) {
        for (int line = 0; line < 12; ++line)
            write(screen, "Gn: " + std::to_string(40 + 3 * line) + " dB", {630, 70 + 30 * line});
    }
    const auto ruler = read(screen);
    REQUIRE_FALSE(ruler);
    INFO(ruler.error().text);
    CHECK((ruler.error().code == "no-ruler" || ruler.error().code == "ruler-ambiguous"));
}

TEST_CASE("depth ruler: two rulers that disagree are no scale") {
    cv::Mat1b screen = bare_screen();
    draw(screen, {});
    Ruler other;
    other.x = 110;
    other.px_per_mark = 40;
    draw(screen, other);
    const auto ruler = read(screen);
    REQUIRE_FALSE(ruler);
    CHECK(ruler.error().code == "ruler-contradiction");
}

TEST_CASE("depth ruler: twice the pixels are half the millimetres") {
    cv::Mat1b screen = bare_screen();
    draw(screen, {});
    cv::Mat1b large;
    cv::resize(screen, large, {}, 2, 2, cv::INTER_NEAREST);
    const auto ruler = read_depth_ruler(floats(large).view(), {300, 100, 1200, 1000});
    REQUIRE(ruler);
    CHECK(ruler->mm_per_px == Approx(2.5 / 45).epsilon(0.003));
}

TEST_CASE("depth ruler: flat, tiny and bad input") {
    const Image<float> flat(64, 64, 7.0F), dot(1, 1, 0.0F);
    CHECK_FALSE(read_depth_ruler(flat.view(), {0, 0, 64, 64}));
    CHECK_FALSE(read_depth_ruler(dot.view(), {0, 0, 1, 1}));
    Image<float> broken(64, 64, NAN);
    CHECK_FALSE(read_depth_ruler(broken.view(), {0, 0, 64, 64}));
    CHECK_THROWS_AS(read_depth_ruler(flat.view(), {0, 0, 65, 64}), PreconditionError);
    CHECK_THROWS_AS(read_depth_ruler(flat.view(), {5, 5, 5, 9}), PreconditionError);
}

TEST_CASE("depth ruler: real screens are read within two per cent or refused") {
    const auto data = test::shared_data();
    if (!data) {
        WARN("Skipped: the shared frames are not here.");
        return;
    }
    std::ifstream table(*data / "us-knee-views.csv");
    std::string line;
    std::getline(table, line);
    int read_well = 0, screens = 0;
    while (std::getline(table, line)) {
        std::istringstream fields(line);
        std::string file, field;
        std::getline(fields, file, ',');
        double mm_per_px = 0;
        for (int i = 0; i < 7 && std::getline(fields, field, ','); ++i)
            if (i == 6) mm_per_px = std::stod(field);
        const cv::Mat1b screen = cv::imread((*data / file).string(), cv::IMREAD_GRAYSCALE);
        REQUIRE_FALSE(screen.empty());
        const Image<float> image = floats(screen);
        const auto box = find_content_box(image.view());
        REQUIRE(box);
        const auto ruler = read_depth_ruler(image.view(), *box);
        ++screens;
        if (!ruler) continue;
        ++read_well;
        INFO(file);
        // The table's own scales are good to three per cent, by its description.
        CHECK(ruler->mm_per_px == Approx(mm_per_px).epsilon(0.02));
    }
    CHECK(screens == 32);
    CHECK(read_well >= 24);
}
