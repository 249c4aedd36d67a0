// SPDX-License-Identifier: Apache-2.0
#include "score_series.hpp"

#include <guide/plan/approach.hpp>

#include <algorithm>

namespace guide::session {
namespace {

using Eigen::Vector3d;

Vector3d vector(const std::array<std::int64_t, 3>& whole, double part) {
    return Vector3d(static_cast<double>(whole[0]), static_cast<double>(whole[1]),
                    static_cast<double>(whole[2])) /
           part;
}

double thousandth(std::int64_t whole) {
    return static_cast<double>(whole) / 1000;
}

double time_of(int tick) {
    return static_cast<double>(tick) / kTicksPerSecond;
}

assess::InsertionSample picture_sample(const NeedleSample& n, int tick) {
    assess::InsertionSample s;
    s.time_s = time_of(tick);
    s.advance_mm = thousandth(n.inserted_um);
    s.tip_across_mm = thousandth(n.across_um);
    s.slice_half_mm = thousandth(n.slice_half_um);
    s.tip_visible = n.tip_visible;
    s.under_probe = n.under_probe;
    s.beam_angle_deg = thousandth(n.beam_angle_mdeg);
    s.clearance_mm = thousandth(n.clearance_um);
    s.bone_clearance_mm = thousandth(n.bone_um);
    return s;
}

class Reader {
  public:
    [[nodiscard]] Series read(const Log& log) {
        view_ = log.lesson.knee.view;
        for (const LogEntry& entry : log.entries)
            std::visit(*this, entry);
        hold_until(last_tick_ + 1);
        series_.elapsed_s = time_of(last_tick_);
        return std::move(series_);
    }

    void operator()(const TimedEvent& e) {
        last_tick_ = std::max(last_tick_, e.tick);
        const auto* chosen = std::get_if<ChooseApproach>(&e.event);
        if (chosen == nullptr) return;
        const plan::Approach* approach = plan::find_approach(chosen->name);
        if (approach != nullptr && approach->allows(view_)) series_.approach = chosen->name;
    }
    void operator()(const Sample& s) {
        hold_until(s.tick);
        last_tick_ = std::max(last_tick_, s.tick);
        held_ = s.needle;
        series_.probe = s.probe;
        if (held_) add(s.tick);
    }
    void operator()(const Insertion& i) {
        hold_until(i.tick);
        held_.reset();
        series_.insertions.push_back({i, {}});
    }
    void operator()(const ViewCheck& v) { series_.view = v; }
    void operator()(const TipCheck& t) { series_.tip = t; }
    void operator()(const FrameCheck& f) { last_tick_ = std::max(last_tick_, f.tick); }
    void operator()(const Ended& e) {
        last_tick_ = std::max(last_tick_, e.tick);
        series_.ending = e.how;
    }

  private:
    /// A sample holds until the tick before the next one.
    void hold_until(int tick) {
        if (held_ && tick - 1 > held_since_) add(tick - 1);
    }
    void add(int tick) {
        held_since_ = tick;
        if (series_.insertions.empty()) return;
        auto& tool = series_.insertions.back().tool;
        tool.push_back({time_of(tick), vector(held_->tip, 1000), vector(held_->direction, 1e6)});
        series_.picture.push_back(picture_sample(*held_, tick));
    }

    Series series_;
    View view_ = View::unknown;
    std::optional<NeedleSample> held_;
    int held_since_ = 0, last_tick_ = 0;
};

/// Sums up one insertion after the other.
struct Sum {
    assess::MotionMetrics all;
    double smooth = 0, smooth_weight = 0, off = 0, off_weight = 0;

    void add(const assess::MotionMetrics& m) {
        all.elapsed_s += m.elapsed_s;
        all.path_mm += m.path_mm;
        all.tissue_path_mm += m.tissue_path_mm;
        all.tissue_time_s += m.tissue_time_s;
        all.tissue_damage_mm2 += m.tissue_damage_mm2;
        all.rotation_deg += m.rotation_deg;
        all.punctures += m.punctures;
        all.redirections += m.redirections;
        if (m.smoothness) {
            smooth += *m.smoothness * m.path_mm;
            smooth_weight += m.path_mm;
        }
        if (m.deviation_mean_mm) {
            off += *m.deviation_mean_mm * m.tissue_path_mm;
            off_weight += m.tissue_path_mm;
            all.deviation_max_mm = std::max(all.deviation_max_mm.value_or(0), *m.deviation_max_mm);
        }
        all.target_error_mm = m.target_error_mm;
        all.angle_error_deg = m.angle_error_deg;
    }
    /// `straight_mm` from the last entry to the last tip.
    [[nodiscard]] assess::MotionMetrics total(double straight_mm) {
        if (smooth_weight > 0) all.smoothness = smooth / smooth_weight;
        if (off_weight > 0) all.deviation_mean_mm = off / off_weight;
        if (straight_mm > 1) all.path_inefficiency = all.tissue_path_mm / straight_mm - 1;
        return all;
    }
};

}  // namespace

Series series_of(const Log& log) {
    return Reader().read(log);
}

std::optional<assess::MotionMetrics> motion_of(const Series& series) {
    std::optional<assess::WantedPath> wanted;
    if (series.tip && series.tip->wanted_entry && series.tip->wanted_target) {
        wanted = assess::WantedPath{vector(*series.tip->wanted_entry, 1000),
                                    vector(*series.tip->wanted_target, 1000)};
    }
    Sum sum;
    double straight = 0;
    bool any = false;
    for (const InsertionSeries& insertion : series.insertions) {
        const Vector3d entry = vector(insertion.placed.entry, 1000),
                       into = vector(insertion.placed.skin, 1e6).normalized();
        // The skin about an entry is flat enough: the shaft leaves it there.
        const auto metrics = assess::measure_motion(
            insertion.tool, [&](const Vector3d& p) { return (p - entry).dot(into); }, wanted);
        if (!metrics) continue;
        any = true;
        straight = (insertion.tool.back().tip - entry).norm();
        sum.add(*metrics);
    }
    if (!any) return std::nullopt;
    return sum.total(straight);
}

}  // namespace guide::session
