// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/session/run.hpp>

#include <memory>
#include <vector>

namespace guide::session {

enum class Skill {
    good,  ///< looks first, plans, follows the tip
    poor   ///< steep and fast beside the picture, turns the needle in the tissue
};

/// Takes a lesson by itself: to show how it is done, and how not.
class GUIDE_SESSION_EXPORT Demonstration {
  public:
    /// `run` outlives it.
    Demonstration(LessonRun& run, Skill skill);
    ~Demonstration();
    Demonstration(Demonstration&&) noexcept;
    Demonstration& operator=(Demonstration&&) noexcept;

    /// What it does next: for the run's next tick.
    [[nodiscard]] std::vector<Event> next();

    /// Why it gave up, if it did.
    [[nodiscard]] const std::optional<Reason>& gave_up() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace guide::session
