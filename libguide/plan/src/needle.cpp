// SPDX-License-Identifier: Apache-2.0
#include <guide/plan/needle.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace guide::plan {
namespace {

struct Bore {
    int gauge;
    double outer_mm, inner_mm;
};

// Regular wall; inner diameters are those behind the wall shear figures of docs/literature.md.
constexpr std::array<Bore, 12> kBores{{
    {17, 1.473, 1.067},
    {18, 1.270, 0.838},
    {19, 1.067, 0.686},
    {20, 0.908, 0.603},
    {21, 0.819, 0.514},
    {22, 0.718, 0.413},
    {23, 0.642, 0.337},
    {24, 0.566, 0.311},
    {25, 0.515, 0.260},
    {26, 0.464, 0.260},
    {27, 0.413, 0.210},
    {30, 0.312, 0.159},
}};

constexpr std::array<std::pair<Bevel, std::string_view>, 5> kBevels{{
    {Bevel::quincke, "quincke"},
    {Bevel::short_bevel, "short"},
    {Bevel::chiba, "chiba"},
    {Bevel::tuohy, "tuohy"},
    {Bevel::pencil_point, "pencil-point"},
}};

constexpr std::array kLengths{16.0, 25.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 120.0, 150.0};

constexpr double kShortest = 10, kLongest = 250;  // mm, beyond which no hypodermic needle is made

tl::unexpected<Reason> malformed(std::string_view text) {
    return no_answer("bad-needle",
                     "The needle \"" + std::string(text) + "\" is not of the form 22G:50mm.");
}

}  // namespace

std::string_view name_of(Bevel bevel) {
    return std::ranges::find(kBevels, bevel, &std::pair<Bevel, std::string_view>::first)->second;
}

Expected<Bevel> bevel_from_name(std::string_view name) {
    const auto found =
        std::ranges::find(kBevels, name, &std::pair<Bevel, std::string_view>::second);
    if (found != kBevels.end()) return found->first;
    return no_answer("unknown-bevel", "There is no bevel \"" + std::string(name) +
                                          "\"; known are quincke, short, chiba, tuohy and "
                                          "pencil-point.");
}

std::span<const double> common_lengths_mm() {
    return kLengths;
}

Expected<void> Needle::validate() const {
    const auto fault = [&](const char* text) {
        return no_answer("bad-needle",
                         "Needle " +
                             (name.empty() ? std::to_string(gauge) + " G" : "\"" + name + "\"") +
                             ": " + text);
    };
    if (!(length_mm >= kShortest && length_mm <= kLongest))
        return fault("length_mm is not between 10 and 250.");
    if (!(outer_diameter_mm > 0 && outer_diameter_mm <= 5))
        return fault("outer_diameter_mm is not between 0 and 5.");
    if (!(inner_diameter_mm > 0 && inner_diameter_mm < outer_diameter_mm))
        return fault("inner_diameter_mm is not between 0 and the outer diameter.");
    if (gauge < 6 || gauge > 34) return fault("gauge is not between 6 and 34.");
    return {};
}

std::vector<int> standard_gauges() {
    std::vector<int> gauges;
    for (const Bore& bore : kBores)
        gauges.push_back(bore.gauge);
    return gauges;
}

Expected<Needle> standard_needle(int gauge, double length_mm) {
    if (!(length_mm >= kShortest && length_mm <= kLongest)) {
        return no_answer("bad-needle-length", "A needle's length is 10 to 250 mm.");
    }
    for (const Bore& bore : kBores) {
        if (bore.gauge != gauge) continue;
        Needle needle;
        needle.gauge = gauge;
        needle.outer_diameter_mm = bore.outer_mm;
        needle.inner_diameter_mm = bore.inner_mm;
        needle.length_mm = length_mm;
        return needle;
    }
    return no_answer("unknown-gauge", "There is no " + std::to_string(gauge) +
                                          " G needle in the table (17 to 27, 30).");
}

Expected<Needle> parse_needle(std::string_view text, std::span<const Needle> own) {
    for (const Needle& needle : own) {
        if (needle.name == text) return needle;
    }
    const char* const end = text.data() + text.size();
    int gauge = 0;
    const auto [after_gauge, gauge_error] = std::from_chars(text.data(), end, gauge);
    if (gauge_error != std::errc{} || end - after_gauge < 3 ||
        (*after_gauge != 'G' && *after_gauge != 'g') || after_gauge[1] != ':') {
        return malformed(text);
    }
    double length = 0;
    const auto [after_length, length_error] = std::from_chars(after_gauge + 2, end, length);
    const std::string_view unit(after_length, static_cast<std::size_t>(end - after_length));
    if (length_error != std::errc{} || (!unit.empty() && unit != "mm" && unit != "MM"))
        return malformed(text);
    return standard_needle(gauge, length);
}

}  // namespace guide::plan
