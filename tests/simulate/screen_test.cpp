// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/screen.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

using namespace guide;
using namespace guide::simulate;

namespace {

filters::ProbeGeometry probe_of(bool curved) {
    filters::ProbeGeometry probe;
    probe.kind = curved ? filters::ProbeKind::curvilinear : filters::ProbeKind::linear;
    probe.width_mm = 50;
    probe.radius_mm = 50;
    probe.opening_rad = 1;
    probe.end_mm = curved ? 80 : 40;
    return probe;
}

/// A grey picture of a probe on a screen, and what is drawn about it.
struct Shown {
    UltrasoundSettings settings;
    ScreenLayout layout;
    Frame before, after;
    ScreenTruth truth;
};

Shown shown(ScreenOptions options, bool curved, bool callipers = false) {
    Shown s;
    s.settings.probe = probe_of(curved);
    s.layout = screen_layout(options, s.settings.probe.end_mm);
    s.settings.picture = picture_on_screen(s.layout, s.settings.probe);
    const auto converter =
        filters::ScanConverter::to_picture({s.settings.probe, 64, 64}, s.settings.picture);
    Image<float> beam(64, 64);
    std::fill(beam.data(), beam.data() + beam.size(), 77.0F);
    s.before.intensity = Image<float>(s.layout.width, s.layout.height);
    converter.convert(beam.view(), s.before.intensity.view());
    PixelBox box{9999, 9999, 0, 0};
    for (int y = 0; y < s.layout.height; ++y) {
        for (int x = 0; x < s.layout.width; ++x) {
            if (s.before.intensity.at(x, y) < 70) continue;
            box = {std::min(box.x0, x), std::min(box.y0, y), std::max(box.x1, x + 1),
                   std::max(box.y1, y + 1)};
        }
    }
    s.before.content_box = box;
    s.before.spacing = s.settings.picture.spacing;
    s.before.modality = Modality::ultrasound;
    s.after = clone(s.before);
    std::optional<std::pair<PixelPoint, PixelPoint>> ends;
    if (callipers) ends = {{s.truth.face.x + 200, 200}, {s.truth.face.x + 200, 240}};
    s.truth = draw_screen(s.after, s.layout, s.settings,
                          {"R SUPRAPATELLAR LONG", "LINEAR 50", 7, 40, 0, 75, 20}, ends);
    return s;
}

ScreenOptions seeded(std::uint64_t seed) {
    ScreenOptions options;
    options.seed = seed;
    return options;
}

bool same_pixels(const Frame& a, const Frame& b) {
    return a.intensity.size() == b.intensity.size() &&
           std::equal(a.intensity.data(), a.intensity.data() + a.intensity.size(),
                      b.intensity.data());
}

}  // namespace

TEST_CASE("screen: the same seed draws the same bytes and seeds differ in every respect") {
    std::set<ScreenStyle> styles;
    std::set<std::pair<int, int>> sizes;
    std::set<ScreenSide> rulers, markers, bars;
    std::set<RulerMarks> marks;
    std::set<bool> colours, numbers;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const ScreenLayout l = screen_layout(seeded(seed), 40);
        styles.insert(l.style);
        sizes.insert({l.width, l.height});
        rulers.insert(l.ruler);
        markers.insert(l.marker);
        bars.insert(l.grey_bar);
        marks.insert(l.ruler_marks);
        colours.insert(l.colour);
        numbers.insert(l.ruler_numbers);
    }
    CHECK(styles.size() == 4);
    CHECK(sizes.size() == 4);
    CHECK(rulers.size() == 2);
    CHECK(markers.size() == 2);
    CHECK(bars.size() == 3);
    CHECK(marks.size() == 2);
    CHECK(colours.size() == 2);
    CHECK(numbers.size() == 2);
    const Shown a = shown(seeded(5), false), b = shown(seeded(5), false);
    CHECK(same_pixels(a.after, b.after));
    CHECK_FALSE(same_pixels(a.after, shown(seeded(6), false).after));
}

TEST_CASE("screen: ruler marks stand where the truth says, outside of the picture") {
    for (std::uint64_t seed = 1; seed <= 24; ++seed) {
        const Shown s = shown(seeded(seed), seed % 2 == 0);
        INFO("seed " << seed);
        REQUIRE(s.truth.ruler.size() >= 2);
        const double mm = s.settings.picture.spacing.y_mm;
        const PixelBox box = *s.before.content_box;
        const bool right = s.layout.ruler == ScreenSide::right;
        CHECK((right ? s.truth.ruler_px >= box.x1 : s.truth.ruler_px < box.x0));
        for (const RulerMark& mark : s.truth.ruler) {
            CHECK(mark.y_px == Approx(s.truth.face.y + mark.depth_mm / mm));
            CHECK(mark.major ==
                  (std::abs(std::remainder(mark.depth_mm, s.layout.major_mm)) < 1e-9));
            const int x = static_cast<int>(s.truth.ruler_px) + (right ? 1 : -1);
            const int y = static_cast<int>(std::lround(mark.y_px));
            if (y + 3 >= s.layout.height) continue;
            // A mark is brighter than the row between it and the next.
            CHECK(s.after.intensity.at(x, y) > s.after.intensity.at(x, y + 3) + 20);
        }
        CHECK(s.truth.ruler.back().depth_mm <= s.settings.probe.end_mm + 1e-6);
        CHECK(s.truth.ruler.back().depth_mm > s.settings.probe.end_mm - s.layout.minor_mm - 1e-6);
    }
}

