// SPDX-License-Identifier: Apache-2.0
#include "score_items.hpp"

#include <guide/plan/approach.hpp>

#include <algorithm>
#include <cmath>

namespace guide::session {
namespace {

using assess::ScoreItem;
using Value = std::optional<double>;

/// Libraries of mathematics differ in the last bits; what is scored does not.
Value rounded(const Value& value) {
    if (!value) return value;
    return std::round(*value * 1e6) / 1e6;
}

/// Items in a list, with their worth. Ranges: docs/training.md.
class Items {
  public:
    Items& add(const char* code, const Value& value, const char* unit, double good, double bad,
               double weight) {
        items_.push_back({code, rounded(value), unit, good, bad, weight, false});
        return *this;
    }
    Items& necessary() {
        items_.back().necessary = true;
        return *this;
    }
    /// Told, not scored.
    Items& tell(const char* code, const Value& value, const char* unit) {
        return add(code, value, unit, 0, 1, 0);
    }
    [[nodiscard]] std::vector<ScoreItem> list() && { return std::move(items_); }

  private:
    std::vector<ScoreItem> items_;
};

Value yes(bool value) {
    return value ? 1.0 : 0.0;
}

/// Haste earns nothing by itself.
void add_time(Items& items, const Lesson& lesson, const Series& series, double weight) {
    const bool shown = series.view && series.view->area_ppm >= 800000;
    const bool done = series.ending == Ending::finished &&
                      (shown || (series.tip && series.tip->in_joint && series.tip->tip_visible));
    items.add("time", done ? Value(series.elapsed_s) : std::nullopt, "s", lesson.par_s,
              2 * lesson.par_s, weight);
}

std::vector<ScoreItem> view_items(const Lesson& lesson, const Series& series) {
    Items items;
    Value area, off, place, angle;
    if (series.view) {
        area = static_cast<double>(series.view->area_ppm) / 1e6;
        off = static_cast<double>(series.view->off_middle_um) / 1e3;
        const auto part = [&](std::size_t i) {
            return std::abs(static_cast<double>(series.probe[i]) / 1000);
        };
        place = part(1);
        angle = std::max(part(2), part(3));
    }
    items.add("view-area", area, "share", 0.8, 0.4, 40).necessary();
    items.add("view-off-middle", off, "mm", 6, 15, 15);
    items.add("view-off-place", place, "mm", 3, 9, 15);
    items.add("view-angle", angle, "deg", 5, 15, 15);
    add_time(items, lesson, series, 15);
    return std::move(items).list();
}

bool is_in_plane(const Lesson& lesson, const Series& series) {
    std::string name = series.approach;
    if (name.empty() && !lesson.approaches.empty()) name = lesson.approaches.front();
    const plan::Approach* approach = plan::find_approach(name);
    return approach == nullptr || approach->entry == plan::EntryRule::beside_probe;
}

void add_tip(Items& items, const Lesson& lesson, const Series& series) {
    const bool inject = lesson.goal == Goal::inject;
    const std::optional<TipCheck>& tip = series.tip;
    const bool done = tip && (tip->injected || !inject);
    items.add("compartment-hit", yes(done && tip->in_joint), "", 1, 0, 25).necessary();
    items.add("tip-visible-at-end", yes(done && tip->tip_visible), "", 1, 0, 10).necessary();
    Value p_hit;
    if (done && tip->p_hit_ppm) p_hit = static_cast<double>(*tip->p_hit_ppm) / 1e6;
    items.add("p-hit", p_hit, "probability", 0.8, 0.3, 8);
}

void add_picture(Items& items, const Series& series, bool in_plane) {
    assess::InsertionMetrics m;
    bool measured = false;
    if (const auto metrics = assess::measure_insertion(series.picture)) {
        m = *metrics;
        measured = m.advance_mm > 0;
    }
    const auto known = [&](double value) { return measured ? Value(value) : std::nullopt; };
    items.add("tip-visible-share", m.tip_visible_share, "share", 0.9, 0.4, in_plane ? 12 : 0);
    items.add("in-plane-share", m.in_plane_share, "share", 0.9, 0.4, in_plane ? 8 : 0);
    items.add("beam-angle", m.beam_angle_deg, "deg", 60, 45, in_plane ? 5 : 0);
    items.add("bone-contacts", known(m.bone_contacts), "", 0, 3, 8);
    items.add("clearance", known(m.least_clearance_mm), "mm", 5, 1, 7);
    items.tell("longest-blind", known(m.longest_blind_mm), "mm");
}

void add_motion(Items& items, const Series& series) {
    const auto motion = motion_of(series);
    const assess::MotionMetrics m = motion.value_or(assess::MotionMetrics{});
    const bool went_in = m.tissue_path_mm > 0;
    const auto known = [&](double value) { return went_in ? Value(value) : std::nullopt; };
    items.add("redirections", known(m.redirections), "", 0, 4, 4);
    items.add("punctures", known(m.punctures), "", 1, 3, 4);
    items.add("tissue-damage", known(m.tissue_damage_mm2), "mm2", 50, 400, 5);
    items.tell("path-in-tissue", known(m.tissue_path_mm), "mm");
    items.tell("time-in-tissue", known(m.tissue_time_s), "s");
    items.tell("path-inefficiency", m.path_inefficiency, "share");
    items.tell("rotation", known(m.rotation_deg), "deg");
    items.tell("smoothness", m.smoothness, "");
    items.tell("deviation-mean", m.deviation_mean_mm, "mm");
    items.tell("deviation-max", m.deviation_max_mm, "mm");
    items.tell("target-error", m.target_error_mm, "mm");
}

}  // namespace

std::vector<ScoreItem> score_items(const Lesson& lesson, const Series& series) {
    if (lesson.goal == Goal::find_view) return view_items(lesson, series);
    Items items;
    add_tip(items, lesson, series);
    const auto& allowed = lesson.approaches;
    const bool approved =
        std::find(allowed.begin(), allowed.end(), series.approach) != allowed.end();
    items.add("approach", yes(approved), "", 1, 0, 4);
    add_picture(items, series, is_in_plane(lesson, series));
    add_motion(items, series);
    add_time(items, lesson, series, 5);
    return std::move(items).list();
}

}  // namespace guide::session
