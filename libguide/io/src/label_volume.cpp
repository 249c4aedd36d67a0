// SPDX-License-Identifier: Apache-2.0
#include "file.hpp"

#include <guide/io/label_volume.hpp>

#include <algorithm>
#include <cmath>

namespace guide::io {
namespace {

constexpr std::size_t kMostVoxels = 500'000'000;

/// Slices of a volume carry this remark; frames of a film do not.
bool is_volume(const SourceInfo& info) {
    return std::ranges::find(info.notes, "volume", &Reason::code) != info.notes.end();
}

}  // namespace

LabelVolume read_label_volume(const std::filesystem::path& path, const OpenOptions& options) {
    const std::string name = path.string();
    OpenOptions stored = options;
    stored.orientation = Orientation::as_stored;
    const auto source = open(path, stored);
    const SourceInfo& info = source->info();
    if (!is_volume(info)) {
        throw IoError(name, "no-volume",
                      "is no label volume: NRRD or MetaImage with three axes of space are");
    }
    if (info.channels != 1) throw IoError(name, "no-labels", "holds colours, not labels");
    LabelVolume volume;
    volume.size = {info.width, info.height, info.frame_count};
    if (volume.count() > kMostVoxels)
        throw IoError(name, "too-large", "has more than 500 million voxels");
    volume.labels.reserve(volume.count());
    for (int k = 0; k < info.frame_count; ++k) {
        const Frame slice = source->read(k);
        if (k == 0) {
            if (!slice.image_to_reference) {
                throw IoError(name, "no-placement",
                              "does not say where its voxels lie in the patient (NRRD: space, "
                              "space directions and space origin)");
            }
            volume.patient_from_voxel = Eigen::Affine3d(*slice.image_to_reference);
        }
        for (std::size_t i = 0; i < slice.intensity.size(); ++i) {
            const float value = slice.intensity.data()[i];
            if (!(value >= 0 && value <= 255) || value != std::floor(value)) {
                throw IoError(name, "no-labels",
                              "holds the value " + number(static_cast<double>(value)) +
                                  ": labels are whole numbers from 0 to 255");
            }
            volume.labels.push_back(static_cast<std::uint8_t>(value));
        }
    }
    return volume;
}

}  // namespace guide::io
