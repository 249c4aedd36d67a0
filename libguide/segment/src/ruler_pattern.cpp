// SPDX-License-Identifier: Apache-2.0
#include "ruler_pattern.hpp"

#include <algorithm>
#include <vector>

namespace guide::segment {
namespace {

constexpr double kLarger = 1.25;       // a major mark against all minor ones
constexpr double kTidy = 1.6;          // largest over smallest of marks that should be alike
constexpr double kLargerTenth = 1.15;  // a tenth mark against a fifth
constexpr int kTouched = 6;            // marks, from which on one may be spoilt
constexpr int kTellsAlone = 8;         // marks: a pattern of fewer needs numbers beside it

/// Whether marks that should be alike are, one in ten left aside.
bool is_tidy(std::vector<double> sizes) {
    std::sort(sizes.begin(), sizes.end());
    const std::size_t aside = sizes.size() / 10;
    return sizes[sizes.size() - 1 - aside] <= kTidy * sizes[aside];
}

/// The sizes of marks by what they are in a pattern: minor, middle (halfway, of ten) and major.
struct Levels {
    std::vector<double> minor, middle, major;
    std::vector<double> inner_major;  // without the first and the last of all marks
};

/// `aside`: the number of a mark that is left out, negative for none.
Levels levels_of(const MarkSeries& series, MarkPattern pattern, int aside) {
    Levels levels;
    const int count = static_cast<int>(series.places.size());
    for (int k = 0; k < count; ++k) {
        const double size = series.places[static_cast<std::size_t>(k)].size;
        if (size == 0 || k == aside) continue;
        const int of = ((k - pattern.phase) % pattern.period + pattern.period) % pattern.period;
        // The first and the last may be drawn otherwise, as ends of the ruler.
        const bool end = k == 0 || k == count - 1;
        if (of == 0 && pattern.period > 1) {
            levels.major.push_back(size);
            if (!end) levels.inner_major.push_back(size);
        } else if (pattern.period == 10 && of == 5) {
            levels.middle.push_back(size);
        } else if (!end) {
            levels.minor.push_back(size);
        }
    }
    return levels;
}

double smallest(const std::vector<double>& v) {
    return *std::min_element(v.begin(), v.end());
}

double median(std::vector<double> v) {
    const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
    std::nth_element(v.begin(), middle, v.end());
    return *middle;
}

double largest(const std::vector<double>& v) {
    return *std::max_element(v.begin(), v.end());
}

bool fits(const Levels& levels, MarkPattern pattern) {
    if (levels.minor.empty() || !is_tidy(levels.minor)) return false;
    if (pattern.period == 1) return true;
    if (levels.major.size() < 2 || smallest(levels.major) < kLarger * largest(levels.minor))
        return false;
    if (!is_tidy(levels.inner_major.size() < 2 ? levels.major : levels.inner_major)) return false;
    // Of ten, the fifth may be larger than its neighbours, but is no tenth.
    return levels.middle.empty() ||
           (is_tidy(levels.middle) && smallest(levels.middle) > 0.9 * smallest(levels.minor) &&
            median(levels.major) > kLargerTenth * median(levels.middle));
}

}  // namespace

std::optional<MarkPattern> find_pattern(const MarkSeries& series) {
    const int count = static_cast<int>(series.places.size());
    // Text or an icon may have run into one of many marks.
    const int last_aside = series.count >= kTouched ? count - 1 : -1;
    for (int aside = -1; aside <= last_aside; ++aside) {
        for (const int period : {10, 5, 4, 2, 1}) {
            for (int phase = 0; phase < period; ++phase) {
                const MarkPattern pattern{period, phase};
                if (fits(levels_of(series, pattern, aside), pattern)) return pattern;
            }
        }
    }
    return std::nullopt;
}

bool may_stand_for(MarkPattern pattern, double step) {
    switch (pattern.period) {
        case 10:
            return step == 1 || step == 10;
        case 5:
            return step == 1 || step == 2 || step == 10;
        case 4:
            return step == 2.5;
        case 2:
            return step == 5 || step == 10 || step == 2.5;
        default:
            return step >= 5;
    }
}

std::optional<double> usual_step(const MarkSeries& series, MarkPattern pattern) {
    if (series.count < kTellsAlone) return std::nullopt;
    switch (pattern.period) {
        case 10:
            return 1;
        case 4:
            return 2.5;
        case 2:
            return 5;
        default:
            return std::nullopt;
    }
}

}  // namespace guide::segment
