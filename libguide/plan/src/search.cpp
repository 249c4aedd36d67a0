// SPDX-License-Identifier: Apache-2.0
#include "search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

constexpr int kTargets = 40;
constexpr double kEntryStepMm = 2.5;
constexpr double kGood = 0.003;  // a bound less than this above the best is not followed
// Paths measured before the search is given up: while nothing is known, and to better what is.
constexpr int kMostBlind = 60000, kMostBetter = 2500;
constexpr int kScoredFromGrid = 80;

/// A gap's breach on thinned lines is larger by what the lines may be off.
double without_slack(const Breach& b, double slack) {
    switch (b.limit) {
        case Limit::steep:
        case Limit::flat:
        case Limit::needle_length:
        case Limit::tip_depth:
        case Limit::notch:
            return b.amount;
        case Limit::bone_clearance:
        case Limit::bone_crossed:
        case Limit::behind_bone:
        case Limit::wall_margin:
        case Limit::not_seen:
        case Limit::obstacle:
            break;
    }
    return std::max(0.0, b.amount - slack);
}

}  // namespace

Search::Search(Ruler& ruler, const Preferences& preferences)
    : ruler_(ruler), preferences_(preferences) {
    const Scene& scene = ruler.scene();
    // Without millimetres the face itself is the measure; a linear probe's is about 50 mm.
    unit_ = scene.calibrated ? 1 : length(scene.right - scene.left) / 50;
    make_lines();
}

void Search::make_lines() {
    const Scene& scene = ruler_.scene();
    const PlanOptions& options = ruler_.options();
    const Approach& approach = ruler_.approach();
    const MmVector face = scene.right - scene.left;
    const double width = length(face);
    const MmVector along = (1 / width) * face;
    switch (approach.entry) {
        case EntryRule::beside_probe:
            lines_.push_back({scene.left, -1.0 * along, options.probe_gap_mm * unit_,
                              options.entry_reach_mm * unit_, true});
            lines_.push_back({scene.right, along, options.probe_gap_mm * unit_,
                              options.entry_reach_mm * unit_, false});
            break;
        case EntryRule::across_plane:
            lines_.push_back({scene.left, along, 0, width, true});
            return;
        case EntryRule::along_beam:
            lines_.push_back({scene.left, {0, 0}, 0, 0, true});
            return;
        case EntryRule::frame_side:
            for (const bool from_left : {true, false}) {
                const double x = from_left ? scene.left.x : scene.right.x;
                double low = 0, high = 0, reach = 0;
                bool first = true;
                for (const auto& contour : scene.joint) {
                    for (const MmPoint p : contour) {
                        low = first ? p.y : std::min(low, p.y);
                        high = first ? p.y : std::max(high, p.y);
                        reach = std::max(reach, std::abs(p.x - x));
                        first = false;
                    }
                }
                const double most = std::min(80.0, approach.angle_limit_deg);
                const double rise = reach * std::tan(most * std::numbers::pi / 180);
                lines_.push_back({{x, 0}, {0, 1}, low - rise, high + rise, from_left});
            }
            break;
    }
    if (options.lateral_side != FrameSide::unknown && approach.side != EntrySide::any) {
        const bool lateral_left = options.lateral_side == FrameSide::left;
        const bool wanted_left = (approach.side == EntrySide::lateral) == lateral_left;
        std::erase_if(lines_, [&](const EntryLine& l) { return l.from_left != wanted_left; });
    }
}

