// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "canvas.hpp"
#include "stroke_font.hpp"

#include <guide/core/random.hpp>
#include <guide/simulate/screen.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

namespace guide::simulate {

template <class... Values>
std::string printed(const char* format, Values... values) {
    char text[80];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

/// The inks of a screen.
struct ScreenTheme {
    Rgb8 ground, band, ink, soft, accent;
};

/// Draws the parts of one screen and notes where they stand.
class ScreenPainter {
  public:
    ScreenPainter(Image<Rgb8>& picture, const ScreenLayout& layout,
                  const UltrasoundSettings& settings, const ScreenWords& words, PixelBox content)
        : canvas_(picture.view()),
          s_(layout),
          settings_(settings),
          words_(words),
          box_(content),
          random_(layout.seed, kStream),
          unit_(layout.height / 600.0),
          stroke_(std::max(0.9, layout.letter_px * random_.uniform(0.09, 0.15))) {
        truth_.layout = layout;
        const filters::PictureGrid& grid = settings.picture;
        truth_.face = filters::pixel_from_scan(grid, {0, 0});
        choose_theme();
    }

    /// What lies around the picture.
    void surround();

    void ruler();
    void focus();
    void marker();
    void grey_bar();
    void texts();
    void icons();
    void callipers(PixelPoint from, PixelPoint to);

    [[nodiscard]] ScreenTruth truth() && { return std::move(truth_); }

  private:
    static constexpr std::uint64_t kStream = 0x64726177;
    enum class Part : std::uint64_t { ruler = 1, focus, marker, bar, texts, icons, callipers };
    /// Each part has its own numbers: one that is left out changes no other.
    void begin(Part part) { random_ = Random(s_.seed, kStream + static_cast<std::uint64_t>(part)); }
    [[nodiscard]] bool chance(double share) { return random_.uniform() < share; }
    template <std::size_t N>
    Rgb8 one_of(const std::array<Rgb8, N>& inks) {
        return inks[static_cast<std::size_t>(random_.uniform() * static_cast<double>(N))];
    }
    [[nodiscard]] int px(double units) const {
        return std::max(1, static_cast<int>(std::lround(units * unit_)));
    }
    [[nodiscard]] static PixelBox grown(PixelBox b, int by) {
        return {b.x0 - by, b.y0 - by, b.x1 + by, b.y1 + by};
    }
    [[nodiscard]] PixelBox around(PixelPoint p, double r) const;

    void choose_theme();

    /// One line, and where it stands for the truth; the height down to the next.
    double write(PixelPoint corner, const std::string& text, Rgb8 ink, double larger = 1);
    void write_right(double right, double y, const std::string& text, Rgb8 ink) {
        write({right - text_width(text) * s_.letter_px / 6, y}, text, ink);
    }

    [[nodiscard]] std::string date();
    [[nodiscard]] std::string clock();
    [[nodiscard]] std::string patient() {
        return printed("PHANTOM %04d", static_cast<int>(s_.seed % 10000));
    }
    // Made up: nothing here is worked out from a transmitted pressure.
    [[nodiscard]] std::string mechanical() { return printed("%.1f", random_.uniform(0.4, 1.2)); }
    [[nodiscard]] std::string thermal() { return printed("%.1f", random_.uniform(0.1, 0.5)); }
    [[nodiscard]] std::string depth() const { return printed("%.1f cm", words_.depth_mm / 10); }
    [[nodiscard]] int gain() const {
        return std::clamp(static_cast<int>(std::lround(50 + 2 * words_.gain_db)), 0, 100);
    }

    void title(double y);
    void band_texts();
    void column_texts();
    void pocket_texts();
    void console_texts();

    void icon(int kind, PixelPoint at, double r);

    Canvas canvas_;
    const ScreenLayout& s_;
    const UltrasoundSettings& settings_;
    const ScreenWords& words_;
    PixelBox box_;
    Random random_;
    double unit_, stroke_;
    ScreenTheme theme_{};
    ScreenTruth truth_;
};

}  // namespace guide::simulate
