// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/session/event.hpp>
#include <guide/session/lesson.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace guide::session {

inline constexpr int kTicksPerSecond = 20;
inline constexpr std::size_t kMostEvents = 16;  ///< a tick, so that records stay small

// What a session leaves: the events, and what was measured, both in whole numbers, so that a score
// is computed from the same numbers wherever a record is read.

using Micrometres = std::array<std::int64_t, 3>;  ///< patient, LPS
using Millionths = std::array<std::int64_t, 3>;   ///< of a unit vector

/// Where the needle is and what the picture shows of it, at one tick.
struct NeedleSample {
    int insertion = 0;  ///< from 1, counts PlaceNeedle
    Micrometres tip{};
    Millionths direction{};
    std::int64_t inserted_um = 0;          ///< from the skin to the tip
    std::int64_t across_um = 0;            ///< of the tip out of the image plane
    std::int64_t slice_half_um = 1;        ///< half the thickness of what the picture shows there
    std::int64_t beam_angle_mdeg = 90000;  ///< between shaft and beam
    std::int64_t clearance_um = 0;         ///< of the shaft from vessels and nerves
    std::int64_t bone_um = 0;              ///< of the tip from bone
    bool tip_visible = false, in_joint = false;
    bool under_probe = false;  ///< the tip lies below the probe's face, in the picture or beside it

    friend bool operator==(const NeedleSample&, const NeedleSample&) = default;
};

/// What was measured at one tick. Holds until the next sample.
struct Sample {
    int tick = 0;
    std::array<std::int64_t, 5> probe{};  ///< its offset: along, across um; turn, tilt, rock mdeg
    std::optional<NeedleSample> needle;
};

/// The needle is set on the skin.
struct Insertion {
    int tick = 0;
    Micrometres entry{};
    Millionths skin{};  ///< unit vector into the body, across the skin
    std::string needle;
};

/// At the end: how the joint space was shown.
struct ViewCheck {
    int tick = 0;
    std::int64_t area_ppm = 0;  ///< of the joint space in the picture, of that in the best place
    std::int64_t off_middle_um = 0;  ///< its middle from that of the picture, along the face
};

/// At the end of a lesson with a needle in the body.
struct TipCheck {
    int tick = 0;
    bool injected = false;
    bool in_joint = false, tip_visible = false;
    std::optional<std::int64_t> p_hit_ppm;  ///< of the path as planned; none: not in the picture
    /// The planner's own path from the same side, when there is one; LPS.
    std::optional<Micrometres> wanted_entry, wanted_target;
    std::vector<std::string> broken;  ///< codes of the planner's limits that the path breaks
};

enum class Ending { finished, gave_up, out_of_time };

struct Ended {
    int tick = 0;
    Ending how = Ending::finished;
};

/// A picture's fingerprint, so that a replay can tell whether it shows the same.
struct FrameCheck {
    int tick = 0;
    std::uint64_t hash = 0;
};

struct TimedEvent {
    int tick = 0;
    Event event;
};

using LogEntry =
    std::variant<TimedEvent, Sample, Insertion, ViewCheck, TipCheck, FrameCheck, Ended>;

/// A lesson and all that happened in it, in the order it happened.
struct Log {
    Lesson lesson;
    std::vector<LogEntry> entries;
};

}  // namespace guide::session