std::vector<Search::Target> Search::make_targets() const {
    const Scene& scene = ruler_.scene();
    std::vector<Target> targets;
    const auto add = [&](MmPoint at, double half, bool surest) {
        Target t{at, half, surest, ruler_.measure_target(at), 0};
        if (ruler_.target_hopeless(t.measures, surest, half * std::numbers::sqrt2)) return;
        t.ready = preferences_.ready_certainty(at, t.measures);
        targets.push_back(t);
    };
    if (ruler_.approach().target == TargetRule::surest_first) add(scene.surest, 0, true);
    double area = 0;
    for (const auto& contour : scene.joint)
        area += polygon_area(contour);
    for (const auto& contour : scene.joint) {
        const auto [x_low, x_high] = std::ranges::minmax(contour, {}, &MmPoint::x);
        const auto [y_low, y_high] = std::ranges::minmax(contour, {}, &MmPoint::y);
        const double wide = x_high.x - x_low.x, high = y_high.y - y_low.y;
        const double step = std::max(std::sqrt(area / kTargets), std::max(wide, high) / 100);
        if (!(step > 0)) continue;
        // Centred in the contour's box, so that a mirrored contour has the mirrored grid.
        const int nx = std::max(1, static_cast<int>(std::ceil(wide / step)));
        const int ny = std::max(1, static_cast<int>(std::ceil(high / step)));
        for (int j = 0; j < ny; ++j) {
            for (int i = 0; i < nx; ++i) {
                add({(x_low.x + x_high.x) / 2 + (i - (nx - 1) / 2.0) * step,
                     (y_low.y + y_high.y) / 2 + (j - (ny - 1) / 2.0) * step},
                    step / 2, false);
            }
        }
    }
    return targets;
}

Path Search::path_of(std::size_t line, double s, const Target& target) const {
    const EntryLine& l = lines_[line];
    Path path{l.origin + s * l.direction, target.at, 0, l.from_left, target.surest};
    if (ruler_.approach().entry == EntryRule::along_beam) path.entry = target.at;
    if (ruler_.approach().entry == EntryRule::across_plane)
        path.off_plane = ruler_.off_plane_for(path.entry, path.target);
    return path;
}

double Search::entry_reach(const Cell& cell) const {
    const double target_reach = cell.target.half * std::numbers::sqrt2;
    switch (ruler_.approach().entry) {
        case EntryRule::along_beam:
            return target_reach;
        case EntryRule::across_plane: {
            const double preferred = std::max(1.0, ruler_.approach().angle_preferred_deg);
            return std::hypot(cell.s_half,
                              target_reach / std::tan(preferred * std::numbers::pi / 180));
        }
        case EntryRule::beside_probe:
        case EntryRule::frame_side:
            break;
    }
    return cell.s_half;
}

std::optional<Search::Cell> Search::look(std::size_t line, double s, double s_half,
                                         const Target& target, bool count) {
    Cell cell{0, 0, target, line, s, s_half, false, {}};
    cell.seen.path = path_of(line, s, target);
    const double cutoff = std::max(preferences_.ample() + ruler_.bone_margin() + 5 * unit_,
                                   entry_reach(cell) + 12 * unit_);
    ruler_.measure(cell.seen.path, target.measures, cutoff, scratch_);
    ++measured_;
    const auto breaches = ruler_.breaches(cell.seen.path, scratch_);
    cell.allowed = breaches.empty();
    if (count) {
        ++tried_;
        if (cell.allowed) ++allowed_;
        for (const Breach& b : breaches) {
            Cost& cost = costs_[code_of(b, ruler_.scene())];
            const double amount = without_slack(b, ruler_.slack());
            if (cost.count++ == 0 || amount < cost.closest) cost.closest = amount;
            cost.example = b;
        }
    }
    const double reach_e = entry_reach(cell), reach_t = target.half * std::numbers::sqrt2;
    if (!cell.allowed && ruler_.hopeless(cell.seen.path, scratch_, reach_e, reach_t)) return {};
    cell.bound = preferences_.score_bound(scratch_, target.ready, reach_e, reach_t);
    cell.seen.angle_deg = scratch_.angle_deg;
    cell.seen.length = scratch_.length;
    cell.seen.clearance = preferences_.clearance(scratch_);
    double worst = 0;
    for (const Breach& b : breaches) {
        const bool angle = b.limit == Limit::steep || b.limit == Limit::flat;
        worst = std::max(worst, angle ? b.amount * scratch_.length / 57 : b.amount);
    }
    cell.key = -worst / std::max(1e-6, reach_e + reach_t);
    return cell;
}

void Search::keep(const Cell& cell) {
    Found f = cell.seen;
    f.certainty = preferences_.certainty(f.path, cell.target.measures);
    f.score = preferences_.score(f.angle_deg, f.length, f.clearance, f.certainty);
    best_ = std::max(best_, f.score);
    found_.push_back(f);
}

bool Search::smallest(const Cell& cell) const {
    const double both = entry_reach(cell) + cell.target.half * std::numbers::sqrt2;
    return both < 0.1 * unit_ || (both < 0.3 * unit_ && both < 0.006 * cell.seen.length);
}

