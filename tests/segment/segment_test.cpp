// SPDX-License-Identifier: Apache-2.0
#include <guide/core/random.hpp>
#include <guide/segment/content_box.hpp>
#include <guide/segment/segment.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>
#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

namespace {

using namespace guide;

Frame grey_frame(int width, int height, float value) {
    Frame frame;
    frame.intensity = Image<float>(width, height, value);
    return frame;
}

Frame noise_frame(int width, int height) {
    Frame frame = grey_frame(width, height, 0);
    Random random(11);
    for (std::size_t i = 0; i < frame.intensity.size(); ++i) {
        frame.intensity.data()[i] =
            static_cast<float>(std::clamp(120 + 40 * random.normal(), 0.0, 255.0));
    }
    return frame;
}

/// The program's own sample, as a scanner's export: no modality, no scale.
Frame sample_frame() {
    const auto path = guide::test::samples() / "suprapatellar_long.png";
    const cv::Mat1b grey = cv::imread(path.string(), cv::IMREAD_GRAYSCALE);
    REQUIRE_FALSE(grey.empty());
    return frame_from_grey(
        {grey[0], grey.cols, grey.rows, static_cast<std::ptrdiff_t>(grey.step1())});
}

/// Smooth as radiographs are: a leg that darkens to both sides, bright bones but for a joint space.
Frame radiograph_like() {
    constexpr int kSize = 300;
    Frame frame = grey_frame(kSize, kSize, 0);
    Random random(5);
    for (int y = 0; y < kSize; ++y) {
        for (int x = 0; x < kSize; ++x) {
            const double u = (x + 0.5) / kSize - 0.5, v = (y + 0.5) / kSize - 0.5;
            const double leg = 90 / (1 + std::exp((std::abs(u) - 0.42) / 0.02));
            const double bone = 80 / (1 + std::exp((std::abs(u) - 0.25) / 0.01));
            const double joint = std::exp(-0.5 * std::pow(v / 0.02, 2));
            frame.intensity.at(x, y) =
                static_cast<float>(20 + leg + bone * (1 - joint) + random.normal());
        }
    }
    return frame;
}

/// The screen with nothing but its picture.
Frame without_text(Frame frame) {
    const auto box = segment::find_content_box(frame.intensity.view());
    REQUIRE(box);
    for (int y = 0; y < frame.intensity.height(); ++y) {
        for (int x = 0; x < frame.intensity.width(); ++x) {
            const bool inside = x >= box->x0 && x < box->x1 && y >= box->y0 && y < box->y1;
            if (!inside) frame.intensity.at(x, y) = 0;
        }
    }
    return frame;
}

Anatomy look(const Frame& frame, View view = View::unknown) {
    return segment::find_anatomy(frame, {.view = view});
}

std::string code_of(const Anatomy& anatomy) {
    return anatomy.joint_space ? "found" : anatomy.joint_space.error().code;
}

constexpr View kUltrasoundViews[] = {View::suprapatellar_long, View::suprapatellar_transverse,
                                     View::posterior, View::medial, View::lateral};

}  // namespace

TEST_CASE("find_anatomy: the view that is written on the screen is taken", "[segment]") {
    const Anatomy anatomy = look(sample_frame());
    CHECK(anatomy.view == View::suprapatellar_long);
    REQUIRE(anatomy.view_confidence);
    CHECK(*anatomy.view_confidence > 0.7);
    CHECK(std::ranges::any_of(anatomy.notes,
                              [](const Reason& n) { return n.code == "view-from-text"; }));
}

TEST_CASE("find_anatomy: an ultrasound picture of no stated kind is taken for ultrasound",
          "[segment]") {
    const Anatomy anatomy = look(without_text(sample_frame()));
    CHECK(anatomy.view == View::suprapatellar_long);
    REQUIRE(anatomy.view_confidence);
    CHECK(*anatomy.view_confidence >= 0.8);
    CHECK(std::ranges::any_of(anatomy.notes,
                              [](const Reason& n) { return n.code == "view-recognised"; }));
}

