// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/io/frame_source.hpp>

#include <filesystem>

namespace guide::io {

inline constexpr const char* kVideoPluginFile = "guide_io_video.so";
inline constexpr const char* kVideoPluginEntry = "guide_io_open_video";

/// What the plug-in exports; the caller owns the source. Throws IoError like open().
using VideoOpener = FrameSource* (*)(const std::filesystem::path&, const OpenOptions&);

}  // namespace guide::io
