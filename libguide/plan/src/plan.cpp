// SPDX-License-Identifier: Apache-2.0
#include "hit_probability.hpp"
#include "scene.hpp"

#include <guide/plan/plan.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

namespace guide::plan {
namespace {

constexpr int kTargets = 60;
constexpr double kEntryStepMm = 1;
constexpr double kSideAngleStepDeg = 2.5;
constexpr double kVisibilityZeroDeg =
    81;  // plain needle, linear fall (Nichols 2003, docs/literature.md)
constexpr double kAmpleClearanceMm = 5;
constexpr double kLowConfidence = 0.5;
constexpr double kDegree = std::numbers::pi / 180;

// Two candidates are the same advice when they enter on one side with near targets and angles.
constexpr double kSameTargetMm = 2, kSameAngleDeg = 5;

/// Counts the paths that break each limit and keeps the least breach.
class Tally {
  public:
    void add(const std::string& code, double breach) {
        Rejection& entry = entries_[code];
        if (entry.count++ == 0 || breach < entry.closest) entry.closest = breach;
    }

    std::vector<Rejection> finish(bool calibrated, const Approach& approach,
                                  const PlanOptions& options) const {
        std::vector<Rejection> result;
        for (const auto& [code, entry] : entries_) {
            Rejection r = entry;
            r.code = code;
            r.unit = code == "angle" ? "deg" : (calibrated ? "mm" : "px");
            r.text = sentence(code, approach, options);
            result.push_back(std::move(r));
        }
        return result;
    }

  private:
    static std::string number(double value) {
        std::string text = std::to_string(std::round(value * 10) / 10);
        text.erase(text.find('.') + 2);
        return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
    }
    static std::string sentence(const std::string& code, const Approach& approach,
                                const PlanOptions& options) {
        if (code == "angle")
            return "Steeper than " + number(approach.angle_limit_deg) + " degrees to the " +
                   (approach.entry == EntryRule::beside_probe ? "probe's face."
                                                              : "image's x axis.");
        if (code == "needle-length")
            return "Longer than the " + number(options.needle.length_mm) + " mm needle with " +
                   number(options.hub_reserve_mm) + " mm left outside the skin.";
        if (code == "bone-crossed") return "Bone lies on the way.";
        if (code == "behind-bone") return "Runs behind bone, where nothing is seen.";
        if (code == "wall-margin") return "The target lies too near to the joint space's wall.";
        if (code == "notch") return "The target lies in the intercondylar notch.";
        if (code != "bone-clearance") return "Nearer to a " + code + " than its margin.";
        return "Nearer to bone than " + number(approach.bone_margin_mm) +
               " mm outside the joint space.";
    }

