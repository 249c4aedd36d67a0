// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/frame/frame.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace guide::test {

/// A frame with what it really shows.
struct SimulatedKnee {
    Frame frame;
    Anatomy truth;
    Image<std::uint8_t> labels;  ///< ultrasound: simulate::Tissue of each pixel; else empty
};

/// Knee number `seed` under a probe or in the beam. Ultrasound: 0.1 mm pixels, 51 mm wide, 40 mm
/// deep. `varied`: knobs of the scanner, depth, and where the hand holds the probe are drawn too,
/// as the seed says; else they are the simulator's.
[[nodiscard]] SimulatedKnee simulated_knee(std::uint64_t seed, View view, bool varied = false,
                                           int threads = 1);

/// What moves in a clip. `sweep`: the probe, along its face, 10 mm in all. `needle`: one comes in
/// from the left of the picture at 25 degrees, to the middle of the joint space.
enum class ClipMotion { still, sweep, needle };

/// Frames of knee number `seed`, 50 ms apart, otherwise as simulated_knee of an ultrasound view.
[[nodiscard]] std::vector<SimulatedKnee> simulated_clip(std::uint64_t seed, View view,
                                                        ClipMotion motion, int frames,
                                                        bool varied = false, int threads = 1);

/// How the segmentation of a frame agrees with the truth.
struct Agreement {
    double dice = 0;                  ///< 0 where one of both has no joint space; 1 where none has
    bool target_inside = false;       ///< the found target lies in the true joint space
    std::optional<double> bone_mm;    ///< mean distance from what was found to the true surfaces
    std::optional<double> missed_mm;  ///< mean distance the other way: what was not found
    std::optional<double> thickness_error_mm;  ///< found minus true, largest local thickness
};

[[nodiscard]] Agreement agreement(const SimulatedKnee& knee, const Anatomy& found);

}  // namespace guide::test
