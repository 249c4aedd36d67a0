// SPDX-License-Identifier: Apache-2.0
#include "phantom.hpp"

#include <guide/core/error.hpp>
#include <guide/segment/segment.hpp>
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
constexpr double kVoxel = 0.4;          // mm
constexpr double kThickness = 4;        // mm of tissue built at each side of the scan plane
constexpr double kProbeThickness = 12;  // mm, of the face across the plane

UltrasoundSettings settings_of(const report::Case& c) {
    const report::CaseScanner& s = c.scanner;
    UltrasoundSettings u;
    // Lines and samples as close as simulate's own for its probe, closer for narrow beams and short
    // pulses, and for looks that are more oblique.
    const double shorter = std::max(1.0, s.frequency_mhz / 7);
    const double closer = shorter * std::max(1.0, s.looks / 3.0);
    u.lines = std::clamp(static_cast<int>(std::lround(closer * s.width_mm / 0.16)), 64, 1024);
    u.samples = std::clamp(static_cast<int>(std::lround(shorter * s.depth_mm / 0.0375)), 256, 8192);
    u.probe.width_mm = s.width_mm;
    u.probe.end_mm = s.depth_mm;
    u.frequency_mhz = s.frequency_mhz;
    u.focus_mm = s.focus_mm;
    u.gain_db = s.gain_db;
    u.tgc_db_per_cm = s.tgc_db_per_cm;
    u.dynamic_range_db = s.dynamic_range_db;
    u.looks = s.looks;
    u.tissue_speed_m_s = s.tissue_speed_m_s;
    u.lost_contact = s.lost_contact;
    u.seed = c.seed;
    const auto pixels = [&](double mm) {
        return std::max(16, static_cast<int>(std::lround(mm / s.pixel_mm)));
    };
    u.picture = {pixels(s.width_mm), pixels(s.depth_mm), {s.pixel_mm, s.pixel_mm}, {}};
    u.picture.origin = {-0.5 * s.pixel_mm * (u.picture.width - 1), 0};
    return u;
}

/// The knee's tissue around the scan plane, voxels along the probe's axes.
std::shared_ptr<const TissueField> slab(const Knee& knee, const Pose& pose,
                                        const UltrasoundSettings& s, const Execution& execution) {
    constexpr double kEdge = 1;  // mm around the picture
    const double deep = s.probe.end_mm * std::max(1.0, s.tissue_speed_m_s / s.assumed_speed_m_s);
    const Vector3d low(-0.5 * s.probe.width_mm - kEdge, -kEdge, -kThickness);
    const Vector3d high(-low.x(), deep + kEdge, kThickness);
    simulate::VoxelGrid grid;
    for (int a = 0; a < 3; ++a) {
        grid.size[static_cast<std::size_t>(a)] =
            static_cast<int>(std::ceil((high[a] - low[a]) / kVoxel)) + 1;
    }
    grid.patient_from_grid =
        Eigen::Affine3d(pose.motion()) * Eigen::Translation3d(low) * Eigen::Scaling(kVoxel);
    return std::make_shared<TissueField>(
        grid,
        [&knee](const Eigen::Matrix3Xd& points, simulate::TissueSample* samples) {
            for (Eigen::Index i = 0; i < points.cols(); ++i)
                samples[i] = knee.at(points.col(i));
        },
        execution);
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
    std::optional<Knee> knee;  ///< pressed
    std::shared_ptr<const TissueField> field;
};

class UltrasoundPhantom final : public Phantom {
  public:
    explicit UltrasoundPhantom(const report::Case& c)
        : case_(c), settings_(settings_of(c)), knee_(c.knee) {
        try {
            settings_.validate();
        } catch (const PreconditionError& fault) {
            throw ImpossibleCase(std::string("scanner: its fields do not go together; a narrower "
                                             "probe, a lower frequency or fewer looks may: ") +
                                 fault.what());
        }
    }

