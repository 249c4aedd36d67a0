// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/session/event.hpp>
#include <guide/session/run.hpp>

#include <array>
#include <cstddef>
#include <vector>

namespace guide::viewer {

/// What the hands can be told to keep doing, by a key that is held.
enum class Motion {
    probe_left,
    probe_right,
    probe_away,
    probe_near,
    turn_left,
    turn_right,
    tilt_away,
    tilt_near,
    rock_left,
    rock_right,
    needle_in,
    needle_in_fast,
    needle_out,
    flatter,
    steeper,
    swing_left,
    swing_right,
    aim_away,  ///< the place on the skin, before the needle is set
    aim_near,
    count
};

/// The trainee's hands between the window and a lesson. A held motion goes on with each tick; one
/// that is tapped is done once. Before the needle is set on the skin its motions move the line that
/// it is to be set along. Not for two threads at once.
class Hands {
  public:
    void press(Motion motion);
    void release(Motion motion);
    void release_all();

    /// Done at the next tick. By the mouse: sums of what it moved.
    void move_probe(const simulate::ProbeOffset& by);
    void push(double mm);
    void tilt(double angle_deg, double heading_deg);
    void act(session::Event event);

    /// Where the needle is to be set.
    [[nodiscard]] const session::PlaceNeedle& aim() const { return aim_; }
    void aim_through(double along_mm, double deep_mm);
    void aim_from_other_side();
    void set_needle() { act(aim_); }

    /// Something is still to be done, but for what a key that is held goes on with.
    [[nodiscard]] bool waiting() const;

    /// What they do in one tick.
    [[nodiscard]] std::vector<session::Event> next(const session::LessonState& state);

  private:
    struct Key {
        bool held = false;
        int taps = 0;  // presses not yet done
    };
    void take(Motion motion, bool needle_is_set, std::vector<session::Event>& events);
    void move_aim(Motion motion);

    std::array<Key, static_cast<std::size_t>(Motion::count)> keys_{};
    simulate::ProbeOffset probe_;
    session::TiltNeedle tilt_;
    double push_ = 0;
    std::vector<session::Event> acts_;
    session::PlaceNeedle aim_{-30, 0, 0, 30, 0};
};

}  // namespace guide::viewer
