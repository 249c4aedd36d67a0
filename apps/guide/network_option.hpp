// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/segment/recess_network.hpp>

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>

namespace guide::app {

/// A network of the user's own to find the joint space with.
struct NetworkOption {
    std::optional<std::string> file;

    void add_to(CLI::App& command);

    /// None where none was given. Throws IoError for a file that cannot be read or is refused.
    [[nodiscard]] std::shared_ptr<const segment::RecessNetwork> read() const;
};

}  // namespace guide::app
