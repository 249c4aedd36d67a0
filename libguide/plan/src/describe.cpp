// SPDX-License-Identifier: Apache-2.0
#include "describe.hpp"

#include "assumptions.hpp"
#include "layers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guide::plan {
namespace {

constexpr double kUnlikely = 0.5;  // of p_hit

/// Length of the path within the box, by clipping (Liang and Barsky 1984).
double length_within(MmPoint a, MmPoint b, MmPoint low, MmPoint high) {
    const MmVector way = b - a;
    double from = 0, to = 1;
    for (const auto& [start, step, least, most] :
         {std::tuple{a.x, way.x, low.x, high.x}, std::tuple{a.y, way.y, low.y, high.y}}) {
        if (step == 0) {
            if (start < least || start > most) return 0;
            continue;
        }
        const double t0 = (least - start) / step, t1 = (most - start) / step;
        from = std::max(from, std::min(t0, t1));
        to = std::min(to, std::max(t0, t1));
    }
    return std::max(0.0, to - from) * length(way);
}

std::vector<Sensitivity> sensitivities(const Path& path, const Ruler& ruler,
                                       const Preferences& preferences, const TargetMeasures& t) {
    return sensitivities(preferences.errors(t), [&](const TipErrors& e) {
        const TipCovariance c = tip_covariance(path.entry, path.target, ruler.options().needle, e);
        return hit_probability(ruler.scene().joint, path.target, c);
    });
}

class Warnings {
  public:
    Warnings(const Path& path, const Measures& m, const Ruler& ruler, const Anatomy& anatomy)
        : path_(path), m_(m), ruler_(ruler), anatomy_(anatomy) {}

    std::vector<Reason> all() {
        angle();
        seen();
        if (anatomy_.joint_space->confidence < kLowConfidence) {
            warn("low-confidence",
                 "The joint space was found with low confidence: verify it first.");
        }
        entry();
        return std::move(warnings_);
    }

  private:
    void warn(const char* code, const char* text) { warnings_.push_back({code, text}); }

    void angle() {
        const Approach& a = ruler_.approach();
        if (a.entry == EntryRule::across_plane) {
            if (m_.angle_deg < a.angle_preferred_deg - 1e-6)
                warn("flat", "Out of plane the tip is seen best when it comes in steeply.");
        } else if (m_.angle_deg > a.angle_preferred_deg && a.entry == EntryRule::beside_probe) {
            warn("steep", "The needle is steeper than preferred and will be harder to see.");
        } else if (m_.angle_deg > a.angle_preferred_deg) {
            warn("steep",
                 "The needle leaves the direction of the joint line by more than preferred.");
        }
    }

    void seen() {
        const Scene& scene = ruler_.scene();
        if (scene.bones.empty()) {
            warn("no-bone-seen", "No bone surface was found, so clearance from bone is not known.");
        }
        if (anatomy_.view == View::posterior) {
            const bool told = std::ranges::any_of(
                anatomy_.obstacles, [](const Obstacle& o) { return o.kind == "vessel"; });
            warn(told ? "vessels-to-confirm" : "vessels-not-seen",
                 told ? "What looks like the popliteal vessels is kept clear of: confirm it by "
                        "Doppler. Nerves are not looked for."
                      : "No vessels were seen, which does not mean that there are none: find the "
                        "popliteal artery by Doppler first. Nerves are not looked for.");
        }
        if (anatomy_.view == View::suprapatellar_long) {
            warn("through-tendon-plane",
                 "In this plane the path may cross the quadriceps tendon: turn the probe across "
                 "the thigh and enter from the lateral side.");
        }
        if (ruler_.approach().name == "joint-line-medial" ||
            ruler_.approach().name == "infrapatellar-anteromedial") {
            warn("saphenous-branch",
                 "Branches of the saphenous nerve have no safe zone on this side.");
        }
        const bool unseen = std::ranges::any_of(m_.unseen, [](double gap) { return gap <= 0; });
        if (unseen) warn("crosses-unseen", "Part of the path lies where nothing was seen.");
        if (scene.calibrated && m_.at_target.wall < ruler_.approach().wall_margin_mm - 1e-9) {
            warn("thin-joint-space",
                 "The joint space is too thin here to keep the full margin to its wall.");
        }
        if (scene.calibrated && ruler_.options().needle.outer_diameter_mm > 2 * m_.at_target.wall) {
            warn("needle-thicker-than-space",
                 "The needle is thicker than the joint space at its tip.");
        }
    }

