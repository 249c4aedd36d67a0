// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>

namespace guide::render {

/// An Xvfb that belongs to this process: picks a free display by itself, ends with this object, and
/// with its last client should the process die.
class PrivateXServer {
  public:
    /// With one screen of WIDTHxHEIGHTxDEPTH px and bits. Throws RenderError ("xvfb") when Xvfb is
    /// not installed or does not report for `timeout_s`.
    explicit PrivateXServer(double timeout_s, const std::string& screen = "64x64x24");
    ~PrivateXServer();
    PrivateXServer(const PrivateXServer&) = delete;
    PrivateXServer& operator=(const PrivateXServer&) = delete;

    /// A display name such as ":1".
    [[nodiscard]] const std::string& display() const { return display_; }

  private:
    void stop() noexcept;

    pid_t process_ = -1;
    std::string display_;
};

}  // namespace guide::render
