// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/render/export.hpp>
#include <guide/render/scene.hpp>

namespace guide::render {

/// The scene on a picture of the size of its canvas, by the processor alone: what Offscreen draws
/// but for a rounding of grey values and of soft edges, without a graphics context, and quicker
/// than a driver that has no graphics card (3 ms for 800x600 with all overlays). Throws
/// PreconditionError where the size is another, Stopped when asked to stop.
GUIDE_RENDER_EXPORT void paint(const Scene& scene, ImageView<Rgb8> canvas,
                               const Execution& execution = {});

}  // namespace guide::render