    std::map<std::string, Rejection> entries_;
};

struct Path {
    MmPoint entry, target;
    bool from_left = false;
    bool to_surest = false;
    double angle_deg = 0, length = 0, bone = 0, wall = 0;
    std::map<std::string, double> obstacles;  ///< kind and gap
};

std::vector<MmPoint> entries_beside_probe(const Scene& scene, const PlanOptions& options,
                                          bool from_left) {
    const auto face = scene.right - scene.left;
    const double width = length(face);
    // Without millimetres the face itself is the measure; a linear probe's is about 50 mm.
    const double unit = scene.calibrated ? 1 : width / 50;
    const double first = options.probe_gap_mm * unit, last = options.entry_reach_mm * unit,
                 step = kEntryStepMm * unit;
    std::vector<MmPoint> entries;
    for (int i = 0; first + i * step <= last + 1e-9; ++i) {
        const double beyond = (first + i * step) / width;
        entries.push_back(from_left ? scene.left + (-beyond) * face : scene.right + beyond * face);
    }
    return entries;
}

std::vector<MmPoint> entries_on_side(const Scene& scene, const Approach& approach, MmPoint target,
                                     bool from_left) {
    const double x = from_left ? scene.left.x : scene.right.x;
    const int steps = static_cast<int>(approach.angle_limit_deg / kSideAngleStepDeg);
    std::vector<MmPoint> entries;
    for (int i = -steps; i <= steps; ++i) {
        const double slope = std::tan(i * kSideAngleStepDeg * kDegree);
        entries.push_back({x, target.y + std::abs(target.x - x) * slope});
    }
    return entries;
}

/// How far inside the middle third of the joint space's width `p` lies, negative outside it.
double depth_in_middle_third(const Scene& scene, MmPoint p) {
    double low = p.x, high = p.x;
    for (const auto& contour : scene.joint) {
        for (const MmPoint q : contour)
            low = std::min(low, q.x), high = std::max(high, q.x);
    }
    return (high - low) / 6 - std::abs(p.x - (low + high) / 2);
}

/// The stretches of a path outside (first) and inside (second) the joint space. A recess of several
/// parts may be left and entered again.
struct Stretches {
    std::vector<std::pair<MmPoint, MmPoint>> outside, inside;
};

Stretches stretches(const Scene& scene, MmPoint entry, MmPoint target) {
    constexpr int kSteps = 200;
    Stretches result;
    MmPoint begin = entry, previous = entry;
    bool was_inside = scene.in_joint(entry);
    for (int i = 1; i <= kSteps; ++i) {
        const MmPoint p = lerp(entry, target, static_cast<double>(i) / kSteps);
        const bool is_inside = scene.in_joint(p);
        if (is_inside != was_inside || i == kSteps) {
            // Up to here: what lies between two steps belongs to the outside, the stricter one.
            const MmPoint end = is_inside || i == kSteps ? p : previous;
            (was_inside ? result.inside : result.outside).emplace_back(begin, end);
            begin = end;
            was_inside = is_inside;
        }
        previous = p;
    }
    return result;
}

/// Engineering choices (docs/literature.md, safety envelope): vessels and nerves are given more.
double obstacle_margin_mm(const std::string& kind) {
    return kind == "vessel" || kind == "nerve" ? 5 : 2;
}

class Planner {
  public:
    Planner(const Anatomy& anatomy, const Approach& approach, const PlanOptions& options)
        : anatomy_(anatomy), approach_(approach), options_(options), scene_(make_scene(anatomy)) {}

    Plan run() {
        collect();
        Plan plan;
        plan.rejected = tally_.finish(scene_.calibrated, approach_, options_);
        for (const Path& path : choose()) {
            plan.candidates.push_back(describe(path, static_cast<int>(plan.candidates.size()) + 1));
        }
        if (plan.candidates.empty()) {
            plan.status = PlanStatus::refused;
            plan.reason =
                Reason{"all-paths-refused",
                       "Every path to the joint space breaks a limit." + commonest(plan.rejected)};
        } else if (!scene_.calibrated) {
            plan.status = PlanStatus::uncalibrated;
            plan.reason = Reason{
                "no-calibration",
                "The frame has no scale: no millimetre limit could be checked (give --depth-mm or "
                "--spacing-mm)."};
        } else {
            plan.status = PlanStatus::planned;
        }
        return plan;
    }

  private:
    static std::string commonest(const std::vector<Rejection>& rejected) {
        const auto most = std::ranges::max_element(rejected, {}, &Rejection::count);
        return most == rejected.end() ? "" : " The commonest: " + most->text;
    }

    void collect() {
        auto targets = target_grid(scene_, kTargets);
        const bool surest_first = approach_.target == TargetRule::surest_first;
        if (!surest_first) {
            std::erase_if(targets, [&](MmPoint t) {
                const double breach = depth_in_middle_third(scene_, t);
                if (breach > 0) tally_.add("notch", breach);
                return breach > 0;
            });
        }
        widest_ = 0;
        for (const MmPoint t : targets)
            widest_ = std::max(widest_, scene_.wall_distance(t));
        wall_needed_ = 0.5 * widest_;
        if (scene_.calibrated) wall_needed_ = std::min(approach_.wall_margin_mm, wall_needed_);
        for (std::size_t i = 0; i < targets.size(); ++i) {
            const double wall = scene_.wall_distance(targets[i]);
            // The surest target stands even where it lies nearer to the wall than the rest.
            const bool surest = surest_first && i == 0;
            if (wall <= 0 || (wall < wall_needed_ && !surest)) {
                tally_.add("wall-margin", std::max(wall_needed_, 0.0) - wall);
                continue;
            }
            for (const bool from_left : {true, false}) {
                const auto entries =
                    approach_.entry == EntryRule::beside_probe
                        ? entries_beside_probe(scene_, options_, from_left)
                        : entries_on_side(scene_, approach_, targets[i], from_left);
                for (const MmPoint entry : entries) {
                    consider({entry, targets[i], from_left, surest, 0, 0, 0, wall, {}});
                }
            }
        }
    }

