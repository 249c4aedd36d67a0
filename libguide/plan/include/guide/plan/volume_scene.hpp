// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/label_volume.hpp>
#include <guide/core/execution.hpp>
#include <guide/core/expected.hpp>
#include <guide/plan/export.hpp>

#include <Eigen/Core>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guide::plan {

/// What a label means to a needle.
enum class LabelRole {
    outside,      ///< air beyond the skin: where the needle comes from
    soft,         ///< may be crossed
    joint_space,  ///< where the tip is to end
    bone,         ///< kept off by the approach's bone margin; within the joint space not touched
    cartilage,    ///< as bone
    obstacle,     ///< kept off by the approach's margin of its kind, all along
    unknown       ///< not crossed unless the approach allows what was not seen
};

[[nodiscard]] GUIDE_PLAN_EXPORT std::string_view name_of(LabelRole role);
[[nodiscard]] GUIDE_PLAN_EXPORT std::optional<LabelRole> label_role_from_name(
    std::string_view name);

struct LabelEntry {
    int value = 0;  ///< 0 to 255, as in the volume
    LabelRole role = LabelRole::soft;
    std::string name;  ///< of the layer or bone, e.g. "muscle"; obstacles: the kind, e.g. "vessel"
};

enum class KneeSide { unknown, left, right };

[[nodiscard]] GUIDE_PLAN_EXPORT std::string_view name_of(KneeSide side);

/// A joint space that has no label of its own: soft voxels whose distances to two labels, taken
/// together, are at most so large.
struct JointBetween {
    std::vector<int> one, other;  ///< label values
    double mm = 0;                ///< > 0, at most 30
};

/// Where a tracked probe stands on the skin: patient space (LPS), mm. `along` and `looks` are at
/// right angles; their lengths do not count.
struct ProbePlace {
    Eigen::Vector3d face_mm;  ///< the middle of its face
    Eigen::Vector3d along;    ///< along the face, in the image plane
    Eigen::Vector3d looks;    ///< into the body
    double width_mm = 38;     ///< of the face, 5 to 150
};

/// What the numbers of a volume mean, and what the user states beside them. Nothing is assumed that
/// does not stand here.
struct LabelTable {
    std::vector<LabelEntry> labels;
    /// Of values without an entry.
    LabelRole others = LabelRole::unknown;
    /// mm, > 0, at most 100. For volumes that show no air: the skin is taken so far outside of all
    /// that has a label other than soft.
    std::optional<double> skin_offset_mm;
    std::optional<JointBetween> joint_between;
    KneeSide side = KneeSide::unknown;  ///< unknown: told from labels named fibula and tibia
    /// mm, 0 or more: standard deviation of the joint space's border. None: that of a border
    /// anywhere within its voxel, edge / sqrt(12).
    std::optional<double> boundary_sigma_mm;
    /// None: the probe may stand anywhere, and looks from where the approach's view asks for.
    std::optional<ProbePlace> probe;

    /// The label or field that is wrong and why.
    [[nodiscard]] GUIDE_PLAN_EXPORT Expected<void> validate() const;
};

struct VolumeData;

/// A label volume made ready for planning: every voxel is a box, and for each point the nearest box
/// of bone, of each kind of obstacle and of the air is known. Exact, by a separable transform over
/// boxes (after Felzenszwalb and Huttenlocher 2012). A value: copies share what they hold; it can
/// be used from several threads.
class GUIDE_PLAN_EXPORT VolumeScene {
  public:
    /// The reason where the volume cannot be planned in: "bad-volume" (empty, skewed or without a
    /// length), "bad-labels", "no-skin", "no-joint-space". Some seconds for 20 million voxels; the
    /// same for any number of threads.
    [[nodiscard]] static Expected<VolumeScene> make(const LabelVolume& volume,
                                                    const LabelTable& table,
                                                    const Execution& execution = {});

    [[nodiscard]] KneeSide side() const;
    [[nodiscard]] double joint_mm3() const;  ///< of the joint space
    [[nodiscard]] double widest_mm()
        const;  ///< largest distance of a joint voxel's centre to the wall
    [[nodiscard]] Eigen::Vector3d joint_middle() const;  ///< LPS mm
    /// What was assumed or is missing, e.g. "skin-assumed", "no-obstacle-labels".
    [[nodiscard]] const std::vector<Reason>& notes() const;
    [[nodiscard]] LabelRole role_at(const Eigen::Vector3d& patient_mm) const;
    [[nodiscard]] const VolumeData& data() const { return *data_; }

  private:
    explicit VolumeScene(std::shared_ptr<const VolumeData> data) : data_(std::move(data)) {}
    std::shared_ptr<const VolumeData> data_;
};

}  // namespace guide::plan
