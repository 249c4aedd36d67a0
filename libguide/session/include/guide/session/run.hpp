// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/core/execution.hpp>
#include <guide/frame/frame.hpp>
#include <guide/plan/needle.hpp>
#include <guide/session/log.hpp>
#include <guide/simulate/ultrasound.hpp>

#include <Eigen/Core>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace guide::session {

enum class Phase {
    scanning,   ///< no needle on the skin
    on_skin,    ///< the needle stands on the skin
    in_tissue,  ///< it has gone in
    ended
};

[[nodiscard]] GUIDE_SESSION_EXPORT std::string_view name_of(Phase phase);
[[nodiscard]] GUIDE_SESSION_EXPORT std::string_view name_of(Ending ending);

/// The needle as it is now.
struct NeedleState {
    plan::Needle needle;
    Eigen::Vector3d entry, tip;             ///< patient mm
    Eigen::Vector3d direction;              ///< patient, unit vector, inwards
    double angle_deg = 0, heading_deg = 0;  ///< see PlaceNeedle; to the probe as it stood then
    double inserted_mm = 0;
    PixelPoint tip_px, entry_px;  ///< in the picture's plane; may lie outside the picture
    double tip_across_mm = 0;     ///< out of the image plane, towards the viewer
    bool tip_visible = false;     ///< in the picture, within its slice, no bone above
    double beam_angle_deg = 90;   ///< between shaft and beam; 90 is seen best
    double clearance_mm = 0;      ///< of the shaft from vessels and nerves, at most 30
    double bone_mm = 0;           ///< of the tip from bone, at most 30
    bool in_joint = false;
    bool under_probe = false;  ///< the tip lies below the face, in the plane or beside it
};

/// What a viewer shows of a lesson.
struct LessonState {
    int tick = 0;
    double time_s = 0, left_s = 0;
    Phase phase = Phase::scanning;
    std::optional<Ending> ending;
    simulate::ProbeOffset probe;  ///< from the textbook's place
    RigidTransform<PatientSpace, ProbeSpace> patient_from_probe;
    std::string approach;  ///< chosen; empty: none yet
    plan::Needle needle;   ///< chosen
    std::optional<NeedleState> inserted;
    /// What is wrong now: "bone-contact", "tip-out-of-plane", "tip-not-visible", "near-vessel",
    /// "hub-at-skin", "steep", and why an event was refused: "refused".
    std::vector<Reason> warnings;
    std::vector<Reason> hints;  ///< what to do next; empty where the lesson gives none
};

/// A lesson as it is taken: a state machine that goes on by ticks of 1/20 s.
///
/// The knee is pressed flat over all places that the probe can reach, and built once; the probe
/// slides on it. Needles are straight and pivot where they go through the skin. Bone stops them.
/// What is measured comes from the tissue itself, not from pixels. Same lesson and events: same
/// log, for any number of threads and however many pictures are made.
class GUIDE_SESSION_EXPORT LessonRun {
  public:
    /// Takes about a second. The reason ("impossible-lesson") says what does not go together.
    /// Throws Stopped when asked to stop.
    [[nodiscard]] static Expected<LessonRun> make(const Lesson& lesson,
                                                  const Execution& execution = {});
    ~LessonRun();
    LessonRun(LessonRun&&) noexcept;
    LessonRun& operator=(LessonRun&&) noexcept;

    [[nodiscard]] const Lesson& lesson() const;
    [[nodiscard]] const LessonState& state() const;

    /// Does what the events say, in their order, then lets 1/20 s go by. What cannot be done is
    /// refused with a warning and costs nothing. Some microseconds, but a quarter of a second for
    /// the tick that ends the lesson, which looks at the truth. After the end nothing happens.
    const LessonState& tick(std::span<const Event> events = {});

    /// The picture of now, as large as the case has it, calibrated. Once a second its fingerprint
    /// is logged (the only entries that depend on pictures). Throws Stopped when asked to stop.
    [[nodiscard]] Frame frame(const Execution& execution = {});

    /// What the picture of now really shows; some tenths of a second.
    [[nodiscard]] Anatomy truth(const Execution& execution = {}) const;

    /// The same of another moment of this lesson, as for looking back; nothing is logged.
    [[nodiscard]] Frame frame_at(const LessonState& moment, const Execution& execution = {});
    [[nodiscard]] Anatomy truth_at(const LessonState& moment,
                                   const Execution& execution = {}) const;

    [[nodiscard]] const simulate::UltrasoundSettings& scanner() const;

    /// Where a needle would be set on the skin, patient mm, or why it cannot be ("refused"): what
    /// PlaceNeedle would do now.
    [[nodiscard]] Expected<Eigen::Vector3d> entry_of(const PlaceNeedle& place) const;

    /// All that happened; grows at its end only.
    [[nodiscard]] const Log& log() const;

  private:
    struct State;
    explicit LessonRun(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace guide::session
