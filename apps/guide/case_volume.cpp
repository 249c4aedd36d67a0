// SPDX-License-Identifier: Apache-2.0
#include "case_volume.hpp"

#include <guide/core/error.hpp>
#include <guide/io/label_volume.hpp>
#include <guide/simulate/label_volume.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace guide::app {
namespace {

using simulate::Tissue;
using simulate::VoxelGrid;

constexpr double kLeast = 0.05, kMost = 10;  // mm, of voxels

/// Where the voxels stand.
VoxelGrid grid_of(const LabelVolume& volume, const std::string& name) {
    const auto refuse = [&](const char* why) { throw IoError(name, "no-label-volume", why); };
    VoxelGrid grid;
    grid.size = volume.size;
    grid.patient_from_grid = volume.patient_from_voxel;
    if (!grid.patient_from_grid.matrix().allFinite() ||
        std::abs(grid.patient_from_grid.linear().determinant()) < 1e-9)
        refuse("has axes that span no volume");
    const auto spacing = grid.patient_from_grid.linear().colwise().norm();
    if (spacing.minCoeff() < kLeast || spacing.maxCoeff() > kMost)
        refuse("has voxels that are not 0.05 to 10 mm wide");
    return grid;
}

/// The tissue of each voxel in place of its number.
std::vector<std::uint8_t> tissues_of(std::vector<std::uint8_t> labels,
                                     const report::CaseVolume& wanted, bool fluid_shows,
                                     const std::string& name) {
    std::array<std::optional<std::uint8_t>, 256> tissues;
    tissues[0] = static_cast<std::uint8_t>(Tissue::outside);
    for (const auto& [label, tissue] : wanted.labels) {
        if (label < 1 || label > 255) continue;  // none in a volume of bytes
        tissues[static_cast<std::size_t>(label)] = static_cast<std::uint8_t>(
            fluid_shows && tissue == Tissue::joint_fluid ? Tissue::contrast_agent : tissue);
    }
    for (std::uint8_t& label : labels) {
        const auto tissue = tissues[label];
        if (!tissue) {
            throw IoError(name, "unknown-label",
                          "holds label " + std::to_string(label) +
                              ", of which the case (volume.labels) does not tell the tissue");
        }
        label = *tissue;
    }
    if (std::all_of(labels.begin(), labels.end(), [](std::uint8_t l) { return l == 0; }))
        throw IoError(name, "no-label-volume", "holds nothing but background");
    return labels;
}

}  // namespace

OwnKnee read_case_volume(const report::CaseVolume& wanted, const std::filesystem::path& folder,
                         bool fluid_shows, const Execution& execution) {
    const std::filesystem::path file = std::filesystem::path(wanted.file).is_relative()
                                           ? folder / wanted.file
                                           : std::filesystem::path(wanted.file);
    const std::string name = file.string();
    LabelVolume volume = io::read_label_volume(file);
    const VoxelGrid grid = grid_of(volume, name);
    auto labels = tissues_of(std::move(volume.labels), wanted, fluid_shows, name);
    const Eigen::Vector3d middle =
        0.5 * Eigen::Vector3d(grid.size[0] - 1, grid.size[1] - 1, grid.size[2] - 1);
    const Eigen::Vector3d centre = simulate::joint_centre(grid, labels)
                                       .value_or(Eigen::Vector3d(grid.patient_from_grid * middle));
    labels =
        simulate::with_surroundings(grid, std::move(labels), wanted.background, wanted.around_mm);
    return {simulate::TissueField::from_labels(grid, labels, wanted.smooth_mm, execution), centre};
}

}  // namespace guide::app
