// SPDX-License-Identifier: Apache-2.0
#include "search.hpp"

#include "best_search.hpp"
#include "polish.hpp"
#include "surest_search.hpp"
#include "way_finder.hpp"

#include <algorithm>

namespace guide::plan {
namespace {

// Cells that the search for the best path may look at: it ends by itself before in most scenes,
// and what it has found by then is the best path in nearly all.
constexpr int kMost = 1500, kMostInSlits = 15000;

}  // namespace

Search::Search(Ruler& ruler, const Preferences& preferences, Scorer& full)
    : scorer_(ruler, preferences), full_(full), lines_(entry_lines(ruler)) {}

void Search::run() {
    survey_ = make_survey(scorer_, lines_);
    look_closely();
}

void Search::run_from(const Found& known) {
    survey_ = make_survey(scorer_, lines_);
    survey_.found.push_back(known);
    look_closely();
}

void Search::look_closely() {
    const Approach& approach = scorer_.ruler().approach();
    const std::vector<Found>& ends = survey_.from_ends;
    survey_.found.insert(survey_.found.end(), ends.begin(), ends.end());
    if (approach.target == TargetRule::surest_first) {
        std::vector<Found> to_surest;
        find_to_surest(scorer_, lines_, to_surest);
        survey_.found.insert(survey_.found.end(), to_surest.begin(), to_surest.end());
        // There is a best path then; the others are alternatives.
        const auto surest = [](const Found& f) { return f.path.to_surest; };
        if (std::ranges::any_of(survey_.found, surest)) return;
    }
    climb_from_ends();
    const bool slits = survey_.found.size() < 2;
    // Along the beam a path is its target: there is no way to find.
    if (survey_.found.empty() && approach.entry != EntryRule::along_beam) {
        const auto any = WayFinder(scorer_.ruler(), full_, lines_).find();
        if (!any) return;
        const auto here = scorer_.score(any->path);
        if (!here) {
            slit_ = any;
            return;
        }
        survey_.found.push_back(*here);
    }
    BestSearch(scorer_, lines_).run(survey_.found, slits ? kMostInSlits : kMost);
}

void Search::climb_from_ends() {
    constexpr double kWithin = 0.1;  // of the score, that small steps may add
    double best = -1;
    for (const Found& f : survey_.found)
        best = std::max(best, f.score);
    for (const Found& f : survey_.from_ends) {
        if (f.score > best - kWithin) survey_.found.push_back(polished(f));
    }
}

std::optional<Found> Search::nearest(const Path& path) {
    std::optional<Found> result;
    double nearest = 0;
    const Ruler& ruler = scorer_.ruler();
    // A path to the surest point follows it, however far it went since.
    const bool surest = ruler.approach().target == TargetRule::surest_first;
    const MmPoint target = surest ? ruler.scene().surest : path.target;
    for (const EntryLine& l : lines_) {
        const double s = std::clamp(dot(path.entry - l.origin, l.direction), l.low, l.high);
        const Path moved = path_from(ruler, l, s, target, surest);
        const double away = distance(moved.entry, path.entry);
        if (result && away >= nearest) continue;
        if (const auto f = scorer_.score(moved)) result = f, nearest = away;
    }
    return result;
}

Found Search::polished(const Found& start) {
    return plan::polished(scorer_, lines_, start);
}

}  // namespace guide::plan
