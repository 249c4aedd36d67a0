// SPDX-License-Identifier: Apache-2.0
#include "polish.hpp"

#include "promise.hpp"

namespace guide::plan {
namespace {

constexpr double kFirstMm = 0.5, kLastMm = 0.02;
constexpr int kTurns = 8;  // of all moves with one step

}  // namespace

Found polished(Scorer& scorer, const std::vector<EntryLine>& lines, const Found& start) {
    const Ruler& ruler = scorer.ruler();
    const double unit = unit_length(ruler.scene());
    const EntryRule rule = ruler.approach().entry;
    std::size_t line = 0;
    while (line + 1 < lines.size() && lines[line].from_left != start.path.from_left)
        ++line;
    const EntryLine& l = lines[line];
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
    // What the certainty becomes is told well enough by its derivatives to see what is worse.
    constexpr double kUnsure = 0.004;
    const Promises promises(ruler, scorer.preferences());
    Promise promise = promises.at(best.path, ruler.measure_target(best.path.target));
    for (double step = kFirstMm; step > kLastMm; step /= 2) {
        bool better = true;
        for (int turn = 0; better && turn < kTurns; ++turn) {
            better = false;
            for (const Move& move : moves) {
                if (rule == EntryRule::along_beam && move.s != 0) continue;
                for (const double sign : {step * unit, -step * unit}) {
                    const double to = s + sign * move.s;
                    if (to < l.low || to > l.high) continue;
                    const MmPoint target = best.path.target + sign * move.target;
                    const double hoped = promises.near(promise, target) + kUnsure;
                    const auto f = scorer.score_above(
                        path_from(ruler, l, to, target, start.path.to_surest), best.score, hoped);
                    if (!f || !(f->score > best.score + 1e-9)) continue;
                    best = *f;
                    promise = promises.at(best.path, ruler.measure_target(best.path.target));
                    s = to;
                    better = true;
                    break;
                }
            }
        }
    }
    return best;
}

}  // namespace guide::plan