void Search::cut(const Cell& cell, std::vector<Cell>& parts) {
    parts.clear();
    const double half = cell.target.half;
    // The longer side is cut: what is left stays about as wide as it is long.
    const bool cut_target = half * std::numbers::sqrt2 >= 0.5 * cell.s_half && half > 0;
    const bool cut_entry = cell.s_half >= 0.5 * half && cell.s_half > 0;
    std::array<Target, 4> targets{cell.target};
    std::size_t count = 1;
    if (cut_target) {
        count = 0;
        for (const double dy : {-0.5, 0.5}) {
            for (const double dx : {-0.5, 0.5}) {
                Target t = cell.target;
                t.at = {cell.target.at.x + dx * half, cell.target.at.y + dy * half};
                t.half = half / 2;
                t.measures = ruler_.measure_target(t.at);
                if (ruler_.target_hopeless(t.measures, t.surest, t.half * std::numbers::sqrt2))
                    continue;
                t.ready = preferences_.ready_certainty(t.at, t.measures);
                targets[count++] = t;
            }
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (!cut_entry) {
            if (auto part = look(cell.line, cell.s, cell.s_half, targets[i], false))
                parts.push_back(*part);
            continue;
        }
        for (const double ds : {-0.5, 0.5}) {
            if (auto part =
                    look(cell.line, cell.s + ds * cell.s_half, cell.s_half / 2, targets[i], false))
                parts.push_back(*part);
        }
    }
}

void Search::refine(std::vector<Cell> cells) {
    const auto by_key = [](const Cell& a, const Cell& b) { return a.key < b.key; };
    std::vector<Cell> parts;
    const auto next = [&] {
        std::ranges::pop_heap(cells, by_key);
        Cell cell = std::move(cells.back());
        cells.pop_back();
        return cell;
    };
    const auto push = [&] {
        for (Cell& part : parts) {
            cells.push_back(std::move(part));
            std::ranges::push_heap(cells, by_key);
        }
    };
    // Nothing known yet: the least broken cells first.
    if (std::ranges::none_of(cells, &Cell::allowed)) {
        std::ranges::make_heap(cells, by_key);
        bool met = false;
        while (!cells.empty() && !met && measured_ < kMostBlind) {
            const Cell cell = next();
            if (smallest(cell)) continue;
            cut(cell, parts);
            met = std::ranges::any_of(parts, &Cell::allowed);
            push();
        }
        if (!met) return;
    }
    // Then the cells that promise most.
    for (Cell& cell : cells)
        cell.key = cell.bound;
    std::ranges::make_heap(cells, by_key);
    const int enough = measured_ + kMostBetter;
    double best = -1;
    while (!cells.empty()) {
        if (best >= 0 && (cells.front().bound <= best + kGood || measured_ > enough)) break;
        const Cell cell = next();
        if (cell.allowed) {
            keep(cell);
            best = std::max(best, found_.back().score);
        }
        if (smallest(cell)) continue;
        cut(cell, parts);
        for (Cell& part : parts)
            part.key = part.bound;
        push();
    }
    // Other ways than the best one are wanted as well.
    std::erase_if(cells, [](const Cell& cell) { return !cell.allowed; });
    std::ranges::stable_sort(cells, std::ranges::greater{}, &Cell::bound);
    if (cells.size() > kScoredFromGrid) cells.resize(kScoredFromGrid);
    for (const Cell& cell : cells)
        keep(cell);
}

void Search::run() {
    const auto targets = make_targets();
    std::vector<Cell> surest, others;
    for (const Target& target : targets) {
        const bool count = target.surest || ruler_.target_allowed(target.measures, target.surest);
        if (!count && target.measures.wall > 0) {
            const bool notch = target.measures.notch > 0;
            Cost& cost = costs_[notch ? "notch" : "wall-margin"];
            const double breach =
                notch ? target.measures.notch : ruler_.wall_needed() - target.measures.wall;
            if (cost.count++ == 0 || breach < cost.closest) cost.closest = breach;
            cost.example = {notch ? Limit::notch : Limit::wall_margin, breach, 0};
        }
        for (std::size_t line = 0; line < lines_.size(); ++line) {
            const EntryLine& l = lines_[line];
            const double step = ruler_.approach().entry == EntryRule::frame_side
                                    ? (l.high - l.low) / 40
                                    : kEntryStepMm * unit_;
            const int n = std::max(1, static_cast<int>(std::ceil((l.high - l.low) / step - 1e-9)));
            const double half = (l.high - l.low) / (2 * n);
            for (int i = 0; i < n; ++i) {
                if (auto cell = look(line, l.low + (2 * i + 1) * half, half, target, count))
                    (target.surest ? surest : others).push_back(std::move(*cell));
            }
        }
    }
    if (!surest.empty()) refine(std::move(surest));
    if (found_.empty()) {
        refine(std::move(others));
    } else {
        // There is a best path already; the others are alternatives.
        std::erase_if(others, [](const Cell& cell) { return !cell.allowed; });
        std::ranges::stable_sort(others, std::ranges::greater{}, &Cell::bound);
        if (others.size() > kScoredFromGrid) others.resize(kScoredFromGrid);
        for (const Cell& cell : others)
            keep(cell);
    }
}

std::optional<Found> Search::score(const Path& path) {
    const TargetMeasures t = ruler_.measure_target(path.target);
    if (!ruler_.target_allowed(t, path.to_surest)) return {};
    ruler_.measure(path, t, preferences_.ample() + ruler_.bone_margin() + 5 * unit_, scratch_);
    ++measured_;
    if (!ruler_.allowed(path, scratch_)) return {};
    Found f;
    f.path = path;
    f.angle_deg = scratch_.angle_deg;
    f.length = scratch_.length;
    f.clearance = preferences_.clearance(scratch_);
    f.certainty = preferences_.certainty(path, t);
    f.score = preferences_.score(f.angle_deg, f.length, f.clearance, f.certainty);
    return f;
}

std::optional<Found> Search::nearest(const Path& path) {
    std::optional<Found> result;
    double nearest = 0;
    for (std::size_t line = 0; line < lines_.size(); ++line) {
        const EntryLine& l = lines_[line];
        const double s = std::clamp(dot(path.entry - l.origin, l.direction), l.low, l.high);
        Target target;
        target.at = path.target;
        const Scene& scene = ruler_.scene();
        // A path to the surest point follows it, however far it went since.
        if (ruler_.approach().target == TargetRule::surest_first) {
            target.at = scene.surest;
            target.surest = true;
        }
        const Path moved = path_of(line, s, target);
        const double away = distance(moved.entry, path.entry);
        if (result && away >= nearest) continue;
        if (const auto f = score(moved)) result = f, nearest = away;
    }
    return result;
}

Found Search::polished(const Found& start) {
    const EntryRule rule = ruler_.approach().entry;
    std::size_t line = 0;
    while (line + 1 < lines_.size() && lines_[line].from_left != start.path.from_left)
        ++line;
    const EntryLine& l = lines_[line];
    double s = dot(start.path.entry - l.origin, l.direction);
    Found best = start;
    const MmVector way = start.path.target - start.path.entry;
    const double reach = length(way);
    const MmVector ahead = reach > 0 ? (1 / reach) * way : MmVector{1, 0};
    struct Move {
        double s;
        MmVector target;
    };
    std::vector<Move> moves{{1, {0, 0}}};
    if (!start.path.to_surest) {
        moves.insert(moves.end(), {{0, {1, 0}},
                                   {0, {0, 1}},
                                   {0, ahead},
                                   {1, l.direction},
                                   {0, {-ahead.y, ahead.x}},
                                   {-1, {0, 1}},
                                   {1, {0, 1}}});
    }
    for (double step = 1; step > 0.02; step /= 2) {
        bool better = true;
        for (int turn = 0; better && turn < 8; ++turn) {
            better = false;
            for (const Move& move : moves) {
                for (const double sign : {step * unit_, -step * unit_}) {
                    const double to = s + sign * move.s;
                    if (to < l.low || to > l.high) continue;
                    Target target;
                    target.at = best.path.target + sign * move.target;
                    target.surest = start.path.to_surest;
                    if (rule == EntryRule::along_beam && move.s != 0) continue;
                    const auto f = score(path_of(line, to, target));
                    if (f && f->score > best.score + 1e-9) {
                        best = *f;
                        s = to;
                        better = true;
                    }
                }
            }
        }
    }
    return best;
}

}  // namespace guide::plan
