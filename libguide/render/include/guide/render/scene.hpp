// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/frame/frame.hpp>
#include <guide/plan/plan.hpp>
#include <guide/render/caption.hpp>
#include <guide/render/export.hpp>
#include <guide/render/scene_options.hpp>

#include <memory>

namespace guide::render {

/// A frame with what was found in it and where the needle may go, laid out on a canvas.
///
/// The canvas has its origin at the centre of its top left pixel, x right and y down, as frames
/// have; it holds the whole frame and reaches out to the needle's entry, which usually lies beside
/// the frame. All of it is one flat drawing in the plane z = 0 of VTK's world, seen by a camera
/// whose up is minus y: nothing is flipped. A scene keeps copies and refers to none of its
/// arguments; it only moves. Const calls may be made from several threads.
class GUIDE_RENDER_EXPORT Scene {
  public:
    /// `plan` may be null: then the anatomy is shown alone. Throws PreconditionError for an empty
    /// frame or where options.validate() has a complaint, RenderError where no text can be drawn.
    Scene(const Frame& frame, const Anatomy& anatomy, const plan::Plan* plan,
          const SceneOptions& options = {});
    ~Scene();
    Scene(Scene&&) noexcept;
    Scene& operator=(Scene&&) noexcept;

    /// Size of the canvas, px.
    [[nodiscard]] Size canvas() const;

    /// Lays everything out again for another canvas, as when a host's window was resized. Renderers
    /// that the scene was attached to before keep the old layout until they are attached again.
    void set_canvas(Size canvas);

    /// What is shown of the same frame, anatomy and plan, and how. As for set_canvas, renderers
    /// keep the old drawing until they are attached again. Some 1 ms for 800x600 without full
    /// captions.
    void set_options(const SceneOptions& options);
    [[nodiscard]] const SceneOptions& options() const;

    /// The words around the picture, for hosts that set them in a panel of their own.
    [[nodiscard]] const Caption& caption() const;

    /// Where a point of the frame lies on the canvas, px, and the other way.
    [[nodiscard]] PixelPoint canvas_from_frame(PixelPoint p) const;
    [[nodiscard]] PixelPoint frame_from_canvas(PixelPoint p) const;

    /// Puts the scene into a host's renderer: `vtk_renderer` is a `vtkRenderer*` of the VTK this
    /// library was built with (guide/interop/vtk_scene.hpp has a typed function). What an earlier
    /// call for the same renderer put there is taken out first. Sets the camera to show the canvas
    /// from edge to edge where the renderer has the canvas's shape. The renderer holds on to what
    /// it was given; it may outlive the scene.
    void attach(void* vtk_renderer) const;

    /// Takes the scene out of a host's renderer.
    static void detach(void* vtk_renderer);

    struct Impl;  ///< private to the module

    [[nodiscard]] const Impl& impl() const { return *impl_; }

  private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace guide::render
