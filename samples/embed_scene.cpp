// SPDX-License-Identifier: Apache-2.0
// Shows a plan in the application's own VTK window, laid out anew when the window is resized.
#include <guide/interop/vtk_scene.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/segment/segment.hpp>

#include <vtkCommand.h>
#include <vtkNew.h>
#include <vtkRenderWindow.h>
#include <vtkRenderWindowInteractor.h>
#include <vtkRenderer.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <string_view>

struct Host {
    guide::render::Scene scene;
    vtkNew<vtkRenderer> renderer;
    vtkNew<vtkRenderWindow> window;
    void lay_out() {
        const guide::render::Size size{std::max(window->GetSize()[0], 320),
                                       std::max(window->GetSize()[1], 240)};
        if (scene.canvas() == size) return;
        scene.set_canvas(size);
        guide::interop::show_scene(scene, renderer);
    }
};

int main(int argc, char** argv) try {
    if (argc < 2) return 2;
    guide::Frame frame = guide::io::open(argv[1])->read(0);
    frame.spacing = guide::Spacing{0.1, 0.1};  // mm, what the sample frame was made with
    const auto anatomy = guide::segment::find_anatomy(frame, {guide::View::suprapatellar_long});
    const auto plan = guide::plan::plan_trajectories(anatomy);
    Host host{guide::render::Scene(frame, anatomy, &plan, {{1100, 900}, {}}), {}, {}};
    host.window->AddRenderer(host.renderer);
    host.window->SetSize(1100, 900);
    guide::interop::show_scene(host.scene, host.renderer);
    host.window->AddObserver(vtkCommand::WindowResizeEvent, &host, &Host::lay_out);
    vtkNew<vtkRenderWindowInteractor> interactor;
    interactor->SetRenderWindow(host.window);
    host.window->Render();
    if (argc < 3 || std::string_view(argv[2]) != "--once") interactor->Start();
} catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
}
