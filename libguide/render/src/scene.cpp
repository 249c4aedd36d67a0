// SPDX-License-Identifier: Apache-2.0
#include "picture.hpp"
#include "scene_impl.hpp"
#include "vtk_props.hpp"

#include <guide/render/scene.hpp>

#include <vtkPropCollection.h>
#include <vtkRenderer.h>

#include <cmath>
#include <vector>

namespace guide::render {
namespace {

constexpr int kSmallestWidth = 320, kSmallestHeight = 240, kLargestSide = 8192;
constexpr double kLeastZoom = 0.1, kMostZoom = 64;

void check(const SceneOptions& options) {
    if (const auto valid = options.validate(); !valid) {
        throw PreconditionError("Scene", valid.error().text);
    }
}

// `picture` is that of an earlier drawing of the same pixels.
void draw(Scene::Impl& scene, vtkSmartPointer<vtkImageData> picture) {
    scene.content.chosen = scene.options.candidate;
    scene.content.trial = scene.options.trial;
    scene.drawing = draw_scene(scene.content, scene.options, std::move(picture));
}

}  // namespace

Expected<void> SceneOptions::validate() const {
    if (canvas != Size{} && (canvas.width < kSmallestWidth || canvas.height < kSmallestHeight ||
                             canvas.width > kLargestSide || canvas.height > kLargestSide)) {
        return no_answer("canvas", "canvas is empty or 320x240 to 8192x8192 pixels");
    }
    if (!(lens.zoom >= kLeastZoom && lens.zoom <= kMostZoom))
        return no_answer("lens", "lens.zoom is 0.1 to 64");
    if (lens.centre && !(std::isfinite(lens.centre->x) && std::isfinite(lens.centre->y)))
        return no_answer("lens", "lens.centre is a finite point");
    if (window && !(window->low < window->high))
        return no_answer("window", "window.low is below window.high");
    return {};
}

Scene::Scene(const Frame& frame, const Anatomy& anatomy, const plan::Plan* plan,
             const SceneOptions& options) {
    require(!frame.intensity.empty(), "Scene", "the frame is not empty");
    check(options);
    impl_ = std::make_unique<Impl>();
    impl_->frame = clone(frame);
    impl_->content.picture = screen_picture(frame, options.window);
    impl_->content.spacing = frame.spacing;
    impl_->content.pixel_aspect = frame.pixel_aspect;
    impl_->content.anatomy = anatomy;
    if (plan != nullptr) impl_->content.plan = *plan;
    impl_->options = options;
    draw(*impl_, {});
}

Scene::~Scene() = default;
Scene::Scene(Scene&&) noexcept = default;
Scene& Scene::operator=(Scene&&) noexcept = default;

Size Scene::canvas() const {
    return impl_->drawing.layout.canvas;
}

void Scene::set_canvas(Size canvas) {
    SceneOptions options = impl_->options;
    options.canvas = canvas;
    set_options(options);
}

void Scene::set_options(const SceneOptions& options) {
    check(options);
    const bool same_pixels = options.window == impl_->options.window;
    if (!same_pixels) impl_->content.picture = screen_picture(impl_->frame, options.window);
    impl_->options = options;
    draw(*impl_, same_pixels ? impl_->drawing.picture : nullptr);
}

const SceneOptions& Scene::options() const {
    return impl_->options;
}

const Caption& Scene::caption() const {
    return impl_->drawing.caption;
}

PixelPoint Scene::canvas_from_frame(PixelPoint p) const {
    const CanvasPoint c = impl_->drawing.layout.at(p);
    return {c.x, c.y};
}

PixelPoint Scene::frame_from_canvas(PixelPoint p) const {
    return impl_->drawing.layout.frame_at({p.x, p.y});
}

void Scene::attach(void* vtk_renderer) const {
    require(vtk_renderer != nullptr, "Scene::attach", "the renderer is not null");
    detach(vtk_renderer);
    auto* renderer = static_cast<vtkRenderer*>(vtk_renderer);
    for (const auto& prop : make_props(impl_->drawing))
        renderer->AddActor(prop);
    const Size size = canvas();
    aim_camera(renderer->GetActiveCamera(), size.width, 0, size.height);
}

void Scene::detach(void* vtk_renderer) {
    require(vtk_renderer != nullptr, "Scene::detach", "the renderer is not null");
    auto* renderer = static_cast<vtkRenderer*>(vtk_renderer);
    std::vector<vtkProp*> ours;
    vtkPropCollection* props = renderer->GetViewProps();
    vtkCollectionSimpleIterator at = nullptr;
    props->InitTraversal(at);
    while (vtkProp* prop = props->GetNextProp(at)) {
        if (is_ours(prop)) ours.push_back(prop);
    }
    for (vtkProp* prop : ours)
        renderer->RemoveViewProp(prop);
}

}  // namespace guide::render
