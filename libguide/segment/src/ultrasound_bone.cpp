// SPDX-License-Identifier: Apache-2.0
#include "ultrasound_bone.hpp"

#include "bone_evidence.hpp"
#include "bone_flank.hpp"
#include "bone_path.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace guide::segment {
namespace {

constexpr double kNoShadow = 0.7;     // ratio that gives no confidence any more
constexpr double kBridgeMm = 3;       // weak over such a length: nothing is seen there
constexpr double kUsualLengthMm = 4;  // stretches much shorter earn little confidence
constexpr double kNotchMm = 1.5;      // on either side of a notch
constexpr double kNotchDeg = 60;      // a surface does not bend upwards more than this
constexpr double kGapMm = 6;          // a surface with a longer gap counts as two
constexpr double kLeastShadow = 0.5;  // flanks are borders of a shadow: no shadow, no flanks

/// The crest of the line near `row`, below the pixel by a parabola through three rows.
double crest(const Image<float>& energy, int x, int row) {
    int top = row;
    for (int y = std::max(0, row - 2); y <= std::min(energy.height() - 1, row + 2); ++y) {
        if (energy.at(x, y) > energy.at(x, top)) top = y;
    }
    if (top == 0 || top == energy.height() - 1) return top;
    const double a = energy.at(x, top - 1), b = energy.at(x, top), c = energy.at(x, top + 1);
    const double bend = a - 2 * b + c;
    return bend < 0 ? top + std::clamp(0.5 * (a - c) / bend, -0.5, 0.5) : top;
}

/// Median of five against single jumps, then a Gaussian of `sigma` columns; the ends are continued.
std::vector<double> smooth(const std::vector<double>& z, double sigma) {
    const int n = static_cast<int>(z.size());
    const auto at = [n](const std::vector<double>& v, int i) {
        return v[static_cast<std::size_t>(std::clamp(i, 0, n - 1))];
    };
    std::vector<double> median(z.size()), result(z.size());
    for (int i = 0; i < n; ++i) {
        double w[5];
        for (int k = 0; k < 5; ++k)
            w[k] = at(z, i + k - 2);
        std::nth_element(w, w + 2, w + 5);
        median[static_cast<std::size_t>(i)] = w[2];
    }
    const int radius = static_cast<int>(std::ceil(3 * sigma));
    for (int i = 0; i < n; ++i) {
        double sum = 0, weights = 0;
        for (int k = -radius; k <= radius; ++k) {
            const double weight = std::exp(-0.5 * (k / sigma) * (k / sigma));
            // Mirrored through the end point, so that a slope is kept up to the end.
            const int j = i + k;
            const int end = j < 0 ? 0 : n - 1;
            const bool outside = j < 0 || j >= n;
            sum +=
                weight * (outside ? 2 * at(median, end) - at(median, 2 * end - j) : at(median, j));
            weights += weight;
        }
        result[static_cast<std::size_t>(i)] = sum / weights;
    }
    return result;
}

/// A stretch of surface on the working grid.
struct Stretch {
    int begin = 0;
    std::vector<double> rows;  // of the surface, one a column
    float energy = 0;          // of its line, mean
    double confidence = 0;
    double depth_mm = 0;  // mean, below the top of the picture
    double shadow = 0;    // 0..1, mean
    BoneKind kind = BoneKind::bone;

