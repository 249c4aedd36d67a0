// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/plan/plan_xray.hpp>

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace guide::app {

/// What `guide plan` is told of the C-arm that took the picture.
struct XrayInput {
    std::optional<std::string> camera, other_camera, other_picture, other_overlay;
    std::vector<double> other_target, other_skin;
    std::optional<double> target_depth_mm, skin_mm;

    void add_to(CLI::App& command);
    [[nodiscard]] bool given() const { return camera.has_value(); }

    /// Plans by it. Throws IoError naming a camera's file, or a usage error for a place that is
    /// none.
    [[nodiscard]] plan::XrayPlan plan(const Anatomy& anatomy,
                                      const plan::PlanOptions& options) const;

  private:
    [[nodiscard]] plan::XrayPlan plan_with_picture(Anatomy anatomy, plan::XrayPlace place,
                                                   const plan::PlanOptions& options) const;
};

}  // namespace guide::app
