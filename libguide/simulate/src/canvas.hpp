// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/geometry/pixel_grid.hpp>

#include <string_view>

namespace guide::simulate {

/// Draws on a picture with smooth edges; what lies outside is left out. Pixel centres are whole.
class Canvas {
  public:
    explicit Canvas(ImageView<Rgb8> picture) : picture_(picture) {}

    void fill(PixelBox box, Rgb8 ink);
    void frame(PixelBox box, Rgb8 ink);  ///< one pixel wide, within the box
    void line(PixelPoint from, PixelPoint to, double width, Rgb8 ink);
    void disc(PixelPoint middle, double radius, Rgb8 ink);
    void ring(PixelPoint middle, double radius, double width, Rgb8 ink);
    /// A triangle, filled.
    void triangle(PixelPoint a, PixelPoint b, PixelPoint c, Rgb8 ink);
    /// A vertical wedge from white to black.
    void wedge(PixelBox box);
    /// Text with its upper left corner there, capitals `height` px high; the pixels it takes.
    PixelBox text(PixelPoint corner, double height, double width, std::string_view letters,
                  Rgb8 ink);

  private:
    template <class Distance>
    void paint(double x0, double y0, double x1, double y1, Rgb8 ink, const Distance& distance);

    ImageView<Rgb8> picture_;
};

}  // namespace guide::simulate
