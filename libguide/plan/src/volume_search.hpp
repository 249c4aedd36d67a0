// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "volume_hit.hpp"
#include "volume_ruler.hpp"

#include <map>
#include <string>
#include <vector>

namespace guide::plan {

/// What makes one allowed path in a volume better than another: the preferences of the plane, with
/// the same weights.
class VolumePreferences {
  public:
    /// `hits` may be null: then no path is surer than another.
    VolumePreferences(const VolumeRuler& ruler, const HitField* hits);

    [[nodiscard]] double certainty(const VolumePath& path, const VolumeMeasures& m) const;
    [[nodiscard]] double ready_certainty(const Eigen::Vector3d& target) const;
    [[nodiscard]] double visibility(double angle_rad) const;
    [[nodiscard]] double clearance(const VolumeMeasures& m) const;
    [[nodiscard]] double score(const VolumeMeasures& m, double certainty) const;
    /// No path within `reach` scores more.
    [[nodiscard]] double score_bound(const VolumeMeasures& m, double ready,
                                     const VolumeReach& reach) const;
    [[nodiscard]] TipErrors errors(const VolumeMeasures& m) const;
    /// mm: of the error that is the same in all directions.
    [[nodiscard]] static double round_sigma(const VolumeData& data, const Approach& approach,
                                            const PlanOptions& options);

  private:
    [[nodiscard]] double sum(double certainty, double angle_rad, double clearance,
                             double length) const;

    const VolumeRuler& ruler_;
    const HitField* hits_;
};

/// An allowed path with its score.
struct VolumeFound {
    VolumePath path;
    double score = 0, certainty = 0, angle = 0, length = 0, clearance = 0;
};

struct VolumeCost {
    VolumeBreach example{};
    int count = 0;
    double closest = 0;
};

/// Cubes that hold the joint space, cut in eight again and again as far as they are asked for. Each
/// is stood for by the point in it that lies deepest in the joint space.
class TipTree {
  public:
    struct Node {
        Eigen::Vector3d centre = Eigen::Vector3d::Zero();
        double half = 0;
        Eigen::Vector3d tip = Eigen::Vector3d::Zero();
        double reach = 0;  ///< no point of the cube is farther from the tip
        double wall = 0, depth = 0, ready = 0;
        std::size_t first = 0, last = 0;  ///< its parts, once it is cut
        bool cut = false;
    };

    TipTree(const VolumeRuler& ruler, const VolumePreferences& preferences);

    /// Of those to begin with.
    [[nodiscard]] std::size_t roots() const { return roots_; }
    [[nodiscard]] const Node& operator[](std::size_t i) const { return nodes_[i]; }
    /// The parts of a cube in which the tip may end, as the numbers first to last.
    std::pair<std::size_t, std::size_t> parts_of(std::size_t i);

  private:
    bool add(const Eigen::Vector3d& centre, double half);

    const VolumeRuler& ruler_;
    const VolumePreferences& preferences_;
    std::vector<Node> nodes_;
    std::size_t roots_ = 0;
};

/// Looks for allowed paths over tip (a cube of the tree) and direction (angle and turn): a fixed
/// grid first, then its cells are cut up. A cell is given up only where no path in it keeps every
/// limit with VolumeRuler::kSpare to spare, or none can beat what was found.
class VolumeSearch {
  public:
    VolumeSearch(const VolumeRuler& ruler, const VolumePreferences& preferences);

    void run();
    /// Only whether there is a path.
    [[nodiscard]] bool any();

    [[nodiscard]] const std::vector<VolumeFound>& found() const { return found_; }
    [[nodiscard]] const std::map<std::string, VolumeCost>& costs() const { return costs_; }
    [[nodiscard]] int tried() const { return tried_; }
    [[nodiscard]] int allowed() const { return allowed_; }
    [[nodiscard]] int measured() const { return measured_; }

    /// The best path that small steps from `start` lead to.
    [[nodiscard]] VolumeFound polished(const VolumeFound& start);
    /// The same from a path that need not be allowed; none where no allowed one is met.
    [[nodiscard]] std::optional<VolumeFound> climbed(const VolumePath& start);

    /// Whether both paths are the same advice.
    [[nodiscard]] static bool alike(const VolumePath& a, double a_length, const VolumePath& b,
                                    double b_length);

  private:
    struct Cell {
        double key = 0;  ///< how promising it is
        double bound = 0;
        std::size_t tip = 0;
        double angle = 0, turn = 0, angle_half = 0, turn_half = 0;
        double length = 0;
        /// Score of its middle, less for each millimetre that it breaks limits by.
        double worth = 0;
        bool allowed = false, cut = false;
    };
    /// A path on its way to a better one.
    struct Climber {
        VolumeFound at;
        double broken = 0;  ///< mm; 0 where it is allowed
        [[nodiscard]] bool better_than(const Climber& other) const {
            if (broken > 0 || other.broken > 0) return broken < other.broken - 1e-9;
            return at.score > other.at.score + 1e-9;
        }
    };

    void first_cells();
    [[nodiscard]] VolumeReach reach_of(const Cell& cell) const;
    /// Measures the cell's middle and puts it among the cells, unless nothing in it is allowed.
    void look(Cell cell, Effort effort);
    void cut(std::size_t cell);
    /// Until something is allowed, or `most` paths are measured.
    [[nodiscard]] bool blind(int most);
    void better();
    /// From the most promising cells that are no neighbours, to allowed paths.
    void climb_from_cells();
    /// By steps from `first` down to `last` mm.
    void climb(Climber& climber, double first, double last);
    /// Goes to `path` where that is better.
    bool step_to(const VolumePath& path, Climber& best);
    [[nodiscard]] Climber climber_at(const VolumePath& path);
    /// By how much the measured path breaks a limit, and all of them together; degrees as what
    /// they make at the entry.
    [[nodiscard]] double in_mm(const VolumeBreach& breach) const;
    [[nodiscard]] double broken_mm() const;
    void take_measures(const VolumePath& path, VolumeFound& found) const;

    const VolumeRuler& ruler_;
    const VolumePreferences& preferences_;
    TipTree tips_;
    VolumeMeasures scratch_;
    std::vector<Cell> cells_;
    std::vector<VolumeFound> found_;
    std::map<std::string, VolumeCost> costs_;
    double best_ = -1;
    int tried_ = 0, allowed_ = 0, measured_ = 0;
};

}  // namespace guide::plan
