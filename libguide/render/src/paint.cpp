// SPDX-License-Identifier: Apache-2.0
#include "scene_impl.hpp"

#include <guide/core/error.hpp>
#include <guide/render/paint.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace guide::render {
namespace {

/// A span of rows of the canvas, [begin, end).
struct Band {
    ImageView<Rgb8> canvas;
    int begin = 0, end = 0;
};

std::uint8_t mixed(std::uint8_t under, std::uint8_t over, unsigned alpha) {
    const unsigned sum = over * alpha + under * (255 - alpha) + 128;
    return static_cast<std::uint8_t>((sum + (sum >> 8)) >> 8);  // by 255, rounded
}

void blend(Rgb8& pixel, std::uint8_t r, std::uint8_t g, std::uint8_t b, unsigned alpha) {
    pixel = {mixed(pixel.r, r, alpha), mixed(pixel.g, g, alpha), mixed(pixel.b, b, alpha)};
}

/// First pixel centre at or after a place: of two shapes that meet there, one has it.
int centre_from(double place, int lowest, int highest) {
    return static_cast<int>(
        std::clamp(std::ceil(place), static_cast<double>(lowest), static_cast<double>(highest)));
}

/// Where the edge meets a row; the same for both triangles of an edge.
double crossing(const Drawing::Vertex& a, const Drawing::Vertex& b, int y) {
    const auto& [upper, lower] =
        a.y < b.y || (a.y == b.y && a.x < b.x) ? std::tie(a, b) : std::tie(b, a);
    const double share = (y - static_cast<double>(upper.y)) /
                         (static_cast<double>(lower.y) - static_cast<double>(upper.y));
    return static_cast<double>(upper.x) +
           share * (static_cast<double>(lower.x) - static_cast<double>(upper.x));
}

void paint_triangle(const Band& band, const Drawing::Vertex& a, const Drawing::Vertex& b,
                    const Drawing::Vertex& c) {
    const auto [low, high] = std::minmax({a.y, b.y, c.y});
    const int first = centre_from(static_cast<double>(low), band.begin, band.end);
    const int last = centre_from(static_cast<double>(high), band.begin, band.end);
    if (first >= last) return;
    // All corners of a shape have one colour; its opacity is a plane over them.
    const double ux = static_cast<double>(b.x) - static_cast<double>(a.x),
                 uy = static_cast<double>(b.y) - static_cast<double>(a.y);
    const double vx = static_cast<double>(c.x) - static_cast<double>(a.x),
                 vy = static_cast<double>(c.y) - static_cast<double>(a.y);
    const double area = ux * vy - uy * vx;
    if (area == 0) return;
    const double du = b.rgba[3] - a.rgba[3], dv = c.rgba[3] - a.rgba[3];
    const double by_x = (du * vy - dv * uy) / area, by_y = (dv * ux - du * vx) / area;
    const auto [r, g, bl, alpha] = a.rgba;
    for (int y = first; y < last; ++y) {
        double left = 1e30, right = -1e30;
        for (const auto& [p, q] : {std::pair(&a, &b), std::pair(&b, &c), std::pair(&c, &a)}) {
            const float top = std::min(p->y, q->y), bottom = std::max(p->y, q->y);
            const auto row = static_cast<float>(y);
            if (!(row >= top && row < bottom)) continue;
            const double x = crossing(*p, *q, y);
            left = std::min(left, x);
            right = std::max(right, x);
        }
        Rgb8* pixels = band.canvas.row(y);
        const int end = centre_from(right, 0, band.canvas.width);
        int x = centre_from(left, 0, band.canvas.width);
        double opacity =
            alpha + by_x * (x - static_cast<double>(a.x)) + by_y * (y - static_cast<double>(a.y));
        for (; x < end; ++x, opacity += by_x) {
            const auto weight = static_cast<unsigned>(std::clamp(opacity, 0.0, 255.0) + 0.5);
            blend(pixels[x], r, g, bl, weight);
        }
    }
}

void paint_shapes(const Band& band, const Drawing& drawing) {
    const auto& v = drawing.vertices();
    const auto& t = drawing.triangles();
    for (std::size_t i = 0; i + 2 < t.size(); i += 3)
        paint_triangle(band, v[t[i]], v[t[i + 1]], v[t[i + 2]]);
}

/// Which two pixels of a line lie about each pixel of the canvas, and how near the second is.
struct Samples {
    int begin = 0, end = 0;  // of the canvas
    std::vector<int> first, second;
    std::vector<std::uint32_t> share;  // of 256

