// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/segment/segment.hpp>

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace guide::app {

/// A network of the user's own to find the joint space with.
struct NetworkOption {
    std::optional<std::string> file;

    void add_to(CLI::App& command);

    /// How to look at a frame, with the network where one was given. Throws IoError for a file that
    /// cannot be read or is refused.
    [[nodiscard]] segment::SegmentOptions options(View view) const;
};

}  // namespace guide::app
