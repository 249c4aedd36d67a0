// SPDX-License-Identifier: Apache-2.0
#include "case_volume.hpp"
#include "phantom.hpp"

#include <guide/core/error.hpp>
#include <guide/segment/segment.hpp>
#include <guide/simulate/fluoroscopy.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace guide::app {
namespace {

using Eigen::Vector3d;
using simulate::Knee;
using simulate::Tissue;
using simulate::TissueField;
using simulate::TissueSample;

/// What stands in the beam.
struct Leg {
    Vector3d centre;
    std::optional<Knee> knee;          ///< ours, or
    std::optional<TissueField> field;  ///< somebody's own
};

/// Towards the shafts the cortex gets thicker, from 1.5 to some 3.5 mm: depths in bone, by which
/// X-rays tell cortex from spongiosa, count for less there.
void thicken_cortex(TissueSample& sample, double from_joint_mm) {
    if (sample.tissue != Tissue::femur && sample.tissue != Tissue::tibia) return;
    constexpr double kBegins = 35, kEnds = 100, kLeast = 0.43;  // mm, mm, share
    const double shaft = std::clamp((from_joint_mm - kBegins) / (kEnds - kBegins), 0.0, 1.0);
    sample.depth_mm *= static_cast<float>(1 - (1 - kLeast) * shaft);
}

/// Joint fluid all turned to contrast agent; while it is injected the simulator does it.
bool fluid_shows(const report::Case& c) {
    return c.contrast == report::Contrast::in_joint &&
           c.sequence.motion != report::Motion::injection;
}

Leg leg_of(const report::Case& c, const std::filesystem::path& folder, const Execution& execution) {
    Leg leg;
    if (c.volume) {
        OwnKnee own = read_case_volume(*c.volume, folder, fluid_shows(c), execution);
        leg.centre = own.centre;
        leg.field = std::move(own.field);
        return leg;
    }
    leg.knee.emplace(c.knee);
    const auto marks = leg.knee->landmarks();
    leg.centre = 0.5 * (marks.medial_joint + marks.lateral_joint);
    return leg;
}

simulate::FluoroscopySettings settings_of(const report::Case& c, const Vector3d& centre) {
    simulate::FluoroscopySettings s;
    s.arm = c.xray.arm;
    s.arm.isocentre = centre + c.xray.shift_mm;
    s.photons = c.xray.photons;
    s.scatter_to_primary = c.xray.scatter_to_primary;
    s.collimator_mm = c.xray.collimator_mm;
    s.bone_bright = c.xray.bone_bright;
    s.seed = c.seed;
    for (const report::CaseWire& wire : c.wires)
        s.wires.push_back(wire.wire);
    return s;
}

/// The same moment from the other arm.
simulate::FluoroscopySettings second_of(const report::Case& c,
                                        simulate::FluoroscopySettings settings) {
    settings.arm.primary_deg = c.biplane->primary_deg;
    settings.arm.secondary_deg = c.biplane->secondary_deg;
    settings.arm.roll_deg = c.biplane->roll_deg;
    settings.seed = c.seed ^ 0xb1b1a4e5ULL;  // its detector has noise of its own
    return settings;
}

/// The part of the leg that one of the detectors sees.
simulate::Region seen_region(const Knee& knee, const std::vector<simulate::CArm>& arms) {
    constexpr double kReach = 250, kStep = 8;
    simulate::Region region{Vector3d::Constant(1e9), Vector3d::Constant(-1e9)};
    for (const simulate::CArm& arm : arms) {
        const auto calibration = simulate::calibration_of(arm.geometry());
        const double margin =
            2 * kStep * arm.source_to_detector_mm / (arm.source_to_isocentre_mm * arm.pixel_mm);
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
    }
    if (region.low.x() > region.high.x())
        throw ImpossibleCase("c_arm: its beam does not meet the knee.");
    return region;
}

simulate::VoxelGrid grid_of(const simulate::Region& region, double voxel) {
    simulate::VoxelGrid grid;
    for (int a = 0; a < 3; ++a) {
        grid.size[static_cast<std::size_t>(a)] =
            static_cast<int>(std::ceil((region.high[a] - region.low[a]) / voxel)) + 1;
    }
    grid.patient_from_grid.translation() = region.low;
    grid.patient_from_grid.linear() *= voxel;
    return grid;
}

/// The window that automatic brightness would choose: of what the collimator leaves open and the
/// body covers, all but the brightest and the darkest hundredths. Open air is as white as it gets.
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
    std::vector<float> open, covered;
    const double range = wide.black_od - wide.white_od;
    const auto od_of = [&](float grey) {
        return wide.black_od - static_cast<double>(grey) / 255 * range;
    };
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            if (std::hypot(x - 0.5 * (width - 1), y - 0.5 * (height - 1)) < radius)
                open.push_back(frame.intensity.at(x, y));
        }
    }
    constexpr double kBody = 0.4;  // 2 cm of water
    std::copy_if(open.begin(), open.end(), std::back_inserter(covered),
                 [&](float grey) { return od_of(grey) > kBody; });
    if (covered.size() > open.size() / 20) open = std::move(covered);
    if (open.empty()) return;
    const auto od_at = [&](double share) {
        const auto place = open.begin() + static_cast<std::ptrdiff_t>(
                                              share * static_cast<double>(open.size() - 1));
        std::nth_element(open.begin(), place, open.end());
        return od_of(*place);
    };
    settings.white_od = std::clamp(od_at(0.97), -2.0, 10.0);
    settings.black_od = std::clamp(od_at(0.01), settings.white_od + 0.5, 20.0);
}

