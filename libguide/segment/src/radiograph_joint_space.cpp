// SPDX-License-Identifier: Apache-2.0
#include "radiograph_joint_space.hpp"

#include "picture_kind.hpp"
#include "radiograph_field.hpp"
#include "radiograph_likeness.hpp"
#include "radiograph_measures.hpp"
#include "radiograph_metal.hpp"
#include "radiograph_search.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace guide::segment {
namespace {

constexpr double kBonesOfField = 0.88;  // width of the bones where a knee fills the field
constexpr double kSmallPart = 0.85;     // of the field: parts wider than that are no closer look
// All but the whole outline of a bright patch; bones have 0.4, enlarged ones 0.75 at most.
constexpr double kMetalOutline = 0.95;
constexpr double kClearWithBrightBones = 0.8;  // confidence, in fluoroscopy
constexpr int kLeastSide = 64;                 // px; no joint can be told apart below

void stop_if_asked(const Execution& execution) {
    if (execution.stop.stop_requested()) throw Stopped();
}

/// What the search in one exposed part came to.
struct Found {
    RadiographField field;
    double share = 1;  // of the picture that the field is
    bool blank = false;
    bool bones_bright = true;
    std::optional<KneeBand> knee;
    Likeness like;
    bool a_knee = false;
};

/// The part of a picture about the knee where that is a small part of it, as wide about the bones
/// as pictures of a knee are that fill the field with it.
std::optional<PixelBox> part_about(const CoarseBand& start, const RadiographField& field,
                                   ImageView<const float> grey) {
    if (!start.reach) return std::nullopt;
    const int columns = static_cast<int>(start.band.upper.size());
    const double to_grid = static_cast<double>(field.grey.cols) / columns;
    const double bones = start.reach->columns() * to_grid / kBonesOfField;
    if (bones > kSmallPart * field.grey.cols) return std::nullopt;
    const double middle_x = 0.5 * (start.reach->first + start.reach->last + 1) * to_grid;
    std::vector<double> rows;
    for (int i = start.reach->first; i <= start.reach->last; ++i) {
        const auto k = static_cast<std::size_t>(i);
        rows.push_back(0.5 * (start.band.upper[k] + start.band.lower[k]) * to_grid);
    }
    const double middle_y = median_of(std::move(rows));
    const PixelPoint from = field.to_frame(middle_x - 0.5 * bones, middle_y - 0.5 * bones),
                     to = field.to_frame(middle_x + 0.5 * bones, middle_y + 0.5 * bones);
    const PixelBox box{std::max(0, static_cast<int>(from.x)), std::max(0, static_cast<int>(from.y)),
                       std::min(grey.width, static_cast<int>(to.x) + 1),
                       std::min(grey.height, static_cast<int>(to.y) + 1)};
    if (std::min(box.width(), box.height()) < kLeastSide) return std::nullopt;
    return box;
}

Found look_for_knee(ImageView<const float> grey, const Execution& execution,
                    const RadiographNetwork* network, bool whole = true) {
    Found found;
    found.field = make_radiograph_field(grey);
    if (found.field.grey.empty()) return found;
    double low = 0, high = 0;
    cv::minMaxLoc(found.field.grey, &low, &high);
    found.blank = !(high > low) || cv::countNonZero(found.field.outside == 0) < 1000;
    if (found.blank) return found;
    stop_if_asked(execution);
    const auto start = search_coarsely(found.field, execution);
    stop_if_asked(execution);
    if (!start) return found;
    if (const auto part = whole ? part_about(*start, found.field, grey) : std::nullopt) {
        Found closer =
            look_for_knee(grey.cropped(part->x0, part->y0, part->width(), part->height()),
                          execution, network, false);
        if (closer.a_knee) {
            closer.field.x0 += part->x0;
            closer.field.y0 += part->y0;
            closer.share = static_cast<double>(part->width()) * part->height() /
                           (static_cast<double>(grey.width) * grey.height);
            return closer;
        }
    }
    found.bones_bright = start->bones_bright;
    found.knee = search_finely(found.field, *start, network);
    if (!found.knee) return found;
    found.like = likeness_of(*found.knee);
    found.a_knee = like_a_knee(*found.knee, found.like);
    if (!found.a_knee && network) {  // it may move a band, not cost one
        const auto plain = search_finely(found.field, *start);
        const Likeness like = plain ? likeness_of(*plain) : Likeness{};
        if (plain && like_a_knee(*plain, like)) {
            found.knee = plain;
            found.knee->agreement = 0;
            found.like = like;
            found.a_knee = true;
        }
    }
    return found;
}

/// Whether the picture shows a knee once it is turned by a quarter, to either side.
bool lies_sideways(ImageView<const float> grey, const Execution& execution) {
    for (const bool clockwise : {true, false}) {
        Image<float> turned(grey.height, grey.width);
        for (int y = 0; y < turned.height(); ++y) {
            for (int x = 0; x < turned.width(); ++x) {
                turned.at(x, y) =
                    clockwise ? grey.at(y, grey.height - 1 - x) : grey.at(grey.width - 1 - y, x);
            }
        }
        if (look_for_knee(turned.view(), execution, nullptr).a_knee) return true;
    }
    return false;
}

}  // namespace

