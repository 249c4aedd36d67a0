// SPDX-License-Identifier: Apache-2.0
#include "layout.hpp"

#include "palette.hpp"
#include "picture.hpp"
#include "scene_drawing.hpp"
#include "scenes.hpp"
#include "text_atlas.hpp"

namespace {

using namespace guide;
using namespace guide::render;

Content make_content(int width, int height, bool with_plan) {
    const Frame frame = test::make_frame(width, height, Spacing{0.2, 0.2});
    Content content;
    content.picture = screen_picture(frame);
    content.spacing = frame.spacing;
    content.anatomy = test::make_anatomy(frame);
    if (with_plan) content.plan = test::make_plan(frame);
    return content;
}

void check_words_are_whole(const SceneDrawing& drawing) {
    const Size canvas = drawing.layout.canvas;
    for (const TextAtlas::Placed& placed : drawing.texts.placed()) {
        const TextAtlas::Line& line = drawing.texts.lines()[static_cast<std::size_t>(placed.line)];
        INFO(line.text << " on " << canvas.width << " x " << canvas.height);
        CHECK(placed.left >= 0);
        CHECK(placed.top >= 0);
        CHECK(placed.left + line.extent.width <= canvas.width);
        CHECK(placed.top + line.extent.height <= canvas.height);
        CHECK(line.extent.height >= 7);
    }
}

TEST_CASE("layout: no word is cut off on any canvas") {
    for (const Size size :
         {Size{}, {320, 240}, {640, 480}, {1760, 1760}, {400, 1200}, {1600, 300}}) {
        for (const bool with_plan : {true, false}) {
            check_words_are_whole(
                draw_scene(make_content(300, 200, with_plan), {size, Captions::full}));
        }
    }
}

TEST_CASE("layout: a refusal's sentences are wrapped and whole") {
    Content content = make_content(224, 224, false);
    content.plan = test::make_refusal();
    for (int i = 0; i < 40; ++i)
        content.plan->reason->text += " Another sentence follows.";
    check_words_are_whole(draw_scene(content, {}));
    check_words_are_whole(draw_scene(content, {{640, 480}, Captions::full}));
}

TEST_CASE("layout: the canvas holds frame and entry") {
    const Content content = make_content(300, 200, true);
    const Layout layout = make_layout(content, caption_of(content), {});
    CHECK(layout.room.contains(layout.at(content.best()->entry)));
    CHECK(layout.room.contains(layout.at({0, 0})));
    CHECK(layout.room.contains(layout.at({299, 199})));
    CHECK(layout.at(content.best()->entry).x < layout.picture.left);
}

TEST_CASE("layout: small frames are enlarged, large ones are not") {
    CHECK(make_layout(make_content(224, 224, false), {}, {}).scale > 4);
    CHECK(make_layout(make_content(1000, 800, false), {}, {}).scale == 1);
    CHECK(make_layout(make_content(6000, 4000, false), {}, {}).scale < 0.5);
}

TEST_CASE("layout: a millimetre is as long across as down where pixels are not square") {
    for (const Spacing spacing : {Spacing{0.2, 0.1}, {0.1, 0.25}, {0.1, 0.1}}) {
        for (const SceneOptions& options :
             {SceneOptions{}, SceneOptions{{640, 480}, Captions::full}}) {
            Content content = make_content(300, 200, true);
            content.spacing = spacing;
            const Layout layout = make_layout(content, caption_of(content), options);
            CHECK(layout.scale_x() / spacing.x_mm == Approx(layout.scale_y() / spacing.y_mm));
            CHECK(layout.room.contains(layout.at(content.best()->entry)));
            CHECK(layout.room.contains(layout.at({0, 0})));
            CHECK(layout.room.contains(layout.at({299, 199})));
            CHECK(layout.picture.width() == Approx(300 * layout.scale_x()).margin(0.51));
            CHECK(layout.picture.height() == Approx(200 * layout.scale_y()).margin(0.51));
        }
    }
    Content content = make_content(300, 200, true);
    content.spacing = Spacing{1e-9, 1e9};
    CHECK(make_layout(content, {}, {}).canvas.height < 8192);
    // A shape that is known without a size.
    content.spacing.reset();
    content.pixel_aspect = 2;
    const Layout layout = make_layout(content, {}, {});
    CHECK(layout.scale_y() == Approx(2 * layout.scale_x()));
}

TEST_CASE("layout: wrapped text keeps every word and the limit") {
    const std::string text = "one two three four five six seven eight nine ten";
    const auto lines = wrapped(text, 90, 14, 100);
    std::string joined;
    for (const std::string& line : lines) {
        CHECK(TextAtlas::width(line, 14, Weight::regular) <= 90);
        joined += (joined.empty() ? "" : " ") + line;
    }
    CHECK(joined == text);
    const auto two = wrapped(text, 90, 14, 2);
    REQUIRE(two.size() == 2);
    CHECK(two.back().ends_with("..."));
    CHECK(wrapped("", 90, 14, 3).empty());
    CHECK(wrapped(std::string(500, 'x'), 90, 14, 100).size() > 10);
}

TEST_CASE("layout: text from files is made printable") {
    CHECK(printable("plain 31.5\xC2\xB0") == "plain 31.5\xC2\xB0");
    CHECK(printable("a\xFFz") == "a?z");
    CHECK(printable("a\xC2") == "a?");
    CHECK(printable("a\nb\x01") == "a b ");
    CHECK(printable("\xC0\xAF") == "??");
}

TEST_CASE("layout: shrinking keeps a constant and the mean") {
    Image<Rgb8> flat(37, 23, Rgb8{10, 20, 30});
    const Image<Rgb8> small = shrunk(flat.view(), 5, 7);
    for (std::size_t i = 0; i < small.size(); ++i)
        CHECK(small.data()[i] == Rgb8{10, 20, 30});
    Image<Rgb8> half(4, 2);
    half.at(0, 0) = half.at(1, 1) = half.at(2, 0) = half.at(3, 1) = Rgb8{200, 200, 200};
    CHECK(shrunk(half.view(), 2, 1).at(0, 0) == Rgb8{100, 100, 100});
}

}  // namespace
