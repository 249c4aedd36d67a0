// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/render/scene.hpp>

#include <QVTKOpenGLNativeWidget.h>
#include <vtkNew.h>
#include <vtkRenderer.h>

namespace guide::viewer {

/// Shows a scene through VTK, by the graphics card. Mouse and keyboard pass through to its parent.
class VtkCanvas : public QVTKOpenGLNativeWidget {
    Q_OBJECT

  public:
    explicit VtkCanvas(QWidget* parent);

    /// Draws at once; null clears.
    void show_scene(const render::Scene* scene);

  private:
    vtkNew<vtkRenderer> renderer_;
};

/// Before the first window: what VTK needs of each surface.
void prepare_surfaces();

/// Whether a graphics card stands behind OpenGL here: without one its driver works on the processor
/// and takes three times as long as render::paint.
[[nodiscard]] bool has_graphics_card();

}  // namespace guide::viewer
