// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/label_volume.hpp>
#include <guide/core/image.hpp>
#include <guide/plan/candidate.hpp>
#include <guide/plan/volume_scene.hpp>

namespace guide::app {

/// Three cuts through a planned path side by side, 0.2 mm a pixel: the plane in which needle and
/// depth lie, the one at right angles to it along the needle, and the one across the needle at its
/// tip. Joint space blue, bone light grey, cartilage grey-green, obstacles red, unknown hatched,
/// air black; the needle is yellow, its tip's ellipsoid (one deviation) a ring.
[[nodiscard]] Image<Rgb8> draw_volume_path(const plan::VolumeScene& scene,
                                           const plan::PatientPath& path,
                                           double needle_diameter_mm);

}  // namespace guide::app
