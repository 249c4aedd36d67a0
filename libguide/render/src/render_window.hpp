// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scene_drawing.hpp"

#include <guide/core/image.hpp>

#include <vtkRenderWindow.h>
#include <vtkSmartPointer.h>

#include <memory>
#include <string>

namespace guide::render {

/// A VTK window that is never shown, in a context of some kind. All calls, the destructor too, come
/// from a thread on which the context is current (see enter and leave).
class RenderWindow {
  public:
    virtual ~RenderWindow() = default;

    /// Makes the context the calling thread's, and gives it up again.
    virtual void enter() = 0;
    virtual void leave() = 0;

    [[nodiscard]] Image<Rgb8> draw(const SceneDrawing& drawing);

  protected:
    vtkSmartPointer<vtkRenderWindow> window_;
};

/// Both are made on a thread of their own choice and leave their context current there. Throw
/// RenderError.
[[nodiscard]] std::unique_ptr<RenderWindow> make_egl_window();
[[nodiscard]] std::unique_ptr<RenderWindow> make_x_window(const std::string& display);
[[nodiscard]] std::unique_ptr<RenderWindow> make_private_x_window(double timeout_s);

}  // namespace guide::render
