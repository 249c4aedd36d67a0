// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>

#include <utility>

namespace guide {

PreconditionError::PreconditionError(const std::string& function, const std::string& rule)
    : std::invalid_argument(function + ": required: " + rule) {}

IoError::IoError(std::string path, std::string code, std::string message)
    : std::runtime_error(path + ": " + message), path_(std::move(path)), code_(std::move(code)) {}

RenderError::RenderError(std::string code, const std::string& message)
    : std::runtime_error(message), code_(std::move(code)) {}

}  // namespace guide
