// SPDX-License-Identifier: Apache-2.0
#include "phantom.hpp"

#include <guide/segment/segment.hpp>
#include <guide/simulate/fluoroscopy.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace guide::app {
namespace {

using Eigen::Vector3d;
using simulate::Knee;
using simulate::Tissue;
using simulate::TissueField;
using simulate::TissueSample;

/// The joint's middle: where a technician centres.
Vector3d centre_of(const Knee& knee) {
    const auto marks = knee.landmarks();
    return 0.5 * (marks.medial_joint + marks.lateral_joint);
}

simulate::FluoroscopySettings settings_of(const report::Case& c, const Knee& knee) {
    simulate::FluoroscopySettings s;
    s.arm = c.xray.arm;
    s.arm.isocentre = centre_of(knee) + c.xray.shift_mm;
    s.photons = c.xray.photons;
    s.scatter_to_primary = c.xray.scatter_to_primary;
    s.collimator_mm = c.xray.collimator_mm;
    s.bone_bright = c.xray.bone_bright;
    s.seed = c.seed;
    return s;
}

/// The part of the leg that the detector sees.
simulate::Region seen_region(const Knee& knee, const simulate::CArm& arm) {
    constexpr double kReach = 250, kStep = 8;
    const auto calibration = simulate::calibration_of(arm.geometry());
    const double margin =
        2 * kStep * arm.source_to_detector_mm / (arm.source_to_isocentre_mm * arm.pixel_mm);
    simulate::Region region{Vector3d::Constant(1e9), Vector3d::Constant(-1e9)};
    for (double z = -kReach; z <= kReach; z += kStep) {
        for (double y = -kReach; y <= kReach; y += kStep) {
            for (double x = -kReach; x <= kReach; x += kStep) {
                const Vector3d p = arm.isocentre + Vector3d(x, y, z);
                const PixelPoint pixel = calibration.project(p);
                if (pixel.x < -margin || pixel.y < -margin || pixel.x > arm.width + margin ||
                    pixel.y > arm.height + margin || knee.at(p).tissue == Tissue::outside)
                    continue;
                region.low = region.low.cwiseMin(p - Vector3d::Constant(kStep));
                region.high = region.high.cwiseMax(p + Vector3d::Constant(kStep));
            }
        }
    }
    if (region.low.x() > region.high.x())
        throw ImpossibleCase("c_arm: its beam does not meet the knee.");
    return region;
}

/// Contrast agent that went beside the joint: it spreads along the limb more than across, with
/// fingers.
struct Bleb {
    Vector3d centre;
    double radius_mm;  ///< of the ball of the same volume

    /// mm inside of it, about.
    [[nodiscard]] double depth_at(const Vector3d& point) const {
        constexpr double kAcross = 0.65, kAlong = 1 / (kAcross * kAcross);
        const Vector3d q = (point - centre).cwiseQuotient(Vector3d(kAcross, kAcross, kAlong));
        const double distance = q.norm();
        const double fingers = 0.12 * std::sin(5 * std::atan2(q.y(), q.x()) + q.z() / 4) +
                               0.1 * std::sin(q.z() / 2 + 0.4 * q.x());
        return kAcross * (radius_mm * (1 + fingers) - distance);
    }
};

TissueSample with_contrast(TissueSample sample, const Vector3d& point, bool in_joint,
                           const std::optional<Bleb>& bleb) {
    if (in_joint && sample.tissue == Tissue::joint_fluid) sample.tissue = Tissue::contrast_agent;
    if (!bleb || sample.tissue == Tissue::outside || simulate::is_bone(sample.tissue) ||
        sample.tissue == Tissue::cartilage)
        return sample;
    const auto inside = static_cast<float>(bleb->depth_at(point));
    sample.depth_mm = std::min(sample.depth_mm, std::abs(inside));
    if (inside > 0) sample.tissue = Tissue::contrast_agent;
    return sample;
}

/// A row of the phantom. Where the tissue is deeper than fields tell (5 mm) at both ends of a short
/// stretch it is so between them: most of a leg need not be asked for.
void sample_row(const Knee& knee, const Eigen::Matrix3Xd& points, TissueSample* samples) {
    constexpr Eigen::Index kStretch = 4;
    constexpr double kShort = 2.5;   // mm: half of 5
    constexpr float kDeep = 4.999F;  // mm
    const Eigen::Index count = points.cols();
    samples[0] = knee.at(points.col(0));
    for (Eigen::Index from = 0; from + 1 < count;) {
        const Eigen::Index to = std::min(from + kStretch, count - 1);
        samples[to] = knee.at(points.col(to));
        const bool same = samples[from].tissue == samples[to].tissue &&
                          samples[from].depth_mm >= kDeep && samples[to].depth_mm >= kDeep &&
                          (points.col(to) - points.col(from)).norm() <= kShort;
        for (Eigen::Index i = from + 1; i < to; ++i)
            samples[i] = same ? samples[from] : knee.at(points.col(i));
        from = to;
    }
}

/// The window that automatic brightness would choose: from the brightest to the darkest hundredth
/// of what the collimator leaves open.
void set_window(simulate::FluoroscopySimulator& simulator, simulate::FluoroscopySettings& settings,
                const Execution& execution) {
    simulate::FluoroscopySettings wide = settings;
    wide.white_od = -2;
    wide.black_od = 20;
    wide.bone_bright = false;
    const Frame frame = simulator.frame(wide, execution);
    const int width = frame.intensity.width(), height = frame.intensity.height();
    const double radius = settings.collimator_mm > 0
                              ? settings.collimator_mm / settings.arm.pixel_mm - 2
                              : width + height;
    std::vector<float> open;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            if (std::hypot(x - 0.5 * (width - 1), y - 0.5 * (height - 1)) < radius)
                open.push_back(frame.intensity.at(x, y));
        }
    }
    if (open.empty()) return;
    const auto od_at = [&](double share) {
        const auto place = open.begin() + static_cast<std::ptrdiff_t>(
                                              share * static_cast<double>(open.size() - 1));
        std::nth_element(open.begin(), place, open.end());
        return wide.black_od - static_cast<double>(*place) / 255 * (wide.black_od - wide.white_od);
    };
    settings.white_od = std::clamp(od_at(0.99), -2.0, 10.0);
    settings.black_od = std::clamp(od_at(0.01), settings.white_od + 0.5, 20.0);
}

