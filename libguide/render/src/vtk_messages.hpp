// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/error.hpp>

#include <vtkCallbackCommand.h>
#include <vtkCommand.h>
#include <vtkNew.h>
#include <vtkObject.h>

#include <string>

namespace guide::render {

/// Takes VTK's errors and warnings instead of standard error. Outlives the objects it watches, or
/// they are no longer used.
class VtkMessages {
  public:
    VtkMessages() {
        command_->SetClientData(this);
        command_->SetCallback([](vtkObject*, unsigned long event, void* self, void* text) {
            if (event != vtkCommand::ErrorEvent) return;
            auto& kept = static_cast<VtkMessages*>(self)->first_error_;
            if (kept.empty() && text != nullptr) kept = one_line(static_cast<const char*>(text));
        });
    }
    ~VtkMessages() { command_->SetClientData(nullptr); }
    VtkMessages(const VtkMessages&) = delete;
    VtkMessages& operator=(const VtkMessages&) = delete;

    void watch(vtkObject* object) {
        object->AddObserver(vtkCommand::ErrorEvent, command_);
        object->AddObserver(vtkCommand::WarningEvent, command_);
    }

    /// Throws RenderError ("render-failed") with the first error since the last call.
    void throw_error() {
        if (first_error_.empty()) return;
        const std::string error = std::move(first_error_);
        first_error_.clear();
        throw RenderError("render-failed", "VTK: " + error);
    }

  private:
    static std::string one_line(std::string text) {
        for (char& c : text) {
            if (c == '\n' || c == '\r' || c == '\t') c = ' ';
        }
        while (!text.empty() && text.back() == ' ')
            text.pop_back();
        return text;
    }

    vtkNew<vtkCallbackCommand> command_;
    std::string first_error_;
};

}  // namespace guide::render
