// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/segment/export.hpp>

#include <memory>
#include <string_view>

namespace guide::segment {

/// A small network that was trained to see the joint space in ultrasound pictures, as
/// libguide/segment/training makes it. It can be shared between threads; frames take turns.
class GUIDE_SEGMENT_EXPORT RecessNetwork {
  public:
    /// `file`: the bytes of an ONNX file with the mark that the training program puts at its end.
    /// No answer: "not-a-network" (no mark: not made for this program), "network-version" (made for
    /// another), "network-damaged" (the bytes are not those that were written),
    /// "network-unreadable" (OpenCV cannot run it), "network-shape" (six planes in, five classes
    /// out are wanted, or its values are not finite).
    [[nodiscard]] static Expected<std::shared_ptr<const RecessNetwork>> from(std::string_view file);

    struct Impl;
    explicit RecessNetwork(std::unique_ptr<Impl> impl);
    ~RecessNetwork();
    RecessNetwork(const RecessNetwork&) = delete;
    RecessNetwork& operator=(const RecessNetwork&) = delete;

    [[nodiscard]] const Impl& impl() const { return *impl_; }

  private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace guide::segment
