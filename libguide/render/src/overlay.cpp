// SPDX-License-Identifier: Apache-2.0
#include <guide/render/overlay.hpp>

namespace guide::render {

Image<Rgb8> draw_overlay(const Frame& frame, const Anatomy& anatomy, const plan::Plan* plan,
                         const OverlayOptions& options) {
    return render_offscreen(Scene(frame, anatomy, plan, options.scene), options.offscreen);
}

}  // namespace guide::render
