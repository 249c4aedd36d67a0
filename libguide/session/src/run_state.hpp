// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "measure.hpp"

#include <guide/session/run.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace guide::session {

struct LessonRun::State {
    State(Lesson lesson, simulate::UltrasoundSettings scanner, Body knee);

    void apply(const Event& event);
    void next_tick();
    /// The needle where an event would put it.
    [[nodiscard]] Expected<HeldNeedle> held_for(const PlaceNeedle& e) const;

    Log log;
    simulate::UltrasoundSettings settings;
    Body body;
    simulate::UltrasoundSimulator simulator;
    LessonState now;

  private:
    void operator()(const MoveProbe& e);
    void operator()(const ChooseApproach& e);
    void operator()(const ChooseNeedle& e);
    void operator()(const PlaceNeedle& e);
    void operator()(const TiltNeedle& e);
    void operator()(const PushNeedle& e);
    void operator()(const RemoveNeedle& e);
    void operator()(const Inject& e);
    void operator()(const Finish& e);
    void operator()(const GiveUp& e);

    void refuse(const std::string& text);
    void end(Ending how, bool injected);
    void look();
    [[nodiscard]] Pose pose() const;
    [[nodiscard]] std::string approach() const;
    [[nodiscard]] bool in_plane() const;
    [[nodiscard]] Expected<Eigen::Vector3d> entry_of(const PlaceNeedle& e,
                                                     const HeldNeedle& held) const;
    [[nodiscard]] Eigen::Vector3d skin_at(const Eigen::Vector3d& entry,
                                          const Eigen::Vector3d& direction) const;

    std::array<std::int64_t, 5> probe_{};  // thousandths
    std::optional<HeldNeedle> held_;
    int insertions_ = 0;
    bool touches_ = false, hub_at_skin_ = false, changed_ = true;
    std::vector<Reason> refused_;
    std::optional<Sample> last_;
};

/// Nearest thousandths of every number, or the reason why it is no number that can be meant.
[[nodiscard]] Expected<Event> rounded(const Event& event);

/// The five parts of an offset, along, across, turn, tilt, rock.
[[nodiscard]] std::array<double, 5> parts_of(const simulate::ProbeOffset& offset);
[[nodiscard]] simulate::ProbeOffset offset_of(const std::array<double, 5>& parts);

}  // namespace guide::session
