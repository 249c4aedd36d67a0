// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oracle_shape.hpp"

#include <guide/anatomy/anatomy.hpp>
#include <guide/plan/approach.hpp>
#include <guide/plan/plan.hpp>

#include <optional>
#include <string>

namespace guide::test {

/// A second opinion on needle paths, written apart from the planner: paths are sampled densely and
/// every limit is measured at the samples by plain loops. Calibrated frames only.
class Oracle {
  public:
    Oracle(const Anatomy& anatomy, const plan::Approach& approach,
           const plan::PlanOptions& options);

    static constexpr int kColumns = 200;
    using Point = OracleShape::Point;
    struct Path {
        Point entry, target;
        double off_plane = 0;
        bool to_surest = false;
    };

    /// The first limit that the path breaks, none when it keeps all. With `spare_mm` it has to keep
    /// them with so much to spare, anywhere that far from its axis, and half a degree.
    [[nodiscard]] std::optional<std::string> broken(const Path& path, double spare_mm = 0,
                                                    double step_mm = 0.05) const;

    /// A path with something to spare, from a grid of entries and targets.
    [[nodiscard]] std::optional<Path> find(double spare_mm, double target_step_mm,
                                           double entry_step_mm) const;

    /// The best score of a grid of paths; under TargetRule::surest_first of those to the surest
    /// point where there are any.
    [[nodiscard]] std::optional<double> best_score(double target_step_mm,
                                                   double entry_step_mm) const;

    [[nodiscard]] double score(const Path& path, double p_hit) const;
    /// The Gaussian's mass of the joint space, whose outlines do not overlap, in so many columns.
    [[nodiscard]] double p_hit(const Path& path, int columns = kColumns) const;

  private:
    struct Line {
        double x, y, dx, dy, low, high;
    };

    [[nodiscard]] bool in_joint(Point p) const;
    [[nodiscard]] bool in_notch(Point p) const;
    [[nodiscard]] double wall(Point p) const;
    [[nodiscard]] double bone_gap(Point p) const;
    [[nodiscard]] bool below_bone(Point p, double by) const;
    /// The limit that a point of a path breaks.
    [[nodiscard]] std::optional<std::string> broken_at(Point p) const;
    /// How far the point can be moved before any limit can be broken, at least.
    [[nodiscard]] double room(Point p) const;
    [[nodiscard]] double margin(const std::string& kind) const;
    [[nodiscard]] std::vector<Line> entry_lines() const;
    [[nodiscard]] std::vector<Point> targets(double step) const;
    template <class Visit>
    void visit_grid(double target_step, double entry_step, bool surest_only, Visit visit) const;
    [[nodiscard]] double clearance(const Path& path) const;
    [[nodiscard]] double score(const Path& path, double p_hit, double clearance) const;
    [[nodiscard]] double angle_deg(const Path& path) const;
    [[nodiscard]] double length_mm(const Path& path) const;

    const plan::Approach& approach_;
    const plan::PlanOptions& options_;
    bool radiograph_;
    std::vector<OracleShape> joint_, obstacles_, unseen_, bones_, roofs_;
    Point surest_{}, left_{}, right_{};
    double boundary_sigma_ = 0, wall_needed_ = 0, thickest_ = 0;
};

}  // namespace guide::test
