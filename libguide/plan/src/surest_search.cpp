// SPDX-License-Identifier: Apache-2.0
#include "surest_search.hpp"

#include "promise.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kFirstMm = 2.5;
constexpr double kLeastMm = 0.05, kLeastBrokenMm = 0.1;
constexpr double kGoodShare = 0.002;  // a bound less than this share above the best is not followed

/// Entries within `half` of s.
struct EntryRange {
    double bound;
    const EntryLine* line;
    double s, half;
    bool allowed;
};

class SurestSearch {
  public:
    SurestSearch(Scorer& scorer, std::vector<Found>& found)
        : scorer_(scorer),
          ruler_(scorer.ruler()),
          promises_(scorer.ruler(), scorer.preferences()),
          target_(ruler_.scene().surest),
          at_(ruler_.measure_target(target_)),
          unit_(unit_length(ruler_.scene())),
          found_(found) {}

    void run(const std::vector<EntryLine>& lines) {
        if (!ruler_.target_allowed(at_, true)) return;
        for (const EntryLine& line : lines) {
            const double wide = line.high - line.low;
            const int n = std::max(1, static_cast<int>(std::ceil(wide / (kFirstMm * unit_))));
            for (int i = 0; i < n; ++i)
                look(line, line.low + (2 * i + 1) * wide / (2 * n), wide / (2 * n));
            // A way that is narrower than the least range may open at an end.
            for (const double end : {line.low, line.high})
                look(line, end, 0);
        }
        while (!open_.empty()) {
            std::ranges::pop_heap(open_, {}, &EntryRange::bound);
            const EntryRange top = open_.back();
            open_.pop_back();
            if (top.bound <= best_ * (1 + kGoodShare)) break;
            if (top.half < (top.allowed ? kLeastMm : kLeastBrokenMm) * unit_) continue;
            for (const double sign : {-0.5, 0.5})
                look(*top.line, top.s + sign * top.half, top.half / 2);
        }
    }

  private:
    void look(const EntryLine& line, double s, double half) {
        const Path path = path_from(ruler_, line, s, target_, true);
        // Out of plane an entry's height above the plane changes with nothing but the target.
        ruler_.measure(path, at_, scorer_.cutoff() + half, m_);
        const bool allowed = ruler_.allowed(path, m_);
        if (!allowed && ruler_.hopeless(path, m_, half, 0)) return;
        const Preferences& preferences = scorer_.preferences();
        const double turn = half < m_.length ? std::asin(half / m_.length) : std::numbers::pi / 2;
        const double degrees = turn / kDegree;
        const bool steep_is_better = ruler_.approach().entry == EntryRule::across_plane;
        const double angle = steep_is_better ? std::min(90.0, m_.angle_deg + degrees)
                                             : std::max(0.0, m_.angle_deg - degrees);
        Promise promise{target_, preferences.certainty(path, at_), {0, 0}, {}, {}};
        const double certainty =
            promises_.most(promise, target_, 0, promises_.spread(m_.length, 0, half, turn));
        if (allowed) {
            found_.push_back(scorer_.score_of(path, m_));
            best_ = std::max(best_, found_.back().score);
        }
        const double bound = preferences.score(angle, std::max(0.0, m_.length - half),
                                               preferences.clearance(m_) + half, certainty);
        if (bound <= best_) return;
        open_.push_back({bound, &line, s, half, allowed});
        std::ranges::push_heap(open_, {}, &EntryRange::bound);
    }

    Scorer& scorer_;
    Ruler& ruler_;
    Promises promises_;
    MmPoint target_;
    TargetMeasures at_;
    double unit_, best_ = -1;
    std::vector<Found>& found_;
    std::vector<EntryRange> open_;
    Measures m_;
};

}  // namespace

void find_to_surest(Scorer& scorer, const std::vector<EntryLine>& lines,
                    std::vector<Found>& found) {
    SurestSearch(scorer, found).run(lines);
}

}  // namespace guide::plan
