// SPDX-License-Identifier: Apache-2.0
#include "femoral_cartilage.hpp"

#include "bone_evidence.hpp"
#include "bone_path.hpp"

#include <guide/filters/gaussian.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace guide::segment {
namespace {

constexpr double kGrid = 0.1;                      // mm
constexpr double kAlong = 0.7, kAcross = 0.15;     // mm: blur along the surface and across it
constexpr double kThinnest = 0.6, kThickest = 5;   // mm
constexpr double kUsual = 2.0, kSpread = 0.7;      // mm, and of its logarithm
constexpr double kBoneLine = 0.35;                 // mm: how far bone's echo reaches up
constexpr double kRim = 0.1, kAbove = 0.5;         // mm: what lies next to the border
constexpr float kFloor = 6;                        // grey levels
constexpr double kLeast = 0.12;                    // contrast
constexpr double kGap = 1.0;                       // mm of full contrast that a gap costs
constexpr double kNear = 0.4;                      // mm
constexpr double kBridge = 2.0, kShortest = 10.0;  // mm
constexpr std::size_t kSlope = 5;                  // columns to either side
constexpr double kFull = 0.4;                      // contrast of full confidence

/// Rows of the femur's surface in the columns of the working image; negative where there is none.
std::vector<double> femur_rows(const BoneWorkingImage& w, PixelBox box,
                               const std::vector<BoneSurface>& bones) {
    std::vector<double> rows(static_cast<std::size_t>(w.width()), -1);
    for (const BoneSurface& bone : bones) {
        if (bone.kind != BoneKind::femur) continue;
        for (std::size_t i = 1; i < bone.points.size(); ++i) {
            const PixelPoint &a = bone.points[i - 1], &b = bone.points[i];
            const auto column = [&](double x) {
                return (x - box.x0 + 0.5) / w.px_per_column - 0.5;
            };
            const double x0 = column(a.x), x1 = column(b.x);
            for (int x = std::max(0, static_cast<int>(std::ceil(x0)));
                 x <= std::min(w.width() - 1.0, x1); ++x) {
                const double t = x1 > x0 ? (x - x0) / (x1 - x0) : 0;
                const double y = a.y + t * (b.y - a.y);
                double& row = rows[static_cast<std::size_t>(x)];
                row = std::max(row, (y - box.y0 + 0.5) / w.px_per_row - 0.5);
            }
        }
    }
    // Two stretches of one surface: a line between their ends, where they are near.
    const int bridge = w.rows(kBridge);
    for (int x = 1, end = -1; x < w.width(); ++x) {
        const auto at = [&](int k) -> double& { return rows[static_cast<std::size_t>(k)]; };
        if (at(x) < 0) continue;
        if (end >= 0 && x - end > 1 && x - end <= bridge) {
            for (int k = end + 1; k < x; ++k)
                at(k) = at(end) + (at(x) - at(end)) * (k - end) / (x - end);
        }
        end = x;
    }
    return rows;
}

/// Contrast of a border so many cells above the surface (rows) in each column, 0..1.
Image<float> border_evidence(const BoneWorkingImage& w, const Image<float>& smooth,
                             const std::vector<double>& femur) {
    const int thickest = w.rows(kThickest), thinnest = w.rows(kThinnest);
    Image<float> evidence(w.width(), thickest + 1);
    std::vector<float> sum(static_cast<std::size_t>(w.height()) + 1);
    for (int x = 0; x < w.width(); ++x) {
        if (femur[static_cast<std::size_t>(x)] < 0) continue;
        const int bone = static_cast<int>(std::lround(femur[static_cast<std::size_t>(x)]));
        for (int y = 0; y < w.height(); ++y)
            sum[static_cast<std::size_t>(y) + 1] =
                sum[static_cast<std::size_t>(y)] + smooth.at(x, y);
        const auto mean = [&](int from, int to) {
            return (sum[static_cast<std::size_t>(to)] - sum[static_cast<std::size_t>(from)]) /
                   static_cast<float>(to - from);
        };
        const int floor = std::min(bone - w.rows(kBoneLine), w.height());
        for (int t = thinnest; t <= thickest; ++t) {
            const int border = bone - t, top = border - w.rows(kRim) - w.rows(kAbove),
                      band = border + w.rows(kRim);
            if (top < 0 || band >= floor) continue;
            const float above = mean(top, border - w.rows(kRim)), inside = mean(band, floor);
            const double usual = std::log(t * w.grid_mm / kUsual) / kSpread;
            evidence.at(x, t) = std::max(0.0F, (above - inside) / (above + inside + 2 * kFloor)) *
                                static_cast<float>(std::exp(-0.5 * usual * usual));
        }
    }
    return evidence;
}

/// The steepest fall of the grey next to a border `thickness` cells above the surface.
double steepest(const Image<float>& smooth, int x, double femur, int thickness, int reach) {
    const int middle = static_cast<int>(std::lround(femur)) - thickness;
    double moment = 0, weights = 0;
    for (int y = std::max(1, middle - reach); y <= std::min(smooth.height() - 2, middle + reach);
         ++y) {
        const double fall = std::max(0.0F, smooth.at(x, y - 1) - smooth.at(x, y + 1));
        moment += fall * fall * y;
        weights += fall * fall;
    }
    return weights > 0 ? femur - moment / weights : thickness;
}

std::vector<double> smoothed(const std::vector<double>& path, double sigma) {
    const int reach = static_cast<int>(std::ceil(3 * sigma));
    const int end = static_cast<int>(path.size());
    std::vector<double> result;
    for (int x = 0; x < end; ++x) {
        double sum = 0, weights = 0;
        for (int k = std::max(0, x - reach); k <= std::min(end - 1, x + reach); ++k) {
            const double weight = std::exp(-0.5 * (k - x) * (k - x) / (sigma * sigma));
            sum += weight * path[static_cast<std::size_t>(k)];
            weights += weight;
        }
        result.push_back(sum / weights);
    }
    return result;
}

}  // namespace

