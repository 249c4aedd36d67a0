// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/ultrasound.hpp>

#include <Eigen/Geometry>

#include <cstddef>
#include <vector>

namespace guide::simulate {

/// A position on the grid that signals are made on, in its columns and rows.
struct WorkPoint {
    double column = 0, row = 0;
    double across_mm = 0;  ///< out of plane
    double depth_mm = 0;   ///< along the line, true
};

/// The grid that signals are made on: the lines shown with some more on both sides, whose echoes
/// reach in, and samples with some more below. All lengths in true millimetres.
class BeamModel {
  public:
    explicit BeamModel(const UltrasoundSettings& settings);

    /// What is known of one row.
    struct Row {
        double depth_mm;      ///< true
        double pitch_mm;      ///< from line to line
        double lateral_mm;    ///< sigma of the point spread
        double elevation_mm;  ///< sigma
        double speckle;       ///< makes scatterers of amplitude 1 add up to speckle of amplitude 1
    };

    [[nodiscard]] int columns() const { return columns_; }
    [[nodiscard]] int rows() const { return static_cast<int>(rows_.size()); }
    [[nodiscard]] int margin() const { return margin_; }
    [[nodiscard]] const Row& row(int r) const { return rows_[static_cast<std::size_t>(r)]; }
    [[nodiscard]] double axial_mm() const { return axial_mm_; }  ///< sigma of the pulse
    [[nodiscard]] double row_mm() const { return row_mm_; }      ///< true, from row to row

    /// Where a line of the grid starts and runs to, in the scan plane.
    struct Line {
        Eigen::Vector2d start, direction;
    };
    [[nodiscard]] Line line(double column) const;

    /// `scan` is (x, y) of the scan plane and the distance out of it.
    [[nodiscard]] WorkPoint work_from_scan(const Eigen::Vector3d& scan) const;

    /// The weights of a row's lateral filter, [0, radius]: an effective Gaussian of height 1.
    [[nodiscard]] const float* lateral_weights(int r) const { return weights(r, 0); }
    /// The same for a look off the middle (1 and on): times cosine and sine of the phase it adds.
    [[nodiscard]] const float* cosine_weights(int r, int look) const {
        return weights(r, 2 * look - 1);
    }
    [[nodiscard]] const float* sine_weights(int r, int look) const { return weights(r, 2 * look); }
    [[nodiscard]] int lateral_radius(int r) const {
        return lateral_radius_[static_cast<std::size_t>(r)];
    }
    /// The same along the lines.
    [[nodiscard]] const std::vector<float>& axial_weights() const { return axial_; }

    /// Height of the echo of a straight row of points, one a line of the grid, each of amplitude 1,
    /// that rises by `slope` (depth over width).
    [[nodiscard]] double sum_of_row(const Row& row, double slope) const;

    [[nodiscard]] const UltrasoundSettings& settings() const { return settings_; }

  private:
    [[nodiscard]] const float* weights(int r, int kind) const {
        return lateral_.data() +
               (static_cast<std::size_t>(r) * static_cast<std::size_t>(settings_.looks) +
                static_cast<std::size_t>(kind)) *
                   static_cast<std::size_t>(margin_);
    }

    UltrasoundSettings settings_;
    int margin_ = 0, columns_ = 0;
    double axial_mm_ = 0, row_mm_ = 0;
    std::vector<Row> rows_;
    std::vector<float> lateral_, axial_;
    std::vector<int> lateral_radius_;
};

}  // namespace guide::simulate
