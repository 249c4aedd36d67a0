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

    /// The path of the best score in a lattice of tips and directions.
    [[nodiscard]] std::optional<Path> best(double target_step_mm, double direction_step_deg);
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
        double margin;    ///< outside the joint space
        double in_joint;  ///< margin within it
        std::vector<std::uint8_t> labels;
        std::vector<float> at_centres;  ///< distance of each voxel's centre, cut off
    };
    /// A value for each voxel's centre, for points outside and within the joint space, that
    /// changes between two points by no more than their distance: so it bounds what it is anywhere.
    struct Field {
        std::vector<float> outside, within;
        [[nodiscard]] bool empty() const { return outside.empty(); }
    };
    /// The voxel that holds a point, the point's distance to its centre, and what it is.
    struct Place {
        std::size_t voxel;
        double from_centre;
        bool inside;  ///< the volume
        plan::LabelRole role;
    };

    [[nodiscard]] plan::LabelRole role(const Eigen::Vector3d& patient) const;
    [[nodiscard]] double distance(const Eigen::Vector3d& patient,
                                  const std::vector<std::uint8_t>& labels, double most) const;
    [[nodiscard]] std::vector<std::uint8_t> labels_of(plan::LabelRole role,
                                                      const std::string& kind) const;
    [[nodiscard]] double wall(const Eigen::Vector3d& patient, double most) const;
    [[nodiscard]] double angle_deg(const Path& path) const;
    [[nodiscard]] double turned_deg(const Path& path) const;  ///< from the side asked for
    [[nodiscard]] bool in_probe(const Eigen::Vector3d& entry, double mm) const;
    [[nodiscard]] double clearance(const Path& path) const;
    [[nodiscard]] double score(const Path& path, double p_hit, double clearance) const;
    /// Where a ray from the tip meets the air; none where it leaves the volume, or beyond `most`.
    [[nodiscard]] std::optional<Eigen::Vector3d> skin_from(const Eigen::Vector3d& target,
                                                           const Eigen::Vector3d& out,
                                                           double most) const;
    [[nodiscard]] std::vector<Eigen::Vector3d> targets(double step, double spare) const;
    [[nodiscard]] std::vector<Eigen::Vector3d> directions(double step_deg, double spare_deg) const;
    [[nodiscard]] Place place_of(const Eigen::Vector3d& patient) const;
    /// Distances at all centres, up to what counts for clearance.
    void look_coarsely();
    void fill_centres(Thing& thing, double reach) const;
    /// What is left between the needle and the nearest margin.
    [[nodiscard]] Field room_with(double spare) const;
    /// What the score calls clearance.
    [[nodiscard]] Field clearances() const;
    [[nodiscard]] double less(const Thing& thing) const;
    /// The most that `field` can be at its least on the way from the tip to the skin; none where
    /// that is less than `enough`, or the skin is not met within `most`.
    [[nodiscard]] std::optional<double> most_on_way(const Field& field,
                                                    const Eigen::Vector3d& target,
                                                    const Eigen::Vector3d& out, double most,
                                                    double enough) const;

    const LabelVolume& volume_;
    const plan::LabelTable& table_;
    const plan::Approach& approach_;
    const plan::PlanOptions& options_;
    Eigen::Affine3d voxel_from_patient_;
    Eigen::Vector3d edge_, face_, side_;
    bool sided_ = false;
    double radius_ = 0, wall_needed_ = 0, boundary_ = 0;
    std::vector<plan::LabelRole> role_of_;
    std::vector<Thing> things_;
    std::vector<Eigen::Vector3d> joint_;  ///< its voxels' centres, patient mm
    Field room_;                          ///< for the spare that is searched with, else empty
};

}  // namespace guide::test