    Samples(double from, double length, int count, int canvas) {
        const double edge = from - 0.5;
        begin = centre_from(edge, 0, canvas);
        end = std::max(begin, centre_from(edge + length, 0, canvas));
        for (int at = begin; at < end; ++at) {
            const double place = (at - edge) / length * count - 0.5;
            const double whole = std::floor(place);
            first.push_back(std::clamp(static_cast<int>(whole), 0, count - 1));
            second.push_back(std::clamp(static_cast<int>(whole) + 1, 0, count - 1));
            share.push_back(static_cast<std::uint32_t>(std::lround(256 * (place - whole))));
        }
    }
};

/// A row of the picture as wide as the canvas has it, times 256.
void stretch(const std::uint8_t* row, const Samples& columns, std::vector<std::uint16_t>& wide) {
    wide.resize(3 * columns.share.size());
    for (std::size_t i = 0; i < columns.share.size(); ++i) {
        const std::uint8_t *a = row + 3 * columns.first[i], *b = row + 3 * columns.second[i];
        const std::uint32_t share = columns.share[i];
        for (std::size_t k = 0; k < 3; ++k)
            wide[3 * i + k] = static_cast<std::uint16_t>(a[k] * (256 - share) + b[k] * share);
    }
}

/// Between pixels along straight lines, as a texture is drawn.
void paint_picture(const Band& band, vtkImageData& picture, const Samples& columns,
                   const Samples& rows) {
    const int width = picture.GetDimensions()[0];
    const auto* pixels = static_cast<const std::uint8_t*>(picture.GetScalarPointer());
    std::array<std::vector<std::uint16_t>, 2> wide;
    std::array<int, 2> held{-1, -1};
    const auto row_of = [&](int y) -> const std::uint16_t* {
        for (std::size_t i = 0; i < 2; ++i) {
            if (held[i] == y) return wide[i].data();
        }
        const std::size_t older = held[0] < held[1] ? 0 : 1;
        stretch(pixels + 3 * static_cast<std::ptrdiff_t>(y) * width, columns, wide[older]);
        held[older] = y;
        return wide[older].data();
    };
    const std::size_t values = 3 * columns.share.size();
    for (int y = std::max(band.begin, rows.begin); y < std::min(band.end, rows.end); ++y) {
        const auto at = static_cast<std::size_t>(y - rows.begin);
        const std::uint16_t* above = row_of(rows.first[at]);
        const std::uint16_t* below = row_of(rows.second[at]);
        const std::uint32_t share = rows.share[at];
        auto* out = reinterpret_cast<std::uint8_t*>(band.canvas.row(y) + columns.begin);
        for (std::size_t i = 0; i < values; ++i) {
            out[i] = static_cast<std::uint8_t>(
                (above[i] * (256 - share) + below[i] * share + 32768) >> 16);
        }
    }
}

void paint_texts(const Band& band, const TextAtlas& texts) {
    for (const TextAtlas::Placed& placed : texts.placed()) {
        const TextAtlas::Line& line = texts.lines()[static_cast<std::size_t>(placed.line)];
        if (line.extent.empty()) continue;
        const auto* pixels = static_cast<const std::uint8_t*>(line.pixels->GetScalarPointer());
        const std::ptrdiff_t width = line.pixels->GetDimensions()[0];
        const int left = std::max(0, placed.left);
        const int right = std::min(band.canvas.width, placed.left + line.extent.width);
        const int top = std::max(band.begin, placed.top);
        const int bottom = std::min(band.end, placed.top + line.extent.height);
        for (int y = top; y < bottom; ++y) {
            // Rows of a line of text run upwards.
            const std::uint8_t* in = pixels + 4 * width * (placed.top + line.extent.height - 1 - y);
            Rgb8* out = band.canvas.row(y);
            for (int x = left; x < right; ++x) {
                const std::uint8_t* p = in + 4 * (x - placed.left);
                if (p[3] != 0) blend(out[x], p[0], p[1], p[2], p[3]);
            }
        }
    }
}

}  // namespace

void paint(const Scene& scene, ImageView<Rgb8> canvas, const Execution& execution) {
    const SceneDrawing& drawing = scene.impl().drawing;
    const Size size = scene.canvas();
    require(canvas.width == size.width && canvas.height == size.height, "paint",
            "the picture has the size of the scene's canvas");
    const CanvasRect& where = drawing.layout.picture;
    const int* dimensions = drawing.picture->GetDimensions();
    const Samples columns(where.left, where.width(), dimensions[0], size.width);
    const Samples rows(where.top, where.height(), dimensions[1], size.height);
    for_each_band(execution, size.height, [&](int begin, int end) {
        const Band band{canvas, begin, end};
        for (int y = begin; y < end; ++y)
            std::fill_n(canvas.row(y), canvas.width, Rgb8{});
        paint_shapes(band, drawing.ground);
        paint_picture(band, *drawing.picture, columns, rows);
        paint_shapes(band, drawing.marks);
        paint_texts(band, drawing.texts);
    });
}

}  // namespace guide::render
