// SPDX-License-Identifier: Apache-2.0
// What the parts of TissueMap share.
#pragma once

#include "us_random.hpp"
#include "us_tissue.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace guide::simulate {

/// Bone or metal.
inline bool is_hard(const TissueProperties& properties) {
    return properties.impedance_mrayl > 3;
}

/// A normal deviate that belongs to a cell of patient space.
inline double deviate_at(const Eigen::Vector3d& point, double cell_mm, std::uint32_t seed) {
    const auto whole = [&](int a) {
        return static_cast<std::uint32_t>(
            static_cast<std::int64_t>(std::floor(point[a] / cell_mm)));
    };
    const std::uint32_t h = CellHash::mixed(seed + whole(0) * CellHash::kX +
                                            whole(1) * CellHash::kY + whole(2) * CellHash::kZ);
    const double sum = (h & 255U) + ((h >> 8) & 255U) + ((h >> 16) & 255U) + (h >> 24);
    return (sum - 510) * 0.0067659;
}

/// One line of one sheet, on its way.
struct TissueMap::Line {
    struct Strong {
        double depth_mm, level;
    };
    int column, sheet;
    double weight;  ///< of the sheet
    Eigen::Vector3d start, along, across, out;
    std::vector<TissueSample> samples;
    std::vector<float> gain;   ///< share left, there and back
    std::vector<float> build;  ///< how densely the tissue is built there, 1: as usual
    std::vector<float> seen;   ///< what the aperture sees of it
    int count;                 ///< samples that are seen
    double before_bone;        ///< share left where bone was met
    int bone = -1;             ///< last sample above the first bone, or none
    double bone_echo;          ///< level of its wall
    double bone_facing;        ///< how much of the sound it throws straight back, 0 to 1
    float* amplitude;
    double left;                  ///< of the amplitude, where the line has got to
    Eigen::Vector3d entry, exit;  ///< normals of the walls at both ends of a run; zero: unknown
    std::vector<Strong> strong;
    std::vector<WallEcho>* walls;
    const BeamModel* beam;
    double out_sigma;  ///< of the sheet

    [[nodiscard]] int row_of(double sample) const {
        const int row = static_cast<int>(sample * AmplitudeSheets::kRowStep + 0.5);
        return std::clamp(row, 0, beam->rows() - 1);
    }
    [[nodiscard]] double depth_of(double sample) const {
        return beam->row(0).depth_mm + sample * AmplitudeSheets::kRowStep * beam->row_mm();
    }
    [[nodiscard]] Eigen::Vector3d point_of(double sample) const {
        return start + depth_of(sample) * along +
               out_sigma * beam->row(row_of(sample)).elevation_mm * out;
    }
};

}  // namespace guide::simulate
