// SPDX-License-Identifier: Apache-2.0
#include "selection.hpp"

#include <algorithm>
#include <cmath>

namespace guide::plan {
namespace {

// Two candidates are the same advice when they enter on one side with near targets and angles.
constexpr double kSameTargetMm = 2, kSameAngleDeg = 5;

/// The surest target's paths stand before all others: its certainty is the segmentation's, which
/// knows more than the outline.
double order_of(const Found& f) {
    return f.score + (f.path.to_surest ? 1 : 0);
}

bool better(const Found& a, const Found& b) {
    return order_of(a) > order_of(b);
}

/// The best of each side, led to the top of its hill.
std::vector<Found> tops(Search& search) {
    std::vector<Found> best;
    for (const Found& f : search.found()) {
        const auto known = std::ranges::find_if(best, [&](const Found& b) {
            return b.path.from_left == f.path.from_left && b.path.to_surest == f.path.to_surest;
        });
        if (known == best.end()) {
            best.push_back(f);
        } else if (better(f, *known)) {
            *known = f;
        }
    }
    for (Found& f : best)
        f = search.polished(f);
    return best;
}

}  // namespace

void renew_ends(Selection& selection, const Found& f) {
    // Each is best in one respect, and among equals the better path.
    const auto renew = [&](std::optional<Found>& end, auto worth) {
        if (!end || std::pair{worth(f), order_of(f)} > std::pair{worth(*end), order_of(*end)})
            end = f;
    };
    renew(selection.safest, [](const Found& g) { return g.clearance; });
    renew(selection.shortest, [](const Found& g) { return -g.length; });
    renew(selection.most_visible, [](const Found& g) { return -g.angle_deg; });
}

Selection select(Search& search, const PlanOptions& options, double unit,
                 const std::optional<Found>& previous) {
    Selection result;
    if (search.found().empty() && !previous) return result;
    std::vector<Found> all = tops(search);
    all.insert(all.end(), search.found().begin(), search.found().end());
    std::ranges::stable_sort(all, better);
    if (previous) {
        const Found top = search.polished(*previous);
        if (all.empty() || order_of(top) >= order_of(all.front()) - options.keep_bonus)
            all.insert(all.begin(), top);
    }
    // Some more than asked for: the full outlines may still rule one out.
    const std::size_t most = static_cast<std::size_t>(options.candidate_limit) + 20;
    for (const Found& f : all) {
        if (result.ranked.size() == most) break;
        const bool known = std::ranges::any_of(result.ranked, [&](const Found& other) {
            return other.path.from_left == f.path.from_left &&
                   distance(other.path.target, f.path.target) < kSameTargetMm * unit &&
                   std::abs(other.angle_deg - f.angle_deg) < kSameAngleDeg;
        });
        if (!known) result.ranked.push_back(f);
    }
    for (const Found& f : all)
        renew_ends(result, f);
    return result;
}

}  // namespace guide::plan
