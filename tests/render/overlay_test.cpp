// SPDX-License-Identifier: Apache-2.0
#include "scenes.hpp"

#include <guide/render/picture.hpp>

#include <cmath>
#include <limits>

namespace {

using namespace guide;
using render::draw_overlay;

constexpr Spacing kSpacing{0.2, 0.2};

render::OverlayOptions on_canvas(int width, int height,
                                 render::Captions captions = render::Captions::full) {
    render::OverlayOptions options;
    options.scene.canvas = {width, height};
    options.scene.captions = captions;
    return options;
}

bool same(const Image<Rgb8>& a, const Image<Rgb8>& b) {
    return a.width() == b.width() && a.height() == b.height() &&
           std::equal(a.data(), a.data() + a.size(), b.data());
}

TEST_CASE("overlay: a plan is drawn with all its marks") {
    const Frame frame = test::make_frame(200, 160, kSpacing);
    const plan::Plan plan = test::make_plan(frame);
    test::check_picture(draw_overlay(frame, test::make_anatomy(frame), &plan, on_canvas(640, 480)),
                        "planned");
}

TEST_CASE("overlay: a refusal is drawn with its reason") {
    const Frame frame = test::make_frame(200, 160, kSpacing);
    const plan::Plan plan = test::make_refusal();
    test::check_picture(draw_overlay(frame, test::make_anatomy(frame), &plan, on_canvas(640, 480)),
                        "refused");
}

TEST_CASE("overlay: without calibration there is no ruler and no millimetre") {
    const Frame frame = test::make_frame(200, 160, std::nullopt);
    const plan::Plan plan = test::make_plan(frame);
    test::check_picture(draw_overlay(frame, test::make_anatomy(frame), &plan, on_canvas(640, 480)),
                        "uncalibrated");
}

TEST_CASE("overlay: an anatomy is drawn without a plan") {
    const Frame frame = test::make_frame(200, 160, kSpacing);
    test::check_picture(
        draw_overlay(frame, test::make_anatomy(frame), nullptr, on_canvas(640, 480)), "anatomy");
}

TEST_CASE("overlay: the picture can stand alone") {
    const Frame frame = test::make_frame(200, 160, kSpacing);
    const plan::Plan plan = test::make_plan(frame);
    test::check_picture(draw_overlay(frame, test::make_anatomy(frame), &plan,
                                     on_canvas(480, 360, render::Captions::picture)),
                        "picture");
}

TEST_CASE("overlay: the sample frame is drawn on a canvas of its own choice") {
    const Frame frame = io::open(test::samples() / "suprapatellar_long.png")->read(0);
    const Image<Rgb8> picture = draw_overlay(frame, test::make_anatomy(frame), nullptr);
    CHECK(picture.width() >= 960);
    CHECK(picture.height() >= 720);
}

TEST_CASE("overlay: the same input gives the same picture") {
    const Frame frame = test::make_frame(100, 80, kSpacing);
    const Anatomy anatomy = test::make_anatomy(frame);
    const plan::Plan plan = test::make_plan(frame);
    CHECK(same(draw_overlay(frame, anatomy, &plan), draw_overlay(frame, anatomy, &plan)));
}

TEST_CASE("overlay: a frame shown at its own size is shown unchanged") {
    Frame frame = test::make_frame(1000, 700, std::nullopt);
    Anatomy anatomy;
    anatomy.grid = frame.grid();
    anatomy.content_box = frame.grid().bounds();
    const render::Scene scene(frame, anatomy, nullptr);
    const Image<Rgb8> picture = render::render_offscreen(scene);
    const PixelPoint corner = scene.canvas_from_frame({0, 0});
    CHECK(corner.x == std::round(corner.x));
    CHECK(corner.y == std::round(corner.y));
    int different = 0;
    for (int y = 0; y < 700; ++y) {
        for (int x = 0; x < 1000; ++x) {
            const auto g = static_cast<std::uint8_t>(frame.intensity.at(x, y));
            const Rgb8 seen =
                picture.at(x + static_cast<int>(corner.x), y + static_cast<int>(corner.y));
            different += seen == Rgb8{g, g, g} ? 0 : 1;
        }
    }
    CHECK(different == 0);
}

TEST_CASE("overlay: rows run downwards") {
    Image<std::uint8_t> grey(400, 300);
    for (int y = 0; y < 150; ++y)
        std::fill_n(grey.row(y), 400, std::uint8_t{200});
    const Frame frame = frame_from_grey(grey.view());
    const render::Scene scene(frame, Anatomy{}, nullptr, {{640, 480}, render::Captions::picture});
    const Image<Rgb8> picture = render::render_offscreen(scene);
    const PixelPoint top = scene.canvas_from_frame({200, 30});
    const PixelPoint bottom = scene.canvas_from_frame({200, 270});
    CHECK(picture.at(static_cast<int>(top.x), static_cast<int>(top.y)).g == 200);
    CHECK(picture.at(static_cast<int>(bottom.x), static_cast<int>(bottom.y)).g == 0);
}

TEST_CASE("overlay: frames of every size and shape are drawn") {
    for (const render::Size size : {render::Size{1, 1}, {2, 63}, {65, 3}, {1, 3000}, {3000, 2}}) {
        const Frame frame = test::make_frame(size.width, size.height, kSpacing);
        const plan::Plan plan = test::make_plan(frame);
        const Image<Rgb8> picture = draw_overlay(frame, test::make_anatomy(frame), &plan);
        CHECK(picture.width() >= 900);
        CHECK(picture.height() > 100);
        CHECK(picture.width() < 4000);
    }
}

TEST_CASE("overlay: what is no number is passed over") {
    Frame frame = test::make_frame(100, 80, kSpacing);
    frame.intensity.at(3, 3) = std::numeric_limits<float>::quiet_NaN();
    frame.intensity.at(4, 3) = std::numeric_limits<float>::infinity();
    Anatomy anatomy = test::make_anatomy(frame);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    anatomy.bones.front().points.insert(anatomy.bones.front().points.begin() + 5, {nan, nan});
    anatomy.joint_space->contours.front().front() = {nan, 3};
    anatomy.skin.push_back({1e12, nan});
    plan::Plan plan = test::make_plan(frame);
    plan.candidates.front().entry = {nan, nan};
    plan.candidates.front().p_hit = nan;
    CHECK_FALSE(draw_overlay(frame, anatomy, &plan).empty());
    plan.candidates.front().entry = {-1e9, -1e9};
    CHECK(draw_overlay(frame, anatomy, &plan).width() < 4000);
}

TEST_CASE("overlay: sentences with any bytes in them are drawn") {
    const Frame frame = test::make_frame(100, 80, kSpacing);
    plan::Plan plan = test::make_refusal();
    plan.reason->text = "caf\xC3\xA9 \xFF\xFE $x^2$ \x01 | {}% " + std::string(3000, 'w');
    CHECK_FALSE(draw_overlay(frame, test::make_anatomy(frame), &plan).empty());
}

TEST_CASE("overlay: an empty frame and an absurd canvas are refused") {
    CHECK_THROWS_AS(draw_overlay(Frame{}, Anatomy{}, nullptr), PreconditionError);
    const Frame frame = test::make_frame(20, 20, kSpacing);
    for (const render::Size size : {render::Size{-1, 5}, {10, 10}, {100000, 100000}}) {
        CHECK_THROWS_AS(draw_overlay(frame, Anatomy{}, nullptr, on_canvas(size.width, size.height)),
                        PreconditionError);
    }
}

plan::TrajectoryCheck make_trial(const Frame& frame, bool allowed) {
    plan::TrajectoryCheck trial;
    trial.path = test::make_plan(frame).candidates.front();
    trial.path.entry = {-0.1 * frame.intensity.width(), 0};
    trial.path.target = {0.6 * frame.intensity.width(), 0.7 * frame.intensity.height()};
    trial.allowed = allowed;
    if (!allowed) {
        trial.broken = {{"angle", 6.5, "deg", "Steeper than 45 degrees."},
                        {"bone-clearance", 1.4, "mm", "Nearer to bone than 2 mm."}};
    }
    return trial;
}

TEST_CASE("overlay: a drawn path stands before the plan's, with what it breaks marked") {
    const Frame frame = test::make_frame(200, 160, kSpacing);
    const plan::Plan plan = test::make_plan(frame);
    render::OverlayOptions options = on_canvas(640, 480, render::Captions::picture);
    options.scene.trial = make_trial(frame, false);
    options.scene.held = render::PathEnd::target;
    options.scene.overlays.legend = true;
    test::check_picture(draw_overlay(frame, test::make_anatomy(frame), &plan, options),
                        "trial_refused");
    options.scene.trial = make_trial(frame, true);
    options.scene.captions = render::Captions::full;
    test::check_picture(draw_overlay(frame, test::make_anatomy(frame), &plan, options),
                        "trial_allowed");
}

TEST_CASE("overlay: grid, callipers, layers, what was not seen and how sure the outline is") {
    const Frame frame = test::make_frame(200, 160, kSpacing);
    Anatomy anatomy = test::make_anatomy(frame);
    anatomy.joint_space->boundary_sigma_px = 3;
    anatomy.layers.push_back({"subcutaneous fat", {{0, 30}, {100, 34}, {199, 28}}});
    anatomy.unseen.push_back({"shadow", {{150, 90}, {199, 90}, {199, 159}, {150, 159}}});
    render::OverlayOptions options = on_canvas(640, 480, render::Captions::picture);
    render::Overlays& shown = options.scene.overlays;
    shown.grid = shown.layers = shown.unseen = shown.uncertainty = true;
    options.scene.callipers = {{{20, 100}, {60, 130}}};
    test::check_picture(draw_overlay(frame, anatomy, nullptr, options), "measured");
}

TEST_CASE("overlay: what is switched off is not drawn") {
    const Frame frame = test::make_frame(200, 160, kSpacing);
    const plan::Plan plan = test::make_plan(frame);
    render::OverlayOptions bare = on_canvas(640, 480, render::Captions::picture);
    bare.scene.overlays = {false, false, false, false, false, false, false,
                           false, false, false, false, false, false, false};
    const Image<Rgb8> alone = draw_overlay(frame, test::make_anatomy(frame), &plan, bare);
    const Image<Rgb8> other = draw_overlay(frame, test::make_anatomy(frame), &plan,
                                           on_canvas(640, 480, render::Captions::picture));
    // Nothing but greys is left, but for the notice in the lower part.
    int coloured = 0, coloured_before = 0;
    for (int y = 0; y < 430; ++y) {
        for (int x = 0; x < 640; ++x) {
            const auto is_coloured = [](Rgb8 p) { return std::abs(p.r - p.b) > 24; };
            coloured += is_coloured(alone.at(x, y)) ? 1 : 0;
            coloured_before += is_coloured(other.at(x, y)) ? 1 : 0;
        }
    }
    CHECK(coloured == 0);
    CHECK(coloured_before > 1000);
}

TEST_CASE("overlay: a lens enlarges about its centre, and places lead back to the frame") {
    const Frame frame = test::make_frame(200, 160, kSpacing);
    const plan::Plan plan = test::make_plan(frame);
    render::SceneOptions options;
    options.canvas = {640, 480};
    options.captions = render::Captions::picture;
    render::Scene scene(frame, test::make_anatomy(frame), &plan, options);
    const double before =
        scene.canvas_from_frame({101, 80}).x - scene.canvas_from_frame({100, 80}).x;
    options.lens = {4, PixelPoint{100, 80}};
    scene.set_options(options);
    const PixelPoint middle = scene.canvas_from_frame({100, 80});
    CHECK(middle.x == Approx(320).margin(1.5));
    CHECK(middle.y == Approx(240).margin(1.5));
    CHECK(scene.canvas_from_frame({101, 80}).x - middle.x == Approx(4 * before));
    const PixelPoint back = scene.frame_from_canvas(scene.canvas_from_frame({33.5, 71.25}));
    CHECK(back.x == Approx(33.5));
    CHECK(back.y == Approx(71.25));
    test::check_picture(render::render_offscreen(scene), "lens");
}

TEST_CASE("overlay: a grey window spreads the values between its ends") {
    Image<std::uint8_t> grey(400, 300);
    std::fill_n(grey.data(), grey.size(), std::uint8_t{100});
    const Frame frame = frame_from_grey(grey.view());
    CHECK(render::screen_picture(frame).at(7, 7).g == 100);
    CHECK(render::screen_picture(frame, render::GreyWindow{50, 150}).at(7, 7).g == 128);
    CHECK(render::screen_picture(frame, render::GreyWindow{100, 200}).at(7, 7).g == 0);
    CHECK(render::screen_picture(frame, render::GreyWindow{0, 50}).at(7, 7).g == 255);
    Image<Rgb8> colour(2, 1);
    colour.at(0, 0) = {50, 100, 150};
    const Frame coloured = frame_from_rgb(colour.view());
    CHECK(render::screen_picture(coloured, render::GreyWindow{50, 150}).at(0, 0) ==
          Rgb8{0, 128, 255});
}

TEST_CASE("overlay: options of a scene that make no sense are refused") {
    const Frame frame = test::make_frame(20, 20, kSpacing);
    for (const int wrong : {0, 1, 2, 3}) {
        render::SceneOptions options;
        if (wrong == 0) options.lens.zoom = 0;
        if (wrong == 1) options.lens.zoom = std::numeric_limits<double>::quiet_NaN();
        if (wrong == 2) options.window = render::GreyWindow{5, 5};
        if (wrong == 3) options.lens.centre = PixelPoint{std::nan(""), 0};
        CHECK_THROWS_AS(render::Scene(frame, Anatomy{}, nullptr, options), PreconditionError);
    }
}

}  // namespace
