// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/frame/frame.hpp>
#include <guide/plan/plan.hpp>
#include <guide/render/export.hpp>

#include <memory>

namespace guide::render {

/// Width and height in pixels of a picture or a window.
struct Size {
    int width = 0, height = 0;

    [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
    friend bool operator==(const Size&, const Size&) = default;
};

/// What stands around the frame: `full` has a header, key numbers and a legend; `picture` the frame
/// and what is drawn on it alone, with the notice that this is no medical device.
enum class Captions { full, picture };

struct SceneOptions {
    /// px, 320x240 to 8192x8192; an empty size takes one from the frame, large enough for text to
    /// be read (a frame of 224x224 is enlarged) and never wider than about 2400.
    Size canvas{};
    Captions captions = Captions::full;

    /// The field that is wrong and why, if one is.
    [[nodiscard]] GUIDE_RENDER_EXPORT Expected<void> validate() const;
};

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

    /// Where a point of the frame lies on the canvas, px.
    [[nodiscard]] PixelPoint canvas_from_frame(PixelPoint p) const;

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
