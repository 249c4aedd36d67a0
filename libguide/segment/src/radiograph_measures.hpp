// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radiograph_likeness.hpp"

#include <guide/anatomy/bone_surface.hpp>
#include <guide/anatomy/joint_space.hpp>
#include <guide/core/image.hpp>

#include <optional>

namespace guide::segment {

/// The joint space of a found knee with its outlines, target, widths and landmarks; `grey` is the
/// frame that the field was made of.
[[nodiscard]] JointSpace joint_space_of(const KneeBand& knee, const Likeness& like,
                                        const RadiographField& field, ImageView<const float> grey,
                                        bool bones_bright, const std::optional<Spacing>& spacing);

/// The joint-facing outline of femur or tibia, left to right.
[[nodiscard]] BoneSurface edge_of(const KneeBand& knee, const RadiographField& field, BoneKind kind,
                                  double confidence);

}  // namespace guide::segment