RadiographKnee find_radiograph_knee(const Frame& frame, const Execution& execution,
                                    const RadiographNetwork* network) {
    RadiographKnee result;
    const auto& grey = frame.intensity;
    if (grey.width() < kLeastSide || grey.height() < kLeastSide) {
        result.joint_space =
            no_answer("too-small", "The picture is too small to show a joint space.");
        return result;
    }
    if (!frame.colour.empty() && is_many_coloured(frame.colour.view())) {
        result.joint_space =
            no_answer("not-a-radiograph", "The picture is coloured; radiographs are grey.");
        return result;
    }
    const auto no_knee = [&](const char* what) {
        result.joint_space =
            no_answer("no-knee", std::string("No AP view of a knee was recognised: ") + what);
    };
    const auto strip = [&] { no_knee("the picture is a narrow strip."); };
    if (grey.width() > kLongestField * grey.height() ||
        grey.height() > kLongestField * grey.width()) {
        strip();
        return result;
    }
    const Found found = look_for_knee(grey.view(), execution, network);
    // Bones are told by their sides too: those have to fit in.
    if (found.field.grey.rows < 2 * (kSideGap + kSideRows)) {
        strip();
        return result;
    }
    if (found.blank) {
        result.joint_space = no_answer("blank", "The picture is blank.");
        return result;
    }
    if (!found.knee) {
        no_knee("there is no dark band between two bones.");
        return result;
    }
    const KneeBand& knee = *found.knee;
    const MetalSigns metal =
        metal_signs(knee.bone_bright, found.field.outside, knee.band.upper, knee.first_column);
    // In a picture stretched until large parts saturate, bone looks like metal.
    if (found.a_knee && found.share * metal.saturated < 0.08) {
        const bool at_joint = metal.white_steep_joint >= 0.12;
        if (at_joint || metal.sharp_outline >= kMetalOutline) {
            result.joint_space = no_answer(
                "metal", at_joint ? "The femur ends in sharp-edged metal, probably an implant: "
                                    "this is no joint space between bones."
                                  : "There is large sharp-edged metal at the knee, probably an "
                                    "implant: no joint space between bones is measured.");
            return result;
        }
    }
    if (!found.a_knee) {
        if (lies_sideways(grey.view(), execution)) {
            no_knee(
                "the leg seems to lie sideways; it must stand upright in the picture, femur up.");
        } else {
            no_knee(metal.sharp_outline >= 0.5
                        ? "the darkest band does not run between condyles and plateau, and large "
                          "bright parts end sharply, as metal does."
                        : "the darkest band does not run between condyles and plateau.");
        }
        return result;
    }
    result.joint_space = joint_space_of(knee, found.like, found.field, grey.view(),
                                        found.bones_bright, frame.spacing);
    // Down to half where a network sees no joint space at all.
    result.joint_space->confidence *= 0.5 * (1 + knee.agreement);
    const double confidence = result.joint_space->confidence;
    // Fluoroscopy shows bones dark, and vessels full of agent as dark bands between brighter
    // tissue: the other way round it takes a clear joint to be one.
    if (frame.modality == Modality::fluoroscopy && found.bones_bright &&
        confidence < kClearWithBrightBones) {
        no_knee(
            "a dark band runs through the picture, but bones beside it are not clear; in "
            "angiograms vessels look so.");
        return result;
    }
    result.bones.push_back(edge_of(knee, found.field, BoneKind::femur, confidence));
    result.bones.push_back(edge_of(knee, found.field, BoneKind::tibia, confidence));
    if (!found.bones_bright) {
        result.notes.push_back(
            {"bones-dark", "Bones are dark in this frame (fluoroscopy or negative)."});
    }
    if (!result.joint_space->widths) {
        result.notes.push_back({"clipped",
                                "Part of the joint is clipped to white by the exposure or the "
                                "window: it is left out, and no widths are given."});
    } else if (result.joint_space->widths->bone_on_bone) {
        result.notes.push_back({"bone-on-bone", "No joint space is left in part of the joint."});
    }
    return result;
}

}  // namespace guide::segment
