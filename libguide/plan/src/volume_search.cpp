// SPDX-License-Identifier: Apache-2.0
#include "volume_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <queue>

namespace guide::plan {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kDirectionStep = 20 * kDegree;
constexpr double kGood = 0.003;  // a bound less than this above the best is not followed
// Paths measured before the search is given up: while nothing is known, to better what is, and when
// only existence is asked for.
constexpr int kMostBlind = 150000, kMostBetter = 400, kMostBetterOfFew = 1000, kMostAny = 40000;
constexpr std::size_t kFew = 400;
constexpr double kNearness = 0.3;  // of the score, that a cell whose middle is not allowed loses
constexpr int kClimbs = 12;
constexpr double kFirstStepMm = 1, kRoughStepMm = 0.25, kLastStepMm = 0.01;
constexpr double kCoarse = 0.05, kCoarsest = 0.15;  // of a cell's reach; mm
constexpr double kLeastReachMm = 0.1;
constexpr double kWorthAStep = 1e-9;
constexpr double kWorthLost = 0.02;  // of the score, for each millimetre of broken limits
// Two paths are the same advice when both ends lie so close to one another.
constexpr double kSameTargetMm = 5, kSameEntryMm = 10;

}  // namespace

VolumeSearch::VolumeSearch(const VolumeRuler& ruler, const VolumePreferences& preferences)
    : ruler_(ruler), preferences_(preferences), tips_(ruler, preferences) {}

VolumeReach VolumeSearch::reach_of(const Cell& cell) const {
    // Turns lie closest where the angle is steep; the flattest angle bounds them all.
    const double flattest = std::max(0.0, cell.angle - cell.angle_half);
    return {tips_[cell.tip].reach,
            std::hypot(cell.angle_half, std::cos(flattest) * cell.turn_half)};
}

void VolumeSearch::first_cells() {
    const DirectionWindow& window = ruler_.window();
    const double span = window.angle_high - window.angle_low;
    const int angles = std::max(1, static_cast<int>(std::ceil(span / kDirectionStep - 1e-9)));
    for (std::size_t tip = 0; tip < tips_.roots(); ++tip) {
        for (int a = 0; a < angles; ++a) {
            Cell cell;
            cell.tip = tip;
            cell.angle_half = span / (2 * angles);
            cell.angle = window.angle_low + (2 * a + 1) * cell.angle_half;
            const double around = 2 * window.turn_half * std::cos(cell.angle);
            const int turns =
                std::max(1, static_cast<int>(std::ceil(around / kDirectionStep - 1e-9)));
            cell.turn_half = window.turn_half / turns;
            for (int t = 0; t < turns; ++t) {
                cell.turn = -window.turn_half + (2 * t + 1) * cell.turn_half;
                look(cell, Effort::all);
            }
        }
    }
}

void VolumeSearch::take_measures(const VolumePath& path, VolumeFound& found) const {
    found.path = path;
    found.angle = scratch_.angle;
    found.length = scratch_.trace.length;
    found.clearance = preferences_.clearance(scratch_);
    found.certainty = preferences_.certainty(path, scratch_);
    found.score = preferences_.score(scratch_, found.certainty);
}

void VolumeSearch::look(Cell cell, Effort effort) {
    const VolumeReach reach = reach_of(cell);
    const TipTree::Node& tip = tips_[cell.tip];
    const VolumePath path{tip.tip, ruler_.window().outwards(cell.angle, cell.turn)};
    scratch_.wall = tip.wall;
    scratch_.depth = tip.depth;
    // What stands for many paths need not be known to the last hundredth, unless it is allowed.
    const double fine = VolumeRuler::kUnseen, coarse = std::max(fine, kCoarse * reach.at_target);
    ruler_.measure_way(path, reach, scratch_, effort, std::min(coarse, kCoarsest));
    ++measured_;
    if (effort == Effort::until_hopeless && scratch_.hopeless) return;
    cell.allowed = ruler_.allowed(scratch_);
    if (cell.allowed && coarse > fine) {
        ruler_.measure_gaps(path, reach, scratch_, effort, fine);
        cell.allowed = ruler_.allowed(scratch_);
    }
    double worst = 0;
    cell.worth = preferences_.score(scratch_, tip.ready);
    if (cell.allowed) {
        take_measures(path, found_.emplace_back());
        best_ = std::max(best_, found_.back().score);
    } else {
        for (const VolumeBreach& b : ruler_.breaches(scratch_)) {
            const double mm = in_mm(b);
            worst = std::max(worst, mm);
            cell.worth -= kWorthLost * mm;
            if (effort != Effort::all) continue;
            VolumeCost& cost = costs_[code_of(b, ruler_.data())];
            if (cost.count++ == 0 || b.amount < cost.closest) cost.closest = b.amount;
            cost.example = b;
        }
    }
    if (effort == Effort::all) {
        ++tried_;
        if (cell.allowed) ++allowed_;
        if (!cell.allowed && scratch_.hopeless) return;
    }
    cell.length = scratch_.trace.length;
    cell.bound = preferences_.score_bound(scratch_, tip.ready, reach);
    cell.key = -worst / std::max(1e-6, reach.at(cell.length));
    cells_.push_back(cell);
}

