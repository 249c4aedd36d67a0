// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/core/image.hpp>
#include <guide/frame/frame.hpp>
#include <guide/plan/plan.hpp>

#include <optional>

namespace guide::render {

/// What a scene shows: copies of all it was made from.
struct Content {
    Image<Rgb8> picture;  ///< the frame as shown on a screen, its size
    std::optional<Spacing> spacing;
    Anatomy anatomy;
    std::optional<plan::Plan> plan;

    /// The trajectory that is drawn, or null.
    [[nodiscard]] const plan::Candidate* best() const {
        return plan && !plan->candidates.empty() ? &plan->candidates.front() : nullptr;
    }
};

}  // namespace guide::render
