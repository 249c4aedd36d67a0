// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

namespace guide::render {

/// VTK's font cache and its table of OpenGL functions exist once in a process and know no threads.
inline std::mutex& vtk_lock() {
    static std::mutex lock;
    return lock;
}

}  // namespace guide::render
