// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/render/export.hpp>
#include <guide/render/scene.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace guide::render {

/// Ways to a graphics context when no window is shown.
enum class Backend {
    egl,        ///< EGL without any surface (Mesa); needs no display and reads no environment
    x_display,  ///< an X display that is already there
    private_x   ///< an Xvfb of our own, started on a free display and ended afterwards
};

[[nodiscard]] GUIDE_RENDER_EXPORT std::string_view name_of(Backend backend);

struct OffscreenOptions {
    /// Tried in this order until one works. EGL comes first: it is the fastest, gives the same
    /// picture on every machine, and cannot be hurt by a display that goes away.
    std::vector<Backend> backends{Backend::egl, Backend::x_display, Backend::private_x};
    /// For `x_display`: a name such as ":1"; empty leaves it to the X library, which looks into the
    /// environment's DISPLAY (the only place where this library comes to read the environment).
    std::string x_display;
    double private_x_timeout_s = 5;  ///< s, > 0: how long an Xvfb may take to start

    /// The field that is wrong and why, if one is.
    [[nodiscard]] GUIDE_RENDER_EXPORT Expected<void> validate() const;
};

/// A place to draw scenes without a window. Keeps its graphics context: the second picture costs a
/// fraction of the first. Drawing is done on a thread of its own, so a context that the caller has
/// current stays untouched; calls of all objects take turns, since VTK's text renderer and its
/// table of OpenGL functions exist once in a process.
class GUIDE_RENDER_EXPORT Offscreen {
  public:
    /// Throws RenderError, naming what was tried and why it failed, when no context can be had
    /// ("no-context"), PreconditionError where options.validate() has a complaint.
    explicit Offscreen(const OffscreenOptions& options = {});
    ~Offscreen();
    Offscreen(Offscreen&&) noexcept;
    Offscreen& operator=(Offscreen&&) noexcept;

    /// The way that worked.
    [[nodiscard]] Backend backend() const;

    /// The scene as a picture of the size of its canvas. Throws RenderError with VTK's message
    /// ("render-failed"). Some 60 ms for 1000x900 by llvmpipe, most of it for the first picture.
    [[nodiscard]] Image<Rgb8> draw(const Scene& scene);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Draws one scene in a context of its own; see Offscreen for errors.
[[nodiscard]] GUIDE_RENDER_EXPORT Image<Rgb8> render_offscreen(
    const Scene& scene, const OffscreenOptions& options = {});

}  // namespace guide::render
