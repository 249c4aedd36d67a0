// SPDX-License-Identifier: Apache-2.0
#include "scenes.hpp"

#include <guide/render/offscreen.hpp>
#include <guide/render/paint.hpp>

#include <cstdlib>

namespace {

using namespace guide;
using render::SceneOptions;

render::Scene scene_of(const SceneOptions& options, int width = 300, int height = 200) {
    const Frame frame = test::make_frame(width, height, Spacing{0.2, 0.2});
    const plan::Plan plan = test::make_plan(frame);
    return {frame, test::make_anatomy(frame), &plan, options};
}

Image<Rgb8> painted(const render::Scene& scene, int threads = 1) {
    Image<Rgb8> picture(scene.canvas().width, scene.canvas().height);
    render::paint(scene, picture.view(), {threads, {}});
    return picture;
}

struct Difference {
    double mean = 0;     ///< grey levels
    double far_off = 0;  ///< share of the pixels that differ by more than 8
};

Difference difference(const Image<Rgb8>& a, const Image<Rgb8>& b) {
    REQUIRE(a.width() == b.width());
    REQUIRE(a.height() == b.height());
    Difference d;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const Rgb8 p = a.data()[i], q = b.data()[i];
        const int off = std::max({std::abs(p.r - q.r), std::abs(p.g - q.g), std::abs(p.b - q.b)});
        d.mean += off;
        d.far_off += off > 8 ? 1 : 0;
    }
    d.mean /= static_cast<double>(a.size());
    d.far_off /= static_cast<double>(a.size());
    return d;
}

TEST_CASE("paint: shows what a graphics card shows") {
    SceneOptions options;
    options.canvas = {800, 600};
    SECTION("with the words around it") {}
    SECTION("with all that can be drawn") {
        options.captions = render::Captions::picture;
        options.overlays.layers = options.overlays.unseen = options.overlays.uncertainty = true;
        options.overlays.grid = options.overlays.legend = true;
        options.callipers = {{{10, 20}, {200, 150}}};
    }
    SECTION("enlarged, so that much of the frame lies outside") {
        options.lens = {3.7, PixelPoint{120, 90}};
    }
    SECTION("in a small window") {
        options.canvas = {320, 240};
    }
    const render::Scene scene = scene_of(options);
    const Difference d = difference(painted(scene), render::render_offscreen(scene));
    CHECK(d.mean < 0.3);
    CHECK(d.far_off < 0.003);
}

TEST_CASE("paint: the number of threads changes nothing") {
    const render::Scene scene = scene_of({});
    const Image<Rgb8> one = painted(scene);
    const Image<Rgb8> three = painted(scene, 3);
    CHECK(std::equal(one.data(), one.data() + one.size(), three.data()));
}

TEST_CASE("paint: a picture of another size is a wrong call, and frames may be tiny") {
    const render::Scene scene = scene_of({});
    Image<Rgb8> other(10, 10);
    CHECK_THROWS_AS(render::paint(scene, other.view()), PreconditionError);
    SceneOptions options;
    options.canvas = {320, 240};
    CHECK(painted(scene_of(options, 1, 1)).width() == 320);
}

}  // namespace
