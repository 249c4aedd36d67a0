// SPDX-License-Identifier: Apache-2.0
#include "vtk_messages.hpp"

#include <catch2/catch.hpp>

namespace {

using guide::RenderError;
using guide::render::VtkMessages;

void complain(vtkObject* object, const char* text) {
    std::string words(text);
    object->InvokeEvent(vtkCommand::ErrorEvent, words.data());
}

TEST_CASE("vtk_messages: an error becomes a RenderError, a warning does not") {
    vtkNew<vtkObject> window;
    VtkMessages messages;
    messages.watch(window);
    std::string warning = "slow";
    window->InvokeEvent(vtkCommand::WarningEvent, warning.data());
    CHECK_NOTHROW(messages.throw_error());
    complain(window, "no\nmemory\n");
    try {
        messages.throw_error();
        FAIL("there was an error");
    } catch (const RenderError& error) {
        CHECK(error.code() == "render-failed");
        CHECK(std::string(error.what()).find("no memory") != std::string::npos);
    }
    CHECK_NOTHROW(messages.throw_error());
}

// As a window does that is made under one watch and drawn in under a second and a third.
TEST_CASE("vtk_messages: an object that is watched again tells the watch that is there") {
    vtkNew<vtkObject> window;
    { VtkMessages().watch(window); }
    complain(window, "between two pictures");
    for (int picture = 0; picture < 3; ++picture) {
        VtkMessages messages;
        messages.watch(window);
        CHECK_NOTHROW(messages.throw_error());
        complain(window, "while drawing");
        CHECK_THROWS_AS(messages.throw_error(), RenderError);
    }
    CHECK_FALSE(window->HasObserver(vtkCommand::ErrorEvent));
    CHECK_FALSE(window->HasObserver(vtkCommand::WarningEvent));
}

TEST_CASE("vtk_messages: an object may go before its watch") {
    VtkMessages messages;
    {
        vtkNew<vtkObject> renderer;
        messages.watch(renderer);
        complain(renderer, "late");
    }
    CHECK_THROWS_AS(messages.throw_error(), RenderError);
}

}  // namespace
