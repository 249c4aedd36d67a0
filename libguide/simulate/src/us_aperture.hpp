// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "us_beam.hpp"

#include <guide/core/execution.hpp>

#include <limits>
#include <vector>

namespace guide::simulate {

/// Which part of the aperture sees a place: not elements that touch nothing, nor those that bone
/// stands in the way of. Gives shadows their half-shadow.
class ApertureView {
  public:
    /// Bone on a line, depths in mm: the two stretches of it that are met first.
    struct Bone {
        static constexpr double kNone = std::numeric_limits<double>::infinity();
        double begin[2] = {kNone, kNone}, end[2] = {kNone, kNone};

        [[nodiscard]] bool holds(double depth_mm) const {
            return (depth_mm > begin[0] && depth_mm < end[0]) ||
                   (depth_mm > begin[1] && depth_mm < end[1]);
        }
    };

    explicit ApertureView(const BeamModel& beam);

    /// `bones` are those of the grid's columns, and of one more.
    void look(const std::vector<Bone>& bones, Workers& workers);

    /// 0 to 1.
    [[nodiscard]] double share(int column, double depth_mm) const;

    /// How far along the face the middle of a line's aperture lies, mm.
    [[nodiscard]] double face_mm(int column) const;

  private:
    static constexpr int kColumns = 2;       // from node to node
    static constexpr double kDepthMm = 0.5;  // from node to node
    static constexpr int kElements = 11;     // of an aperture that are asked

    [[nodiscard]] double share_of(const std::vector<Bone>& bones, int column,
                                  double depth_mm) const;

    const BeamModel* beam_;
    int across_, down_;
    bool all_ = true;  ///< nothing is in the way of anything
    std::vector<float> shares_;
};

}  // namespace guide::simulate
