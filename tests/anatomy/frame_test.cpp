// SPDX-License-Identifier: Apache-2.0
#include <guide/frame/frame.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace guide;

TEST_CASE("frame: grey pictures keep their values, coloured ones keep their colours") {
    Image<Rgb8> grey(2, 1);
    grey.at(0, 0) = {7, 7, 7};
    grey.at(1, 0) = {255, 255, 255};
    const Frame a = frame_from_rgb(grey.view());
    CHECK(a.intensity.at(0, 0) == 7);
    CHECK(a.intensity.at(1, 0) == 255);
    CHECK(a.colour.empty());
    Image<Rgb8> red(1, 1, Rgb8{255, 0, 0});
    const Frame b = frame_from_rgb(red.view());
    CHECK(b.intensity.at(0, 0) == Approx(76.245));
    CHECK(b.colour.at(0, 0) == Rgb8{255, 0, 0});
}

TEST_CASE("frame: a scale that no knee picture has is a fault with its reason") {
    CHECK_FALSE(spacing_fault({0.1, 0.1}));
    CHECK(spacing_fault({0, 0.1})->code == "spacing-not-positive");
    CHECK(spacing_fault({0.1, -1})->code == "spacing-not-positive");
    CHECK(spacing_fault({std::numeric_limits<double>::quiet_NaN(), 1})->code ==
          "spacing-not-finite");
    CHECK(spacing_fault({0.1, std::numeric_limits<double>::infinity()})->code ==
          "spacing-not-finite");
    CHECK(spacing_fault({100, 100})->code == "spacing-absurd");
}

TEST_CASE("frame: a clone shares nothing") {
    Frame a = frame_from_grey(Image<std::uint8_t>(3, 3, 9).view());
    a.spacing = Spacing{0.2, 0.3};
    a.notes.push_back({"a", "b"});
    Frame b = clone(a);
    b.intensity.at(1, 1) = 0;
    CHECK(a.intensity.at(1, 1) == 9);
    CHECK(b.spacing == a.spacing);
    CHECK(b.notes == a.notes);
    CHECK_FALSE(Frame{}.grid().calibrated());
}
