// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/frame/frame.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/report/documents.hpp>

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>

namespace guide::app {

/// The frame that a command works on, and how the user said it is to be read.
struct FrameInput {
    std::string file;
    int frame = 0;
    std::string view = "auto";
    std::optional<double> depth_mm, spacing_mm;

    void add_to(CLI::App& command);

    /// `unknown` for "auto".
    [[nodiscard]] View chosen_view() const;

    /// Opens the file, pixels as stored. Throws IoError.
    [[nodiscard]] std::unique_ptr<io::FrameSource> open() const;

    /// Reads the frame and gives it the scale that the user stated. Throws IoError.
    [[nodiscard]] Frame read(io::FrameSource& source) const;

    /// Throws a usage error where an option does not fit what the frame turned out to be.
    void check_against(const Anatomy& anatomy) const;

    /// Reads the whole file once more, for its hash. Throws IoError.
    [[nodiscard]] report::SourceReference reference(const io::FrameSource& source) const;
};

}  // namespace guide::app
