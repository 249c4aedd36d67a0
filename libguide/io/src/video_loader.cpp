// SPDX-License-Identifier: Apache-2.0
#include "sources.hpp"

#include <guide/core/error.hpp>

#ifndef GUIDE_IO_VIDEO_BUILT_IN
#include "video_plugin.hpp"

#include <dlfcn.h>

namespace guide::io {
namespace {

/// The plug-in stands in the folder "guide" beside this library.
std::filesystem::path plugin_path() {
    Dl_info here{};
    if (dladdr(reinterpret_cast<const void*>(&plugin_path), &here) == 0) return kVideoPluginFile;
    return std::filesystem::path(here.dli_fname).parent_path() / "guide" / kVideoPluginFile;
}

}  // namespace

std::unique_ptr<FrameSource> open_video(const std::filesystem::path& path,
                                        const OpenOptions& options) {
    // Loaded once and never unloaded: frame sources of it may live on until the process ends.
    static void* const plugin = dlopen(plugin_path().c_str(), RTLD_NOW | RTLD_LOCAL);
    static const auto opener =
        plugin == nullptr ? nullptr
                          : reinterpret_cast<VideoOpener>(dlsym(plugin, kVideoPluginEntry));
    if (opener == nullptr) {
        throw IoError(
            path.string(), "unsupported",
            "films need the plug-in " + plugin_path().string() + ", which cannot be loaded");
    }
    return std::unique_ptr<FrameSource>(opener(path, options));
}

}  // namespace guide::io
#else
namespace guide::io {

std::unique_ptr<FrameSource> open_video(const std::filesystem::path& path,
                                        const OpenOptions& options) {
    return open_video_by_ffmpeg(path, options);
}

}  // namespace guide::io
#endif
