// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "palette.hpp"
#include "scene_drawing.hpp"

#include <string>
#include <vector>

namespace guide::render {

/// What the painters of one scene share.
struct Board {
    const Content& content;
    const SceneOptions& options;
    SceneDrawing& drawing;
    std::vector<CanvasRect> labels = {};  ///< taken by words
};

/// What every painter needs: measures, strokes with a halo, words.
class Painter {
  public:
    explicit Painter(Board& board);

  protected:
    /// Canvas px for a length at a 16 px font.
    [[nodiscard]] double px(double units) const { return units * unit_; }
    [[nodiscard]] CanvasLine on_canvas(const std::vector<PixelPoint>& points) const;
    [[nodiscard]] static bool finite(PixelPoint p);

    /// A line with a dark border, so that it stands out on bright and dark tissue.
    void haloed(const CanvasLine& line, double width, Colour colour);
    void haloed_dashes(const CanvasLine& line, double width, double dash, double gap,
                       Colour colour);
    void crosshair(CanvasPoint p, Colour colour);

    /// `text` on a dark plate, kept within the room. `side` says where from `at` it stands: {0, 1}
    /// centred below, {1, -1} to the right and above, {0, 0} centred.
    void label(const std::string& text, CanvasPoint at, CanvasVector side, Colour colour);
    [[nodiscard]] bool is_free(const CanvasRect& r) const;
    /// Whether `box` lies on the joint space or on the path.
    [[nodiscard]] bool covers_finding(const CanvasRect& box) const;
    /// Mean step from pixel to pixel of the frame under `box`: large where there is writing, 0
    /// beside the frame.
    [[nodiscard]] double detail_under(const CanvasRect& box) const;
    void write(const std::string& text, double left, double middle, int size, Weight weight,
               Colour colour);

    const Content& content_;
    const SceneOptions& options_;
    const Layout& layout_;
    Drawing& marks_;
    TextAtlas& texts_;
    std::vector<CanvasRect>& labels_;

  private:
    double unit_;
};

}  // namespace guide::render
