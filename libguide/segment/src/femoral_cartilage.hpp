// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/bone_surface.hpp>
#include <guide/anatomy/cartilage.hpp>
#include <guide/core/execution.hpp>
#include <guide/frame/frame.hpp>

#include <optional>
#include <vector>

namespace guide::segment {

/// The dark band on the femur's surface and its border with what lies above, which echoes: its
/// thickness in each column by dynamic programming, so that the border is one smooth line with gaps
/// where there is none. Borders are where the picture shows them: echoes bloom by half a pulse, so
/// that cartilage looks thinner than it is. None where less than 10 mm of it are seen.
[[nodiscard]] std::optional<Cartilage> find_femoral_cartilage(const Frame& frame, PixelBox box,
                                                              const std::vector<BoneSurface>& bones,
                                                              const Execution& execution);

}  // namespace guide::segment
