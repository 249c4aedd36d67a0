// SPDX-License-Identifier: Apache-2.0
#include "egl_context.hpp"

#include <guide/core/error.hpp>

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <dlfcn.h>

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

namespace guide::render {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw RenderError("egl", what);
}

}  // namespace

struct EglContext::Functions {
    decltype(&::eglGetProcAddress) get_proc_address = nullptr;
    decltype(&::eglQueryString) query_string = nullptr;
    decltype(&::eglGetPlatformDisplay) get_platform_display = nullptr;
    decltype(&::eglInitialize) initialize = nullptr;
    decltype(&::eglBindAPI) bind_api = nullptr;
    decltype(&::eglChooseConfig) choose_config = nullptr;
    decltype(&::eglCreateContext) create_context = nullptr;
    decltype(&::eglDestroyContext) destroy_context = nullptr;
    decltype(&::eglMakeCurrent) make_current = nullptr;
    decltype(&::eglReleaseThread) release_thread = nullptr;
    decltype(&::eglGetError) get_error = nullptr;

    Functions() {
        // Never closed: drivers do not survive being unloaded.
        void* library = dlopen("libEGL.so.1", RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) fail("libEGL.so.1 is not installed");
        const auto load = [library](auto& function, const char* name) {
            function =
                reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
            if (function == nullptr) fail(std::string("libEGL.so.1 has no ") + name);
        };
        load(get_proc_address, "eglGetProcAddress");
        load(query_string, "eglQueryString");
        load(get_platform_display, "eglGetPlatformDisplay");
        load(initialize, "eglInitialize");
        load(bind_api, "eglBindAPI");
        load(choose_config, "eglChooseConfig");
        load(create_context, "eglCreateContext");
        load(destroy_context, "eglDestroyContext");
        load(make_current, "eglMakeCurrent");
        load(release_thread, "eglReleaseThread");
        load(get_error, "eglGetError");
    }

    [[noreturn]] void fail_with_code(const char* call) const {
        std::array<char, 64> text{};
        std::snprintf(text.data(), text.size(), "%s failed with code 0x%x", call,
                      static_cast<unsigned>(get_error()));
        fail(text.data());
    }
};

EglContext::EglContext() : egl_(std::make_unique<Functions>()) {
    const char* extensions = egl_->query_string(EGL_NO_DISPLAY, EGL_EXTENSIONS);
    if (extensions == nullptr ||
        std::string_view(extensions).find("EGL_MESA_platform_surfaceless") ==
            std::string_view::npos) {
        fail("EGL has no surfaceless platform");
    }
    display_ =
        egl_->get_platform_display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
    if (display_ == EGL_NO_DISPLAY) egl_->fail_with_code("eglGetPlatformDisplay");
    EGLint major = 0, minor = 0;
    if (egl_->initialize(display_, &major, &minor) == EGL_FALSE) {
        egl_->fail_with_code("eglInitialize");
    }
    if (egl_->bind_api(EGL_OPENGL_API) == EGL_FALSE) egl_->fail_with_code("eglBindAPI");

    const std::array<EGLint, 5> wanted{EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE,
                                       EGL_OPENGL_BIT, EGL_NONE};
    EGLConfig config = nullptr;
    EGLint count = 0;
    if (egl_->choose_config(display_, wanted.data(), &config, 1, &count) == EGL_FALSE) count = 0;
    const std::array<EGLint, 7> version{EGL_CONTEXT_MAJOR_VERSION,
                                        3,
                                        EGL_CONTEXT_MINOR_VERSION,
                                        2,
                                        EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                        EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                        EGL_NONE};
    context_ = egl_->create_context(display_, count > 0 ? config : EGL_NO_CONFIG_KHR,
                                    EGL_NO_CONTEXT, version.data());
    if (context_ == EGL_NO_CONTEXT) egl_->fail_with_code("eglCreateContext");
}

EglContext::~EglContext() {
    if (context_ != nullptr) egl_->destroy_context(display_, context_);
}

void EglContext::make_current() {
    egl_->bind_api(EGL_OPENGL_API);  // a setting of the thread
    if (egl_->make_current(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_) == EGL_FALSE) {
        egl_->fail_with_code("eglMakeCurrent");
    }
}

void EglContext::release() {
    egl_->make_current(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    egl_->release_thread();
}

}  // namespace guide::render
