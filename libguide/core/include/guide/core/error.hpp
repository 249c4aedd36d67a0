// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/export.hpp>

#include <stdexcept>
#include <string>

namespace guide {

/// A wrong call: an argument that breaks the rule stated at the function. The message names
/// function and rule.
class GUIDE_CORE_EXPORT PreconditionError : public std::invalid_argument {
  public:
    PreconditionError(const std::string& function, const std::string& rule);
};

/// The outside world failed: a file, a device. `what()` is one line "PATH: MESSAGE".
class GUIDE_CORE_EXPORT IoError : public std::runtime_error {
  public:
    /// `code` is a short stable word such as "not-found", "truncated", "unsupported".
    IoError(std::string path, std::string code, std::string message);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] const std::string& code() const noexcept { return code_; }

  private:
    std::string path_;
    std::string code_;
};

/// Nothing can be drawn here: no display, no graphics context, or the graphics library said no.
class GUIDE_CORE_EXPORT RenderError : public std::runtime_error {
  public:
    RenderError(std::string code, const std::string& message);

    [[nodiscard]] const std::string& code() const noexcept { return code_; }

  private:
    std::string code_;
};

/// Throws PreconditionError(function, rule) unless `condition` holds.
inline void require(bool condition, const char* function, const char* rule) {
    if (!condition) throw PreconditionError(function, rule);
}

}  // namespace guide
