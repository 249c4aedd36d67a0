// SPDX-License-Identifier: Apache-2.0
#include "limit_text.hpp"

#include <cmath>

namespace guide::plan {

std::string short_number(double value) {
    std::string text = std::to_string(std::round(value * 10) / 10);
    text.erase(text.find('.') + 2);
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

std::string sentence_of(const Breach& breach, const Ruler& ruler) {
    const Approach& approach = ruler.approach();
    const PlanOptions& options = ruler.options();
    const bool mm = ruler.scene().calibrated;
    const std::string to =
        approach.entry == EntryRule::frame_side ? "the image's x axis." : "the probe's face.";
    switch (breach.limit) {
        case Limit::needle_thickness:
            return "The needle (" + std::to_string(options.needle.gauge) + "G, " +
                   short_number(options.needle.outer_diameter_mm) +
                   " mm) is thicker than the joint space, which is " +
                   short_number(2 * ruler.widest()) + " mm at its widest.";
        case Limit::steep:
            return "Steeper than " + short_number(approach.angle_limit_deg) + " degrees to " + to;
        case Limit::flat:
            return "Flatter than " + short_number(approach.angle_least_deg) + " degrees to " + to;
        case Limit::needle_length:
            return "Longer than the " + short_number(options.needle.length_mm) +
                   " mm needle with " + short_number(options.hub_reserve_mm) +
                   " mm left outside the skin.";
        case Limit::tip_depth:
            return "Deeper than " + short_number(approach.depth_limit_mm) + " mm below the skin.";
        case Limit::bone_clearance:
            if (approach.bone_margin_mm == 0) return "Touches bone outside the joint space.";
            return "Nearer to bone than " +
                   (mm ? short_number(approach.bone_margin_mm) + " mm"
                       : std::string("the margin")) +
                   " outside the joint space.";
        case Limit::bone_crossed:
            return "Bone lies on the way.";
        case Limit::behind_bone:
            return "Runs behind bone, where nothing is seen.";
        case Limit::wall_margin:
            return "The target lies too near to the joint space's wall.";
        case Limit::notch:
            return "The target lies in the intercondylar notch.";
        case Limit::not_seen:
            return "Crosses a part of the picture in which nothing was seen (" +
                   ruler.scene().unseen[breach.which].kind + ").";
        case Limit::obstacle:
            break;
    }
    const std::string& kind = ruler.scene().obstacles[breach.which].kind;
    const std::string article =
        std::string("aeiou").find(kind[0]) != std::string::npos ? "an " : "a ";
    return "Nearer to " + article + kind + " than " +
           (mm ? short_number(approach.margin_mm(kind)) + " mm." : std::string("its margin."));
}

std::string unit_of(const Breach& breach, const Scene& scene) {
    if (breach.limit == Limit::steep || breach.limit == Limit::flat) return "deg";
    return scene.calibrated ? "mm" : "px";
}

}  // namespace guide::plan
