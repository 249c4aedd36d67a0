// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "content.hpp"
#include "drawing.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace guide::render {

inline constexpr std::string_view kNotice = "Training and research only - not a medical device";

/// A key number: what it is, and its value.
struct KeyNumber {
    std::string label, value;
};

enum class Mark {
    joint_space,
    bone,
    skin,
    needle,
    ruled_needle,
    other_needle,
    entry,
    target,
    tip,
    obstacle
};

struct LegendEntry {
    Mark mark = Mark::joint_space;
    std::string label;
};

struct Message {
    std::string text;
    Colour colour;
};

/// All words around the picture.
struct Caption {
    std::string title;
    std::string status;
    Colour status_colour;
    std::vector<KeyNumber> numbers;  ///< the most important first
    std::vector<Message> messages;   ///< reasons and warnings, the most important first
    std::vector<LegendEntry> legend;
};

[[nodiscard]] Caption caption_of(const Content& content);

/// "31.5" for 31.46 and one decimal.
[[nodiscard]] std::string fixed(double value, int decimals);

/// "Suprapatellar long" for "suprapatellar-long".
[[nodiscard]] std::string spoken(std::string_view name);

}  // namespace guide::render
