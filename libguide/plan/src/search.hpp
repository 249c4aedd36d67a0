// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "preferences.hpp"
#include "ruler.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guide::plan {

/// An allowed path with its score.
struct Found {
    Path path;
    double score = 0, certainty = 0;
    double angle_deg = 0, length = 0, clearance = 0;
};

/// What a limit cost on the grid that every search begins with.
struct Cost {
    Breach example{};
    int count = 0;
    double closest = 0;
};

/// Looks for allowed paths: a fixed grid over entries and targets first, then cells of it are cut
/// up best first (branch and bound). A cell is given up only where no path in it can be allowed or
/// can beat what was found.
class Search {
  public:
    Search(Ruler& ruler, const Preferences& preferences);

    void run();

    /// Allowed paths that were scored, in no order. Not empty when any was met.
    [[nodiscard]] const std::vector<Found>& found() const { return found_; }
    [[nodiscard]] const std::map<std::string, Cost>& costs() const { return costs_; }
    [[nodiscard]] int tried() const { return tried_; }
    [[nodiscard]] int allowed() const { return allowed_; }
    [[nodiscard]] int measured() const { return measured_; }

    /// The path with its score, none where it is not allowed.
    [[nodiscard]] std::optional<Found> score(const Path& path);
    /// The allowed path next to `path`: its entry moved to where entries lie, its side found.
    [[nodiscard]] std::optional<Found> nearest(const Path& path);
    /// The best path that small steps from `start` lead to.
    [[nodiscard]] Found polished(const Found& start);

  private:
    struct EntryLine {
        MmPoint origin;
        MmVector direction;
        double low, high;
        bool from_left;
    };
    struct Target {
        MmPoint at;
        double half = 0;  ///< of the square around it
        bool surest = false;
        TargetMeasures measures;
        double ready = 0;
    };
    struct Cell {
        double key;  ///< the heap's order
        double bound;
        Target target;
        std::size_t line;
        double s, s_half;
        bool allowed;
        Found seen;
    };

    void make_lines();
    [[nodiscard]] std::vector<Target> make_targets() const;
    [[nodiscard]] Path path_of(std::size_t line, double s, const Target& target) const;
    [[nodiscard]] double entry_reach(const Cell& cell) const;
    /// Measures the cell's middle; none where nothing in it is allowed.
    [[nodiscard]] std::optional<Cell> look(std::size_t line, double s, double s_half,
                                           const Target& target, bool count);
    void cut(const Cell& cell, std::vector<Cell>& parts);
    [[nodiscard]] bool smallest(const Cell& cell) const;
    void keep(const Cell& cell);
    void refine(std::vector<Cell> cells);

    Ruler& ruler_;
    const Preferences& preferences_;
    double unit_ = 1;
    std::vector<EntryLine> lines_;
    Measures scratch_;
    std::vector<Found> found_;
    std::map<std::string, Cost> costs_;
    double best_ = -1;
    int tried_ = 0, allowed_ = 0, measured_ = 0;
};

}  // namespace guide::plan
