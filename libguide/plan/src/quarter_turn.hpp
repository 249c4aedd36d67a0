// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/plan/plan.hpp>

namespace guide::plan {

/// Turns pictures by quarters so that a leg that lies across one stands upright in it, femur up:
/// directions, sides and limits of approaches are those of an upright leg. Exact both ways.
class QuarterTurn {
  public:
    /// Of a radiograph, by its joint line, which edges of bones follow from left to right of the
    /// upright leg; none of other pictures.
    [[nodiscard]] static QuarterTurn upright(const Anatomy& anatomy);

    [[nodiscard]] bool none() const { return quarters_ == 0; }
    [[nodiscard]] Anatomy turned(const Anatomy& anatomy) const;
    [[nodiscard]] PixelPoint turn(PixelPoint p) const;
    /// The plan, or a path of an approach with that entry, as seen in the picture as it is.
    void turn_back(Plan& plan) const;
    void turn_back(Candidate& path, EntryRule entry) const;

  private:
    [[nodiscard]] PixelPoint back(PixelPoint p) const;

    int quarters_ = 0;  // clockwise from the x axis to the joint line
    PixelGrid grid_;
};

}  // namespace guide::plan
