// SPDX-License-Identifier: Apache-2.0
#include "label_volume.hpp"

#include <guide/core/error.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/simulate/label_volume.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace guide::app {
namespace {

using simulate::Tissue;
using simulate::VoxelGrid;

/// Where the voxels stand, from the first slice of the file.
VoxelGrid grid_of(const io::SourceInfo& info, const Frame& first, const std::string& name) {
    const auto refuse = [&](const char* why) { throw IoError(name, "no-label-volume", why); };
    const bool volume = std::any_of(info.notes.begin(), info.notes.end(),
                                    [](const Reason& note) { return note.code == "volume"; });
    if ((info.format != "nrrd" && info.format != "metaimage") || !volume)
        refuse("is no volume of slices (NRRD or MetaImage)");
    if (!first.image_to_reference) {
        refuse(
            "does not say where its voxels stand in the patient (NRRD: space "
            "left-posterior-superior, right-anterior-superior or left-anterior-superior, with "
            "space directions and space origin)");
    }
    if (first.colour.size() > 0) refuse("holds colours, no labels");
    VoxelGrid grid;
    grid.size = {info.width, info.height, info.frame_count};
    grid.patient_from_grid.matrix() = *first.image_to_reference;
    if (!grid.patient_from_grid.matrix().allFinite() ||
        std::abs(grid.patient_from_grid.linear().determinant()) < 1e-9)
        refuse("has axes that span no volume");
    constexpr double kLeast = 0.05, kMost = 10;  // mm
    const auto spacing = grid.patient_from_grid.linear().colwise().norm();
    if (spacing.minCoeff() < kLeast || spacing.maxCoeff() > kMost)
        refuse("has voxels that are not 0.05 to 10 mm wide");
    constexpr std::size_t kMostVoxels = 200'000'000;
    if (grid.count() > kMostVoxels) refuse("has more than 200 million voxels");
    return grid;
}

/// The tissue of each number that a slice holds.
void append_labels(const Frame& slice, const report::CaseVolume& wanted, bool fluid_shows,
                   const std::string& name, std::vector<std::uint8_t>& labels) {
    int known = 0;
    auto tissue = static_cast<std::uint8_t>(Tissue::outside);
    for (std::size_t i = 0; i < slice.intensity.size(); ++i) {
        const float value = slice.intensity.data()[i];
        const int label = static_cast<int>(std::clamp(value, -1.0F, 1e6F));
        if (static_cast<float>(label) != value || label < 0)
            throw IoError(name, "no-label-volume", "holds numbers that are no labels");
        if (label != known) {
            const auto named = wanted.labels.find(label);
            if (label != 0 && named == wanted.labels.end()) {
                throw IoError(name, "unknown-label",
                              "holds label " + std::to_string(label) +
                                  ", of which the case (volume.labels) does not tell the tissue");
            }
            const Tissue found = label == 0 ? Tissue::outside : named->second;
            tissue = static_cast<std::uint8_t>(
                fluid_shows && found == Tissue::joint_fluid ? Tissue::contrast_agent : found);
            known = label;
        }
        labels.push_back(tissue);
    }
}

}  // namespace

LabelVolume read_label_volume(const report::CaseVolume& wanted, const std::filesystem::path& folder,
                              bool fluid_shows, const Execution& execution) {
    const std::filesystem::path file = std::filesystem::path(wanted.file).is_relative()
                                           ? folder / wanted.file
                                           : std::filesystem::path(wanted.file);
    const std::string name = file.string();
    if (std::filesystem::is_directory(file))
        throw IoError(name, "no-label-volume", "is a folder, no label volume");
    const auto source = io::open(file);
    Frame slice = source->read(0);
    const VoxelGrid grid = grid_of(source->info(), slice, name);
    std::vector<std::uint8_t> labels;
    labels.reserve(grid.count());
    for (int k = 0; k < grid.size[2]; ++k) {
        if (k > 0) slice = source->read(k);
        append_labels(slice, wanted, fluid_shows, name, labels);
    }
    if (std::all_of(labels.begin(), labels.end(), [](std::uint8_t l) { return l == 0; }))
        throw IoError(name, "no-label-volume", "holds nothing but background");
    const Eigen::Vector3d middle =
        0.5 * Eigen::Vector3d(grid.size[0] - 1, grid.size[1] - 1, grid.size[2] - 1);
    const Eigen::Vector3d centre = simulate::joint_centre(grid, labels)
                                       .value_or(Eigen::Vector3d(grid.patient_from_grid * middle));
    labels =
        simulate::with_surroundings(grid, std::move(labels), wanted.background, wanted.around_mm);
    return {simulate::TissueField::from_labels(grid, labels, wanted.smooth_mm, execution), centre};
}

}  // namespace guide::app
