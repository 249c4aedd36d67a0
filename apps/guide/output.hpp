// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/frame/frame.hpp>
#include <guide/plan/plan.hpp>

#include <CLI/CLI.hpp>

#include <initializer_list>
#include <optional>
#include <string>

namespace guide::app {

/// Where results go.
struct Output {
    std::optional<std::string> json;     ///< file, or "-" for standard output
    std::optional<std::string> overlay;  ///< PNG
    bool quiet = false;

    void add_to(CLI::App& command);

    /// Throws a usage error when two of the outputs, or an output and `input`, are one file;
    /// `others` are further files of the command.
    void check_apart(const std::string& input,
                     std::initializer_list<std::optional<std::string>> others = {}) const;

    /// `document` to where --json said.
    void write_json(const std::string& document) const;
    /// The picture to where --overlay said; `plan` may be null.
    void write_overlay(const Frame& frame, const Anatomy& anatomy, const plan::Plan* plan) const;
    /// `text`, which was asked for: on standard output, or standard error where the JSON has that.
    void tell(const std::string& text) const;
    /// The summary for people: on standard output when nothing else was asked for, else on standard
    /// error.
    void say(const std::string& summary, bool other_output = false) const;
};

}  // namespace guide::app
