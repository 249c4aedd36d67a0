// SPDX-License-Identifier: Apache-2.0
// Shows a plan in the application's own VTK window, laid out anew when the window is resized.
#include <guide/interop/vtk_scene.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/segment/segment.hpp>

#include <vtkCallbackCommand.h>
#include <vtkNew.h>
#include <vtkRenderWindow.h>
#include <vtkRenderWindowInteractor.h>
#include <vtkRenderer.h>

#include <string_view>

struct Host {
    guide::render::Scene scene;
    vtkNew<vtkRenderer> renderer;
    vtkNew<vtkRenderWindow> window;

    void lay_out() {
        const guide::render::Size size{window->GetSize()[0], window->GetSize()[1]};
        if (scene.canvas() == size) return;
        scene.set_canvas(size);
        guide::interop::show_scene(scene, renderer);
    }
};

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    guide::Frame frame = guide::io::open(argv[1])->read(0);
    frame.spacing = guide::Spacing{0.1, 0.1};  // mm, what the sample frame was made with
    const auto anatomy = guide::segment::find_anatomy(frame, {guide::View::suprapatellar_long});
    const auto plan = guide::plan::plan_trajectories(anatomy);

    Host host{guide::render::Scene(frame, anatomy, &plan, {{1100, 900}, {}}), {}, {}};
    host.window->AddRenderer(host.renderer);
    host.window->SetSize(1100, 900);
    guide::interop::show_scene(host.scene, host.renderer);
    vtkNew<vtkCallbackCommand> resized;
    resized->SetClientData(&host);
    resized->SetCallback(
        [](vtkObject*, unsigned long, void* data, void*) { static_cast<Host*>(data)->lay_out(); });
    host.window->AddObserver(vtkCommand::WindowResizeEvent, resized);
    vtkNew<vtkRenderWindowInteractor> interactor;
    interactor->SetRenderWindow(host.window);
    host.window->Render();
    if (argc < 3 || std::string_view(argv[2]) != "--once") interactor->Start();
    return 0;
}