    void consider(Path path) {
        const auto way = path.target - path.entry;
        const auto face = approach_.entry == EntryRule::beside_probe ? scene_.right - scene_.left
                                                                     : MmVector{1, 0};
        path.length = length(way);
        path.angle_deg = std::atan2(std::abs(cross(face, way)), std::abs(dot(face, way))) / kDegree;
        bool allowed = true;
        auto refuse_beyond = [&](const char* code, double value, double limit) {
            if (value <= limit) return;
            tally_.add(code, value - limit);
            allowed = false;
        };
        refuse_beyond("angle", path.angle_deg, approach_.angle_limit_deg + 1e-9);
        if (length_known()) {
            refuse_beyond("needle-length", path.length,
                          options_.needle.length_mm - options_.hub_reserve_mm);
        }
        const double radius = scene_.calibrated ? options_.needle.outer_diameter_mm / 2 : 0;
        check_bone(path, radius, refuse_beyond);
        for (const auto& [kind, outline] : scene_.obstacles) {
            const double gap = distance_to_region(outline, path.entry, path.target) - radius;
            refuse_beyond(kind.c_str(), scene_.calibrated ? obstacle_margin_mm(kind) : 1e-9, gap);
            const auto known = path.obstacles.try_emplace(kind, gap).first;
            known->second = std::min(known->second, gap);
        }
        if (allowed) paths_.push_back(path);
    }

    /// Bone keeps its margin outside the joint space; within, the walls are the limit. No path may
    /// go through bone, or behind it as the beam sees it, anywhere.
    template <class Refuse>
    void check_bone(Path& path, double radius, const Refuse& refuse_beyond) const {
        const double margin = scene_.calibrated ? approach_.bone_margin_mm : 0;
        const Stretches parts = stretches(scene_, path.entry, path.target);
        path.bone = std::numeric_limits<double>::infinity();
        for (const auto& [a, b] : parts.outside)
            path.bone = std::min(path.bone, scene_.bone_distance(a, b) - radius);
        double inside = std::numeric_limits<double>::infinity();
        for (const auto& [a, b] : parts.inside)
            inside = std::min(inside, scene_.bone_distance(a, b) - radius);
        refuse_beyond("bone-clearance", margin, path.bone);
        constexpr double kTouch = 1e-9;
        refuse_beyond("bone-crossed", kTouch, std::min(path.bone, inside));
        refuse_beyond("behind-bone", scene_.depth_behind_bone(path.entry, path.target), radius);
    }

    [[nodiscard]] double sigma() const {
        return std::hypot(options_.aiming_sigma_mm, scene_.boundary_sigma);
    }

    [[nodiscard]] double certainty(const Path& path) {
        if (!scene_.calibrated)
            return widest_ > 0 ? std::clamp(path.wall / widest_, 0.0, 1.0) : 0.0;
        const auto key = std::pair{path.target.x, path.target.y};
        const auto [entry, fresh] = hit_.try_emplace(key, 0.0);
        if (fresh) entry->second = hit_probability(scene_.joint, path.target, sigma());
        return entry->second;
    }

    [[nodiscard]] double visibility(const Path& path) const {
        if (approach_.entry != EntryRule::beside_probe) return 1;
        return std::clamp(1 - path.angle_deg / kVisibilityZeroDeg, 0.0, 1.0);
    }

    /// 0..1: an easy angle is one at which ultrasound shows the needle, or one along the
    /// radiograph's joint line.
    [[nodiscard]] double ease(const Path& path) const {
        return approach_.entry == EntryRule::beside_probe
                   ? visibility(path)
                   : 1 - path.angle_deg / approach_.angle_limit_deg;
    }

