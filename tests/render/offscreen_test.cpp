// SPDX-License-Identifier: Apache-2.0
#include "scenes.hpp"

#include <array>
#include <thread>
#include <vector>

namespace {

using namespace guide;
using render::Backend;
using render::Offscreen;
using render::OffscreenOptions;

render::Scene make_scene(int width, int height) {
    const Frame frame = test::make_frame(width, height, Spacing{0.2, 0.2});
    const plan::Plan plan = test::make_plan(frame);
    return {frame, test::make_anatomy(frame), &plan};
}

bool same(const Image<Rgb8>& a, const Image<Rgb8>& b) {
    return a.width() == b.width() && a.height() == b.height() &&
           std::equal(a.data(), a.data() + a.size(), b.data());
}

OffscreenOptions only(Backend backend) {
    OffscreenOptions options;
    options.backends = {backend};
    return options;
}

TEST_CASE("offscreen: one context draws scene after scene, each as a fresh context would") {
    const render::Scene small = make_scene(80, 60), large = make_scene(300, 200);
    Offscreen offscreen;
    const Image<Rgb8> first = offscreen.draw(small);
    const Image<Rgb8> second = offscreen.draw(large);
    const Image<Rgb8> third = offscreen.draw(small);
    CHECK(same(first, third));
    CHECK(same(second, render::render_offscreen(large)));
}

bool xvfb_is_installed() {
    return std::ranges::any_of(
        std::array{"/usr/bin/Xvfb", "/usr/local/bin/Xvfb", "/usr/X11R6/bin/Xvfb"},
        [](const char* path) { return std::filesystem::exists(path); });
}

TEST_CASE("offscreen: the ways to a context that are there draw the same picture") {
    const render::Scene scene = make_scene(120, 90);
    std::string worked, failed;
    std::vector<Image<Rgb8>> pictures;
    for (const Backend backend : {Backend::egl, Backend::private_x}) {
        try {
            pictures.push_back(render::render_offscreen(scene, only(backend)));
            worked += (worked.empty() ? "" : ", ") + std::string(name_of(backend));
        } catch (const RenderError& error) {
            failed += std::string(" (") + error.what() + ")";
            // One that is not installed is no failure; one that is has to work.
            CHECK((backend == Backend::egl || !xvfb_is_installed()));
        }
    }
    REQUIRE_FALSE(pictures.empty());
    if (pictures.size() < 2) {
        WARN("skipped: no second way to a context to compare with " << worked << failed);
        return;
    }
    WARN("compared: " << worked);
    CHECK(same(pictures[0], pictures[1]));
}

TEST_CASE("offscreen: where nothing can be drawn with, the error says what was tried") {
    OffscreenOptions options = only(Backend::x_display);
    options.x_display = ":64999";
    try {
        const Offscreen offscreen(options);
        FAIL("there is no such display");
    } catch (const RenderError& error) {
        CHECK(error.code() == "no-context");
        CHECK(std::string(error.what()).find(":64999") != std::string::npos);
    }
}

TEST_CASE("offscreen: a way that fails is followed by the next") {
    OffscreenOptions options;
    options.backends = {Backend::x_display, Backend::egl, Backend::private_x};
    options.x_display = ":64999";
    const Offscreen offscreen(options);
    CHECK(offscreen.backend() != Backend::x_display);
}

TEST_CASE("offscreen: options that make no sense are refused") {
    OffscreenOptions none;
    none.backends.clear();
    CHECK_THROWS_AS(Offscreen(none), PreconditionError);
    OffscreenOptions hurry;
    hurry.private_x_timeout_s = 0;
    CHECK_THROWS_AS(Offscreen(hurry), PreconditionError);
}

TEST_CASE("offscreen: several threads may draw one scene") {
    const render::Scene scene = make_scene(60, 40);
    const Image<Rgb8> reference = render::render_offscreen(scene);
    Image<Rgb8> a, b;
    std::thread first([&] { a = render::render_offscreen(scene); });
    std::thread second([&] { b = render::render_offscreen(scene); });
    first.join();
    second.join();
    CHECK(same(a, reference));
    CHECK(same(b, reference));
}

}  // namespace
