// SPDX-License-Identifier: Apache-2.0
#include "bone_flank.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace guide::segment {
namespace {

constexpr double kReachMm = 3;   // sideways: what goes on longer is the border of a shadow alone
constexpr double kDeepMm = 6;    // downwards: below it, bone turns away from the beam
constexpr double kLitMm = 0.5;   // from the border to lit tissue, across it ...
constexpr double kDarkMm = 1.0;  // ... and into the shadow. A border that hides half of the beam
                                 // lies high on the slope of the logarithmic grey
constexpr double kAside = 0.87, kUp = 0.5;   // the direction across: of a border 60 deg steep
constexpr double kFullStep = 0.5;            // fall of the grey level that is a full border
constexpr double kBorderWeight = 0.8;        // of a full border, beside a full line
constexpr double kLeastMm = 0.15;            // of a full line: a flank of less is none
constexpr double kCarriedOn = 0.5;           // of the stretch's line: it goes on as a line
constexpr double kLineMm = 1;                // a line that goes on does so within such a distance
constexpr int kFlattest = 2, kSteepest = 4;  // rows per column

/// Looks across borders of shadows.
class Border {
  public:
    Border(const BoneWorkingImage& w, const Image<float>& smooth, const Image<float>& ratio,
           double tolerated)
        : smooth_(smooth),
          ratio_(ratio),
          tolerated_(tolerated),
          lit_x_(w.rows(kAside * kLitMm)),
          lit_y_(w.rows(kUp * kLitMm)),
          dark_x_(w.rows(kAside * kDarkMm)),
          dark_y_(w.rows(kUp * kDarkMm)) {}

    /// How far a place is the border of a shadow that opens away from `side`, 0..1.
    [[nodiscard]] double at(int x, int y, int side) const {
        const int width = smooth_.width(), height = smooth_.height();
        if (x < dark_x_ || y < lit_y_ || x >= width - dark_x_ || y >= height - dark_y_) return 0;
        const double lit = smooth_.at(x + side * lit_x_, y - lit_y_);
        const double dark = smooth_.at(x - side * dark_x_, y + dark_y_);
        const double beyond = smooth_.at(std::clamp(x + 2 * side * lit_x_, 0, width - 1),
                                         std::max(0, y - 2 * lit_y_));
        const double step = (lit - dark) / (kFullStep * std::max({lit, beyond, 1.0}));
        return kBorderWeight * std::clamp(step, 0.0, 1.0) *
               shadow_of_ratio(ratio_.at(x, y), tolerated_);
    }

  private:
    const Image<float>& smooth_;
    const Image<float>& ratio_;
    double tolerated_;
    int lit_x_, lit_y_, dark_x_, dark_y_;
};

/// Whether a line nearly as bright as the stretch's is seen beyond the end.
bool carries_on(const BoneWorkingImage& w, const BoneEvidence& evidence, const BoneEnd& end) {
    const int reach = w.rows(kLineMm), x = end.column + end.side * reach;
    if (x < 0 || x >= w.width()) return false;
    for (int y = std::max(0, end.row - reach); y <= std::min(w.height() - 1, end.row + reach);
         ++y) {
        if (evidence.energy.at(x, y) > kCarriedOn * end.energy) return true;
    }
    return false;
}

}  // namespace

std::vector<int> follow_flank(const BoneWorkingImage& w, const Image<float>& smooth,
                              const BoneEvidence& evidence, const BonePrior& prior,
                              const BoneEnd& end, int columns) {
    constexpr float kNever = -1e9F;
    columns = std::clamp(columns, 0, w.rows(kReachMm));
    if (carries_on(w, evidence, end)) return {};
    const Border border(w, smooth, evidence.ratio, prior.tolerated);
    const int rows = kSteepest * columns + 1;  // below the end
    Image<float> sums(rows, columns + 1, kNever);
    Image<int> from(rows, columns + 1, 0);
    sums.at(0, 0) = 0;
    float best = static_cast<float>(kLeastMm / w.grid_mm);
    int last = 0, deepest = 0;
    for (int k = 1; k <= columns; ++k) {
        const int x = end.column + end.side * k;
        for (int j = 0; j < rows && end.row + j < w.height(); ++j) {
            for (int d = kFlattest; d <= std::min(kSteepest, j); ++d) {
                if (sums.at(j - d, k - 1) <= sums.at(j, k)) continue;
                sums.at(j, k) = sums.at(j - d, k - 1);
                from.at(j, k) = d;
            }
            if (sums.at(j, k) == kNever) continue;
            sums.at(j, k) +=
                static_cast<float>(border.at(x, end.row + j, end.side) - prior.least_evidence);
            if (sums.at(j, k) > best) {
                best = sums.at(j, k);
                last = k;
                deepest = j;
            }
        }
    }
    std::vector<int> flank(static_cast<std::size_t>(last));
    for (int k = last, j = deepest; k > 0; j -= from.at(j, k), --k) {
        flank[static_cast<std::size_t>(k - 1)] = end.row + j;
    }
    const auto deep = std::ranges::upper_bound(flank, end.row + w.rows(kDeepMm));
    flank.erase(deep, flank.end());
    return flank;
}

}  // namespace guide::segment
