// SPDX-License-Identifier: Apache-2.0
#include "radiograph_landmarks.hpp"

#include <algorithm>
#include <cstddef>

namespace guide::segment {
namespace {

// Of the joint line: where the parts of either bone are looked for.
constexpr double kPlateau = 0.16;                         // the middle of a plateau, off a margin
constexpr double kSpinesFrom = 0.34, kSpinesTo = 0.68;    // tips of the tibial spines
constexpr double kCondyleFrom = 0.08, kCondyleTo = 0.33;  // lowest point of a condyle, off a margin
constexpr double kNotchFrom = 0.35, kNotchTo = 0.65;      // top of the notch
constexpr double kFoot = 0.25;  // of a spine's height: where it rises from the plateau
constexpr double kWall = 0.5;   // of the notch's height: its wall

/// Heights of an edge above the line through the margins; up is positive.
std::vector<double> heights_of(const std::vector<double>& rows) {
    const auto n = rows.size();
    const double slope = (rows.back() - rows.front()) / static_cast<double>(n - 1);
    std::vector<double> heights(n);
    for (std::size_t i = 0; i < n; ++i)
        heights[i] = rows.front() + slope * static_cast<double>(i) - rows[i];
    return heights;
}

int highest(const std::vector<double>& heights, int from, int to) {
    return static_cast<int>(std::max_element(heights.begin() + from, heights.begin() + to + 1) -
                            heights.begin());
}
int lowest(const std::vector<double>& heights, int from, int to) {
    return static_cast<int>(std::min_element(heights.begin() + from, heights.begin() + to + 1) -
                            heights.begin());
}

/// The first column from `from` towards `to` that is not above `level`; `to` where all are.
int falls_to(const std::vector<double>& heights, int from, int to, double level) {
    const int direction = to < from ? -1 : 1;
    int i = from;
    while (i != to && heights[static_cast<std::size_t>(i)] > level)
        i += direction;
    return i;
}

}  // namespace

std::vector<Landmark> find_landmarks(const JointEdges& edges) {
    const int n = edges.columns(), last = n - 1;
    if (n < 32) return {};
    const auto column = [&](double place) { return static_cast<int>(place * last + 0.5); };
    const auto at = [](const std::vector<double>& v, int i) {
        return v[static_cast<std::size_t>(i)];
    };
    std::vector<Landmark> landmarks;
    const auto tibia = [&](const char* name, int i) {
        landmarks.push_back({name, edges.tibia_at(i)});
    };
    const auto femur = [&](const char* name, int i) {
        landmarks.push_back({name, edges.femur_at(i)});
    };

    const auto plateau = heights_of(edges.tibia);
    const int left = column(kPlateau), right = last - column(kPlateau);
    const int summit = highest(plateau, column(kSpinesFrom), column(kSpinesTo));
    // The other spine is the highest point beyond the valley beside the summit.
    const int middle = column(0.5 * (kSpinesFrom + kSpinesTo));
    const int other = summit <= middle
                          ? highest(plateau, std::min(last, std::max(summit + n / 16, middle)),
                                    std::max(summit + n / 16, column(kSpinesTo)))
                          : highest(plateau, std::min(column(kSpinesFrom), summit - n / 16),
                                    std::min(summit - n / 16, middle));
    const int left_spine = std::min(summit, other), right_spine = std::max(summit, other);
    const auto foot = [&](int spine, int side) {
        const double base = at(plateau, side);
        return falls_to(plateau, spine, side, base + kFoot * (at(plateau, spine) - base));
    };
    tibia("tibia-left-margin", 0);
    tibia("tibia-left-plateau", left);
    tibia("tibia-left-spine-foot", foot(left_spine, left));
    tibia("tibia-left-spine", left_spine);
    tibia("tibia-between-spines", lowest(plateau, left_spine, right_spine));
    tibia("tibia-right-spine", right_spine);
    tibia("tibia-right-spine-foot", foot(right_spine, right));
    tibia("tibia-right-plateau", right);
    tibia("tibia-right-margin", last);

    const auto condyles = heights_of(edges.femur);
    const int left_condyle = lowest(condyles, column(kCondyleFrom), column(kCondyleTo)),
              right_condyle =
                  lowest(condyles, last - column(kCondyleTo), last - column(kCondyleFrom)),
              notch = highest(condyles, column(kNotchFrom), column(kNotchTo));
    const auto wall = [&](int condyle) {
        const double base = at(condyles, condyle);
        return falls_to(condyles, notch, condyle, base + kWall * (at(condyles, notch) - base));
    };
    femur("femur-left-margin", 0);
    femur("femur-left-condyle", left_condyle);
    femur("femur-left-notch-wall", wall(left_condyle));
    femur("femur-notch", notch);
    femur("femur-right-notch-wall", wall(right_condyle));
    femur("femur-right-condyle", right_condyle);
    femur("femur-right-margin", last);
    return landmarks;
}

}  // namespace guide::segment