TEST_CASE("screen: the picture fits its room and stays as it is but for what lies upon it") {
    for (std::uint64_t seed = 1; seed <= 24; ++seed) {
        const Shown s = shown(seeded(seed), seed % 2 == 0);
        INFO("seed " << seed);
        const PixelBox box = *s.before.content_box, room = s.layout.room;
        CHECK(box.x0 >= room.x0);
        CHECK(box.y0 >= room.y0);
        CHECK(box.x1 <= room.x1);
        CHECK(box.y1 <= room.y1);
        const bool fills = box.width() >= room.width() - 4 || box.height() >= room.height() - 4;
        CHECK(fills);
        const PixelPoint face = filters::pixel_from_scan(s.settings.picture, {0, 0});
        CHECK(s.truth.face.x == face.x);
        CHECK(s.truth.face.y == face.y);
        int changed = 0, inside = 0;
        for (int y = box.y0; y < box.y1; ++y) {
            for (int x = box.x0; x < box.x1; ++x) {
                if (s.before.intensity.at(x, y) < 70) continue;
                ++inside;
                changed += s.after.intensity.at(x, y) != s.before.intensity.at(x, y) ? 1 : 0;
            }
        }
        CHECK(changed < inside / 50);
        // Something is written around it.
        CHECK((!s.layout.text || s.truth.texts.size() >= 1));
        for (const auto& [text, at] : s.truth.texts)
            CHECK(intersection(at, {0, 0, s.layout.width, s.layout.height}) == at);
    }
}

TEST_CASE("screen: what is asked for is there") {
    for (const auto style :
         {ScreenStyle::band, ScreenStyle::column, ScreenStyle::pocket, ScreenStyle::console}) {
        ScreenOptions o = seeded(3);
        o.style = style;
        o.size = {900, 700};
        o.colour = true;
        o.ruler = ScreenSide::left;
        o.ruler_numbers = true;
        o.minor_mm = 2;
        o.major_mm = 10;
        o.marker = ScreenSide::right;
        o.grey_bar = ScreenSide::right;
        o.text = true;
        o.icons = true;
        o.focus_mark = true;
        const Shown s = shown(o, false, true);
        CHECK(s.after.intensity.width() == 900);
        CHECK(s.after.colour.width() == 900);
        CHECK(s.truth.ruler_px < s.before.content_box->x0);
        CHECK(s.truth.ruler[5].number == "1");
        REQUIRE(s.truth.marker);
        CHECK(s.truth.marker->x0 > s.truth.face.x);
        REQUIRE(s.truth.grey_bar);
        CHECK(s.truth.grey_bar->x0 >= s.before.content_box->x1);
        CHECK(s.truth.icons.size() == 4);
        REQUIRE(s.truth.focus_mark);
        CHECK(s.truth.focus_mark->y ==
              Approx(s.truth.face.y + 20 / s.settings.picture.spacing.y_mm));
        REQUIRE(s.truth.callipers);
        CHECK(s.truth.callipers->mm == Approx(40 * s.settings.picture.spacing.y_mm));
        bool named = false;
        for (const auto& [text, box] : s.truth.texts)
            named = named || text == "R SUPRAPATELLAR LONG";
        CHECK(named);
    }
    ScreenOptions bare = seeded(4);
    bare.colour = bare.text = bare.icons = bare.focus_mark = false;
    bare.ruler = bare.marker = bare.grey_bar = ScreenSide::none;
    const Shown s = shown(bare, false);
    CHECK(s.after.colour.width() == 0);
    CHECK(s.truth.ruler.empty());
    CHECK(s.truth.texts.empty());
    CHECK(s.truth.icons.empty());
    CHECK_FALSE((s.truth.marker || s.truth.grey_bar || s.truth.focus_mark || s.truth.callipers));
}

TEST_CASE("screen: one wish leaves the rest as the seed has it") {
    ScreenOptions plain = seeded(11), wish = seeded(11);
    plain.colour = wish.colour = false;
    wish.focus_mark = !screen_layout(plain, 40).focus_mark;
    const Shown a = shown(plain, false), b = shown(wish, false);
    CHECK(a.layout.room == b.layout.room);
    CHECK(a.truth.ruler_px == b.truth.ruler_px);
    CHECK(a.truth.texts == b.truth.texts);
}

TEST_CASE("screen: what cannot be is told") {
    const auto with = [](auto change) {
        ScreenOptions o = seeded(1);
        change(o);
        return screen_layout(o, 40);
    };
    CHECK_THROWS_AS(with([](ScreenOptions& o) { o.size = {100, 480}; }), PreconditionError);
    CHECK_THROWS_AS(with([](ScreenOptions& o) { o.minor_mm = 0.5; }), PreconditionError);
    CHECK_THROWS_AS(with([](ScreenOptions& o) { o.major_mm = 500; }), PreconditionError);
    CHECK_THROWS_WITH(with([](ScreenOptions& o) { o.minor_mm = 4, o.major_mm = 10; }),
                      Catch::Contains("multiple"));
    CHECK_THROWS_AS(screen_layout(seeded(1), 1), PreconditionError);
    const ScreenLayout l = screen_layout(seeded(1), 40);
    CHECK_THROWS_WITH(picture_on_screen(l, probe_of(false), 0.001), Catch::Contains("fits"));
    CHECK(picture_on_screen(l, probe_of(false), 0.4).spacing.x_mm == 0.4);
    Frame other = frame_from_grey(Image<std::uint8_t>(10, 10).view());
    CHECK_THROWS_AS(draw_screen(other, l, {}, {}), PreconditionError);
}
