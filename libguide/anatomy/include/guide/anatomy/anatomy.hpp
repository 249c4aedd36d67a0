// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/bone_surface.hpp>
#include <guide/anatomy/cartilage.hpp>
#include <guide/anatomy/joint_space.hpp>
#include <guide/anatomy/layer.hpp>
#include <guide/anatomy/view.hpp>
#include <guide/core/expected.hpp>
#include <guide/frame/frame.hpp>

#include <optional>
#include <string>
#include <vector>

namespace guide {

/// Something a needle keeps clear of, or may not pass: a region with a name of its own.
struct Obstacle {
    std::string kind;      ///< "tendon", "cartilage", "vessel", "nerve", ...
    PixelPolygon outline;  ///< px, three points or more
};

/// Part of the picture in which nothing can be told: what lies there was not seen.
struct UnseenRegion {
    std::string cause;     ///< "shadow", "no-contact", "out-of-picture", ...
    PixelPolygon outline;  ///< px, three points or more
};

/// What is seen of a knee in one frame: plain values, made by `segment`, by `simulate` as truth, or
/// by hand.
struct Anatomy {
    PixelGrid grid;  ///< size and scale of the frame
    PixelBox
        content_box;  ///< the picture within the frame; the whole frame where nothing else is known
    View view = View::unknown;
    std::optional<double>
        view_confidence;  ///< 0..1 when the view was recognised, none when it was stated
    PixelPolyline
        skin;  ///< ultrasound: where the probe's face meets the skin, px; empty on radiographs
    std::vector<BoneSurface> bones;
    std::optional<Cartilage> cartilage;  ///< the femur's, where it was looked for and is seen
    std::vector<Obstacle> obstacles;
    std::vector<UnseenRegion> unseen;
    std::vector<Layer> layers;  ///< from the skin down; empty where no borders were searched
    Expected<JointSpace> joint_space =
        no_answer("not-searched", "The joint space was not looked for.");
    std::vector<Reason> notes;  ///< remarks on this frame, in the order met
};

/// The same anatomy in the frame mirrored left to right (x becomes width - 1 - x); points stay left
/// to right.
[[nodiscard]] GUIDE_ANATOMY_EXPORT Anatomy mirrored(const Anatomy& anatomy);

}  // namespace guide
