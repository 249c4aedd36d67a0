// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/render/scene.hpp>

class vtkRenderer;

/// A guide scene in a host's own VTK window; needs guide::render.
namespace guide::interop {

/// Shows `scene` in `renderer`, in place of the scene it showed before, and aims its camera. For
/// sharp words the scene's canvas has the renderer's size: call set_canvas and this again when the
/// window was resized. The renderer may outlive the scene. Not to be called while another thread
/// renders. Throws PreconditionError for a null renderer.
inline void show_scene(const render::Scene& scene, vtkRenderer* renderer) {
    scene.attach(renderer);
}

/// Takes the scene out of `renderer`.
inline void hide_scene(vtkRenderer* renderer) {
    render::Scene::detach(renderer);
}

}  // namespace guide::interop
