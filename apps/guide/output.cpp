// SPDX-License-Identifier: Apache-2.0
#include "output.hpp"

#include <guide/io/write.hpp>
#include <guide/render/overlay.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <vector>

namespace guide::app {

void Output::add_to(CLI::App& command) {
    command
        .add_option("--json", json,
                    "Write the result as JSON to this file, or - for standard output")
        ->type_name("FILE");
    command.add_option("--overlay", overlay, "Draw the result over the frame into this PNG file")
        ->type_name("FILE");
    command.add_flag("--quiet", quiet, "No summary");
}

void Output::check_apart(const std::string& input,
                         std::initializer_list<std::optional<std::string>> others) const {
    std::vector<std::filesystem::path> seen{std::filesystem::weakly_canonical(input)};
    std::vector<std::optional<std::string>> files{json, overlay};
    files.insert(files.end(), others.begin(), others.end());
    for (const auto& file : files) {
        if (!file || *file == "-") continue;
        const auto path = std::filesystem::weakly_canonical(*file);
        if (std::ranges::find(seen, path) != seen.end() && path.native().find("/dev/") != 0) {
            throw CLI::ValidationError(*file, "would be written over: it is named twice");
        }
        seen.push_back(path);
    }
}

void Output::write_json(const std::string& document) const {
    if (!json) return;
    if (*json == "-") {
        std::cout << document;
    } else {
        io::write_text(*json, document);
    }
}

void Output::write_overlay(const Frame& frame, const Anatomy& anatomy,
                           const plan::Plan* plan) const {
    if (overlay) io::write_png(*overlay, render::draw_overlay(frame, anatomy, plan).view());
}

void Output::tell(const std::string& text) const {
    (json == "-" ? std::cerr : std::cout) << text;
}

void Output::say(const std::string& summary, bool other_output) const {
    if (quiet) return;
    (json || overlay || other_output ? std::cerr : std::cout) << summary;
}

}  // namespace guide::app