    [[nodiscard]] double score(const Path& path) {
        const double ample =
            scene_.calibrated ? kAmpleClearanceMm : length(scene_.right - scene_.left) / 10;
        const double longest =
            scene_.calibrated ? options_.needle.length_mm : 2 * length(scene_.right - scene_.left);
        const double shortness =
            approach_.entry == EntryRule::beside_probe ? 1 - path.length / longest : 0;
        return 0.5 * certainty(path) + 0.25 * ease(path) +
               0.15 * std::clamp(path.bone / ample, 0.0, 1.0) +
               0.10 * std::clamp(shortness, 0.0, 1.0);
    }

    /// On a radiograph the path is drawn from the frame's side, not from the skin.
    [[nodiscard]] bool length_known() const {
        return scene_.calibrated && approach_.entry == EntryRule::beside_probe;
    }

    /// The surest target's paths stand before all others: its certainty is the segmentation's,
    /// which knows more than the outline. Ties keep the order of the grid, which is fixed.
    std::vector<Path> choose() {
        std::vector<std::pair<double, const Path*>> order;
        for (const Path& path : paths_)
            order.emplace_back(score(path) + (path.to_surest ? 1 : 0), &path);
        std::ranges::stable_sort(order, std::ranges::greater{},
                                 &std::pair<double, const Path*>::first);
        const double same_target =
            scene_.calibrated ? kSameTargetMm : length(scene_.right - scene_.left) / 25;
        std::vector<Path> chosen;
        for (const auto& entry : order) {
            const Path* path =
                entry.second;  // clang 14 lets no lambda capture a structured binding
            if (static_cast<int>(chosen.size()) == options_.candidate_limit) break;
            const bool known = std::ranges::any_of(chosen, [&](const Path& other) {
                return other.from_left == path->from_left &&
                       distance(other.target, path->target) < same_target &&
                       std::abs(other.angle_deg - path->angle_deg) < kSameAngleDeg;
            });
            if (!known) chosen.push_back(*path);
        }
        return chosen;
    }

    Candidate describe(const Path& path, int rank) {
        Candidate c;
        c.rank = rank;
        c.score = score(path);
        c.entry = to_px(path.entry, scene_.unit);
        c.target = to_px(path.target, scene_.unit);
        c.angle_deg = path.angle_deg;
        c.visibility = visibility(path);
        if (scene_.calibrated) {
            c.entry_mm = path.entry;
            c.target_mm = path.target;
            if (length_known()) c.path_mm = path.length;
            for (const auto& [kind, gap] : path.obstacles)
                c.clearance_mm[kind] = gap;
            if (std::isfinite(path.bone)) c.clearance_mm["bone"] = path.bone;
            c.clearance_mm["wall"] = path.wall;
            c.p_hit = certainty(path);
            c.tip_sigma_mm = sigma();
        }
        warn(path, c);
        return c;
    }

    void warn(const Path& path, Candidate& c) const {
        if (path.angle_deg > approach_.angle_preferred_deg) {
            c.warnings.push_back(
                {"steep", approach_.entry == EntryRule::beside_probe
                              ? "The needle is steeper than preferred and will be harder to see."
                              : "The needle leaves the direction of the joint line by more than "
                                "preferred."});
        }
        if (scene_.bones.empty()) {
            c.warnings.push_back(
                {"no-bone-seen",
                 "No bone surface was found, so clearance from bone is not known."});
        }
        if (anatomy_.view == View::posterior) {
            c.warnings.push_back(
                {"vessels-not-searched",
                 "Vessels and nerves are not looked for: find the popliteal artery "
                 "by Doppler first."});
        }
        if (anatomy_.view == View::suprapatellar_long) {
            c.warnings.push_back(
                {"through-tendon-plane",
                 "In this plane the path may cross the quadriceps tendon: turn the "
                 "probe across the thigh and enter from the lateral side."});
        }
        if (!scene_.calibrated && approach_.entry == EntryRule::beside_probe) {
            c.warnings.push_back({"entry-not-to-scale",
                                  "Without a scale the entry's place beside the probe is only "
                                  "indicated."});
        }
        if (scene_.calibrated && path.wall < approach_.wall_margin_mm) {
            c.warnings.push_back(
                {"thin-joint-space",
                 "The joint space is too thin here to keep the full margin to its wall."});
        }
        if (anatomy_.joint_space->confidence < kLowConfidence) {
            c.warnings.push_back(
                {"low-confidence",
                 "The joint space was found with low confidence: verify it first."});
        }
        if (approach_.entry == EntryRule::beside_probe) {
            c.warnings.push_back({"entry-not-imaged",
                                  "The first part of the path lies beside the image and is not "
                                  "seen: advance only while the tip is visible."});
        } else {
            c.warnings.push_back({"skin-not-seen",
                                  "The entry is where the line meets the frame's side; the skin is "
                                  "not located on radiographs."});
        }
    }

