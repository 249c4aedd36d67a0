// SPDX-License-Identifier: Apache-2.0
#include <guide/assess/score.hpp>

#include <algorithm>
#include <cmath>

namespace guide::assess {
namespace {

Expected<void> check(const std::vector<ScoreItem>& items) {
    double sum = 0;
    for (const ScoreItem& item : items) {
        const bool finite = std::isfinite(item.good) && std::isfinite(item.bad) &&
                            std::isfinite(item.weight) && std::isfinite(item.value.value_or(0));
        if (!finite || item.good == item.bad || item.weight < 0) {
            return no_answer("bad-item", item.code +
                                             " is not finite, has no range from bad to good, or a "
                                             "weight below 0.");
        }
        sum += item.weight;
    }
    if (!(sum > 0) || !std::isfinite(sum)) return no_answer("bad-item", "No item has a weight.");
    return {};
}

/// Written so that `good` gives 1 and `bad` gives 0 exactly.
double share_of(const ScoreItem& item) {
    if (!item.value) return 0;
    return std::clamp((*item.value - item.bad) / (item.good - item.bad), 0.0, 1.0);
}

bool reached(const ScoreItem& item) {
    if (!item.value) return false;
    return item.good > item.bad ? *item.value >= item.good : *item.value <= item.good;
}

}  // namespace

Expected<Score> score(const std::vector<ScoreItem>& items, double pass_points) {
    if (const auto good = check(items); !good) return tl::unexpected(good.error());
    double all = 0;
    for (const ScoreItem& item : items)
        all += item.weight;
    Score result;
    result.pass_points = pass_points;
    double earned = 0;
    for (const ScoreItem& item : items) {
        ScoredItem scored{item, share_of(item), 0, 0};
        earned += item.weight * scored.share;
        scored.points = 100 * item.weight * scored.share / all;
        scored.lost = 100 * item.weight / all - scored.points;
        if (item.necessary && !reached(item)) result.missing.push_back(item.code);
        result.items.push_back(std::move(scored));
    }
    result.points = 100 * earned / all;
    result.passed = result.points >= pass_points && result.missing.empty();
    return result;
}

}  // namespace guide::assess
