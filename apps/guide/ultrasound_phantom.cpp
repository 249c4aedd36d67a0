// SPDX-License-Identifier: Apache-2.0
#include "phantom.hpp"
#include "ultrasound_scanner.hpp"

#include <guide/core/error.hpp>
#include <guide/segment/segment.hpp>
#include <guide/simulate/injection.hpp>
#include <guide/simulate/needle_drag.hpp>
#include <guide/simulate/placement.hpp>
#include <guide/simulate/truth.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace guide::app {
namespace {

using Eigen::Vector3d;
using simulate::InsertedNeedle;
using simulate::Knee;
using simulate::TissueField;
using simulate::UltrasoundSettings;
using Pose = RigidTransform<PatientSpace, ProbeSpace>;

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kVoxel = 0.4;    // mm
constexpr double kThickness = 4;  // mm of tissue built at each side of the scan plane

/// Whether the scan reaches a place, probe mm, or comes close to it.
bool near_scan(const filters::ProbeGeometry& probe, double deep, double x, double y) {
    constexpr double kEdge = 4;  // mm, further than borders are looked for
    if (probe.kind == filters::ProbeKind::linear) return true;
    const double from = std::hypot(x, y + probe.radius_mm);
    const double off = std::abs(std::atan2(x, y + probe.radius_mm)) - probe.opening_rad / 2;
    return from < probe.radius_mm + deep + kEdge && from > probe.radius_mm - kEdge &&
           off * from < kEdge;
}

/// A needle that takes tissue along.
struct Drag {
    InsertedNeedle needle;
    double mm = 0;
};

/// The tissue around the scan plane, voxels along the probe's axes.
std::shared_ptr<const TissueField> slab(const simulate::InjectedKnee& knee, const Pose& pose,
                                        const Scanner& scanner, const std::optional<Drag>& drag,
                                        const Execution& execution) {
    constexpr double kEdge = 1;  // mm around the picture
    const UltrasoundSettings& s = scanner.settings;
    const double deep = s.probe.end_mm * std::max(1.0, s.tissue_speed_m_s / s.assumed_speed_m_s);
    const bool curved = s.probe.kind == filters::ProbeKind::curvilinear;
    const double half = curved ? (s.probe.radius_mm + deep) * std::sin(s.probe.opening_rad / 2)
                               : 0.5 * s.probe.width_mm;
    const double rise = scanner.contact.rise_mm(scanner.contact.width_mm / 2);
    // The beam of a curved probe is thicker.
    const double thick = std::max(kThickness, 0.75 * s.elevation_aperture_mm);
    const Vector3d low(-half - kEdge, -rise - kEdge, -thick);
    const Vector3d high(half + kEdge, deep + kEdge, thick);
    simulate::VoxelGrid grid;
    for (int a = 0; a < 3; ++a) {
        grid.size[static_cast<std::size_t>(a)] =
            static_cast<int>(std::ceil((high[a] - low[a]) / kVoxel)) + 1;
    }
    grid.patient_from_grid =
        Eigen::Affine3d(pose.motion()) * Eigen::Translation3d(low) * Eigen::Scaling(kVoxel);
    const Eigen::Isometry3d probe_from_patient = pose.motion().inverse();
    const auto tissue_at = [&](const Vector3d& p) { return knee.at(p); };
    return std::make_shared<TissueField>(
        grid,
        [&](const Eigen::Matrix3Xd& points, simulate::TissueSample* samples) {
            for (Eigen::Index i = 0; i < points.cols(); ++i) {
                const Vector3d p = probe_from_patient * points.col(i);
                if (!near_scan(s.probe, deep, p.x(), p.y())) {
                    samples[i] = {simulate::Tissue::outside, 5};
                } else if (drag) {
                    samples[i] =
                        simulate::dragged_tissue(tissue_at, drag->needle, drag->mm, points.col(i));
                } else {
                    samples[i] = knee.at(points.col(i));
                }
            }
        },
        execution);
}

/// The needle where its tip has come to, errors of the hand included.
report::CaseNeedle tip_only(report::CaseNeedle n) {
    n.short_of_target_mm = 0;
    return n;
}

simulate::ProbeOffset offset_at(const report::Case& c, int index) {
    simulate::ProbeOffset result = c.probe;
    if (c.sequence.motion != report::Motion::probe_sweep) return result;
    const double t =
        c.sequence.frames > 1 ? static_cast<double>(index) / (c.sequence.frames - 1) : 0;
    for (double simulate::ProbeOffset::*part :
         {&simulate::ProbeOffset::along_mm, &simulate::ProbeOffset::across_mm,
          &simulate::ProbeOffset::turn_deg, &simulate::ProbeOffset::tilt_deg,
          &simulate::ProbeOffset::rock_deg})
        result.*part += (1 - t) * c.sequence.from.*part + t * c.sequence.to.*part;
    return result;
}

/// Where the probe stands and what lies under it.
struct Placed {
    Pose pose;
    std::optional<simulate::InjectedKnee> knee;  ///< pressed
    std::shared_ptr<const TissueField> field;
};

class UltrasoundPhantom final : public Phantom {
  public:
    explicit UltrasoundPhantom(const report::Case& c)
        : case_(c), scanner_(scanner_of(c)), knee_(c.knee) {}

