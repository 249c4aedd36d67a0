// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "output.hpp"

#include <guide/plan/plan.hpp>

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace guide::app {

/// What `guide plan` is told of a label volume.
struct VolumeInput {
    std::optional<std::string> labels_file, knee;

    /// The options of frames that are none of a volume's are to be known by then.
    void add_to(CLI::App& command);
    [[nodiscard]] bool given() const { return labels_file.has_value(); }
};

/// Whether a report of that name is a PDF; else it is HTML.
[[nodiscard]] bool is_pdf(const std::string& file);

/// Where the results of a plan go beside those that every command has.
struct PlanOutput {
    std::optional<std::string> markups, report;
    bool explain = false;
};

/// Plans in the label volume `file` and writes what was asked for. Throws IoError naming the volume
/// or the table, and what is wrong with it.
[[nodiscard]] plan::PlanStatus plan_label_volume(const std::string& file, const VolumeInput& input,
                                                 const plan::PlanOptions& options,
                                                 const Output& output, const PlanOutput& more);

}  // namespace guide::app