void VolumeSearch::cut(std::size_t index) {
    cells_[index].cut = true;
    const Cell cell = cells_[index];
    const VolumeReach reach = reach_of(cell);
    if (reach.at(cell.length) < kLeastReachMm) return;
    Cell part = cell;
    part.cut = false;
    // What moves the path most is cut.
    if (reach.at_target >= reach.spread * cell.length) {
        const auto [first, last] = tips_.parts_of(cell.tip);
        for (part.tip = first; part.tip < last; ++part.tip)
            look(part, Effort::until_hopeless);
        return;
    }
    const double turn_reach =
        cell.turn_half * std::cos(std::max(0.0, cell.angle - cell.angle_half));
    const bool cut_angle = cell.angle_half >= 0.5 * turn_reach;
    const bool cut_turn = turn_reach >= 0.5 * cell.angle_half;
    if (cut_angle) part.angle_half /= 2;
    if (cut_turn) part.turn_half /= 2;
    for (const int a : {-1, 1}) {
        for (const int t : {-1, 1}) {
            if ((!cut_angle && a > 0) || (!cut_turn && t > 0)) continue;
            part.angle = cell.angle + (cut_angle ? a * part.angle_half : 0);
            part.turn = cell.turn + (cut_turn ? t * part.turn_half : 0);
            look(part, Effort::until_hopeless);
        }
    }
}

bool VolumeSearch::blind(int most) {
    // In turns the cell that is least broken for its size, and the oldest, which is among the
    // largest: the first finds quickly, the second sees everything.
    std::priority_queue<std::pair<double, std::size_t>> promising;
    std::size_t oldest = 0, queued = 0;
    for (int turn = 0; found_.empty() && measured_ < most; ++turn) {
        for (; queued < cells_.size(); ++queued)
            promising.emplace(cells_[queued].key, queued);
        while (oldest < cells_.size() && cells_[oldest].cut)
            ++oldest;
        while (!promising.empty() && cells_[promising.top().second].cut)
            promising.pop();
        if (oldest == cells_.size()) return false;
        cut(turn % 2 == 0 ? promising.top().second : oldest);
    }
    return !found_.empty();
}

void VolumeSearch::better() {
    // In turns the cell that could hold the best path, and the one that could and is also nearly
    // allowed: bounds alone lead through large cells that hold none.
    using Queue = std::priority_queue<std::pair<double, std::size_t>>;
    std::array<Queue, 2> promising;
    const int begun = measured_;
    std::size_t queued = 0;
    for (std::size_t turn = 0;; turn = 1 - turn) {
        // Where little is allowed the way to the best is longer.
        const bool few = found_.size() < kFew;
        if (measured_ - begun >= (few ? kMostBetterOfFew : kMostBetter)) return;
        for (; queued < cells_.size(); ++queued) {
            const Cell& cell = cells_[queued];
            if (cell.cut) continue;
            promising[0].emplace(cell.bound, queued);
            promising[1].emplace(cell.bound + kNearness * std::max(-1.0, cell.key), queued);
        }
        for (Queue& queue : promising) {
            while (!queue.empty() && cells_[queue.top().second].cut)
                queue.pop();
        }
        if (promising[0].empty() || promising[0].top().first <= best_ + kGood) return;
        const std::size_t next = promising[turn].top().second;
        if (cells_[next].bound <= best_ + kGood) {
            cells_[next].cut = true;
        } else {
            cut(next);
        }
    }
}

void VolumeSearch::run() {
    first_cells();
    climb_from_cells();
    if (blind(kMostBlind)) better();
}

bool VolumeSearch::any() {
    first_cells();
    return blind(measured_ + kMostAny);
}

bool VolumeSearch::alike(const VolumePath& a, double a_length, const VolumePath& b,
                         double b_length) {
    return (a.target - b.target).norm() < kSameTargetMm &&
           (a.at(a_length) - b.at(b_length)).norm() < kSameEntryMm;
}

