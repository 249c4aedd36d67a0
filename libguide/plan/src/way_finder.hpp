// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "entry_line.hpp"
#include "passage.hpp"
#include "scorer.hpp"

#include <optional>
#include <vector>

namespace guide::plan {

/// Finds any allowed path where only slits are left, by cutting up entries and directions, the
/// least broken first. What blocks a way blocks all targets behind, so that depth is never cut; a
/// bundle is given up only where no path with 0.1 mm to spare can be in it.
class WayFinder {
  public:
    /// `thin`, whose lines may be thinned, tells what is blocked; `scorer` what is allowed.
    WayFinder(const Ruler& thin, Scorer& scorer, const std::vector<EntryLine>& lines);

    [[nodiscard]] std::optional<Found> find();

  private:
    struct Box {
        double key = 0;
        std::size_t line = 0;
        double s = 0, s_half = 0, turn = 0, turn_half = 0;  ///< turn: radians to the level axis
        double from = 0, to = 0;                            ///< of targets along the middle way
        Passage::Edges edges{};
    };
    struct Axes {
        MmVector level, down;
    };

    [[nodiscard]] std::vector<Box> first_boxes();
    [[nodiscard]] FatRay ray_of(const Box& box) const;
    [[nodiscard]] bool look(Box& box);
    /// Begins the box where a tip may end; false when that is nowhere.
    [[nodiscard]] bool skip_hopeless(Box& box, const FatRay& ray) const;
    [[nodiscard]] std::optional<Found> probe(Box& box);
    [[nodiscard]] Box part_of(const Box& box, double slid, double turned) const;

    Scorer& scorer_;
    const Ruler& ruler_;
    const std::vector<EntryLine>& lines_;
    double unit_;
    Passage passage_;
    double longest_;
    std::vector<Axes> axes_;
    int looked_ = 0;
};

}  // namespace guide::plan
