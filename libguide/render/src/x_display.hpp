// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace guide::render {

/// A connection to an X display that can do OpenGL. Opening it ourselves is what keeps VTK from
/// ending the process: it aborts when it finds no display, but takes one it is given.
class XDisplay {
  public:
    /// Empty `name`: what the X library takes from the environment's DISPLAY. Throws RenderError
    /// ("x-display") when it cannot be opened or has no OpenGL 3.2.
    explicit XDisplay(const std::string& name);
    ~XDisplay();
    XDisplay(const XDisplay&) = delete;
    XDisplay& operator=(const XDisplay&) = delete;

    [[nodiscard]] void* handle() const { return display_; }

    /// Leaves the calling thread without a current context.
    void release();

  private:
    void* display_ = nullptr;
};

}  // namespace guide::render
