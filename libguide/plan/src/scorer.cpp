// SPDX-License-Identifier: Apache-2.0
#include "scorer.hpp"

#include <algorithm>

namespace guide::plan {

double Scorer::cutoff() const {
    double most = ruler_.bone_margin();
    for (std::size_t i = 0; i < ruler_.scene().obstacles.size(); ++i)
        most = std::max(most, ruler_.obstacle_margin(i));
    return preferences_.ample() + most;
}

std::optional<Found> Scorer::score(const Path& path) {
    return score(path, ruler_.measure_target(path.target));
}

std::optional<Found> Scorer::score(const Path& path, const TargetMeasures& at_target) {
    if (!ruler_.target_allowed(at_target, path.to_surest)) return {};
    ruler_.measure(path, at_target, cutoff(), measures_);
    if (!ruler_.allowed(path, measures_)) return {};
    return score_of(path, measures_);
}

std::optional<Found> Scorer::score_above(const Path& path, double least, double hoped) {
    const TargetMeasures t = ruler_.measure_target(path.target);
    if (!ruler_.target_allowed(t, path.to_surest)) return {};
    ruler_.measure(path, t, cutoff(), measures_);
    if (!ruler_.allowed(path, measures_)) return {};
    const double score =
        preferences_.score(measures_.angle_deg, measures_.length, preferences_.clearance(measures_),
                           std::min(1.0, hoped));
    if (score <= least) return {};
    return score_of(path, measures_);
}

Found Scorer::score_of(const Path& path, const Measures& m) const {
    Found f;
    f.path = path;
    f.angle_deg = m.angle_deg;
    f.length = m.length;
    f.clearance = preferences_.clearance(m);
    f.certainty = preferences_.certainty(path, m.at_target);
    f.score = preferences_.score(f.angle_deg, f.length, f.clearance, f.certainty);
    return f;
}

}  // namespace guide::plan