class FluoroscopyPhantom final : public Phantom {
  public:
    FluoroscopyPhantom(const report::Case& c, const std::filesystem::path& folder,
                       const Execution& execution)
        : case_(c) {
        Leg leg = leg_of(c, folder, execution);
        simulate::FluoroscopySettings first = settings_of(c, leg.centre);
        if (c.needle) needle_ = first.needle = find_needle(leg);
        views_.push_back(std::move(first));
        if (c.biplane) views_.push_back(second_of(c, views_.front()));
        make_simulator(leg, execution);
        if (const auto agent = agent_of()) set_contrast(*agent);
        for (simulate::FluoroscopySettings& settings : views_) {
            settings.contrast_ml = most_ml_;
            if (c.xray.black_od && c.xray.white_od) {
                settings.black_od = *c.xray.black_od;
                settings.white_od = *c.xray.white_od;
            } else {
                set_window(*simulator_, settings, execution);
            }
        }
    }

    [[nodiscard]] PhantomFrame make(int index, const Execution& execution) override {
        PhantomFrame made = view(0, index, execution);
        if (views_.size() > 1)
            made.second = std::make_unique<PhantomFrame>(view(1, index, execution));
        return made;
    }

  private:
    [[nodiscard]] simulate::Spongiosa spongiosa_of(const Leg& leg) const {
        simulate::Spongiosa spongiosa;
        spongiosa.joint = leg.centre;
        if (leg.knee) spongiosa.shank_axis = leg.knee->landmarks().tibia_axis;
        spongiosa.seed = case_.knee.seed;
        return spongiosa;
    }

    void make_simulator(Leg& leg, const Execution& execution) {
        if (leg.field) {
            simulator_.emplace(*leg.field, execution, spongiosa_of(leg));
            return;
        }
        std::vector<simulate::CArm> arms;
        for (const simulate::FluoroscopySettings& settings : views_)
            arms.push_back(settings.arm);
        const bool shows = fluid_shows(case_);
        simulator_.emplace(
            grid_of(seen_region(*leg.knee, arms), case_.xray.voxel_mm),
            [&knee = *leg.knee, centre = leg.centre, shows](const Vector3d& p) {
                TissueSample sample = knee.at(p);
                thicken_cortex(sample, (p - centre).norm());
                if (shows && sample.tissue == Tissue::joint_fluid)
                    sample.tissue = Tissue::contrast_agent;
                return sample;
            },
            execution, spongiosa_of(leg));
    }