    [[nodiscard]] PhantomFrame make(int index, const Execution& execution) override {
        const bool moves = case_.sequence.motion == report::Motion::probe_sweep;
        if (!simulator_ || moves) place(index, execution);
        if (case_.needle && !needle_) needle_ = find_needle(execution);
        simulate::UltrasoundScene scene;
        scene.frame_number = static_cast<std::uint64_t>(index);
        if (needle_) scene.needle = drawn_back(*needle_, share_of(case_.sequence, index));

        PhantomFrame made;
        made.frame = simulator_->frame(placed_.pose, scene, execution);
        auto truth = std::make_shared<simulate::UltrasoundTruth>(simulate::ultrasound_truth(
            *placed_.field, settings_, placed_.pose, case_.view, scene.needle, execution));
        made.mask = segment::joint_space_mask(truth->anatomy);
        made.labels = std::move(truth->labels);
        made.tags.laterality = case_.knee.laterality == simulate::Laterality::left ? 'L' : 'R';
        made.truth_json = [this, truth, needle = scene.needle, pose = placed_.pose,
                           shown = std::make_shared<Frame>(clone(made.frame))](
                              const report::TruthOrigin& origin) {
            return report::ultrasound_truth_json(origin, case_, *shown, *truth, pose, needle);
        };
        return made;
    }

  private:
    void place(int index, const Execution& execution) {
        try {
            placed_.pose = simulate::standard_pose(knee_, case_.view, offset_at(case_, index),
                                                   case_.scanner.width_mm);
            placed_.knee.emplace(
                knee_.pressed({placed_.pose, case_.scanner.width_mm, kProbeThickness}));
        } catch (const PreconditionError& fault) {
            throw ImpossibleCase(std::string("probe: it cannot be held there: ") + fault.what());
        }
        placed_.field = slab(*placed_.knee, placed_.pose, settings_, execution);
        if (simulator_) {
            simulator_->set_field(placed_.field);
        } else {
            simulator_ = std::make_unique<simulate::UltrasoundSimulator>(placed_.field, settings_);
        }
    }

    [[nodiscard]] Vector3d target(const Execution& execution) const {
        const report::CaseNeedle& n = *case_.needle;
        if (n.tip_mm) return *n.tip_mm;
        if (const auto place = place_of(knee_, n.target)) return *place;
        const auto truth = simulate::ultrasound_truth(*placed_.field, settings_, placed_.pose,
                                                      case_.view, {}, execution);
        if (!truth.anatomy.joint_space) {
            throw ImpossibleCase("needle.target: this frame shows no joint space: " +
                                 truth.anatomy.joint_space.error().text);
        }
        return simulate::patient_point(settings_, placed_.pose, truth.anatomy.joint_space->target);
    }

    /// Probe axes: along the face to the right, deeper, towards the viewer.
    [[nodiscard]] Vector3d direction_at(double angle_deg) const {
        const report::CaseNeedle& n = *case_.needle;
        const double flat = std::cos(angle_deg * kDegree), steep = std::sin(angle_deg * kDegree);
        if (n.across_plane) return {0, steep, -flat};
        return {n.from_right ? -flat : flat, steep, 0};
    }

    /// Whether a needle would have to go through the probe.
    [[nodiscard]] bool under_probe(const Vector3d& tip, const Vector3d& direction) const {
        if (direction.y() <= 1e-3) return false;
        const Vector3d at_face = tip - tip.y() / direction.y() * direction;
        return std::abs(at_face.x()) < 0.5 * case_.scanner.width_mm &&
               std::abs(at_face.z()) < 0.5 * kProbeThickness;
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
            auto needle = insert_needle(*placed_.knee, n, tip, direction, aside);
            if (needle && !n.direction && under_probe(placed_.pose.inverse() * tip, in_probe)) {
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
    UltrasoundSettings settings_;
    Knee knee_;
    Placed placed_;
    std::unique_ptr<simulate::UltrasoundSimulator> simulator_;
    std::optional<InsertedNeedle> needle_;
};

}  // namespace

std::unique_ptr<Phantom> make_ultrasound_phantom(const report::Case& c) {
    return std::make_unique<UltrasoundPhantom>(c);
}

}  // namespace guide::app
