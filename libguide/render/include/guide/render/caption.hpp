// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace guide::render {

inline constexpr std::string_view kNotice = "Training and research only - not a medical device";

/// What a word is to be taken as; a theme gives each its colour.
enum class Tone { plain, good, warn, bad };

/// A key number: what it is, and its value.
struct KeyNumber {
    std::string label, value;
};

enum class Mark {
    joint_space,
    bone,
    cartilage,
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
    Tone tone = Tone::plain;  ///< of a drawn path: allowed or not
};

struct Message {
    std::string text;
    Tone tone = Tone::plain;
};

/// All words around a scene's picture.
struct Caption {
    std::string title;
    std::string status;
    Tone status_tone = Tone::plain;
    std::vector<KeyNumber> numbers;  ///< the most important first
    std::vector<Message> messages;   ///< reasons and warnings, the most important first
    std::vector<LegendEntry> legend;
};

}  // namespace guide::render
