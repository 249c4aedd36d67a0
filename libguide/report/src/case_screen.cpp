// SPDX-License-Identifier: Apache-2.0
#include "case_parts.hpp"

#include <cmath>

namespace guide::report {
namespace {

using simulate::ScreenSide;

constexpr const char* kStyles[] = {"band", "column", "pocket", "console"};
constexpr const char* kSides[] = {"none", "left", "right"};
constexpr const char* kMarks[] = {"ticks", "dots"};

/// A word of `words` where the field stands, else what it was.
template <class Enum>
void choice(Fields& fields, const char* name, std::optional<Enum>& value,
            std::span<const char* const> words) {
    if (fields.find(name) == nullptr) return;
    int place = 0;
    fields.word(name, place, words);
    value = static_cast<Enum>(place);
}

void flag(Fields& fields, const char* name, std::optional<bool>& value) {
    if (fields.find(name) == nullptr) return;
    bool on = false;
    fields.flag(name, on);
    value = on;
}

template <class Enum>
Json word_of(const std::optional<Enum>& value, std::span<const char* const> words) {
    return value ? Json(words[static_cast<std::size_t>(*value)]) : Json(nullptr);
}

template <class T>
Json json_or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

}  // namespace

void read_screen(Fields fields, CaseScreen& s) {
    simulate::ScreenOptions& o = s.options;
    choice(fields, "style", o.style, kStyles);
    if (const auto size = fields.numbers("size_px", 2, 240, 4096); !size.empty()) {
        for (const double side : size) {
            if (side != std::round(side)) fields.fail("size_px", "holds what is no whole number.");
        }
        if (size[0] < 320) fields.fail("size_px", "is less than 320 wide.");
        o.size = {static_cast<int>(size[0]), static_cast<int>(size[1])};
    }
    flag(fields, "colour", o.colour);
    choice(fields, "ruler", o.ruler, kSides);
    choice(fields, "ruler_marks", o.ruler_marks, kMarks);
    flag(fields, "ruler_numbers", o.ruler_numbers);
    if (fields.find("minor_mm") != nullptr) fields.number("minor_mm", o.minor_mm.emplace(), 1, 50);
    if (fields.find("major_mm") != nullptr) fields.number("major_mm", o.major_mm.emplace(), 5, 100);
    if (o.minor_mm && o.major_mm) {
        const double ratio = *o.major_mm / *o.minor_mm;
        if (ratio < 1 || std::abs(ratio - std::round(ratio)) > 1e-9)
            fields.fail("major_mm", "is no multiple of minor_mm.");
    }
    choice(fields, "marker", o.marker, kSides);
    choice(fields, "grey_bar", o.grey_bar, kSides);
    flag(fields, "text", o.text);
    flag(fields, "icons", o.icons);
    flag(fields, "focus_mark", o.focus_mark);
    fields.flag("callipers", s.callipers);
    if (fields.find("seed") != nullptr) fields.seed("seed", s.seed.emplace());
    fields.no_other_field();
}

Json json_of(const CaseScreen& s) {
    const simulate::ScreenOptions& o = s.options;
    return {{"style", word_of(o.style, kStyles)},
            {"size_px", o.size ? Json::array({o.size->first, o.size->second}) : Json(nullptr)},
            {"colour", json_or_null(o.colour)},
            {"ruler", word_of(o.ruler, kSides)},
            {"ruler_marks", word_of(o.ruler_marks, kMarks)},
            {"ruler_numbers", json_or_null(o.ruler_numbers)},
            {"minor_mm", json_or_null(o.minor_mm)},
            {"major_mm", json_or_null(o.major_mm)},
            {"marker", word_of(o.marker, kSides)},
            {"grey_bar", word_of(o.grey_bar, kSides)},
            {"text", json_or_null(o.text)},
            {"icons", json_or_null(o.icons)},
            {"focus_mark", json_or_null(o.focus_mark)},
            {"callipers", s.callipers},
            {"seed", json_or_null(s.seed)}};
}

Json screen_json(const simulate::ScreenTruth& s) {
    const simulate::ScreenLayout& l = s.layout;
    const auto side = [](ScreenSide at) { return kSides[static_cast<int>(at)]; };
    const auto box_or_null = [](const std::optional<PixelBox>& box) {
        return box ? json(*box) : Json(nullptr);
    };
    Json marks = Json::array();
    for (const simulate::RulerMark& mark : s.ruler) {
        marks.push_back({{"y_px", json(mark.y_px)},
                         {"depth_mm", json(mark.depth_mm)},
                         {"major", mark.major},
                         {"number", mark.number.empty() ? Json(nullptr) : Json(mark.number)}});
    }
    Json texts = Json::array();
    for (const auto& [text, box] : s.texts)
        texts.push_back({{"text", text}, {"box_px", json(box)}});
    Json icons = Json::array();
    for (const PixelBox& box : s.icons)
        icons.push_back(json(box));
    Json result = {{"style", kStyles[static_cast<int>(l.style)]},
                   {"colour", l.colour},
                   {"face_px", json(s.face)}};
    result["ruler"] = nullptr;
    if (!s.ruler.empty()) {
        result["ruler"] = {{"side", side(l.ruler)},
                           {"marks", kMarks[static_cast<int>(l.ruler_marks)]},
                           {"x_px", json(s.ruler_px)},
                           {"minor_mm", json(l.minor_mm)},
                           {"major_mm", json(l.major_mm)},
                           {"numbers", l.ruler_numbers},
                           {"ticks", marks}};
    }
    result["marker"] = {{"side", side(l.marker)}, {"box_px", box_or_null(s.marker)}};
    result["grey_bar_px"] = box_or_null(s.grey_bar);
    result["focus_mark_px"] = s.focus_mark ? json(*s.focus_mark) : Json(nullptr);
    result["callipers"] = nullptr;
    if (s.callipers) {
        result["callipers"] = {{"from_px", json(s.callipers->from)},
                               {"to_px", json(s.callipers->to)},
                               {"mm", json(s.callipers->mm)},
                               {"text", s.callipers->text}};
    }
    result["texts"] = texts;
    result["icons_px"] = icons;
    return result;
}

}  // namespace guide::report
