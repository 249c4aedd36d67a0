// SPDX-License-Identifier: Apache-2.0
#include "video_plugin.hpp"

#include "sources.hpp"

extern "C" __attribute__((visibility("default"))) guide::io::FrameSource* guide_io_open_video(
    const std::filesystem::path& path, const guide::io::OpenOptions& options) {
    return guide::io::open_video_by_ffmpeg(path, options).release();
}
