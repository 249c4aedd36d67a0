// SPDX-License-Identifier: Apache-2.0
#include <guide/render/words.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

namespace guide::render {

std::string fixed(double value, int decimals) {
    if (!std::isfinite(value)) return "-";
    if (std::abs(value) > 1e9) return "-";
    std::array<char, 64> text{};
    // Not printf: a host's locale may have its own idea of the decimal point.
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                   std::chars_format::fixed, decimals);
    return std::string(text.data(), end.ptr);
}

std::string spoken(std::string_view name) {
    std::string text(name);
    std::ranges::replace(text, '-', ' ');
    if (text.starts_with("xray")) text.replace(0, 4, "X-ray");
    if (text.starts_with("ap ")) text.replace(0, 2, "AP");
    if (text.ends_with(" ap")) text.replace(text.size() - 2, 2, "AP");
    if (!text.empty()) {
        text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    }
    return text;
}

std::string approach_name(std::string_view code) {
    struct Name {
        std::string_view code, text;
    };
    static constexpr std::array<Name, 5> kNames{{{"superolateral", "Superolateral"},
                                                 {"midlateral", "Midlateral"},
                                                 {"mid-medial", "Mid-medial"},
                                                 {"bakers-cyst", "Baker's cyst"},
                                                 {"ap-joint-line", "AP joint line"}}};
    const auto found = std::ranges::find(kNames, code, &Name::code);
    return found == kNames.end() ? spoken(code) : std::string(found->text);
}

std::string limit_name(std::string_view code) {
    struct Name {
        std::string_view code, text;
    };
    static constexpr std::array<Name, 12> kNames{{{"needle-thickness", "Needle too thick"},
                                                  {"angle", "Too steep"},
                                                  {"angle-flat", "Too flat"},
                                                  {"needle-length", "Needle too short"},
                                                  {"depth", "Too deep"},
                                                  {"bone-clearance", "Too near to bone"},
                                                  {"bone-crossed", "Bone on the way"},
                                                  {"behind-bone", "Behind bone"},
                                                  {"wall-margin", "Target not well inside"},
                                                  {"notch", "Target in the notch"},
                                                  {"not-seen", "Through what was not seen"},
                                                  {"under-probe", "Entry under the probe"}}};
    const auto found = std::ranges::find(kNames, code, &Name::code);
    return found == kNames.end() ? "Too near to " + std::string(code) : std::string(found->text);
}

}  // namespace guide::render
