// SPDX-License-Identifier: Apache-2.0
#include "radiograph_landmarks.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace guide::segment {
namespace {

// Of the joint line: where the parts of either bone are looked for.
constexpr double kPlateau = 0.16;                         // the middle of a plateau, off a margin
constexpr double kSpinesFrom = 0.34, kSpinesTo = 0.68;    // tips of the tibial spines
constexpr double kCondyleFrom = 0.08, kCondyleTo = 0.33;  // lowest point of a condyle, off a margin
constexpr double kNotchFrom = 0.35, kNotchTo = 0.65;      // top of the notch
constexpr double kArc = 0.02;   // the height of the arc whose middle is a condyle's or the notch's
constexpr double kFall = 0.03;  // how far a plateau falls to its margin
constexpr double kRim = 0.06;   // how far a condyle rises to its margin
constexpr double kFoot = 0.25;  // of a spine's height: where it rises from the plateau
constexpr double kWall = 0.5;   // of the notch's height: its wall

/// Heights of an edge above its line through two columns; up is positive.
std::vector<double> heights_of(const std::vector<double>& rows, int a, int b) {
    const double at_a = rows[static_cast<std::size_t>(a)];
    const double slope = (rows[static_cast<std::size_t>(b)] - at_a) / (b - a);
    std::vector<double> heights(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        heights[i] = at_a + slope * (static_cast<double>(i) - a) - rows[i];
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

/// The middle of the arc about an extreme place, as far to both sides as it stays within `depth` of
/// it and in [from, to]: an arc's extreme place itself is anywhere on its flat part.
int middle_of_arc(const std::vector<double>& heights, int extreme, int from, int to, double depth) {
    const auto near = [&](int i) {
        return std::abs(heights[static_cast<std::size_t>(i)] -
                        heights[static_cast<std::size_t>(extreme)]) <= depth;
    };
    int low = extreme, high = extreme;
    while (low > from && near(low - 1))
        --low;
    while (high < to && near(high + 1))
        ++high;
    return (low + high + 1) / 2;
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

    const int left = column(kPlateau), right = last - column(kPlateau);
    const auto plateau = heights_of(edges.tibia, left, right);
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
    const double line = last * edges.step;
    const auto edge_of_plateau = [&](int side, int margin) {  // where it falls off to its rim
        int i = side;
        const int direction = margin < side ? -1 : 1;
        while (i != margin && at(plateau, i) > at(plateau, side) - kFall * line)
            i += direction;
        return i;
    };
    tibia("tibia-left-margin", edge_of_plateau(left, 0));
    tibia("tibia-left-plateau", left);
    tibia("tibia-left-spine-foot", foot(left_spine, left));
    tibia("tibia-left-spine", left_spine);
    tibia("tibia-between-spines", lowest(plateau, left_spine, right_spine));
    tibia("tibia-right-spine", right_spine);
    tibia("tibia-right-spine-foot", foot(right_spine, right));
    tibia("tibia-right-plateau", right);
    tibia("tibia-right-margin", edge_of_plateau(right, last));

    // Heights above the line that touches both condyles, found in a few rounds.
    const double arc = kArc * line;
    int left_condyle = left, right_condyle = right;
    std::vector<double> condyles;
    for (int round = 0; round < 3; ++round) {
        condyles = heights_of(edges.femur, left_condyle, right_condyle);
        const auto condyle = [&](int from, int to) {
            return middle_of_arc(condyles, lowest(condyles, from, to), 0, last, arc);
        };
        left_condyle = condyle(column(kCondyleFrom), column(kCondyleTo));
        right_condyle = condyle(last - column(kCondyleTo), last - column(kCondyleFrom));
    }
    const int notch = highest(condyles, column(kNotchFrom), column(kNotchTo));
    const auto wall = [&](int condyle) {
        const double base = at(condyles, condyle);
        return falls_to(condyles, notch, condyle, base + kWall * (at(condyles, notch) - base));
    };
    const auto rim = [&](int condyle, int margin) {  // where the condyle is no longer round
        int i = condyle;
        const int direction = margin < condyle ? -1 : 1;
        while (i != margin && at(condyles, i) < at(condyles, condyle) + kRim * line)
            i += direction;
        return i;
    };
    const int left_wall = wall(left_condyle), right_wall = wall(right_condyle);
    femur("femur-left-margin", rim(left_condyle, 0));
    femur("femur-left-condyle", left_condyle);
    femur("femur-left-notch-wall", left_wall);
    // The notch's top is flat, and patella and spines cross it: its middle, at its height.
    landmarks.push_back(
        {"femur-notch",
         {edges.x(0.5 * (left_wall + right_wall)),
          edges.femur_at(notch).y +
              (edges.femur_at(right_condyle).y - edges.femur_at(left_condyle).y) /
                  (right_condyle - left_condyle) * (0.5 * (left_wall + right_wall) - notch)}});
    femur("femur-right-notch-wall", right_wall);
    femur("femur-right-condyle", right_condyle);
    femur("femur-right-margin", rim(right_condyle, last));
    return landmarks;
}

}  // namespace guide::segment
