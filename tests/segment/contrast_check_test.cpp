// SPDX-License-Identifier: Apache-2.0
#include "support/injected_knee.hpp"

#include <guide/core/error.hpp>
#include <guide/core/random.hpp>
#include <guide/segment/contrast_check.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

using namespace guide;
using namespace guide::segment;

namespace {

constexpr int kSide = 200;

/// A frame with two bright bones, noise, and what `more` adds to the grey.
Frame frame_with(const std::function<double(double, double)>& more, std::uint64_t seed,
                 int width = kSide, double turned = 0) {
    Frame frame;
    frame.intensity = Image<float>(width, kSide);
    frame.modality = Modality::fluoroscopy;
    frame.spacing = Spacing{0.6, 0.6};
    Random random(seed, 3);
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < width; ++x) {
            const double u = x - 100 + turned * (y - 100), v = y - 100 - turned * (x - 100);
            const double bone = std::abs(u) < 45 && std::abs(v) > 4 ? 60 : 0;
            frame.intensity.at(x, y) =
                static_cast<float>(60 + bone + more(x, y) + 1.5 * random.normal());
        }
    }
    return frame;
}

double nothing(double, double) {
    return 0;
}

/// A pool in tissue: about the tip at (150, 100), longer along the limb, with denser streaks.
double pool(double x, double y) {
    const double off = std::hypot((x - 150) / 9, (y - 100) / 31);
    if (off >= 1) return 0;
    double grey = 14;
    for (int i = 0; i < 3; ++i) {
        const double dx = (x - 143 - 7 * i) / 3, dy = (y - 97 - 6 * (i % 2)) / (18 + 4 * (i % 2));
        if (dx * dx + dy * dy < 1) grey += 12;
    }
    return grey;
}

/// Seen from in front, a thin round sheet that has run off to one side of the tip.
double sheet(double x, double y) {
    return std::max(0.0, 16 * (1 - std::hypot(x - 105, y - 60) / 34));
}

ContrastCheckOptions from_in_front() {
    ContrastCheckOptions options;
    options.view = View::xray_ap;
    options.tip = PixelPoint{150, 100};
    options.injected_ml = 2;
    return options;
}

std::string code_of(const Expected<ContrastCheck>& check) {
    return check ? "none" : check.error().code;
}

}  // namespace

TEST_CASE("contrast check: a sheet that ran away lies inside, streaks about the tip do not") {
    const Frame before = frame_with(nothing, 1);
    const auto inside = check_contrast(before, frame_with(sheet, 2), from_in_front());
    REQUIRE(inside.has_value());
    CHECK(inside->place == ContrastPlace::inside);
    CHECK(inside->centre.x == Approx(105).margin(2));
    CHECK(inside->centre.y == Approx(60).margin(2));
    CHECK(inside->notes.empty());
    const auto outside = check_contrast(before, frame_with(pool, 3), from_in_front());
    REQUIRE(outside.has_value());
    CHECK(outside->place != ContrastPlace::inside);
    CHECK(outside->probability_inside < 0.3);
    CHECK(*outside->shape.pooled > *inside->shape.pooled);
    CHECK(*outside->shape.spread < *inside->shape.spread);
    CHECK(outside->shape.slenderness > inside->shape.slenderness);
}

TEST_CASE("contrast check: the same in the other polarity, exposure and size of the picture") {
    const Frame before = frame_with(nothing, 1), after = frame_with(sheet, 2);
    const auto check = check_contrast(before, after, from_in_front());
    REQUIRE(check.has_value());
    const auto changed = [](const Frame& frame, double gain, double offset) {
        Frame other = frame_with(nothing, 9);
        for (std::size_t i = 0; i < frame.intensity.size(); ++i) {
            other.intensity.data()[i] =
                static_cast<float>(gain * static_cast<double>(frame.intensity.data()[i]) + offset);
        }
        return other;
    };
    const auto negative =
        check_contrast(changed(before, -1, 255), changed(after, -1, 255), from_in_front());
    REQUIRE(negative.has_value());
    CHECK(negative->probability_inside == Approx(check->probability_inside).margin(1e-3));
    const auto brighter = check_contrast(before, changed(after, 1.1, 8), from_in_front());
    REQUIRE(brighter.has_value());
    CHECK(brighter->place == check->place);
    CHECK(brighter->centre.x == Approx(check->centre.x).margin(2));
}

