// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drawing.hpp"

#include <guide/render/scene.hpp>

#include <vtkImageData.h>
#include <vtkSmartPointer.h>

#include <string>
#include <string_view>
#include <vector>

namespace guide::render {

enum class Weight { regular, bold };

/// `text` with everything that is not valid UTF-8 or not printable replaced, so that no sentence
/// from a file can upset the font engine.
[[nodiscard]] std::string printable(std::string_view text);

/// Lines of text set with VTK's built-in fonts, packed into one texture.
class TextAtlas {
  public:
    struct Line {
        std::string text;
        int size_px = 0;
        Weight weight = Weight::regular;
        Colour colour;
        Size extent;  ///< px, ascender to descender
        int atlas_x = 0, atlas_y = 0;
        vtkSmartPointer<vtkImageData> pixels;
    };
    struct Placed {
        int line = 0;
        int left = 0, top = 0;  ///< canvas px of the first pixel
    };

    /// Sets a line; equal ones are set once. Throws RenderError ("text") when VTK cannot.
    int set(std::string_view text, int size_px, Weight weight, Colour colour);
    [[nodiscard]] Size extent(int line) const;
    void place(int line, double left, double top);

    /// Width in px of a line that is only measured.
    [[nodiscard]] static double width(std::string_view text, int size_px, Weight weight);

    /// Packs what was set; RGBA, rows upwards as VTK has them.
    void pack();
    [[nodiscard]] vtkImageData* pixels() const { return pixels_; }
    [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }
    [[nodiscard]] const std::vector<Placed>& placed() const { return placed_; }

  private:
    std::vector<Line> lines_;
    std::vector<Placed> placed_;
    vtkSmartPointer<vtkImageData> pixels_;
};

}  // namespace guide::render
