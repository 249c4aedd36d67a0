// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/frame/frame.hpp>
#include <guide/render/export.hpp>
#include <guide/render/scene_options.hpp>

#include <optional>

namespace guide::render {

/// The frame as a screen shows it, without any overlay: its colours where it has some, else grey
/// between `display_low` (black) and `display_high` (white). `window` takes the place of both, and
/// spreads the channels of colours in the same way.
[[nodiscard]] GUIDE_RENDER_EXPORT Image<Rgb8> screen_picture(
    const Frame& frame, const std::optional<GreyWindow>& window = {});

}  // namespace guide::render
