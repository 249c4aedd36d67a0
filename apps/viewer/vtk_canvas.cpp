// SPDX-License-Identifier: Apache-2.0
#include "vtk_canvas.hpp"

#include <guide/interop/vtk_scene.hpp>

#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkRenderWindowInteractor.h>

#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QSurfaceFormat>
#include <string_view>

namespace guide::viewer {

VtkCanvas::VtkCanvas(QWidget* parent) : QVTKOpenGLNativeWidget(parent) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    vtkNew<vtkGenericOpenGLRenderWindow> window;
    window->SetMultiSamples(0);  // strokes carry their own soft edges
    setRenderWindow(window);
    if (interactor() != nullptr) interactor()->SetInteractorStyle(nullptr);
    renderer_->SetBackground(0, 0, 0);
    window->AddRenderer(renderer_);
}

void VtkCanvas::show_scene(const render::Scene* scene) {
    if (scene != nullptr) {
        interop::show_scene(*scene, renderer_);
    } else {
        interop::hide_scene(renderer_);
    }
    if (isVisible()) renderWindow()->Render();
}

void prepare_surfaces() {
    QSurfaceFormat format = QVTKOpenGLNativeWidget::defaultFormat();
    format.setSamples(0);
    QSurfaceFormat::setDefaultFormat(format);
}

bool has_graphics_card() {
    QOpenGLContext context;
    QOffscreenSurface surface;
    surface.create();
    if (!context.create() || !context.makeCurrent(&surface)) return false;
    const auto* name = context.functions()->glGetString(GL_RENDERER);
    const std::string_view renderer = name ? reinterpret_cast<const char*>(name) : "";
    context.doneCurrent();
    for (const char* software : {"llvmpipe", "softpipe", "swrast", "Software"})
        if (renderer.find(software) != std::string_view::npos) return false;
    return !renderer.empty();
}

}  // namespace guide::viewer