std::optional<Cartilage> find_femoral_cartilage(const Frame& frame, PixelBox box,
                                                const std::vector<BoneSurface>& bones,
                                                const Execution& execution) {
    UltrasoundBoneOptions options;
    options.grid_mm = kGrid;
    box = intersection(box, frame.grid().bounds());
    if (box.empty()) return std::nullopt;
    const auto w = bone_working_image(frame, box, options, execution);
    if (!w) return std::nullopt;
    const std::vector<double> femur = femur_rows(*w, box, bones);
    Image<float> smooth(w->width(), w->height());
    filters::gaussian_blur(w->grey.view(), smooth.view(),
                           {kAlong / w->grid_mm, kAcross / w->grid_mm}, execution);
    const Image<float> evidence = border_evidence(*w, smooth, femur);
    std::vector<int> path = best_bone_path(evidence, kLeast, kGap / w->grid_mm * kFull);
    cut_bridges(path, evidence, kLeast, w->rows(kBridge));
    for (std::size_t x = 0; x < path.size(); ++x)
        if (femur[x] < 0) path[x] = -1;
    // The longest stretch: cartilage is one layer.
    int begin = 0, end = 0;
    for (int x = 0; x < w->width();) {
        int stop = x;
        while (stop < w->width() && path[static_cast<std::size_t>(stop)] >= 0)
            ++stop;
        if (stop - x > end - begin) begin = x, end = stop;
        x = stop + 1;
    }
    if (end - begin < w->rows(kShortest)) return std::nullopt;

    Cartilage found;
    double contrast = 0;
    for (int x = begin; x < end; ++x)
        contrast +=
            static_cast<double>(evidence.at(x, path[static_cast<std::size_t>(x)])) / (end - begin);
    found.confidence = std::min(1.0, contrast / kFull);
    std::vector<double> borders;
    for (int x = begin; x < end; ++x) {
        const auto i = static_cast<std::size_t>(x);
        borders.push_back(steepest(smooth, x, femur[i], path[i], w->rows(kNear)));
    }
    const auto thickness = smoothed(borders, kAlong / w->grid_mm);
    const auto at = [&](int x, double row) {
        return PixelPoint{box.x0 + (x + 0.5) * w->px_per_column - 0.5,
                          box.y0 + (row + 0.5) * w->px_per_row - 0.5};
    };
    for (int x = begin; x < end; ++x) {
        const auto i = static_cast<std::size_t>(x);
        found.bone.push_back(at(x, femur[i]));
        found.surface.push_back(at(x, femur[i] - thickness[i - static_cast<std::size_t>(begin)]));
    }
    if (frame.spacing) {
        // Across the layer, not down the picture.
        found.thickness_mm.emplace();
        for (std::size_t i = 0; i < thickness.size(); ++i) {
            const auto lower = [&](std::size_t k) {
                return femur[static_cast<std::size_t>(begin) + k];
            };
            const std::size_t a = i > kSlope ? i - kSlope : 0,
                              b = std::min(thickness.size() - 1, i + kSlope);
            const double slope = (lower(b) - lower(a)) / static_cast<double>(b - a);
            found.thickness_mm->push_back(thickness[i] * w->grid_mm / std::hypot(1.0, slope));
        }
    }
    return found;
}

}  // namespace guide::segment
