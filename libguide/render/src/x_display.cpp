// SPDX-License-Identifier: Apache-2.0
#include "x_display.hpp"

#include <guide/core/error.hpp>

// After our own headers: X11 defines macros with everyday names.
#include <GL/glx.h>
#include <X11/Xlib.h>

namespace guide::render {
namespace {

Display* as_display(void* handle) {
    return static_cast<Display*>(handle);
}

}  // namespace

XDisplay::XDisplay(const std::string& name) {
    Display* display = XOpenDisplay(name.empty() ? nullptr : name.c_str());
    if (display == nullptr) {
        throw RenderError("x-display", name.empty() ? "no X display (DISPLAY is unset or dead)"
                                                    : "cannot open X display " + name);
    }
    display_ = display;
    // The X library would end the process when the display goes away.
    XSetIOErrorExitHandler(
        display, [](Display*, void*) {}, nullptr);

    int count = 0;
    const int wanted[] = {GLX_RENDER_TYPE, GLX_RGBA_BIT, GLX_DOUBLEBUFFER, True, None};
    GLXFBConfig* configs = nullptr;
    if (glXQueryExtension(display, nullptr, nullptr) == True) {
        configs = glXChooseFBConfig(display, DefaultScreen(display), wanted, &count);
    }
    if (configs != nullptr) XFree(configs);
    if (count == 0) {
        XCloseDisplay(display);
        throw RenderError("x-display", "the X display has no usable OpenGL (GLX)");
    }
}

XDisplay::~XDisplay() {
    XCloseDisplay(as_display(display_));
}

void XDisplay::release() {
    glXMakeCurrent(as_display(display_), None, nullptr);
}

}  // namespace guide::render