class FluoroscopyPhantom final : public Phantom {
  public:
    FluoroscopyPhantom(const report::Case& c, const Execution& execution)
        : case_(c), knee_(c.knee), settings_(settings_of(c, knee_)) {
        if (c.needle) settings_.needle = find_needle();
        const simulate::Region region = seen_region(knee_, settings_.arm);
        std::optional<Bleb> bleb;
        if (c.contrast == report::Contrast::outside_joint) {
            const double mm3 = 1000 * c.contrast_ml;
            bleb = Bleb{settings_.needle->tip, std::cbrt(mm3 * 3 / (4 * std::numbers::pi))};
        }
        simulator_.emplace(field(region, bleb, execution), execution);
        full_needle_ = settings_.needle;
        if (c.xray.black_od && c.xray.white_od) {
            settings_.black_od = *c.xray.black_od;
            settings_.white_od = *c.xray.white_od;
        } else {
            set_window(*simulator_, settings_, execution);
        }
    }

    [[nodiscard]] PhantomFrame make(int index, const Execution& execution) override {
        settings_.frame_number = static_cast<std::uint64_t>(index);
        if (full_needle_)
            settings_.needle = drawn_back(*full_needle_, share_of(case_.sequence, index));
        PhantomFrame made;
        made.frame = simulator_->frame(settings_, execution);
        auto truth =
            std::make_shared<simulate::FluoroscopyTruth>(simulator_->truth(settings_, execution));
        truth->anatomy.view = case_.view;
        made.mask = segment::joint_space_mask(truth->anatomy);
        made.labels = std::move(truth->silhouettes);
        made.tags.laterality = case_.knee.laterality == simulate::Laterality::left ? 'L' : 'R';
        const simulate::CArm& arm = settings_.arm;
        // DICOM tells where the detector stands, 0 in front of the patient; ours stands behind.
        const double turned = arm.primary_deg + 180;
        made.tags.xray = io::DicomXrayTags{arm.source_to_detector_mm, arm.source_to_isocentre_mm,
                                           turned > 180 ? turned - 360 : turned,
                                           0 - arm.secondary_deg, arm.pixel_mm};
        made.truth_json = [this, truth, settings = settings_,
                           shown = std::make_shared<Frame>(clone(made.frame))](
                              const report::TruthOrigin& origin) {
            return report::fluoroscopy_truth_json(origin, case_, *shown, *truth, settings);
        };
        return made;
    }

  private:
    [[nodiscard]] TissueField field(const simulate::Region& region, const std::optional<Bleb>& bleb,
                                    const Execution& execution) const {
        const bool in_joint = case_.contrast == report::Contrast::in_joint;
        const double voxel = case_.xray.voxel_mm;
        simulate::VoxelGrid grid;
        for (int a = 0; a < 3; ++a) {
            grid.size[static_cast<std::size_t>(a)] =
                static_cast<int>(std::ceil((region.high[a] - region.low[a]) / voxel)) + 1;
        }
        grid.patient_from_grid.translation() = region.low;
        grid.patient_from_grid.linear() *= voxel;
        return {grid,
                [&](const Eigen::Matrix3Xd& points, TissueSample* samples) {
                    sample_row(knee_, points, samples);
                    for (Eigen::Index i = 0; i < points.cols(); ++i)
                        samples[i] = with_contrast(samples[i], points.col(i), in_joint, bleb);
                },
                execution};
    }

    [[nodiscard]] simulate::InsertedNeedle find_needle() const {
        const report::CaseNeedle& n = *case_.needle;
        const Vector3d tip = n.tip_mm ? *n.tip_mm : place_of(knee_, n.target).value();
        const Vector3d direction = *n.direction;
        const Vector3d aside =
            std::abs(direction.z()) < 0.99 ? Vector3d::UnitZ() : Vector3d::UnitX();
        const auto needle = insert_needle(knee_, n, tip, direction, aside);
        if (!needle) throw ImpossibleCase("needle: " + needle.error().text + ".");
        return *needle;
    }

    report::Case case_;
    Knee knee_;
    simulate::FluoroscopySettings settings_;
    std::optional<simulate::FluoroscopySimulator> simulator_;
    std::optional<simulate::InsertedNeedle> full_needle_;
};

}  // namespace

std::unique_ptr<Phantom> make_fluoroscopy_phantom(const report::Case& c,
                                                  const Execution& execution) {
    return std::make_unique<FluoroscopyPhantom>(c, execution);
}

}  // namespace guide::app