    [[nodiscard]] PhantomFrame make(int index, const Execution& execution) override {
        const report::Motion motion = case_.sequence.motion;
        report::ShownScene scene;
        if (motion == report::Motion::injection) {
            scene.injection = inject(index, execution);
        } else if (!simulator_ || motion == report::Motion::probe_sweep) {
            place({knee_, std::nullopt}, index, execution);
        }
        if (case_.needle && !needle_) needle_ = find_needle(execution);
        if (needle_) {
            scene.needle = drawn_back(*needle_, share_of(case_.sequence, index));
            // The needle was found in tissue that none had moved; its tip stays.
            if (case_.needle->drag_mm > 0)
                set_field(Drag{*scene.needle, case_.needle->drag_mm}, execution);
        }

        const UltrasoundSettings& settings = scanner_.settings;
        PhantomFrame made;
        made.frame = simulator_->frame(
            placed_.pose, {scene.needle, {}, static_cast<std::uint64_t>(index)}, execution);
        auto truth = std::make_shared<simulate::UltrasoundTruth>(simulate::ultrasound_truth(
            *placed_.field, settings, placed_.pose, case_.view, scene.needle, execution));
        truth->anatomy.content_box = made.frame.content_box.value_or(truth->anatomy.content_box);
        made.mask = segment::joint_space_mask(truth->anatomy);
        made.labels = std::move(truth->labels);
        scene.screen = show_screen(made.frame, scanner_, *truth);
        made.tags.curvilinear = case_.scanner.curvilinear;
        made.tags.burned_in = scene.screen && !scene.screen->texts.empty();
        if (case_.scanner.curvilinear || scene.screen)
            made.tags.face = filters::pixel_from_scan(settings.picture, {0, 0});
        made.tags.laterality = case_.knee.laterality == simulate::Laterality::left ? 'L' : 'R';
        made.truth_json = [this, truth, scene, pose = placed_.pose,
                           shown = std::make_shared<Frame>(clone(made.frame))](
                              const report::TruthOrigin& origin) {
            return report::ultrasound_truth_json(origin, case_, *shown, *truth, pose, scene);
        };
        return made;
    }

  private:
    void place(simulate::InjectedKnee knee, int index, const Execution& execution) {
        try {
            placed_.pose =
                simulate::standard_pose(knee.knee, case_.view, offset_at(case_, index),
                                        scanner_.contact.width_mm, scanner_.contact.radius_mm);
            simulate::ProbeContact contact = scanner_.contact;
            contact.patient_from_probe = placed_.pose;
            knee.knee = knee.knee.pressed(contact);
        } catch (const PreconditionError& fault) {
            throw ImpossibleCase("probe: it cannot be held there: " + rule_of(fault) +
                                 " is required.");
        }
        scanner_.settings.limb_centre = simulate::limb_centre(knee.knee, case_.view);
        placed_.knee = std::move(knee);
        set_field({}, execution);
    }

    void set_field(const std::optional<Drag>& drag, const Execution& execution) {
        placed_.field = slab(*placed_.knee, placed_.pose, scanner_, drag, execution);
        if (simulator_) {
            simulator_->set_field(placed_.field);
        } else {
            simulator_ =
                std::make_unique<simulate::UltrasoundSimulator>(placed_.field, scanner_.settings);
        }
    }

