// SPDX-License-Identifier: Apache-2.0
//
// The words of limit_text.cpp, for paths in a volume.
#include "limit_text.hpp"
#include "volume_ruler.hpp"

namespace guide::plan {

std::string sentence_of(const VolumeBreach& breach, const VolumeRuler& ruler) {
    const Approach& approach = ruler.approach();
    const PlanOptions& options = ruler.options();
    switch (breach.limit) {
        case VolumeLimit::steep:
            return "Steeper than " + short_number(approach.angle_limit_deg) +
                   " degrees to the probe's face.";
        case VolumeLimit::flat:
            return "Flatter than " + short_number(approach.angle_least_deg) +
                   " degrees to the probe's face.";
        case VolumeLimit::turned:
            return "Does not come from the " + std::string(name_of(approach.side)) + " side.";
        case VolumeLimit::needle_length:
            return "Longer than the " + short_number(options.needle.length_mm) +
                   " mm needle with " + short_number(options.hub_reserve_mm) +
                   " mm left outside the skin.";
        case VolumeLimit::tip_depth:
            return "Deeper than " + short_number(approach.depth_limit_mm) + " mm below the skin.";
        case VolumeLimit::left_volume:
            return "Leaves the volume before it comes to the skin.";
        case VolumeLimit::bone_clearance:
            if (approach.bone_margin_mm == 0) return "Touches bone outside the joint space.";
            return "Nearer to bone than " + short_number(approach.bone_margin_mm) +
                   " mm outside the joint space.";
        case VolumeLimit::bone_crossed:
            return "Bone lies on the way.";
        case VolumeLimit::wall_margin:
            return "The target lies too near to the joint space's wall.";
        case VolumeLimit::not_seen:
            return "Crosses a part of the volume that has no known label.";
        case VolumeLimit::under_probe:
            return "Enters below the probe, or nearer to it than the gap that its housing and the "
                   "sterile cover need.";
        case VolumeLimit::grazing:
            return "Meets the skin at less than " + short_number(options.skin_angle_least_deg) +
                   " degrees and would run along under it.";
        case VolumeLimit::obstacle:
            break;
    }
    const std::string& kind = ruler.data().kinds[breach.which].name;
    const std::string article =
        std::string("aeiou").find(kind[0]) != std::string::npos ? "an " : "a ";
    return "Nearer to " + article + kind + " than " + short_number(approach.margin_mm(kind)) +
           " mm.";
}

}  // namespace guide::plan
