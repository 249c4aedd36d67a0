// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/render/export.hpp>
#include <guide/render/offscreen.hpp>
#include <guide/render/scene.hpp>

namespace guide::render {

struct OverlayOptions {
    SceneOptions scene;
    OffscreenOptions offscreen;
};

/// The picture of a frame with its anatomy and, where `plan` is not null, the best trajectory:
/// joint space, bones, skin line, needle with a ruler in millimetres, entry, target, key numbers,
/// legend, and the reason where there is no plan. Works without a display. Same input, same bytes.
/// Throws PreconditionError (Scene) and RenderError (Offscreen).
[[nodiscard]] GUIDE_RENDER_EXPORT Image<Rgb8> draw_overlay(const Frame& frame,
                                                           const Anatomy& anatomy,
                                                           const plan::Plan* plan,
                                                           const OverlayOptions& options = {});

}  // namespace guide::render