    /// The knee as the injection has changed it by this frame, the probe following the skin, the
    /// needle where it was.
    report::InjectionTruth inject(int index, const Execution& execution) {
        if (!injection_) {
            place({knee_, std::nullopt}, 0, execution);
            const InsertedNeedle needle = find_needle(execution);
            const bool in_joint =
                placed_.knee->at(needle.tip).tissue == simulate::Tissue::joint_fluid;
            try {
                injection_.emplace(case_.knee,
                                   in_joint ? simulate::InjectionSite::recess
                                            : simulate::InjectionSite::soft_tissue,
                                   needle.tip, placed_.pose.motion().linear().col(1),
                                   case_.sequence.injected_ml, execution);
            } catch (const PreconditionError& fault) {
                throw ImpossibleCase("sequence.injected_ml: " + rule_of(fault) + ".");
            }
            needle_ = needle;
        }
        report::InjectionTruth truth;
        truth.site = injection_->site();
        truth.injected_ml = case_.sequence.injected_ml * index / (case_.sequence.frames - 1);
        simulate::InjectedKnee knee = injection_->after(truth.injected_ml, execution);
        truth.effusion_mm = knee.knee.parameters().effusion_mm;
        truth.recess_ml = knee.recess_ml;
        truth.pool_ml = knee.pool_ml;
        place(std::move(knee), index, execution);
        // The skin has moved along the shaft.
        const auto needle = insert_needle(placed_.knee->knee, tip_only(*case_.needle), needle_->tip,
                                          needle_->direction, needle_->bend_towards);
        if (!needle)
            throw ImpossibleCase("needle: during the injection " + needle.error().text + ".");
        needle_ = *needle;
        return truth;
    }

    [[nodiscard]] Vector3d target(const Execution& execution) const {
        const report::CaseNeedle& n = *case_.needle;
        if (n.tip_mm) return *n.tip_mm;
        if (const auto place = place_of(knee_, n.target)) return *place;
        const auto truth = simulate::ultrasound_truth(*placed_.field, scanner_.settings,
                                                      placed_.pose, case_.view, {}, execution);
        if (!truth.anatomy.joint_space) {
            throw ImpossibleCase("needle.target: this frame shows no joint space: " +
                                 truth.anatomy.joint_space.error().text);
        }
        return simulate::patient_point(scanner_.settings, placed_.pose,
                                       truth.anatomy.joint_space->target);
    }

    /// Probe axes: along the face to the right, deeper, towards the viewer.
    [[nodiscard]] Vector3d direction_at(double angle_deg) const {
        const report::CaseNeedle& n = *case_.needle;
        const double flat = std::cos(angle_deg * kDegree), steep = std::sin(angle_deg * kDegree);
        if (n.across_plane) return {0, steep, -flat};
        return {n.from_right ? -flat : flat, steep, 0};
    }

    [[nodiscard]] InsertedNeedle find_needle(const Execution& execution) const {
        const report::CaseNeedle& n = *case_.needle;
        const auto& motion = placed_.pose.motion();
        const Vector3d tip = target(execution) + n.off_plane_mm * motion.linear().col(2);
        const Vector3d deeper = motion.linear().col(1);
        std::vector<double> angles{30, 25, 35, 20, 40, 15, 45, 10, 50, 55, 60, 65, 70};
        if (n.angle_deg) angles = {*n.angle_deg};
        std::optional<Reason> first;
        for (const double angle : angles) {
            const Vector3d in_probe = direction_at(angle);
            const Vector3d direction =
                n.direction ? *n.direction : Vector3d(motion.linear() * in_probe);
            const Vector3d aside =
                std::abs(direction.dot(deeper)) < 0.99 ? deeper : Vector3d(motion.linear().col(0));
            auto needle = insert_needle(placed_.knee->knee, n, tip, direction, aside);
            if (needle && !n.direction &&
                simulate::through_probe(scanner_.contact, placed_.pose.inverse() * needle->tip,
                                        in_probe)) {
                needle = no_answer("probe-in-the-way",
                                   "it would have to pass through the probe; flatter, or with the "
                                   "probe moved, it gets by");
            }
            if (needle) return *needle;
            if (!first) first = needle.error();
            if (n.direction) break;
        }
        throw ImpossibleCase("needle: " + first->text + ".");
    }

    report::Case case_;
    Scanner scanner_;
    Knee knee_;
    std::optional<simulate::Injection> injection_;
    Placed placed_;
    std::unique_ptr<simulate::UltrasoundSimulator> simulator_;
    std::optional<InsertedNeedle> needle_;
};

}  // namespace

std::unique_ptr<Phantom> make_ultrasound_phantom(const report::Case& c) {
    return std::make_unique<UltrasoundPhantom>(c);
}

}  // namespace guide::app