TEST_CASE("contrast check: a small shift is taken out, and told") {
    const auto shifted = [](double x, double y) { return sheet(x, y); };
    Frame before = frame_with(nothing, 1);
    Frame after = frame_with(shifted, 2);
    // The leg two pixels further to the right.
    for (int y = 0; y < kSide; ++y) {
        for (int x = kSide - 1; x >= 2; --x)
            after.intensity.at(x, y) = after.intensity.at(x - 2, y);
    }
    const auto check = check_contrast(before, after, from_in_front());
    REQUIRE(check.has_value());
    CHECK(check->place == ContrastPlace::inside);
    CHECK(check->moved.x == Approx(2).margin(0.2));
    CHECK(check->moved.y == Approx(0).margin(0.2));
}

TEST_CASE("contrast check: says why there is no answer") {
    const Frame before = frame_with(nothing, 1);
    CHECK(code_of(check_contrast(before, frame_with(nothing, 2, kSide + 8), from_in_front())) ==
          "sizes-differ");
    CHECK(code_of(check_contrast(before, frame_with(nothing, 2), from_in_front())) ==
          "no-contrast");
    CHECK(code_of(check_contrast(before, frame_with(nothing, 2, kSide, 0.15), from_in_front())) ==
          "moved");
    Frame blank = frame_with(nothing, 1);
    for (float& value : std::span(blank.intensity.data(), blank.intensity.size()))
        value = 7;
    CHECK(code_of(check_contrast(blank, before, from_in_front())) == "blank");
    Frame small;
    small.intensity = Image<float>(40, 40, 1.0F);
    CHECK(code_of(check_contrast(small, small)) == "too-small");
    ContrastCheckOptions off = from_in_front();
    off.tip = PixelPoint{300, 20};
    CHECK_THROWS_AS(check_contrast(before, before, off), PreconditionError);
    off = {};
    off.injected_ml = 0;
    CHECK_THROWS_WITH(check_contrast(before, before, off), Catch::Contains("injected_ml"));
}

TEST_CASE("contrast check: what is not stated is said, and makes it no surer") {
    const Frame before = frame_with(nothing, 1), after = frame_with(pool, 3);
    const auto all = check_contrast(before, after, from_in_front());
    const auto less = check_contrast(before, after);
    REQUIRE(all.has_value());
    REQUIRE(less.has_value());
    REQUIRE(less->notes.size() == 3);
    CHECK(less->notes[0].code == "tip-not-known");
    CHECK(less->notes[1].code == "spread-not-known");
    CHECK(less->notes[2].code == "view-not-known");
    CHECK(std::abs(less->probability_inside - 0.5) <= std::abs(all->probability_inside - 0.5));
    CHECK_FALSE(less->shape.pooled.has_value());
    CHECK_FALSE(less->shape.spread.has_value());
}

TEST_CASE("contrast check: on simulated injections what it is sure of is right") {
    int inside = 0, outside = 0;
    test::inject(9003, 6, 2, [&](const test::InjectedKnee& made) {
        ContrastCheckOptions options;
        options.view = made.primary_deg == 0 ? View::xray_ap : View::xray_lateral;
        options.tip = made.tip;
        options.injected_ml = made.injected_ml;
        const auto check = check_contrast(made.before, made.after, options);
        REQUIRE(check.has_value());
        if (check->place == ContrastPlace::unsure) return;
        CHECK((check->place == ContrastPlace::inside) == made.inside);
        (made.inside ? inside : outside) += 1;
    });
    CHECK(inside >= 1);
    CHECK(outside >= 1);
}
