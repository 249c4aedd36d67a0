// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "caption.hpp"
#include "content.hpp"
#include "drawing.hpp"

#include <guide/render/scene.hpp>

#include <string>
#include <vector>

namespace guide::render {

/// Where everything stands on the canvas. Distances are in canvas pixels, text sizes too.
struct Layout {
    struct TextLine {
        std::string text;
        Tone tone = Tone::plain;
    };
    struct Card {
        CanvasRect box;
        KeyNumber number;
    };
    struct Swatch {
        CanvasPoint left;  ///< left end of the mark, half-way up
        LegendEntry entry;
    };

    Size canvas;
    int font = 0, small_font = 0, title_font = 0, notice_font = 0;
    double margin = 0;
    CanvasRect header, room, panel;
    bool notice_below_title = false;
    std::vector<Card> cards;
    std::vector<TextLine> messages;
    double messages_top = 0, message_height = 0;
    std::vector<Swatch> legend;
    double swatch_width = 0;

    double scale = 1;           ///< canvas pixels for one of the frame, before `aspect`
    CanvasVector aspect{1, 1};  ///< frames whose pixels are not square are stretched to true shape
    CanvasPoint origin;         ///< where the frame's pixel (0, 0) has its centre
    CanvasRect picture;         ///< the frame

    /// Canvas pixels for one of the frame, along x and y.
    [[nodiscard]] double scale_x() const { return scale * aspect.x; }
    [[nodiscard]] double scale_y() const { return scale * aspect.y; }
    [[nodiscard]] CanvasPoint at(PixelPoint p) const {
        return {origin.x + scale_x() * p.x, origin.y + scale_y() * p.y};
    }
    [[nodiscard]] PixelPoint frame_at(CanvasPoint c) const {
        return {(c.x - origin.x) / scale_x(), (c.y - origin.y) / scale_y()};
    }
};

[[nodiscard]] Layout make_layout(const Content& content, const Caption& caption,
                                 const SceneOptions& options);

/// `text` cut into lines of at most `width` px; words longer than a line are cut too. No more than
/// `limit` lines: the last one then ends in "...".
[[nodiscard]] std::vector<std::string> wrapped(const std::string& text, double width, int size_px,
                                               int limit);

}  // namespace guide::render
