// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/segment/export.hpp>

#include <memory>
#include <string_view>

namespace guide::segment {

/// A small network that was trained to see the joint space in AP radiographs, as
/// libguide/segment/training makes it. It can be shared between threads; frames take turns.
class GUIDE_SEGMENT_EXPORT RadiographNetwork {
  public:
    /// `file`: the bytes of an ONNX file with the mark that the training program puts at its end.
    /// No answer: as RecessNetwork::from says; "network-shape" where it does not make one plane
    /// of two.
    [[nodiscard]] static Expected<std::shared_ptr<const RadiographNetwork>> from(
        std::string_view file);

    struct Impl;
    explicit RadiographNetwork(std::unique_ptr<Impl> impl);
    ~RadiographNetwork();
    RadiographNetwork(const RadiographNetwork&) = delete;
    RadiographNetwork& operator=(const RadiographNetwork&) = delete;

    [[nodiscard]] const Impl& impl() const { return *impl_; }

  private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace guide::segment