TEST_CASE("find_anatomy: a picture like a radiograph is taken for one", "[segment]") {
    const Anatomy anatomy = look(radiograph_like());
    CHECK(anatomy.view == View::xray_ap);
    CHECK(*anatomy.view_confidence > 0);
}

TEST_CASE("find_anatomy: a stated modality goes before the looks of the picture", "[segment]") {
    Frame frame = radiograph_like();
    frame.modality = Modality::ultrasound;
    CHECK(look(frame).view == View::suprapatellar_long);
    frame = sample_frame();
    frame.modality = Modality::fluoroscopy;
    CHECK(look(frame).view == View::xray_ap);
}

TEST_CASE("find_anatomy: another modality is not guessed at", "[segment]") {
    Frame frame = sample_frame();
    frame.modality = Modality::other;
    const Anatomy anatomy = look(frame);
    CHECK(code_of(anatomy) == "other-modality");
    CHECK(anatomy.view == View::unknown);
    CHECK(anatomy.bones.empty());
    // A user who states the view knows better than the file.
    CHECK(code_of(look(frame, View::suprapatellar_long)) != "other-modality");
}

TEST_CASE("find_anatomy: noise is refused in every view", "[segment]") {
    const Frame noise = noise_frame(480, 360);
    for (const View view : kUltrasoundViews) {
        const Anatomy anatomy = look(noise, view);
        INFO(static_cast<int>(view));
        CHECK(code_of(anatomy) == "not-tissue");
        CHECK(anatomy.bones.empty());
    }
    CHECK_FALSE(look(noise).joint_space);
    CHECK_FALSE(look(noise, View::xray_ap).joint_space);
}

TEST_CASE("find_anatomy: text on a black screen is no bone", "[segment]") {
    Frame screen = grey_frame(640, 480, 0);
    for (int line = 0; line < 4; ++line) {
        for (int y = 0; y < 12; ++y) {
            for (int x = 0; x < 200; ++x) {
                if ((x / 3 + y / 4) % 3 != 0) screen.intensity.at(60 + x, 80 + 90 * line + y) = 230;
            }
        }
    }
    screen.content_box = screen.grid().bounds();
    for (const View view : {View::bone, View::suprapatellar_long, View::trochlea})
        CHECK(look(screen, view).bones.empty());
}

TEST_CASE("find_anatomy: flat frames have no joint space and say why", "[segment]") {
    for (const float value : {0.0F, 90.0F, 255.0F}) {
        for (const View view : {View::unknown, View::suprapatellar_long, View::xray_ap}) {
            const Anatomy anatomy = look(grey_frame(320, 240, value), view);
            REQUIRE_FALSE(anatomy.joint_space);
            CHECK_FALSE(anatomy.joint_space.error().text.empty());
            CHECK(anatomy.bones.empty());
        }
    }
}

TEST_CASE("find_anatomy: frames of any shape are answered", "[segment]") {
    constexpr int kShapes[][2] = {{1, 1},    {2, 2},     {15, 15},   {16, 16},   {4000, 5},
                                  {5, 4000}, {2000, 2},  {1, 3000},  {4000, 17}, {20, 3000},
                                  {64, 64},  {300, 100}, {300, 150}, {400, 100}, {100, 400}};
    for (const auto& [width, height] : kShapes) {
        const Frame noise = noise_frame(width, height);
        Frame lit = noise_frame(width, height);  // a strip of it on black
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x)
                if (std::abs(x - width / 2) > 8) lit.intensity.at(x, y) = 0;
        }
        for (const View view : {View::unknown, View::suprapatellar_long, View::posterior,
                                View::bone, View::xray_ap}) {
            INFO(width << " x " << height << ", view " << static_cast<int>(view));
            CHECK_FALSE(look(noise, view).joint_space);
            CHECK_FALSE(look(lit, view).joint_space);
            Frame boxed = clone(noise);
            boxed.content_box = boxed.grid().bounds();
            CHECK_FALSE(look(boxed, view).joint_space);
        }
    }
    CHECK_THROWS_AS(look(Frame{}), PreconditionError);
}
