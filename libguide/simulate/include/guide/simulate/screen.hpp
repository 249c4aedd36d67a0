// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/frame/frame.hpp>
#include <guide/simulate/export.hpp>
#include <guide/simulate/ultrasound.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace guide::simulate {

/// How a scanner lays out its screen. The layouts are our own; none is a vendor's.
enum class ScreenStyle {
    band,    ///< a band with names and date above, a column of settings at the right
    column,  ///< icons at the right, soft keys below
    pocket,  ///< a handheld: almost all picture
    console  ///< an older machine: grey ground, settings in capitals at the left
};
enum class ScreenSide { none, left, right };
enum class RulerMarks { ticks, dots };

/// What is asked of a screen. What is left open is drawn by the seed.
struct ScreenOptions {
    std::optional<ScreenStyle> style = {};
    std::optional<std::pair<int, int>> size = {};  ///< px, width 320 to 4096, height 240 to 4096
    std::optional<bool> colour = {};
    std::optional<ScreenSide> ruler = {};
    std::optional<RulerMarks> ruler_marks = {};
    std::optional<bool> ruler_numbers = {};
    std::optional<double> minor_mm = {};  ///< 1 to 50, between small marks
    std::optional<double> major_mm = {};  ///< 5 to 100, between large ones; a multiple of minor_mm
    std::optional<ScreenSide> marker = {};    ///< of the probe's marked side; none: not shown
    std::optional<ScreenSide> grey_bar = {};  ///< none: not shown
    std::optional<bool> text = {}, icons = {}, focus_mark = {};
    std::uint64_t seed = 1;

    /// Throws PreconditionError naming the bad field.
    GUIDE_SIMULATE_EXPORT void validate() const;
};

/// A screen with all of it decided.
struct ScreenLayout {
    ScreenStyle style = ScreenStyle::band;
    int width = 800, height = 600;
    bool colour = true;
    ScreenSide ruler = ScreenSide::right;
    RulerMarks ruler_marks = RulerMarks::ticks;
    bool ruler_numbers = true;
    double minor_mm = 5, major_mm = 10;
    ScreenSide marker = ScreenSide::left, grey_bar = ScreenSide::left;
    bool text = true, icons = true, focus_mark = true;
    double letter_px = 10;  ///< height of capitals
    PixelBox room;          ///< where the picture may lie
    bool centred = false;   ///< the picture in the room's height; else at its top
    std::uint64_t seed = 1;
};

/// Decides what `options` leave open, for pictures of that depth (5 to 300 mm). Same seed, same
/// layout. Throws PreconditionError for bad options.
[[nodiscard]] GUIDE_SIMULATE_EXPORT ScreenLayout screen_layout(const ScreenOptions& options,
                                                               double depth_mm);

/// The grid of a whole screen on which the probe's picture fills the layout's room, as large as it
/// fits, or with `pixel_mm`: settings with this picture make frames and truth in screen pixels.
/// Throws PreconditionError where a picture of that pixel_mm does not fit.
[[nodiscard]] GUIDE_SIMULATE_EXPORT filters::PictureGrid picture_on_screen(
    const ScreenLayout& layout, const filters::ProbeGeometry& probe,
    const std::optional<double>& pixel_mm = {});

/// What the words on a screen tell.
struct ScreenWords {
    std::string title;  ///< above the picture, e.g. "R SUPRAPATELLAR LONG"
    std::string probe;  ///< e.g. "LINEAR 51"
    double frequency_mhz = 7, depth_mm = 40, gain_db = 0, dynamic_range_db = 75, focus_mm = 20;
};

/// Callipers set on a picture.
struct Callipers {
    PixelPoint from, to;  ///< px
    double mm = 0;        ///< between them
    std::string text;     ///< as it is shown
};

struct RulerMark {
    double y_px = 0;      ///< exact; drawn in the nearest row
    double depth_mm = 0;  ///< below the probe's face, in its middle
    bool major = false;
    std::string number;  ///< beside it, empty for none
};

/// Where everything on a screen stands, px.
struct ScreenTruth {
    ScreenLayout layout;
    PixelPoint face;      ///< middle of the probe's face
    double ruler_px = 0;  ///< x of the marks' end that is nearer to the picture
    std::vector<RulerMark> ruler;
    std::optional<PixelBox> marker, grey_bar;
    std::optional<PixelPoint> focus_mark;
    std::vector<std::pair<std::string, PixelBox>> texts;
    std::vector<PixelBox> icons;
    std::optional<Callipers> callipers;
};

/// Draws the screen about the picture of `frame`, which was made with settings whose picture is
/// `picture_on_screen`. The frame gets 8 bits, and `colour` where the layout has any. Callipers are
/// set from the one point to the other. Same input, same bytes. Throws PreconditionError for a
/// frame of another size or without content_box and spacing.
GUIDE_SIMULATE_EXPORT ScreenTruth
draw_screen(Frame& frame, const ScreenLayout& layout, const UltrasoundSettings& settings,
            const ScreenWords& words,
            const std::optional<std::pair<PixelPoint, PixelPoint>>& callipers = {});

}  // namespace guide::simulate
