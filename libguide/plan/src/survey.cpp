// SPDX-License-Identifier: Apache-2.0
#include "survey.hpp"

#include <algorithm>
#include <cmath>

namespace guide::plan {
namespace {

constexpr int kTargets = 40;
constexpr double kEntryStepMm = 2.5;
constexpr std::size_t kScored = 80;

struct Target {
    MmPoint at;
    bool surest = false;
    TargetMeasures measures;
};

/// A gap's breach on thinned lines is larger by what the lines may be off.
double without_slack(const Breach& b, double slack) {
    switch (b.limit) {
        case Limit::needle_thickness:
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

std::vector<Target> make_targets(const Ruler& ruler) {
    const Scene& scene = ruler.scene();
    std::vector<Target> targets;
    const auto add = [&](MmPoint at, bool surest) {
        const TargetMeasures t = ruler.measure_target(at);
        if (t.wall > 0) targets.push_back({at, surest, t});
    };
    if (ruler.approach().target == TargetRule::surest_first) add(scene.surest, true);
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
                    false);
            }
        }
    }
    return targets;
}

void add_cost(Survey& survey, const std::string& code, const Breach& breach, double amount) {
    Cost& cost = survey.costs[code];
    if (cost.count++ == 0 || amount < cost.closest) cost.closest = amount;
    cost.example = breach;
}

/// Why no tip may end there.
Breach breach_of(const Target& target, const Ruler& ruler) {
    const TargetMeasures& t = target.measures;
    if (t.notch > 0) return {Limit::notch, t.notch, 0};
    const double wall = ruler.wall_needed() - t.wall;
    if (wall > 0 && !target.surest) return {Limit::wall_margin, wall, 0};
    return {Limit::tip_depth, t.depth - ruler.approach().depth_limit_mm, 0};
}

/// An allowed path, as good as its target for a needle that errs in aim alone.
struct Allowed {
    Path path;
    std::size_t target;
    double score;
};

}  // namespace

Survey make_survey(Scorer& scorer, const std::vector<EntryLine>& lines) {
    Ruler& ruler = scorer.ruler();
    const Preferences& preferences = scorer.preferences();
    const double unit = unit_length(ruler.scene());
    Survey survey;
    Measures m;
    std::vector<Allowed> allowed;
    std::vector<std::optional<Allowed>> ends(2 * lines.size());
    const auto targets = make_targets(ruler);
    for (std::size_t k = 0; k < targets.size(); ++k) {
        const Target& target = targets[k];
        if (!ruler.target_allowed(target.measures, target.surest)) {
            const Breach breach = breach_of(target, ruler);
            add_cost(survey, code_of(breach, ruler.scene()), breach, breach.amount);
            continue;
        }
        double ready = -1;
        const auto allow = [&](const Path& path) {
            if (ready < 0) ready = preferences.ready_certainty(target.at, target.measures);
            return Allowed{
                path, k, preferences.score(m.angle_deg, m.length, preferences.clearance(m), ready)};
        };
        for (const EntryLine& l : lines) {
            for (const bool high : {false, true}) {
                const Path path =
                    path_from(ruler, l, high ? l.high : l.low, target.at, target.surest);
                ruler.measure(path, target.measures, scorer.cutoff(), m);
                if (!ruler.allowed(path, m)) continue;
                const Allowed a = allow(path);
                auto& end = ends[2 * static_cast<std::size_t>(&l - lines.data()) + (high ? 1 : 0)];
                if (!end || a.score > end->score) end = a;
            }
            const double step = ruler.approach().entry == EntryRule::frame_side
                                    ? (l.high - l.low) / 40
                                    : kEntryStepMm * unit;
            const int n = std::max(1, static_cast<int>(std::ceil((l.high - l.low) / step - 1e-9)));
            const double half = (l.high - l.low) / (2 * n);
            for (int i = 0; i < n; ++i) {
                const Path path =
                    path_from(ruler, l, l.low + (2 * i + 1) * half, target.at, target.surest);
                ruler.measure(path, target.measures, scorer.cutoff(), m);
                ++survey.tried;
                const auto breaches = ruler.breaches(path, m);
                for (const Breach& b : breaches) {
                    add_cost(survey, code_of(b, ruler.scene()), b, without_slack(b, ruler.slack()));
                }
                if (!breaches.empty()) continue;
                ++survey.allowed;
                allowed.push_back(allow(path));
            }
        }
    }
    std::ranges::stable_sort(allowed, std::ranges::greater{}, &Allowed::score);
    if (allowed.size() > kScored) allowed.resize(kScored);
    for (const Allowed& a : allowed) {
        if (const auto f = scorer.score(a.path, targets[a.target].measures))
            survey.found.push_back(*f);
    }
    for (const auto& end : ends) {
        if (!end) continue;
        if (const auto f = scorer.score(end->path, targets[end->target].measures))
            survey.from_ends.push_back(*f);
    }
    return survey;
}

}  // namespace guide::plan
