// SPDX-License-Identifier: Apache-2.0
#include "best_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace guide::plan {
namespace {

using std::numbers::pi, std::numbers::sqrt2;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kDegree = pi / 180;
constexpr int kFirstTargets = 12;
constexpr double kFirstSlideMm = 10;
constexpr double kGoodShare = 0.008;  // a bound less than this share above the best is not followed
constexpr double kLeastMm = 0.05, kLeastBrokenMm = 0.1;

}  // namespace

BestSearch::BestSearch(Scorer& scorer, const std::vector<EntryLine>& lines)
    : scorer_(scorer),
      ruler_(scorer.ruler()),
      preferences_(scorer.preferences()),
      lines_(lines),
      passage_(ruler_, preferences_.ample()),
      bounds_(ruler_, preferences_, lines),
      unit_(unit_length(ruler_.scene())),
      longest_(ruler_.approach().entry == EntryRule::frame_side ? kInfinity : ruler_.longest()) {}

std::vector<PathCell> BestSearch::first_cells() {
    std::vector<PathCell> cells;
    double area = 0;
    for (const auto& contour : ruler_.scene().joint)
        area += polygon_area(contour);
    for (const auto& contour : ruler_.scene().joint) {
        const auto [x_low, x_high] = std::ranges::minmax(contour, {}, &MmPoint::x);
        const auto [y_low, y_high] = std::ranges::minmax(contour, {}, &MmPoint::y);
        const double wide = x_high.x - x_low.x, high = y_high.y - y_low.y;
        const double step = std::max(std::sqrt(area / kFirstTargets), std::max(wide, high) / 50);
        if (!(step > 0)) continue;
        const int nx = std::max(1, static_cast<int>(std::ceil(wide / step)));
        const int ny = std::max(1, static_cast<int>(std::ceil(high / step)));
        for (int k = 0; k < nx * ny; ++k) {
            PathCell cell;
            cell.bound = kInfinity;
            cell.half = step / 2;
            cell.target = {(x_low.x + x_high.x) / 2 + (k % nx - (nx - 1) / 2.0) * step,
                           (y_low.y + y_high.y) / 2 + (k / nx - (ny - 1) / 2.0) * step};
            cell.at = ruler_.measure_target(cell.target);
            if (ruler_.target_hopeless(cell.at, false, cell.half * sqrt2)) continue;
            for (cell.line = 0; cell.line < lines_.size(); ++cell.line) {
                const EntryLine& line = lines_[cell.line];
                const double reach = line.high - line.low;
                const int n =
                    std::max(1, static_cast<int>(std::ceil(reach / (kFirstSlideMm * unit_))));
                cell.s_half = reach / (2 * n);
                for (int i = 0; i < n; ++i) {
                    cell.s = line.low + (2 * i + 1) * cell.s_half;
                    cell.edges = passage_.everything();
                    if (i == 0)
                        cell.promise = bounds_.promises().at(bounds_.path_of(cell), cell.at);
                    PathCell part = cell;
                    if (look(part)) cells.push_back(part);
                }
            }
        }
    }
    return cells;
}

bool BestSearch::look(PathCell& cell) {
    ++looked_;
    const FatRay ray = bounds_.ray_of(cell);
    const double reach = cell.half * sqrt2, end = ray.length() - reach;
    const Approach& approach = ruler_.approach();
    const CellBounds::Angles a = bounds_.angles(cell, ray);
    if (a.least > approach.angle_limit_deg + 1e-6 || a.most < approach.angle_least_deg - 1e-6)
        return false;
    if (bounds_.length(cell, ray) > longest_) return false;
    const Passage::Reach met = passage_.meet(ray, ray.length() + reach, cell.edges);
    cell.edges = met.edges;
    if (end <= met.block) {
        cell.clearance = passage_.clearance(ray, end);
        if (cell.clearance.most >= ruler_.bone_margin() - 1e-9) {
            cell.bound = std::min(cell.bound, bounds_.rough(cell, ray));
            if (cell.bound > best_ * (1 + kGoodShare)) return true;
        }
    }
    passage_.forget(met);
    return false;
}

