// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/error.hpp>

#include <vtkCallbackCommand.h>
#include <vtkCommand.h>
#include <vtkNew.h>
#include <vtkObject.h>
#include <vtkWeakPointer.h>

#include <string>
#include <utility>
#include <vector>

namespace guide::render {

/// Takes VTK's errors and warnings instead of standard error, for as long as it lives. The objects
/// it watches may live longer or shorter.
class VtkMessages {
  public:
    VtkMessages() {
        command_->SetClientData(this);
        command_->SetCallback([](vtkObject*, unsigned long event, void* self, void* text) {
            if (self == nullptr || event != vtkCommand::ErrorEvent) return;
            auto& kept = static_cast<VtkMessages*>(self)->first_error_;
            if (kept.empty() && text != nullptr) kept = one_line(static_cast<const char*>(text));
        });
    }
    ~VtkMessages() {
        for (const Watched& watched : watched_) {
            if (watched.object != nullptr) watched.object->RemoveObserver(watched.observer);
        }
        command_->SetClientData(nullptr);
    }
    VtkMessages(const VtkMessages&) = delete;
    VtkMessages& operator=(const VtkMessages&) = delete;

    void watch(vtkObject* object) {
        for (const auto event : {vtkCommand::ErrorEvent, vtkCommand::WarningEvent}) {
            watched_.push_back({object, object->AddObserver(event, command_)});
        }
    }

    /// Throws RenderError ("render-failed") with the first error since the last call.
    void throw_error() {
        if (first_error_.empty()) return;
        const std::string error = std::move(first_error_);
        first_error_.clear();
        throw RenderError("render-failed", "VTK: " + error);
    }

  private:
    struct Watched {
        vtkWeakPointer<vtkObject> object;
        unsigned long observer = 0;
    };

    static std::string one_line(std::string text) {
        for (char& c : text) {
            if (c == '\n' || c == '\r' || c == '\t') c = ' ';
        }
        while (!text.empty() && text.back() == ' ')
            text.pop_back();
        return text;
    }

    vtkNew<vtkCallbackCommand> command_;
    std::vector<Watched> watched_;
    std::string first_error_;
};

}  // namespace guide::render
