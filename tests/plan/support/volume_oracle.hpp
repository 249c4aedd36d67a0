// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/plan/plan.hpp>
#include <guide/plan/volume_scene.hpp>

#include <Eigen/Core>

#include <optional>
#include <string>
#include <vector>

namespace guide::test {

/// A second opinion on paths in a label volume, written apart from the planner: paths are sampled
/// densely, and at each sample the distances to all voxels about are taken by plain loops. For
/// tables whose roles all stand in the table, of a known knee.
class VolumeOracle {
  public:
    VolumeOracle(const LabelVolume& volume, const plan::LabelTable& table,
                 const plan::Approach& approach, const plan::PlanOptions& options);

    struct Path {
        Eigen::Vector3d entry, target;  ///< patient mm
    };

    /// The first limit that the path breaks, none when it keeps all. With `spare_mm` it has to keep
    /// them with so much to spare, and half a degree, and so have paths that are turned by as much
    /// about its tip, as far as the skin is concerned.
    [[nodiscard]] std::optional<std::string> broken(const Path& path, double spare_mm = 0,
                                                    double step_mm = 0.05) const;

    /// A path with something to spare, from a lattice of tips and directions.
    [[nodiscard]] std::optional<Path> find(double spare_mm, double target_step_mm,
                                           double direction_step_deg);

    /// The best score of a lattice of tips and directions.
    [[nodiscard]] std::optional<double> best_score(double target_step_mm,
                                                   double direction_step_deg);
    [[nodiscard]] double score(const Path& path) const;
    /// By summing over voxels, cut in parts, the Gaussian's density.
    [[nodiscard]] double p_hit(const Path& path, int parts = 2) const;

    /// To the nearest box of role and kind, up to `most`.
    [[nodiscard]] double distance(const Eigen::Vector3d& patient, plan::LabelRole role,
                                  const std::string& kind, double most) const;

  private:
    struct Thing {
        plan::LabelRole role;
        std::string kind;
        double margin;                  ///< outside the joint space
        double in_joint;                ///< margin within it
        std::vector<float> at_centres;  ///< distance of each voxel's centre, cut off
    };

    [[nodiscard]] plan::LabelRole role(const Eigen::Vector3d& patient) const;
    [[nodiscard]] double distance(const Eigen::Vector3d& patient,
                                  const std::vector<std::uint8_t>& labels, double most) const;
    [[nodiscard]] std::vector<std::uint8_t> labels_of(plan::LabelRole role,
                                                      const std::string& kind) const;
    [[nodiscard]] double wall(const Eigen::Vector3d& patient, double most) const;
    [[nodiscard]] double angle_deg(const Path& path) const;
    [[nodiscard]] double turned_deg(const Path& path) const;  ///< from the side asked for
    [[nodiscard]] bool sided() const;
    [[nodiscard]] double clearance(const Path& path) const;
    [[nodiscard]] double score(const Path& path, double p_hit) const;
    /// Where a ray from the tip meets the air; none where it leaves the volume, or beyond `most`.
    [[nodiscard]] std::optional<Eigen::Vector3d> skin_from(const Eigen::Vector3d& target,
                                                           const Eigen::Vector3d& out,
                                                           double most) const;
    [[nodiscard]] std::vector<Eigen::Vector3d> targets(double step, double spare) const;
    [[nodiscard]] std::vector<Eigen::Vector3d> directions(double step_deg, double spare_deg) const;
    /// False where a coarse look tells that the way is not free.
    [[nodiscard]] bool may_be_free(const Path& path, double spare) const;
    /// What may_be_free looks at.
    void look_coarsely();
    void fill_centres(Thing& thing, double reach) const;

    const LabelVolume& volume_;
    const plan::LabelTable& table_;
    const plan::Approach& approach_;
    const plan::PlanOptions& options_;
    Eigen::Affine3d voxel_from_patient_;
    Eigen::Vector3d edge_, face_, side_;
    double radius_ = 0, wall_needed_ = 0, boundary_ = 0;
    std::vector<plan::LabelRole> role_of_;
    std::vector<Thing> things_;
};

}  // namespace guide::test
