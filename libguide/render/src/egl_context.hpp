// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

namespace guide::render {

/// An OpenGL 3.2 core context on no surface at all, from Mesa's surfaceless EGL platform. libEGL is
/// opened at run time and stays open; its display is shared with whoever else uses it and is
/// therefore never terminated.
class EglContext {
  public:
    /// Throws RenderError ("egl") when libEGL, the platform or the context is missing.
    EglContext();
    ~EglContext();
    EglContext(const EglContext&) = delete;
    EglContext& operator=(const EglContext&) = delete;

    /// Both act on the calling thread. Throw RenderError ("egl").
    void make_current();
    void release();

  private:
    struct Functions;
    std::unique_ptr<Functions> egl_;
    void* display_ = nullptr;
    void* context_ = nullptr;
};

}  // namespace guide::render
