// SPDX-License-Identifier: Apache-2.0
#include "radiograph_likeness.hpp"

#include "radiograph_clipping.hpp"

#include <algorithm>
#include <cmath>

namespace guide::segment {
namespace {

constexpr double kTurn = 0.016;  // of the joint line: less is waviness
constexpr int kMostTurns = 5;  // two for lips at the margins; vessels, letters and faces have more

/// How often `rows` go up by `least` or more after going down as far, and the other way round.
int turns_of(const std::vector<int>& rows, double least) {
    int turns = 0, direction = 0, highest = rows.front(), lowest = highest;
    for (const int row : rows) {
        highest = std::max(highest, row);
        lowest = std::min(lowest, row);
        if (direction >= 0 && row <= highest - least) {
            if (direction > 0) ++turns;
            direction = -1;
            lowest = row;
        } else if (direction <= 0 && row >= lowest + least) {
            if (direction < 0) ++turns;
            direction = 1;
            highest = row;
        }
    }
    return turns;
}

}  // namespace

Likeness likeness_of(const KneeBand& knee) {
    constexpr int kStrip = 8;  // rows of bone that are compared
    Likeness like;
    like.hidden = hidden_columns(knee);
    const auto& upper = knee.band.upper;
    const auto& lower = knee.band.lower;
    const int n = knee.columns(), height = knee.brightness.rows;
    std::vector<double> thickness;
    for (int i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const auto mean = [&](int from, int to) {
            from = std::clamp(from, 0, height - 1);
            to = std::clamp(to, from + 1, height);
            double sum = 0;
            for (int y = from; y < to; ++y)
                sum += knee.brightness(y, knee.first_column + i);
            return sum / (to - from);
        };
        const double femur = mean(upper[k] - 1 - kStrip, upper[k] - 1);
        const double tibia = mean(lower[k] + 2, lower[k] + 2 + kStrip);
        const double gap = mean(upper[k] + 1, lower[k]);
        like.contrast.push_back(std::min(femur, tibia) - gap);
        if (like.hidden[k] == 0) {
            like.visible += 1.0 / n;
            like.mean_contrast += like.contrast.back() / n;
            if (like.contrast.back() > 0) like.bordered += 1.0 / n;
        }
        thickness.push_back(lower[k] - upper[k]);
    }
    if (like.visible > 0) {
        like.mean_contrast /= like.visible;
        like.bordered /= like.visible;
    }
    like.thickness = median_of(thickness) / n;

    like.turns = turns_of(upper, kTurn * n);
    const int eighth = n / 8;
    const auto condyle = [&](int from, int to) {
        return median_of(std::vector<double>(upper.begin() + from, upper.begin() + to));
    };
    const double left = condyle(eighth, 3 * eighth), right = condyle(n - 3 * eighth, n - eighth);
    like.tilt = std::atan2(right - left, n - 4 * eighth);
    for (int i = n / 4; i < n - n / 4; ++i) {
        const double along = static_cast<double>(i - 2 * eighth) / (n - 4 * eighth);
        const double rise = left + along * (right - left) - upper[static_cast<std::size_t>(i)];
        like.dip = std::max(like.dip, -rise / n);
        if (rise / n > like.notch_height) {
            like.notch_height = rise / n;
            like.notch_place = static_cast<double>(i) / n;
        }
    }
    return like;
}

bool like_a_knee(const KneeBand& knee, const Likeness& like) {
    return knee.columns() >= kFieldWidth / 3 && like.visible >= 0.5 && like.bordered >= 0.7 &&
           like.mean_contrast >= 0.5 && like.notch_height >= 0.035 && like.dip <= 0.1 &&
           like.notch_height <= 0.35 && like.notch_place >= 0.33 && like.notch_place <= 0.67 &&
           like.thickness <= 0.17 && std::abs(like.tilt) <= 0.52 && like.turns <= kMostTurns &&
           knee.weakest_side >= 0.03 && knee.other_polarity <= 0.97;
}

std::vector<char> closed_columns(const KneeBand& knee, const Likeness& like) {
    const int n = knee.columns();
    std::vector<char> closed(static_cast<std::size_t>(n), 0);
    const auto touches = [&](int i) {
        const auto k = static_cast<std::size_t>(i);
        return like.hidden[k] == 0 && knee.band.lower[k] - knee.band.upper[k] <= 0.015 * n + 1 &&
               like.contrast[k] < 0.3;
    };
    for (int i = 0; i < n;) {
        int end = i;
        while (end < n && touches(end))
            ++end;
        if (end - i >= n / 20) std::fill(closed.begin() + i, closed.begin() + end, char{1});
        i = std::max(end, i + 1);
    }
    return closed;
}

}  // namespace guide::segment
