// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/label_volume.hpp>
#include <guide/io/export.hpp>
#include <guide/io/frame_source.hpp>

#include <filesystem>

namespace guide::io {

/// A volume of labels (NRRD or MetaImage) with its place in the patient, LPS. Throws IoError naming
/// the file: those of open(), "no-volume" for pictures and films, "no-placement" where the file
/// does not say where its voxels lie, "no-labels" where a value is no whole number of 0 to 255,
/// "too-large" beyond 500 million voxels.
[[nodiscard]] GUIDE_IO_EXPORT LabelVolume read_label_volume(const std::filesystem::path& path,
                                                            const OpenOptions& options = {});

}  // namespace guide::io
