// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "us_beam.hpp"

#include <Eigen/Geometry>

#include <cstdint>
#include <vector>

namespace guide::simulate {

/// Echo amplitudes of tissue about the scan plane: sheets of the grid's columns and every second
/// row, which lie where the beam is `position` times its sigma strong. Depth runs fastest.
struct AmplitudeSheets {
    static constexpr int kCount = 3;
    static constexpr int kRowStep = 2;
    static constexpr double kApart = 1.0;  ///< sigma

    int columns = 0, rows = 0;
    std::vector<float> values;

    [[nodiscard]] std::size_t start(int sheet, int column) const {
        return (static_cast<std::size_t>(sheet) * static_cast<std::size_t>(columns) +
                static_cast<std::size_t>(column)) *
               static_cast<std::size_t>(rows);
    }
};

/// A part of the grid: the scatterers between these columns and rows and the next.
struct ScatterTile {
    static constexpr int kSide = 64;
    int column, row, columns, rows;
};

/// What the tiles of one frame share.
struct ScatterField {
    ScatterField(const BeamModel& beam, const Eigen::Isometry3d& scan_from_patient,
                 const AmplitudeSheets& sheets);

    /// scan (x, y, out of plane) = scan_from_cell * cell + offset, cells counted from `base`.
    Eigen::Matrix3f scan_from_cell;
    Eigen::Vector3f offset;
    std::int32_t base[3];
    int inner;  ///< the patient axis that runs most along the face: cells are gone over along it
    std::uint32_t seed;

    bool linear;
    float radius, sine, per_cosine;             ///< of the face and of the steering
    float columns_per_unit, middle;             ///< column = columns_per_unit * across + middle
    float rows_per_mm, first_mm, turns_per_mm;  ///< the carrier's, there and back
    std::vector<float> per_elevation;           ///< 1 / sigma of each row
    const AmplitudeSheets* sheets;
    const BeamModel* beam;

    /// Bounds of a tile in the scan plane.
    [[nodiscard]] Eigen::AlignedBox3f box(const ScatterTile& tile) const;
};

/// How far out of plane scatterers are heard, in sigma.
inline constexpr float kElevationCut = 2.5F;

/// Adds the scatterers of a tile to `sums`: complex numbers, tile.rows + 1 rows of tile.columns +
/// 1, `stride` floats apart.
void add_scatterers(const ScatterField& field, const ScatterTile& tile, float* sums, int stride);

}  // namespace guide::simulate