    [[nodiscard]] int end() const { return begin + static_cast<int>(rows.size()); }
};

Stretch measured(const BoneWorkingImage& w, const BoneEvidence& e, const BonePrior& prior,
                 const UltrasoundBoneOptions& options, const std::vector<int>& path, int begin,
                 int end) {
    Stretch s;
    s.begin = begin;
    double line = 0, length = 0, energy = 0;
    for (int x = begin; x < end; ++x) {
        const int row = path[static_cast<std::size_t>(x)];
        s.rows.push_back(crest(e.energy, x, row) - options.leading_edge_mm / w.grid_mm);
        double best_line = 0, best_dark = 0;
        for (int y = std::max(0, row - 1); y <= std::min(w.height() - 1, row + 1); ++y) {
            best_line = std::max(best_line, static_cast<double>(e.line.at(x, y)));
            best_dark = std::max(best_dark, shadow_of_ratio(e.ratio.at(x, y), kNoShadow));
        }
        line += best_line;
        energy += e.energy.at(x, row);
        s.shadow += best_dark;
        s.depth_mm += row * w.grid_mm;
        if (x > begin) {
            length += w.grid_mm * std::hypot(1.0, row - path[static_cast<std::size_t>(x - 1)]);
        }
    }
    const int n = end - begin;
    s.energy = static_cast<float>(energy / n);
    s.depth_mm /= n;
    s.shadow /= n;
    s.confidence = line / n * (prior.without_shadow + (1 - prior.without_shadow) * s.shadow) *
                   (1 - std::exp(-length / kUsualLengthMm));
    return s;
}

/// Whether the surface goes on beyond a gap: the next stretch is near, and not far below.
bool same_surface(const BoneWorkingImage& w, const Stretch& left, const Stretch& right) {
    const int gap = right.begin - left.end();
    return gap < w.rows(kGapMm) && std::abs(right.rows.front() - left.rows.back()) < gap + 1;
}

/// Continues stretches down their flanks, at most to the next stretch.
void add_flanks(const BoneWorkingImage& w, const Image<float>& smooth, const BoneEvidence& e,
                const BonePrior& prior, std::vector<Stretch>& stretches) {
    const auto flank = [&](const Stretch& s, int side, int columns) {
        const double row = side < 0 ? s.rows.front() : s.rows.back();
        const BoneEnd end{side < 0 ? s.begin : s.end() - 1,
                          std::max(0, static_cast<int>(std::lround(row))), side, s.energy};
        return follow_flank(w, smooth, e, prior, end, columns);
    };
    for (std::size_t i = 0; i < stretches.size(); ++i) {
        Stretch& s = stretches[i];
        if (s.shadow < kLeastShadow) continue;
        std::vector<int> before, after;
        if (i == 0) {
            before = flank(s, -1, s.begin);
        } else if (!same_surface(w, stretches[i - 1], s)) {
            before = flank(s, -1, s.begin - stretches[i - 1].end() - 1);
        }
        if (i + 1 == stretches.size()) {
            after = flank(s, 1, w.width() - s.end());
        } else if (!same_surface(w, s, stretches[i + 1])) {
            after = flank(s, 1, stretches[i + 1].begin - s.end() - 1);
        }
        s.rows.insert(s.rows.begin(), before.rbegin(), before.rend());
        s.rows.insert(s.rows.end(), after.begin(), after.end());
        s.begin -= static_cast<int>(before.size());
    }
}

/// Names the bones as far as the view tells. In the long suprapatellar view the femur is the
/// deepest surface, and the patella one that is 5 mm shallower, reaches into an outer third and
/// casts a shadow.
void name_bones(std::vector<Stretch>& stretches, int width, View view) {
    double deepest = 0;
    for (const auto& s : stretches)
        deepest = std::max(deepest, s.depth_mm);
    if (view == View::trochlea || view == View::suprapatellar_transverse) {
        // The trochlea is less than a centimetre deep: what lies higher up is something else.
        for (auto& s : stretches) {
            if (s.depth_mm > deepest - 10) s.kind = BoneKind::femur;
        }
    }
    if (view != View::suprapatellar_long) return;
    for (auto& s : stretches) {
        const bool outer = 3 * s.begin < width || 3 * s.end() > 2 * width;
        const bool shallow = s.depth_mm < deepest - 5;
        if (shallow && outer && s.shadow > 0.5) s.kind = BoneKind::patella;
        // A single surface may be either; without shadow it is not the patella.
        if (s.depth_mm > deepest - 3 && (stretches.size() > 1 || s.shadow < 0.5)) {
            s.kind = BoneKind::femur;
        }
    }
}

}  // namespace

void UltrasoundBoneOptions::validate() const {
    const char* name = "UltrasoundBoneOptions";
    require(grid_mm >= 0.02 && grid_mm <= 1, name, "grid_mm is 0.02 to 1 mm");
    require(line_mm >= 0.3 && line_mm <= 10, name, "line_mm is 0.3 to 10 mm");
    require(leading_edge_mm >= 0 && leading_edge_mm <= 2, name, "leading_edge_mm is 0 to 2 mm");
    require(gap_cost_mm >= 0 && gap_cost_mm <= 10, name, "gap_cost_mm is 0 to 10 mm");
    require(assumed_depth_mm >= 5 && assumed_depth_mm <= 400, name,
            "assumed_depth_mm is 5 to 400 mm");
}

std::vector<BoneSurface> find_ultrasound_bones(const Frame& frame, PixelBox content_box, View view,
                                               const UltrasoundBoneOptions& options,
                                               const Execution& execution) {
    options.validate();
    const PixelBox box = intersection(content_box, frame.grid().bounds());
    if (box.empty()) return {};
    const auto w = bone_working_image(frame, box, options, execution);
    if (!w) return {};
    const Image<float> grey = without_speckle(*w, execution);
    if (is_dark(grey)) return {};
    const BonePrior& prior = bone_prior(view);
    const BoneEvidence evidence = collect_bone_evidence(*w, prior, options, execution);
    std::vector<int> path = best_bone_path(evidence.bone, prior.least_evidence,
                                           prior.gap_factor * options.gap_cost_mm / w->grid_mm);
    cut_bridges(path, evidence.bone, prior.least_evidence, w->rows(kBridgeMm));

    split_at_notches(path, w->rows(kNotchMm), kNotchDeg);

    std::vector<Stretch> stretches;
    for (int begin = 0; begin < w->width();) {
        int end = begin;
        while (end < w->width() && path[static_cast<std::size_t>(end)] >= 0)
            ++end;
        if (end - begin > 2) {
            Stretch s = measured(*w, evidence, prior, options, path, begin, end);
            if (s.confidence >= prior.least_confidence) stretches.push_back(std::move(s));
        }
        begin = std::max(end, begin) + 1;
    }
    name_bones(stretches, w->width(), view);
    add_flanks(*w, grey, evidence, prior, stretches);

    std::vector<BoneSurface> bones;
    for (const auto& s : stretches) {
        BoneSurface bone{s.kind, {}, s.confidence};
        const auto rows = smooth(s.rows, 0.6 / w->grid_mm);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const double column = s.begin + static_cast<double>(i);
            bone.points.push_back({box.x0 + (column + 0.5) * w->px_per_column - 0.5,
                                   box.y0 + (std::max(0.0, rows[i]) + 0.5) * w->px_per_row - 0.5});
        }
        bones.push_back(std::move(bone));
    }
    return bones;
}

}  // namespace guide::segment
