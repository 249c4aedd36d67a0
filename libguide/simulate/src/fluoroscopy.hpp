// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contrast_spread.hpp"

#include <guide/simulate/fluoroscopy.hpp>

#include <array>
#include <cstddef>
#include <list>
#include <optional>
#include <vector>

namespace guide::simulate {

/// Femur, tibia, patella, fibula, contrast agent: the bits of silhouettes.
inline constexpr std::array kBodies{Tissue::femur, Tissue::tibia, Tissue::patella, Tissue::fibula,
                                    Tissue::contrast_agent};

/// Projections of the volume for one view; what has no pixels has not been asked for.
struct FluoroscopyView {
    ProjectionGeometry geometry;
    Image<float> water, bone, contrast;               ///< mm of each, see MaterialShare
    std::array<Image<float>, kBodies.size()> bodies;  ///< mm of each body
};

/// What a volume is projected from: one byte a voxel, and agent that comes with time.
struct FluoroscopySimulator::State {
    Projector volume;
    std::array<bool, kBodies.size()> there{};  ///< which bodies the volume holds
    std::optional<ContrastSpread> spread = {};
    std::list<FluoroscopyView> views = {};  ///< the latest first

    /// The kept projections of this view, or new ones.
    [[nodiscard]] FluoroscopyView& view_of(const ProjectionGeometry& geometry);
    /// See FluoroscopyView; projected where they are not yet.
    void need_materials(FluoroscopyView& view, const Execution& execution);
    void need_bodies(FluoroscopyView& view, const Execution& execution);
    /// mm of agent let out so far, and of water that it took the place of; nothing without agent.
    struct Agent {
        Image<float> way, displaced;
        double shown_ml = 0;
        double injected_ml = 0;
        ProjectionGeometry geometry = {};
    };
    std::optional<Agent> agent = {};  ///< of the latest frame, which its truth needs again
    [[nodiscard]] const Agent* agent_after(double ml, const ProjectionGeometry& geometry,
                                           const Execution& execution);
};

/// Points along the needle's axis, from skin to tip, close enough for its bend.
[[nodiscard]] std::vector<Eigen::Vector3d> axis_of(const InsertedNeedle& needle);

}  // namespace guide::simulate
