// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/evaluate/surface_distance.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace guide::evaluate {
namespace {

std::vector<double> distances(const std::vector<MmPolyline>& from,
                              const std::vector<MmPolyline>& to, double step) {
    std::vector<double> result;
    for (const auto& line : from) {
        for (const MmPoint p : densify(line, step)) {
            double best = std::numeric_limits<double>::infinity();
            for (const auto& other : to)
                best = std::min(best, distance_to_polyline(p, other));
            result.push_back(best);
        }
    }
    std::ranges::sort(result);
    return result;
}

double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double v : values)
        sum += v;
    return sum / static_cast<double>(values.size());
}

/// Nearest-rank percentile of sorted values.
double percentile(const std::vector<double>& sorted, double share) {
    const double rank = std::ceil(share * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

double share_within(const std::vector<double>& sorted, double tolerance) {
    const auto end = std::ranges::upper_bound(sorted, tolerance);
    return static_cast<double>(end - sorted.begin()) / static_cast<double>(sorted.size());
}

}  // namespace

SurfaceDistance surface_distance(const std::vector<MmPolyline>& found,
                                 const std::vector<MmPolyline>& truth,
                                 const SurfaceOptions& options) {
    require(options.tolerance_mm > 0 && options.step_mm > 0, "surface_distance",
            "tolerance and step are positive");
    require(std::ranges::any_of(truth, [](const auto& line) { return line.size() > 1; }),
            "surface_distance", "the truth has a line");
    constexpr double kNone = std::numeric_limits<double>::infinity();
    const auto there = distances(truth, found, options.step_mm);
    const auto back = distances(found, truth, options.step_mm);
    if (back.empty()) return {kNone, kNone, kNone, kNone, 0, 0, 0};

    SurfaceDistance result;
    result.mean_mm = mean(there);
    result.back_mean_mm = mean(back);
    double squares = 0;
    for (const double d : there)
        squares += d * d;
    result.rms_mm = std::sqrt(squares / static_cast<double>(there.size()));
    result.hausdorff95_mm = std::max(percentile(there, 0.95), percentile(back, 0.95));
    result.recall = share_within(there, options.tolerance_mm);
    result.precision = share_within(back, options.tolerance_mm);
    const double sum = result.recall + result.precision;
    result.f1 = sum > 0 ? 2 * result.recall * result.precision / sum : 0;
    return result;
}

}  // namespace guide::evaluate
