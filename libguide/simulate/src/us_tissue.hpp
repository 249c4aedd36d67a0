// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "us_aperture.hpp"
#include "us_beam.hpp"
#include "us_scatter.hpp"
#include "us_texture.hpp"

#include <guide/core/execution.hpp>
#include <guide/simulate/tissue_field.hpp>

#include <vector>

namespace guide::simulate {

/// A wall that a line of the grid meets.
struct WallEcho {
    float row;         ///< of the grid, with its fraction
    float amplitude;   ///< to be laid there
    float quadrature;  ///< the same, a quarter of a wave off
};

/// What the lines of the grid meet on their way through the tissue: how strongly it scatters and
/// what is left of the sound there and back, and walls between tissues and within them.
class TissueMap {
  public:
    TissueMap(const BeamModel& beam, std::uint64_t seed);

    /// Goes along all lines.
    void trace(const TissueField& field, const Eigen::Isometry3d& patient_from_scan,
               Workers& workers);

    [[nodiscard]] const AmplitudeSheets& sheets() const { return sheets_; }
    [[nodiscard]] const std::vector<WallEcho>& walls(int column) const {
        return walls_[static_cast<std::size_t>(column)];
    }
    /// Share of the amplitude that comes back from a place in the scan plane.
    [[nodiscard]] float through(int column, int row) const;

  private:
    struct Line;
    void place(Line& line, const Eigen::Isometry3d& patient_from_scan, int column) const;
    void place_on_sheet(Line& line, int sheet) const;
    [[nodiscard]] ApertureView::Bone bone_along(const TissueField& field, const Line& line) const;
    void trace_line(const TissueField& field, Line& line);
    void pass_run(Line& line, int begin, int end);
    void pass_layers(Line& line, int begin, int end, double facing);
    void pass_lamellae(Line& line, int begin, int end, double level, const Lamellae& lamellae);
    void add_haze(Line& line);
    void add_bone_haze(Line& line, double step);
    void meet_wall(Line& line, int before);
    void add_multiples(Line& line);
    void ring(Line& line);
    void add_wall(Line& line, double depth_mm, double level, double slope, double phase = 0);

    const BeamModel* beam_;
    NoiseVolume noise_;
    ApertureView aperture_;
    std::vector<ApertureView::Bone> bones_;  ///< by column
    AmplitudeSheets sheets_;
    std::vector<float> through_;
    std::vector<std::vector<WallEcho>> walls_;
    std::uint32_t seed_;
    std::vector<double> look_angles_;  ///< radians off the lines
    double lobe_across_, lobe_out_;    ///< half widths of a mirror's lobe, radians
    double mirror_;                    ///< amplitude of a whole reflection, head on
};

}  // namespace guide::simulate
