// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/placement.hpp>

#include <string>
#include <variant>

namespace guide::session {

// What a trainee does. Numbers are taken to the nearest thousandth, so that a record holds them
// exactly. Probe axes: x along the face to the picture's right, y deeper, z towards the viewer.

/// Moves the probe from where it stands; it stops at the ends of the lesson's reach.
struct MoveProbe {
    simulate::ProbeOffset by;
};
struct ChooseApproach {
    std::string name;
};
struct ChooseNeedle {
    std::string name;  ///< "22G:50mm"
};
/// Sets the tip on the skin: where a straight line comes to it that runs through a point, from the
/// middle of the probe's face `along_mm` (x), `deep_mm` (y) and `across_mm` (z). The point is a
/// target, or with `deep_mm` 0 a place on the skin.
struct PlaceNeedle {
    double along_mm = -35, deep_mm = 0, across_mm = 0;
    double angle_deg = 30;   ///< of the shaft to the probe's face, 0 to 90
    double heading_deg = 0;  ///< where it points to: 0 the picture's right, 90 the viewer, 180 left
};
/// Turns the shaft about the place where it goes through the skin.
struct TiltNeedle {
    double angle_deg = 0, heading_deg = 0;  ///< added
};
/// Along the shaft; negative draws it back.
struct PushNeedle {
    double mm = 1;
};
/// Out of the skin altogether.
struct RemoveNeedle {};
/// All of the lesson's volume, where the tip is; ends the lesson.
struct Inject {};
/// "I am done": ends a lesson, injected or not.
struct Finish {};
struct GiveUp {};

using Event = std::variant<MoveProbe, ChooseApproach, ChooseNeedle, PlaceNeedle, TiltNeedle,
                           PushNeedle, RemoveNeedle, Inject, Finish, GiveUp>;

}  // namespace guide::session