    /// What comes out of the needle, if agent does.
    [[nodiscard]] std::optional<simulate::ContrastAgent> agent_of() const {
        const bool flows = case_.sequence.motion == report::Motion::injection;
        if (!needle_ || case_.contrast == report::Contrast::none || fluid_shows(case_))
            return std::nullopt;
        simulate::ContrastAgent agent;
        agent.from = needle_->tip;
        agent.in_joint = case_.contrast == report::Contrast::in_joint;
        agent.most_ml = flows ? case_.sequence.injected_ml : case_.contrast_ml;
        agent.seed = case_.seed;
        return agent;
    }

    void set_contrast(const simulate::ContrastAgent& agent) {
        try {
            simulator_->set_contrast(agent);
        } catch (const PreconditionError&) {
            throw ImpossibleCase(
                agent.in_joint ? "contrast: the needle's tip is more than 10 mm away from all "
                                 "joint fluid; agent would not get into the joint."
                               : "contrast: there is no soft tissue within 10 mm of the "
                                 "needle's tip.");
        }
        most_ml_ = agent.most_ml;
    }

    [[nodiscard]] PhantomFrame view(std::size_t v, int index, const Execution& execution) {
        simulate::FluoroscopySettings settings = views_[v];
        settings.frame_number = static_cast<std::uint64_t>(index);
        if (needle_) settings.needle = drawn_back(*needle_, share_of(case_.sequence, index));
        if (case_.sequence.motion == report::Motion::injection)
            settings.contrast_ml = most_ml_ * index / (case_.sequence.frames - 1);
        PhantomFrame made;
        made.frame = simulator_->frame(settings, execution);
        auto truth =
            std::make_shared<simulate::FluoroscopyTruth>(simulator_->truth(settings, execution));
        if (v == 0) truth->anatomy.view = case_.view;
        made.mask = segment::joint_space_mask(truth->anatomy);
        made.labels = std::move(truth->silhouettes);
        made.tags.laterality = case_.knee.laterality == simulate::Laterality::left ? 'L' : 'R';
        const simulate::CArm& arm = settings.arm;
        made.camera = {arm.width, arm.height, simulate::calibration_of(arm.geometry())};
        // DICOM tells where the detector stands, 0 in front of the patient; ours stands behind.
        const double turned = arm.primary_deg + 180;
        made.tags.xray = io::DicomXrayTags{arm.source_to_detector_mm, arm.source_to_isocentre_mm,
                                           turned > 180 ? turned - 360 : turned,
                                           0 - arm.secondary_deg, arm.pixel_mm};
        made.truth_json = [this, v, truth, settings,
                           shown = std::make_shared<Frame>(clone(made.frame))](
                              const report::TruthOrigin& origin) {
            std::optional<report::OtherView> other;
            if (views_.size() > 1) {
                const std::filesystem::path way = v == 0 ? kSecondView : "..";
                other = {(way / origin.source.file).generic_string(), views_[1 - v].arm};
            }
            return report::fluoroscopy_truth_json(origin, case_, *shown, *truth, settings, other);
        };
        return made;
    }

    [[nodiscard]] simulate::InsertedNeedle find_needle(const Leg& leg) const {
        const report::CaseNeedle& n = *case_.needle;
        const Vector3d tip = n.tip_mm ? *n.tip_mm : place_of(*leg.knee, n.target).value();
        const Vector3d direction = *n.direction;
        const Vector3d aside =
            std::abs(direction.z()) < 0.99 ? Vector3d::UnitZ() : Vector3d::UnitX();
        const auto body = [&](const Vector3d& p) {
            return leg.field ? leg.field->at(p) : leg.knee->at(p);
        };
        const auto needle = insert_needle(body, n, tip, direction, aside);
        if (!needle) throw ImpossibleCase("needle: " + needle.error().text + ".");
        return *needle;
    }

    report::Case case_;
    std::vector<simulate::FluoroscopySettings> views_;  ///< one, or two of a biplane pair
    std::optional<simulate::FluoroscopySimulator> simulator_;
    std::optional<simulate::InsertedNeedle> needle_;  ///< all in
    double most_ml_ = 0;                              ///< of agent
};

}  // namespace

std::unique_ptr<Phantom> make_fluoroscopy_phantom(const report::Case& c,
                                                  const std::filesystem::path& folder,
                                                  const Execution& execution) {
    return std::make_unique<FluoroscopyPhantom>(c, folder, execution);
}

}  // namespace guide::app
