// SPDX-License-Identifier: Apache-2.0
#include "recess_features.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace guide::segment {
namespace {

constexpr double kRegularise = 1e-3;  // share of lit neighbours below which a mean fades to 0
constexpr double kBrightLayer = 0.8;  // of the tissue level: what counts as a bright layer
constexpr double kEchoFloor = 0.05;   // of the tissue level
constexpr double kFlank = 8.0;        // mm to either side
constexpr double kNearBone = 3.0;     // mm, e-fold of the nearness of bone
constexpr double kNoBoneAbove = 5.0;  // mm below the probe's face: shadow there is lost contact

cv::Mat1f lit_share(const cv::Mat1b& shadow) {
    cv::Mat1f lit;
    shadow.convertTo(lit, CV_32F, -1.0 / 255.0, 1.0);
    return lit;
}

/// The darker of the two flanks less the spot itself.
cv::Mat1f flank_contrast(const cv::Mat1f& mean, double step_mm) {
    const int reach = static_cast<int>(std::lround(kFlank / step_mm)), last = mean.cols - 1;
    cv::Mat1f out(mean.size());
    for (int y = 0; y < mean.rows; ++y) {
        const float* row = mean[y];
        for (int x = 0; x <= last; ++x) {
            out(y, x) =
                std::min(row[std::min(x + reach, last)], row[std::max(x - reach, 0)]) - row[x];
        }
    }
    return out;
}

/// Share of each column's bright layers that lie at or above the cell.
cv::Mat1f layers_above(const cv::Mat1f& echo, double step_mm) {
    cv::Mat1f sum = blurred(echo, step_mm, 0.4, 1.0);
    const auto bright = [&](int y, int x) {
        return std::max(sum(y, x) - static_cast<float>(kBrightLayer), 0.0F) *
               static_cast<float>(step_mm);
    };
    for (int x = 0; x < sum.cols; ++x)
        sum(0, x) = bright(0, x);
    for (int y = 1; y < sum.rows; ++y) {
        for (int x = 0; x < sum.cols; ++x)
            sum(y, x) = sum(y - 1, x) + bright(y, x);
    }
    cv::Mat1f total = sum.row(sum.rows - 1).clone();
    for (int y = 0; y < sum.rows; ++y) {
        for (int x = 0; x < sum.cols; ++x)
            sum(y, x) /= total(0, x) + 1e-3F;
    }
    return sum;
}

/// The row where each column's bone shadow begins; the number of rows where there is none: what
/// lies at the lower edge of the picture is taken to lie on bone.
std::vector<int> shadow_tops(const cv::Mat1b& shadow, double step_mm) {
    std::vector<int> tops(static_cast<std::size_t>(shadow.cols), shadow.rows);
    for (int x = 0; x < shadow.cols; ++x) {
        int y = std::min(shadow.rows, static_cast<int>(kNoBoneAbove / step_mm));
        while (y < shadow.rows && !shadow(y, x))
            ++y;
        tops[static_cast<std::size_t>(x)] = y;
    }
    return tops;
}

}  // namespace

