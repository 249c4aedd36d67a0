// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "detect.hpp"

#include <guide/io/frame_source.hpp>

#include <filesystem>
#include <memory>
#include <string>

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

/// The decoder behind open_video; it lives in a plug-in of its own (video_loader.cpp).
[[nodiscard]] std::unique_ptr<FrameSource> open_video_by_ffmpeg(const std::filesystem::path& path,
                                                                const OpenOptions& options);

/// Throws IoError "no-such-frame".
inline void check_index(const SourceInfo& info, int index) {
    if (index >= 0 && index < info.frame_count) return;
    throw IoError(info.path.string(), "no-such-frame",
                  "there is no frame " + std::to_string(index) + "; frames are 0 to " +
                      std::to_string(info.frame_count - 1));
}

}  // namespace guide::io
