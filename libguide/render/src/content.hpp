// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/core/image.hpp>
#include <guide/frame/frame.hpp>
#include <guide/plan/check.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace guide::render {

/// What a scene shows: copies of all it was made from.
struct Content {
    Image<Rgb8> picture;  ///< the frame as shown on a screen, its size
    std::optional<Spacing> spacing;
    std::optional<double> pixel_aspect;  ///< height of a pixel over its width, without a spacing
    Anatomy anatomy;
    std::optional<plan::Plan> plan;
    std::size_t chosen = 0;                      ///< of the plan's candidates
    std::optional<plan::TrajectoryCheck> trial;  ///< of a drawn path

    /// The trajectory of the plan that is drawn, or null.
    [[nodiscard]] const plan::Candidate* best() const {
        if (!plan || plan->candidates.empty()) return nullptr;
        return &plan->candidates[std::min(chosen, plan->candidates.size() - 1)];
    }
    /// The path that the words are about: a drawn one, else the plan's.
    [[nodiscard]] const plan::Candidate* shown() const { return trial ? &trial->path : best(); }
};

}  // namespace guide::render
