// SPDX-License-Identifier: Apache-2.0
#include "text_atlas.hpp"

#include "vtk_lock.hpp"

#include <guide/core/error.hpp>

#include <vtkNew.h>
#include <vtkStdString.h>
#include <vtkTextProperty.h>
#include <vtkTextRenderer.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <mutex>

namespace guide::render {
namespace {

constexpr int kDpi = 72;  // makes a point a pixel
constexpr int kAtlasWidth = 1024;

void configure(vtkTextProperty* property, int size_px, Weight weight, Colour colour) {
    property->SetFontFamilyToArial();
    property->SetFontSize(size_px);
    property->SetBold(weight == Weight::bold ? 1 : 0);
    property->SetColor(colour.r / 255.0, colour.g / 255.0, colour.b / 255.0);
    property->SetJustificationToLeft();
    property->SetVerticalJustificationToBottom();
}

// Length of the valid UTF-8 sequence at the start of `s`, 0 when there is none.
std::size_t utf8_length(std::string_view s) {
    const auto byte = [&](std::size_t i) {
        return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (!follows(1) || !follows(2)) return 0;
        if (first == 0xE0 && byte(1) < 0xA0) return 0;   // over-long
        if (first == 0xED && byte(1) >= 0xA0) return 0;  // surrogates
        return 3;
    }
    return 0;  // beyond the basic plane the fonts have nothing
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t n = utf8_length(text.substr(i));
        const auto c = static_cast<unsigned char>(text[i]);
        if (n == 0) {
            out += '?';
        } else if (c < 0x20 || c == 0x7F) {
            out += ' ';
        } else {
            out += text.substr(i, n);
        }
        i += std::max<std::size_t>(n, 1);
    }
    return out;
}

int TextAtlas::set(std::string_view text, int size_px, Weight weight, Colour colour) {
    const std::string clean = printable(text);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        const Line& l = lines_[i];
        if (l.text == clean && l.size_px == size_px && l.weight == weight && l.colour == colour) {
            return static_cast<int>(i);
        }
    }
    Line line{clean, size_px, weight, colour, {}, 0, 0, vtkSmartPointer<vtkImageData>::New()};
    vtkNew<vtkTextProperty> property;
    configure(property, size_px, weight, colour);
    int extent[2] = {0, 0};
    if (!clean.empty()) {
        const std::scoped_lock lock(vtk_lock());
        vtkTextRenderer* renderer = vtkTextRenderer::GetInstance();
        if (renderer == nullptr || !renderer->RenderString(property, clean, line.pixels, extent,
                                                           kDpi, vtkTextRenderer::FreeType)) {
            throw RenderError("text", "VTK cannot draw text");
        }
    }
    line.extent = {extent[0], extent[1]};
    lines_.push_back(std::move(line));
    return static_cast<int>(lines_.size()) - 1;
}

Size TextAtlas::extent(int line) const {
    return lines_[static_cast<std::size_t>(line)].extent;
}

void TextAtlas::place(int line, double left, double top) {
    placed_.push_back(
        {line, static_cast<int>(std::lround(left)), static_cast<int>(std::lround(top))});
}

double TextAtlas::width(std::string_view text, int size_px, Weight weight) {
    if (text.empty()) return 0;
    vtkNew<vtkTextProperty> property;
    configure(property, size_px, weight, {255, 255, 255});
    int box[4] = {0, 0, 0, 0};
    const std::scoped_lock lock(vtk_lock());
    vtkTextRenderer* renderer = vtkTextRenderer::GetInstance();
    if (renderer == nullptr || !renderer->GetBoundingBox(property, printable(text), box, kDpi,
                                                         vtkTextRenderer::FreeType)) {
        throw RenderError("text", "VTK cannot draw text");
    }
    return box[1] - box[0] + 1;
}

void TextAtlas::pack() {
    int width = kAtlasWidth;
    for (const Line& l : lines_)
        width = std::max(width, l.extent.width + 2);
    // Shelves: lines next to each other until one does not fit; a transparent pixel in between.
    int x = 1, y = 1, shelf = 0;
    for (Line& l : lines_) {
        if (x + l.extent.width + 1 > width) {
            x = 1;
            y += shelf + 1;
            shelf = 0;
        }
        l.atlas_x = x;
        l.atlas_y = y;
        x += l.extent.width + 1;
        shelf = std::max(shelf, l.extent.height);
    }
    pixels_ = vtkSmartPointer<vtkImageData>::New();
    pixels_->SetDimensions(width, y + shelf + 1, 1);
    pixels_->AllocateScalars(VTK_UNSIGNED_CHAR, 4);
    auto* out = static_cast<std::uint8_t*>(pixels_->GetScalarPointer());
    std::memset(out, 0, static_cast<std::size_t>(pixels_->GetNumberOfPoints()) * 4);
    for (const Line& l : lines_) {
        if (l.extent.empty()) continue;
        int dimensions[3] = {0, 0, 0};
        l.pixels->GetDimensions(dimensions);
        const auto* in = static_cast<const std::uint8_t*>(l.pixels->GetScalarPointer());
        for (int row = 0; row < l.extent.height; ++row) {
            const auto from =
                static_cast<std::size_t>(row) * static_cast<std::size_t>(dimensions[0]);
            const auto to =
                static_cast<std::size_t>(l.atlas_y + row) * static_cast<std::size_t>(width) +
                static_cast<std::size_t>(l.atlas_x);
            std::memcpy(out + 4 * to, in + 4 * from, 4 * static_cast<std::size_t>(l.extent.width));
        }
    }
}

}  // namespace guide::render
