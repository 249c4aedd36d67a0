// SPDX-License-Identifier: Apache-2.0
#include "render_window.hpp"
#include "scene_impl.hpp"
#include "vtk_lock.hpp"

#include <guide/core/error.hpp>
#include <guide/render/offscreen.hpp>

#include <cmath>
#include <exception>
#include <functional>
#include <thread>
#include <utility>

namespace guide::render {
namespace {

/// Runs `work` on a thread of its own, one at a time in the process, and hands on what it throws.
void on_own_thread(const std::function<void()>& work) {
    const std::scoped_lock lock(vtk_lock());
    std::exception_ptr failure;
    std::thread([&] {
        try {
            work();
        } catch (...) {
            failure = std::current_exception();
        }
    }).join();
    if (failure) std::rethrow_exception(failure);
}

std::unique_ptr<RenderWindow> open_window(Backend backend, const OffscreenOptions& options) {
    switch (backend) {
        case Backend::egl:
            return make_egl_window();
        case Backend::x_display:
            return make_x_window(options.x_display);
        case Backend::private_x:
            return make_private_x_window(options.private_x_timeout_s);
    }
    throw PreconditionError("Offscreen", "backends are values of the enumeration");
}

}  // namespace

std::string_view name_of(Backend backend) {
    switch (backend) {
        case Backend::egl:
            return "egl";
        case Backend::x_display:
            return "x-display";
        case Backend::private_x:
            return "private-x";
    }
    return "unknown";
}

Expected<void> OffscreenOptions::validate() const {
    if (backends.empty()) return no_answer("backends", "backends names at least one way");
    if (!(private_x_timeout_s > 0) || private_x_timeout_s > 3600) {
        return no_answer("private-x-timeout", "private_x_timeout_s is in (0, 3600] seconds");
    }
    return {};
}

struct Offscreen::Impl {
    Backend backend = Backend::egl;
    std::unique_ptr<RenderWindow> window;

    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() {
        try {
            on_own_thread([this] {
                if (!window) return;
                window->enter();
                window.reset();
            });
        } catch (...) {  // nothing to be done about a context that is gone
        }
    }
};

Offscreen::Offscreen(const OffscreenOptions& options) : impl_(std::make_unique<Impl>()) {
    if (const auto valid = options.validate(); !valid) {
        throw PreconditionError("Offscreen", valid.error().text);
    }
    std::string failures;
    for (const Backend backend : options.backends) {
        try {
            on_own_thread([&] {
                impl_->window = open_window(backend, options);
                impl_->window->leave();
            });
            impl_->backend = backend;
            return;
        } catch (const RenderError& error) {
            failures += (failures.empty() ? "" : "; ") + std::string(name_of(backend)) + ": " +
                        error.what();
        }
    }
    throw RenderError("no-context", "nothing to draw with (" + failures + ")");
}

Offscreen::~Offscreen() = default;
Offscreen::Offscreen(Offscreen&&) noexcept = default;
Offscreen& Offscreen::operator=(Offscreen&&) noexcept = default;

Backend Offscreen::backend() const {
    return impl_->backend;
}

Image<Rgb8> Offscreen::draw(const Scene& scene) {
    Image<Rgb8> picture;
    on_own_thread([&] {
        impl_->window->enter();
        try {
            picture = impl_->window->draw(scene.impl().drawing);
        } catch (...) {
            impl_->window->leave();
            throw;
        }
        impl_->window->leave();
    });
    return picture;
}

Image<Rgb8> render_offscreen(const Scene& scene, const OffscreenOptions& options) {
    return Offscreen(options).draw(scene);
}

}  // namespace guide::render