void BestSearch::probe(PathCell& cell, std::vector<Found>& found) {
    cell.probed = true;
    const Path path = bounds_.path_of(cell);
    const FatRay ray = bounds_.ray_of(cell);
    const TipCovariance covariance = bounds_.promises().covariance(path, cell.at);
    const double near = 0.01 * bounds_.promises().sigma() * bounds_.promises().sigma();
    if (!(cell.promise.at == cell.target) || difference(covariance, cell.promise.covariance) > near)
        cell.promise = bounds_.promises().at(path, cell.at);
    cell.bound = std::min(cell.bound, bounds_.rough(cell, ray));
    cell.bound = std::min(cell.bound, bounds_.close(cell, ray));
    if (cell.bound <= best_ || !ruler_.target_allowed(cell.at, false)) return;
    scorer_.ruler().measure(path, cell.at, scorer_.cutoff(), measures_);
    if (!ruler_.allowed(path, measures_)) return;
    cell.open = true;
    const double hoped =
        preferences_.score(measures_.angle_deg, measures_.length, preferences_.clearance(measures_),
                           cell.promise.certainty + 0.01);
    if (hoped <= best_) return;
    found.push_back(scorer_.score_of(path, measures_));
    best_ = std::max(best_, found.back().score);
}

bool BestSearch::smallest(const PathCell& cell) const {
    return cell.s_half + cell.half * sqrt2 < (cell.open ? kLeastMm : kLeastBrokenMm) * unit_;
}

void BestSearch::cut(const PathCell& cell, std::vector<PathCell>& parts) {
    parts.clear();
    const FatRay ray = bounds_.ray_of(cell);
    const double reach = cell.half * sqrt2, sigma = bounds_.promises().sigma();
    const double across = std::abs(cross(ray.way(), lines_[cell.line].direction)) * cell.s_half;
    double entry = across, target = reach;
    if (cell.open) {
        const double clear = kWeights.clearance / preferences_.ample();
        const double shorter = kWeights.shortness / preferences_.longest();
        const double other = 0.25 *
                             bounds_.promises().spread(ray.length(), cell.at.depth, ray.start(),
                                                       across / std::max(unit_, ray.length())) /
                             (sigma * sigma);
        entry = clear * across + shorter * ray.start() + kWeights.certainty * other +
                kWeights.ease * across / std::max(unit_, ray.length()) / (pi / 2);
        target =
            (kWeights.certainty * (length(cell.promise.slope) + 0.25 * reach / (sigma * sigma)) +
             clear) *
            reach;
    }
    const auto add = [&](PathCell part) {
        part.probed = part.open = false;
        if (look(part)) parts.push_back(part);
    };
    if (entry > target) {
        for (const double sign : {-0.5, 0.5}) {
            PathCell part = cell;
            part.s += sign * cell.s_half;
            part.s_half /= 2;
            add(part);
        }
        return;
    }
    for (const double dy : {-0.5, 0.5}) {
        for (const double dx : {-0.5, 0.5}) {
            PathCell part = cell;
            part.target = {cell.target.x + dx * cell.half, cell.target.y + dy * cell.half};
            part.half /= 2;
            part.at = ruler_.measure_target(part.target);
            if (!ruler_.target_hopeless(part.at, false, part.half * sqrt2)) add(part);
        }
    }
}

void BestSearch::run(std::vector<Found>& found, int most) {
    for (const Found& f : found)
        best_ = std::max(best_, f.score);
    // The cells stay where they are; what is sorted are their numbers.
    struct Open {
        double bound;
        std::uint32_t cell;
    };
    std::vector<PathCell> cells, parts = first_cells();
    std::vector<Open> heap;
    const auto push = [&](double bound, std::size_t cell) {
        heap.push_back({bound, static_cast<std::uint32_t>(cell)});
        std::ranges::push_heap(heap, {}, &Open::bound);
    };
    const auto add_parts = [&] {
        for (const PathCell& part : parts) {
            push(part.bound, cells.size());
            cells.push_back(part);
        }
    };
    add_parts();
    while (!heap.empty() && looked_ < most) {
        if (heap.front().bound <= best_ * (1 + kGoodShare)) break;
        std::ranges::pop_heap(heap, {}, &Open::bound);
        const std::uint32_t number = heap.back().cell;
        heap.pop_back();
        PathCell& cell = cells[number];
        if (!cell.probed) {
            probe(cell, found);
            if (!heap.empty() && cell.bound < heap.front().bound) {
                push(cell.bound, number);
                continue;
            }
        }
        if (smallest(cell)) continue;
        cut(cell, parts);
        add_parts();
    }
}

}  // namespace guide::plan
