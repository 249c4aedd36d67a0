// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/point.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace guide::render {

/// Pixels of the canvas: x right, y down, integers at pixel centres.
struct CanvasSpace {};
using CanvasPoint = Point2<CanvasSpace>;
using CanvasVector = Vector2<CanvasSpace>;
using CanvasLine = std::vector<CanvasPoint>;

/// left <= x < right, top <= y < bottom; a pixel at x covers x - 0.5 to x + 0.5.
struct CanvasRect {
    double left = 0, top = 0, right = 0, bottom = 0;

    [[nodiscard]] double width() const { return right - left; }
    [[nodiscard]] double height() const { return bottom - top; }
    [[nodiscard]] bool contains(CanvasPoint p) const {
        return p.x >= left && p.x < right && p.y >= top && p.y < bottom;
    }
};

struct Colour {
    std::uint8_t r = 0, g = 0, b = 0;
    double a = 1;

    [[nodiscard]] Colour with_alpha(double alpha) const { return {r, g, b, alpha}; }
    friend bool operator==(const Colour&, const Colour&) = default;
};

/// A flat drawing as coloured triangles, painted in the order given. Edges carry their own soft
/// border of one pixel, so that pictures are smooth without multisampling and equal on every
/// machine that draws triangles alike.
class Drawing {
  public:
    struct Vertex {
        float x = 0, y = 0, z = 0;
        std::array<std::uint8_t, 4> rgba{};
    };

    /// What follows is cut off at `clip` (lines only).
    /// Far-off points are welcome, those that are no numbers are passed over.
    void set_clip(const CanvasRect& clip) { clip_ = clip; }

    void rect(const CanvasRect& r, Colour colour);
    void rounded_rect(const CanvasRect& r, double radius, Colour colour);
    void frame(const CanvasRect& r, double width, Colour colour);
    void disc(CanvasPoint centre, double radius, Colour colour);
    void ellipse(CanvasPoint centre, double rx, double ry, double width, Colour colour);
    void dashed_ellipse(CanvasPoint centre, double rx, double ry, double width, double dash,
                        Colour colour);
    /// A convex polygon with soft edges.
    void convex(const CanvasLine& outline, Colour colour);
    /// Any polygons, even-odd over all of them; hard edges, meant to lie under an outline.
    void fill(const std::vector<CanvasLine>& outlines, const CanvasRect& within, Colour colour);
    void line(const CanvasLine& points, double width, Colour colour);
    void closed_line(const CanvasLine& points, double width, Colour colour);
    void dashed_line(const CanvasLine& points, double width, double dash, double gap,
                     Colour colour);

    [[nodiscard]] const std::vector<Vertex>& vertices() const { return vertices_; }
    /// Three indices each.
    [[nodiscard]] const std::vector<std::uint32_t>& triangles() const { return triangles_; }

  private:
    void next_layer() { z_ -= 1e-3f; }
    std::uint32_t vertex(CanvasPoint p, Colour colour, double alpha_scale = 1);
    void triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c);
    void quad(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d);
    void dash_part(const CanvasLine& points, double width, double dash, double gap, Colour colour);
    void stroke(const CanvasLine& points, bool closed, double width, Colour colour);

    std::vector<Vertex> vertices_;
    std::vector<std::uint32_t> triangles_;
    CanvasRect clip_{-1e9, -1e9, 1e9, 1e9};
    float z_ = -1;  // towards the viewer; each shape lies on top of the one before
};

}  // namespace guide::render