double VolumeSearch::in_mm(const VolumeBreach& b) const {
    return unit_of(b) == "deg" ? b.amount * kDegree * scratch_.trace.length : b.amount;
}

double VolumeSearch::broken_mm() const {
    double sum = 0;
    for (const VolumeBreach& b : ruler_.breaches(scratch_))
        sum += in_mm(b);
    return sum;
}

VolumeSearch::Climber VolumeSearch::climber_at(const VolumePath& path) {
    ruler_.measure(path, {}, scratch_);
    ++measured_;
    Climber c;
    if (!ruler_.allowed(scratch_)) c.broken = std::max(1e-3, broken_mm());
    take_measures(path, c.at);
    return c;
}

bool VolumeSearch::step_to(const VolumePath& path, Climber& best) {
    ruler_.measure_line(path, scratch_);
    if (best.broken == 0) {
        // Most steps are worse whatever lies beside the way.
        if (!ruler_.allowed(scratch_)) return false;
        const double hoped = preferences_.score(scratch_, preferences_.certainty(path, scratch_));
        if (hoped <= best.at.score + kWorthAStep) return false;
    }
    ruler_.measure_gaps(path, {}, scratch_, Effort::all, VolumeRuler::kUnseen);
    ++measured_;
    Climber next;
    if (!ruler_.allowed(scratch_)) next.broken = std::max(1e-3, broken_mm());
    if (best.broken == 0 && next.broken > 0) return false;
    take_measures(path, next.at);
    if (!next.better_than(best)) return false;
    best = next;
    return true;
}

void VolumeSearch::climb(Climber& best, double first, double last) {
    const DirectionWindow& window = ruler_.window();
    for (double step = first; step >= last; step /= 2) {
        bool better = true;
        for (int turn = 0; better && turn < 6; ++turn) {
            better = false;
            const double angle = window.angle_of(best.at.path.out);
            // The tip, the direction about the tip, and the direction about the entry.
            for (int move = 0; move < 9; ++move) {
                for (const double sign : {step, -step}) {
                    VolumePath path = best.at.path;
                    const Eigen::Vector3d up =
                        (window.face - std::sin(angle) * path.out).stableNormalized();
                    const Eigen::Vector3d side = up.cross(path.out);
                    const auto turned = [&](const Eigen::Vector3d& by) {
                        path.out =
                            (path.out + sign / std::max(1.0, best.at.length) * by).normalized();
                    };
                    switch (move) {
                        case 0:
                        case 1:
                        case 2:
                            path.target[move] += sign;
                            break;
                        case 3:
                            turned(up);
                            break;
                        case 4:
                            turned(side);
                            break;
                        case 5:
                            path.target += sign * path.out;
                            break;
                        case 6:
                            path.target -= sign * up;
                            turned(up);
                            break;
                        case 7:
                            path.target -= sign * side;
                            turned(side);
                            break;
                        default:
                            path.target += sign * window.face;
                            turned(up);
                    }
                    better = step_to(path, best) || better;
                }
            }
        }
    }
}

void VolumeSearch::climb_from_cells() {
    std::vector<std::size_t> order(cells_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](std::size_t i) { return cells_[i].worth; });
    struct Start {
        VolumePath path;
        double length;
    };
    std::vector<Start> starts;
    for (const std::size_t i : order) {
        const Cell& cell = cells_[i];
        const Start start{{tips_[cell.tip].tip, ruler_.window().outwards(cell.angle, cell.turn)},
                          cell.length};
        if (std::ranges::any_of(starts, [&](const Start& other) {
                return alike(start.path, start.length, other.path, other.length);
            })) {
            continue;
        }
        starts.push_back(start);
        if (starts.size() == kClimbs) break;
    }
    for (const Start& start : starts) {
        Climber c = climber_at(start.path);
        climb(c, kFirstStepMm, kRoughStepMm);
        if (c.broken > 0) continue;
        found_.push_back(c.at);
        best_ = std::max(best_, c.at.score);
    }
}

std::optional<VolumeFound> VolumeSearch::climbed(const VolumePath& start) {
    Climber c = climber_at(start);
    climb(c, kFirstStepMm, kLastStepMm);
    if (c.broken > 0) return {};
    return c.at;
}

VolumeFound VolumeSearch::polished(const VolumeFound& start) {
    Climber c{start};
    climb(c, kFirstStepMm, kLastStepMm);
    return c.at;
}

}  // namespace guide::plan
