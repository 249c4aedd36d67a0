// SPDX-License-Identifier: Apache-2.0
#include "render_window.hpp"

#include "egl_context.hpp"
#include "private_x_server.hpp"
#include "vtk_messages.hpp"
#include "vtk_props.hpp"
#include "x_display.hpp"

#include <guide/core/error.hpp>

#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkObjectFactory.h>
#include <vtkOpenGLShaderCache.h>
#include <vtkPolyDataMapper.h>
#include <vtkRenderer.h>
#include <vtkTexture.h>
#include <vtkUnsignedCharArray.h>
#include <vtk_glew.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

namespace guide::render {
namespace {

// Rows drawn at a time. Memory that is touched for the first time costs more than what is drawn in
// it: a window of the canvas's full height takes three times as long.
constexpr int kBandRows = 256;

/// VTK's window for a context that somebody else made. VTK 9.1 as Debian builds it knows OpenGL
/// through GLX alone: glewInit() loads every function, then finds no GLX display and returns an
/// error, and VTK gives up. All there is to do is to go on.
class SurfacelessWindow : public vtkGenericOpenGLRenderWindow {
  public:
    static SurfacelessWindow* New();
    vtkTypeMacro(SurfacelessWindow, vtkGenericOpenGLRenderWindow)

        // The parent class calls OpenGL functions here before it has loaded them.
        void OpenGLInit() override {
        if (this->Initialized) return;
        OpenGLInitContext();
        if (this->Initialized) this->vtkOpenGLRenderWindow::OpenGLInitState();
    }

    void OpenGLInitContext() override {
        if (this->Initialized) return;
        this->ContextCreationTime.Modified();
        // A host that draws through VTK has loaded the functions; they are the same for every
        // context, so its record of what its own context can do is left alone.
        GLenum result = GLEW_OK;
        if (glGenFramebuffers == nullptr || glCreateProgram == nullptr) result = glewInit();
        this->GlewInitValid = result == GLEW_OK || result == GLEW_ERROR_NO_GLX_DISPLAY;
        if (!this->GlewInitValid || glGenFramebuffers == nullptr || glCreateProgram == nullptr) {
            vtkErrorMacro("GLEW could not be initialized: "
                          << reinterpret_cast<const char*>(glewGetErrorString(result)));
            this->GlewInitValid = false;
            return;
        }
        this->MaximumHardwareLineWidth = 1;  // no line of ours is drawn as one
        this->Initialized = true;
    }

    void MakeCurrent() override {}  // RenderWindow::enter did
    bool IsCurrent() override { return true; }
    int SupportsOpenGL() override { return 1; }
    vtkTypeBool IsDirect() override { return 1; }
};
vtkStandardNewMacro(SurfacelessWindow)

    void configure(vtkRenderWindow* window) {
    window->SetMultiSamples(0);
    window->SetOffScreenRendering(1);
    window->SetSize(64, 64);
}

class EglWindow : public RenderWindow {
  public:
    EglWindow() {
        egl_.make_current();
        try {
            auto window = vtkSmartPointer<SurfacelessWindow>::New();
            VtkMessages messages;
            messages.watch(window);
            configure(window);
            window->SetReadyForRendering(true);
            window->SetOwnContext(0);
            window->SetFrameBlitModeToNoBlit();
            window->OpenGLInit();
            messages.throw_error();
            window_ = window;
        } catch (...) {
            egl_.release();
            throw;
        }
    }
    ~EglWindow() override {
        if (window_) window_->Finalize();
    }

    void enter() override { egl_.make_current(); }
    void leave() override { egl_.release(); }

  private:
    EglContext egl_;
};

class XWindow : public RenderWindow {
  public:
    XWindow(std::unique_ptr<PrivateXServer> server, const std::string& display)
        : server_(std::move(server)), display_(server_ ? server_->display() : display) {
        window_ = vtkSmartPointer<vtkRenderWindow>::New();
        VtkMessages messages;
        messages.watch(window_);
        window_->SetDisplayId(display_.handle());
        configure(window_);
        vtkOpenGLRenderWindow* window = vtkOpenGLRenderWindow::SafeDownCast(window_);
        if (window == nullptr) throw RenderError("x-display", "VTK has no OpenGL window");
        window->Initialize();
        messages.throw_error();
    }
    ~XWindow() override {
        if (window_) window_->Finalize();
        window_ = nullptr;
        display_.release();
    }

    void enter() override { window_->MakeCurrent(); }
    void leave() override { display_.release(); }

  private:
    std::unique_ptr<PrivateXServer> server_;  // outlives the connection to it
    XDisplay display_;
};

}  // namespace

Image<Rgb8> RenderWindow::draw(const SceneDrawing& drawing) {
    const Size canvas = drawing.layout.canvas;
    const int rows = std::min(kBandRows, canvas.height);

    VtkMessages messages;
    vtkNew<vtkRenderer> renderer;
    messages.watch(window_);
    messages.watch(renderer);
    for (const auto& prop : make_props(drawing)) {
        messages.watch(prop);
        messages.watch(prop->GetMapper());
        if (prop->GetTexture() != nullptr) messages.watch(prop->GetTexture());
        renderer->AddActor(prop);
    }
    renderer->SetBackground(0, 0, 0);
    renderer->AutomaticLightCreationOff();

    Image<Rgb8> picture(canvas.width, canvas.height);
    window_->SetSize(canvas.width, rows);
    window_->AddRenderer(renderer);
    vtkNew<vtkUnsignedCharArray> band;
    bool read = true;
    for (int top = 0; top < canvas.height && read; top += rows) {
        aim_camera(renderer->GetActiveCamera(), canvas.width, top, rows);
        window_->Render();
        read =
            window_->GetPixelData(0, 0, canvas.width - 1, rows - 1, 0, band.Get(), 0) == VTK_OK &&
            band->GetNumberOfValues() == vtkIdType{3} * canvas.width * rows;
        for (int y = top; read && y < std::min(top + rows, canvas.height); ++y) {
            const vtkIdType upward = rows - 1 - (y - top);  // OpenGL's rows run upwards
            std::memcpy(picture.row(y), band->GetPointer(upward * canvas.width * 3),
                        3 * static_cast<std::size_t>(canvas.width));
        }
    }
    window_->RemoveRenderer(renderer);
    messages.throw_error();
    if (!read) throw RenderError("render-failed", "VTK: the picture cannot be read back");
    return picture;
}

std::unique_ptr<RenderWindow> make_egl_window() {
    return std::make_unique<EglWindow>();
}

std::unique_ptr<RenderWindow> make_x_window(const std::string& display) {
    return std::make_unique<XWindow>(nullptr, display);
}

std::unique_ptr<RenderWindow> make_private_x_window(double timeout_s) {
    return std::make_unique<XWindow>(std::make_unique<PrivateXServer>(timeout_s), "");
}

}  // namespace guide::render
