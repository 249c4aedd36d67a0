// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/geometry/point.hpp>
#include <guide/plan/check.hpp>
#include <guide/render/export.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace guide::render {

/// Width and height in pixels of a picture or a window.
struct Size {
    int width = 0, height = 0;

    [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
    friend bool operator==(const Size&, const Size&) = default;
};

/// What stands around the frame: `full` has a header, key numbers and a legend; `picture` the frame
/// and what is drawn on it alone, with the notice that this is no medical device.
enum class Captions { full, picture };

/// What is drawn over the frame.
struct Overlays {
    bool joint_space = true;
    bool bones = true;
    bool skin = true;
    bool obstacles = true;      ///< what the needle keeps clear of
    bool layers = false;        ///< borders of the tissues above the joint, named
    bool unseen = false;        ///< where nothing was seen
    bool uncertainty = false;   ///< band of two standard deviations about the joint space's outline
    bool needle = true;         ///< the chosen path
    bool other_needles = true;  ///< the next best paths
    bool tip = true;            ///< where 95 % of tips end
    bool names = true;          ///< of bones, entry and target
    bool scale_bar = true;
    bool grid = false;    ///< 10 mm, from the probe's face down; none without a scale
    bool legend = false;  ///< on the picture; with full captions there always is one

    friend bool operator==(const Overlays&, const Overlays&) = default;
};

/// The part of the frame that is shown.
struct Lens {
    double zoom = 1;                   ///< 0.1 to 64; 1 shows the whole frame and the entry
    std::optional<PixelPoint> centre;  ///< what stands in the middle; none: as laid out

    friend bool operator==(const Lens&, const Lens&) = default;
};

/// Grey values shown black and white; of colour frames, values of each channel.
struct GreyWindow {
    float low = 0, high = 255;  ///< low < high

    friend bool operator==(const GreyWindow&, const GreyWindow&) = default;
};

/// Two points whose distance is written between them, in mm where the frame has a scale.
struct Calliper {
    PixelPoint from, to;
};

enum class PathEnd { entry, target };

struct SceneOptions {
    /// px, 320x240 to 8192x8192; an empty size takes one from the frame, large enough for text to
    /// be read (a frame of 224x224 is enlarged) and never wider than about 2400.
    Size canvas{};
    Captions captions = Captions::full;
    Overlays overlays = {};
    Lens lens = {};
    std::optional<GreyWindow> window = {};  ///< none: the frame's own
    std::size_t candidate = 0;              ///< which of the plan's paths; the last where fewer
    /// A path that somebody drew and what the planner said: drawn in place of the plan's, which
    /// then is dashed, with each limit that it breaks marked where it is broken.
    std::optional<plan::TrajectoryCheck> trial = {};
    std::optional<PathEnd> held = {};  ///< an end that is being moved, ringed
    std::vector<Calliper> callipers = {};

    /// The field that is wrong and why, if one is.
    [[nodiscard]] GUIDE_RENDER_EXPORT Expected<void> validate() const;
};

}  // namespace guide::render