    const Anatomy& anatomy_;
    const Approach& approach_;
    const PlanOptions& options_;
    Scene scene_;
    double widest_ = 0, wall_needed_ = 0;
    Tally tally_;
    std::vector<Path> paths_;
    std::map<std::pair<double, double>, double> hit_;
};

Plan refused(Reason reason) {
    Plan plan;
    plan.reason = std::move(reason);
    return plan;
}

Plan plan_by_table(const Anatomy& anatomy, const PlanOptions& options) {
    const Approach* approach = options.approach == "auto" ? default_approach(anatomy.view)
                                                          : find_approach(options.approach);
    Plan plan;
    if (approach == nullptr) {
        return refused({"no-approach", "No approach in the table is meant for the view " +
                                           std::string(name_of(anatomy.view)) + "."});
    }
    if (!allows(*approach, anatomy.view)) {
        plan = refused({"wrong-view", "The approach " + std::string(approach->name) +
                                          " cannot be planned on the view " +
                                          std::string(name_of(anatomy.view)) + "."});
    } else if (!anatomy.joint_space) {
        plan = refused(anatomy.joint_space.error());
    } else {
        plan = Planner(anatomy, *approach, options).run();
    }
    plan.approach = approach->name;
    return plan;
}

}  // namespace

std::string_view name_of(PlanStatus status) {
    switch (status) {
        case PlanStatus::planned:
            return "planned";
        case PlanStatus::uncalibrated:
            return "uncalibrated";
        case PlanStatus::refused:
            break;
    }
    return "refused";
}

Expected<void> PlanOptions::validate() const {
    auto fault = [](const char* text) { return no_answer("bad-plan-option", text); };
    if (approach != "auto" && find_approach(approach) == nullptr) {
        return no_answer("unknown-approach", "There is no approach called \"" + approach + "\".");
    }
    if (!(needle.length_mm > 0) || !(needle.outer_diameter_mm > 0) ||
        !(needle.inner_diameter_mm > 0)) {
        return fault("The needle's length and diameters are positive.");
    }
    if (!(hub_reserve_mm >= 0) || hub_reserve_mm >= needle.length_mm) {
        return fault("hub_reserve_mm is at least 0 and less than the needle's length.");
    }
    if (!(probe_gap_mm >= 0)) return fault("probe_gap_mm is at least 0.");
    if (!(entry_reach_mm >= probe_gap_mm) || !(entry_reach_mm <= 200)) {
        return fault("entry_reach_mm lies between probe_gap_mm and 200.");
    }
    if (!(aiming_sigma_mm > 0)) return fault("aiming_sigma_mm is positive.");
    if (candidate_limit < 1) return fault("candidate_limit is at least 1.");
    return injection.validate();
}

Plan plan_trajectories(const Anatomy& anatomy, const PlanOptions& options) {
    if (const auto valid = options.validate(); !valid)
        throw PreconditionError("plan_trajectories", valid.error().text);
    Plan plan = plan_by_table(anatomy, options);
    plan.needle = options.needle;
    plan.injection = check_injection(options.needle, options.injection);
    return plan;
}

}  // namespace guide::plan