    void side() {
        if (ruler_.approach().side == EntrySide::lateral) {
            warn("side-not-known",
                 "Which side of the picture is lateral was not said: make sure that the needle "
                 "enters from the lateral side of the knee.");
        } else if (ruler_.approach().side == EntrySide::medial) {
            warn("side-not-known",
                 "Which side of the picture is medial was not said: make sure that the needle "
                 "enters from the medial side of the knee.");
        }
    }

    void entry() {
        const bool mm = ruler_.scene().calibrated;
        switch (ruler_.approach().entry) {
            case EntryRule::beside_probe:
                if (!mm) {
                    warn("entry-not-to-scale",
                         "Without a scale the entry's place beside the probe is only indicated.");
                }
                if (anatomy_.view == View::suprapatellar_transverse &&
                    ruler_.options().lateral_side == FrameSide::unknown) {
                    side();
                }
                warn("entry-not-imaged",
                     "The first part of the path lies beside the image and is not seen: advance "
                     "only while the tip is visible.");
                break;
            case EntryRule::across_plane:
                warn("out-of-plane",
                     "Only a dot is seen where the needle meets the image plane: tilt the probe "
                     "to follow the tip, and keep the shaft's dot apart from it.");
                break;
            case EntryRule::frame_side:
                warn("skin-not-seen",
                     "The entry is where the line meets the frame's side; the skin is not located "
                     "on radiographs.");
                break;
            case EntryRule::along_beam:
                warn("depth-not-seen",
                     "Along the beam the depth is not seen: check it in a second direction or with "
                     "contrast.");
                break;
        }
    }

    const Path& path_;
    const Measures& m_;
    const Ruler& ruler_;
    const Anatomy& anatomy_;
    std::vector<Reason> warnings_;
};

}  // namespace

Candidate describe(const Path& path, Ruler& ruler, const Preferences& preferences,
                   const Anatomy& anatomy) {
    const Scene& scene = ruler.scene();
    const TargetMeasures t = ruler.measure_target(path.target);
    Measures m;
    ruler.measure(path, t, std::numeric_limits<double>::infinity(), m);
    const double certainty = preferences.certainty(path, t);

    Candidate c;
    c.score = preferences.score(m.angle_deg, m.length, preferences.clearance(m), certainty);
    c.entry = to_px(path.entry, scene.unit);
    c.target = to_px(path.target, scene.unit);
    c.angle_deg = m.angle_deg;
    c.visibility = preferences.visibility(m.angle_deg);
    c.warnings = Warnings(path, m, ruler, anatomy).all();
    if (!scene.calibrated) return c;

    c.entry_mm = path.entry;
    c.target_mm = path.target;
    if (std::isfinite(m.bone)) c.clearance_mm["bone"] = m.bone;
    c.clearance_mm["wall"] = t.wall;
    for (std::size_t i = 0; i < m.obstacles.size(); ++i) {
        const auto known =
            c.clearance_mm.try_emplace(scene.obstacles[i].kind, m.obstacles[i]).first;
        known->second = std::min(known->second, m.obstacles[i]);
    }
    c.p_hit = certainty;
    if (certainty < kUnlikely) {
        c.warnings.push_back({"hit-unlikely",
                              "More insertions would end beside the joint space than in it: it is "
                              "thin for the error "
                              "of aim that is assumed. Confirm the tip before injecting."});
    }
    const TipCovariance covariance = preferences.covariance(path, t);
    c.tip_sigma_mm = covariance.mean_sigma();
    c.tip_ellipse = ellipse_of(covariance);
    c.sensitivities = sensitivities(path, ruler, preferences, t);
    c.path_mm = m.length;
    const EntryRule rule = ruler.approach().entry;
    if (rule == EntryRule::beside_probe) {
        c.unseen_mm = m.length -
                      length_within(path.entry, path.target, scene.picture_low, scene.picture_high);
        c.layers = layers_crossed(scene, path.entry, path.target, m.length);
    } else if (rule == EntryRule::across_plane) {
        const double seen = ruler.options().slice_thickness_mm / 2 / path.off_plane;
        c.out_of_plane_mm = path.off_plane;
        c.unseen_mm = m.length * (1 - std::min(1.0, seen));
        c.layers = layers_crossed(scene, path.entry, path.target, m.length);
    }
    return c;
}

}  // namespace guide::plan
