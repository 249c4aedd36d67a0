// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/report/case.hpp>
#include <guide/report/truth.hpp>
#include <guide/simulate/knee.hpp>
#include <guide/simulate/screen.hpp>
#include <guide/simulate/truth.hpp>
#include <guide/simulate/ultrasound.hpp>

#include <optional>

namespace guide::app {

inline constexpr double kProbeThickness = 12;  // mm, of the face across the plane

/// A case's scanner: its settings and the screen about its picture.
struct Scanner {
    simulate::UltrasoundSettings settings;
    std::optional<simulate::ScreenLayout> screen;
    bool callipers = false;
    simulate::ScreenWords words;
    simulate::ProbeContact contact;  ///< without its pose
};

/// Throws ImpossibleCase where fields do not go together.
[[nodiscard]] Scanner scanner_of(const report::Case& c);

/// The screen about a picture, and the truth of it; nothing where the case asks for none.
[[nodiscard]] std::optional<simulate::ScreenTruth> show_screen(
    Frame& frame, const Scanner& scanner, const simulate::UltrasoundTruth& truth);

}  // namespace guide::app
