// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "detect.hpp"

#include <guide/io/frame_source.hpp>

#include <filesystem>
#include <memory>

namespace guide::io {

/// One opener for each kind of source; the caller has looked at the content.
[[nodiscard]] std::unique_ptr<FrameSource> open_picture(const std::filesystem::path& path,
                                                        Format format, const OpenOptions& options);
[[nodiscard]] std::unique_ptr<FrameSource> open_dicom(const std::filesystem::path& path,
                                                      const OpenOptions& options);
[[nodiscard]] std::unique_ptr<FrameSource> open_sequence(const std::filesystem::path& path,
                                                         Format format, const OpenOptions& options);
[[nodiscard]] std::unique_ptr<FrameSource> open_video(const std::filesystem::path& path,
                                                      const OpenOptions& options);
[[nodiscard]] std::unique_ptr<FrameSource> open_folder(const std::filesystem::path& path,
                                                       const OpenOptions& options);
[[nodiscard]] std::unique_ptr<FrameSource> open_file(const std::filesystem::path& path,
                                                     const OpenOptions& options);

/// Throws IoError "no-such-frame".
void check_index(const SourceInfo& info, int index);

}  // namespace guide::io
