// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/geometry/camera.hpp>
#include <guide/io/export.hpp>

#include <filesystem>

namespace guide::io {

/// One view of a calibrated X-ray set, as XMALab and other programs for biplane fluoroscopy keep
/// it.
struct MayaCam {
    int width = 0, height = 0;  ///< px, of the pictures
    PinholeCamera camera;
};

/// Reads a MayaCam 2.0 file: the blocks "image size", "camera matrix", "rotation" and
/// "translation", numbers parted by commas. Rotations rounded to six digits are put right. Throws
/// IoError naming the file: "not-found", "cannot-read", "bad-calibration" with the block that is
/// missing or wrong.
[[nodiscard]] GUIDE_IO_EXPORT MayaCam read_mayacam(const std::filesystem::path& path);

/// Writes one; what `read_mayacam` reads back. Throws IoError "cannot-write", PreconditionError for
/// a camera that is none.
GUIDE_IO_EXPORT void write_mayacam(const std::filesystem::path& path, const MayaCam& view);

}  // namespace guide::io