cv::Mat1f fluid_probability(const TissueGrid& grid, View view, const RecessModel& model) {
    const double step = grid.step_mm;
    const cv::Mat1f& n = grid.echo;
    const cv::Mat1f lit = lit_share(grid.shadow);
    const cv::Mat1f echo = blurred(n, step, 0.8, 1.2);
    cv::Mat1f around = blurred(n.mul(lit), step, 4.0, 5.0);
    cv::divide(around, blurred(lit, step, 4.0, 5.0) + kRegularise, around);
    const cv::Mat1f mean = blurred(n, step, 1.0), square = blurred(n.mul(n), step, 1.0);
    const cv::Mat1f flanks = flank_contrast(mean, step), layers = layers_above(n, step);
    const cv::Mat1f shadow_near = blurred(1.0 - lit, step, 2.0);
    const std::vector<int> bone = shadow_tops(grid.shadow, step);

    cv::Mat1f probability(n.size());
    const double middle = (n.cols - 1) / 2.0, half_width = n.cols / 2.0;
    const double cartilage =
        view == View::suprapatellar_transverse ? model.cartilage_mm / step : -n.rows;
    std::vector<double> near(static_cast<std::size_t>(n.rows) + 1);
    for (std::size_t i = 0; i < near.size(); ++i)
        near[i] = std::exp(-static_cast<double>(i) * step / kNearBone);
    for (int y = 0; y < n.rows; ++y) {
        const double depth = y * step;
        for (int x = 0; x < n.cols; ++x) {
            if (y < static_cast<int>(model.skin_mm / step)) {
                probability(y, x) = 0;
                continue;
            }
            const double spread = std::sqrt(std::max(0.0F, square(y, x) - mean(y, x) * mean(y, x)));
            const double aside = (x - middle) / half_width;
            const int bone_row = bone[static_cast<std::size_t>(x)];
            const int height = std::max(0, bone_row - y);
            const double odds =
                model.constant + model.contrast * (echo(y, x) - around(y, x)) +
                model.speckle * spread / (echo(y, x) + kEchoFloor) + model.flanks * flanks(y, x) +
                (model.layers + model.layers_sq * layers(y, x)) * layers(y, x) +
                model.bone_below * near[static_cast<std::size_t>(height)] +
                model.shadow_near * shadow_near(y, x) + model.off_axis_sq * aside * aside +
                (model.depth + model.depth_sq * depth) * depth;
            double p = 1.0 / (1.0 + std::exp(-odds));
            if (grid.shadow(y, x)) p *= model.in_shadow;
            if (bone_row - y < cartilage) p *= model.in_cartilage;
            probability(y, x) = static_cast<float>(p);
        }
    }
    return probability;
}

cv::Mat1f evened_probability(const cv::Mat1f& probability, double step_mm,
                             double typical_area_mm2) {
    // The area as a function of the shift is summed over a histogram of the odds. Its bins are the
    // leading bits of the numbers, 128 to an octave: finer than the choice of region can tell.
    constexpr int kDropped = 16;
    constexpr double kFloor = 1e-6;
    const auto bin_of = [](float odds) { return std::bit_cast<std::uint32_t>(odds) >> kDropped; };
    const auto odds_of = [](std::uint32_t bin) {
        return std::bit_cast<float>((bin << kDropped) + (1U << (kDropped - 1)));
    };
    const auto first = bin_of(static_cast<float>(0.5 * kFloor)),
               last = bin_of(static_cast<float>(2 / kFloor));
    std::vector<int> count(last - first + 1, 0);
    cv::Mat1f odds(probability.size());
    double area = 0;
    for (int y = 0; y < odds.rows; ++y) {
        for (int x = 0; x < odds.cols; ++x) {
            const double p = std::clamp<double>(probability(y, x), kFloor, 1.0 - kFloor);
            area += probability(y, x) * step_mm * step_mm;
            odds(y, x) = static_cast<float>(p / (1.0 - p));
            ++count[bin_of(odds(y, x)) - first];
        }
    }
    const double wanted = std::sqrt(area * typical_area_mm2);
    double low = -12.0, high = 12.0;
    for (int i = 0; i < 30; ++i) {
        const double less = std::exp(-(low + high) / 2);
        double sum = 0;
        for (std::size_t b = 0; b < count.size(); ++b) {
            if (count[b] == 0) continue;
            const double o = odds_of(first + static_cast<std::uint32_t>(b));
            sum += count[b] * o / (o + less);
        }
        (sum * step_mm * step_mm < wanted ? low : high) = (low + high) / 2;
    }
    const auto less = static_cast<float>(std::exp(-(low + high) / 2));
    for (float& o : odds)
        o = o / (o + less);
    return odds;
}

}  // namespace guide::segment
