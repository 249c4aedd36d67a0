// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "theme_table.hpp"

#include <guide/render/caption.hpp>

#include <QColor>

class QApplication;

namespace guide::viewer {

/// Gives the whole program this look.
void apply(const Theme& theme, QApplication& application);

[[nodiscard]] QColor colour_of(const Theme& theme, render::Tone tone);
[[nodiscard]] inline QColor to_qt(Rgb8 c) {
    return {c.r, c.g, c.b};
}

}  // namespace guide::viewer
