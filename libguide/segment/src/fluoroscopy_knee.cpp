// SPDX-License-Identifier: Apache-2.0
#include "fluoroscopy_knee.hpp"

#include "fluoroscopy_shape.hpp"
#include "fluoroscopy_silhouette.hpp"
#include "fluoroscopy_upright.hpp"
#include "radiograph_likeness.hpp"
#include "radiograph_measures.hpp"
#include "radiograph_metal.hpp"
#include "radiograph_search.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>

namespace guide::segment {
namespace {

constexpr int kPlaces = 8;               // that are looked at closely
constexpr double kPart = 2;              // side of what is looked at, in joint lines
constexpr int kGrid = kFieldWidth;       // px a side
constexpr double kLine = kGrid / kPart;  // px of the grid: joint line
// Of the joint line: how far beyond the middle the band is searched, along and across, and how
// thick it is at most, the notch included.
constexpr double kAcross = 0.7, kUpDown = 0.32, kMostThickness = 0.35;
constexpr double kAsLong = 1.15;  // of the joint line: a place is not bettered further
constexpr double kNearest = 0.3;  // margins are no nearer to the middle
// Pixels of the grid, about half a millimetre each.
constexpr int kWire = 7, kRimGap = 3, kRimRows = 12;
constexpr double kLocalSigma = 20, kSigma = 1.5;
constexpr double kSeen = 0.25, kApart = 0.2;  // local standard deviations; of the joint line
constexpr double kAgreement = 0.85;           // set by few knees: docs/radiographs.md
constexpr double kBordered = 0.65, kLeastContrast = 0.2, kLeastMargin = 0.05, kSettled = 1.3;
constexpr double kEnough = 0.5;  // local standard deviations: contrast beyond that proves no more
constexpr double kNegative = 1.15;  // flux of the negative's best band over the band's
constexpr double kMetal = 0.12;     // as on radiographs
constexpr double kSharp = 0.2;      // of the outline of what is densest; 0 to 0.05 without implants
constexpr int kLeastPart = 64;      // px of the frame
constexpr double kWidest = 1.5;     // of the field: a joint line
constexpr double kLeastLine = 0.25;  // of a joint line: what is left of it where bones are seen
constexpr double kSquare = 0.01;     // by so much pixels may be wider than high to be square
constexpr double kNotch = 0.07;      // of the joint line; 0.1 to 0.15 on knees from in front
constexpr double kStraight = 0.004;  // of the joint line: half a pixel of the grid
constexpr double kBending = 0.1, kArea = 0.01;  // as on radiographs

ImageView<const float> view_of(const cv::Mat1f& image) {
    return {image[0], image.cols, image.rows, static_cast<std::ptrdiff_t>(image.step1())};
}

/// Of a bone's edge, in joint lines: how far it recedes in the middle third from the line through
/// what is beside, and the median distance from the straight line that most of it lies near; and
/// how clearly the bone ends on its less clear side, standard deviations per pixel.
struct Shape {
    double notch = 0, bend = 0, margin = 0;

    /// A plateau is straight and ends in rims, condyles are round.
    [[nodiscard]] double like_a_plateau() const { return margin / (kStraight + bend); }
};

/// A place, as it looks.
struct Close {
    JointPose pose;
    UprightPart part;
    double flux = 0;        // of the band, before it was cut to the margins
    RadiographField field;  // of the part, in its pixels
    KneeBand knee;          // from the tibia's margin to its other
    Shape upper, lower;
    double margin = 0;  // of the bone whose margins the band ends at
    bool from_in_front = false;
    Likeness like;
    double agreement = 0;  // with a knee's silhouette, 0..1

    /// The notch is the femur's.
    [[nodiscard]] bool upright() const {
        return from_in_front ? upper.notch > lower.notch
                             : upper.like_a_plateau() < lower.like_a_plateau();
    }
    [[nodiscard]] double evidence() const {
        const double sure = std::max(0.0, 2 * agreement - 1);
        return margin * std::min(kEnough, like.mean_contrast) * like.bordered * sure;
    }
};

/// The band about the middle of the part, as wide as a joint line and somewhat more.
std::optional<Band> band_in(const cv::Mat1f& brightness, const Gradients& gradients) {
    BandOptions options;
    options.first_column = static_cast<int>(0.5 * kGrid - kAcross * kLine);
    options.last_column = static_cast<int>(0.5 * kGrid + kAcross * kLine);
    options.first_row = static_cast<int>(0.5 * kGrid - kUpDown * kLine);
    options.last_row = static_cast<int>(0.5 * kGrid + kUpDown * kLine);
    options.least_thickness = 1;
    options.most_thickness = static_cast<int>(kMostThickness * kLine);
    options.bending = kBending;
    options.area = kArea;
    options.area_brightness = 1;
    return find_band({view_of(gradients.x), view_of(gradients.y), view_of(brightness)}, options);
}

/// Gradients of what is denser than the gap is in the middle: the bones' sides, not the skin's.
Gradients gradients_above_gap(const Close& c) {
    std::vector<float> gap;
    for (int i = c.knee.columns() / 4; i < c.knee.columns() * 3 / 4; ++i) {
        const auto k = static_cast<std::size_t>(i);
        gap.push_back(c.knee.brightness((c.knee.band.upper[k] + c.knee.band.lower[k]) / 2,
                                        c.knee.first_column + i));
    }
    return gradients_of(grey_of(cv::max(c.knee.brightness, median_of(std::move(gap)))),
                        c.field.outside, kSigma);
}

/// Where a bone ends to one side of the middle: the column of the steepest mean fall of brightness
/// outwards, next to the joint on that side of the band, and how steep.
struct Margin {
    int column = 0;
    double steepness = 0;
};

Margin margin_of(const Close& c, const Gradients& gradients, bool below, bool left) {
    const auto& edge = below ? c.knee.band.lower : c.knee.band.upper;
    Margin best;
    for (int i = 0; i < c.knee.columns(); ++i) {
        const int x = c.knee.first_column + i;
        const double off = (left ? -1 : 1) * (x - 0.5 * kGrid);
        if (off < kNearest * kLine) continue;
        double sum = 0;
        for (int d = kRimGap; d < kRimGap + kRimRows; ++d) {
            const int y = edge[static_cast<std::size_t>(i)] + (below ? d : -d);
            sum += gradients.x(std::clamp(y, 0, kGrid - 1), x);
        }
        const double steepness = (left ? 1 : -1) * sum / kRimRows;
        if (steepness > best.steepness) best = {x, steepness};
    }
    return best;
}

/// Both margins of a bone.
struct Between {
    Margin left, right;
    [[nodiscard]] int columns() const { return right.column - left.column + 1; }
    [[nodiscard]] double weaker() const { return std::min(left.steepness, right.steepness); }
};

std::vector<int> cut(const std::vector<int>& rows, int first_column, const Between& margins) {
    const auto begin = rows.begin() + (margins.left.column - first_column);
    return {begin, begin + margins.columns()};
}

double agreement_of(const Close& c, bool from_in_front) {
    const KneePlace place{c.knee.first_column + 0.5 * (c.knee.columns() - 1),
                          line_through(c.knee.band.lower).middle, kLine};
    return silhouette_agreement(c.field.grey, c.field.outside, place, from_in_front);
}

std::optional<Close> look_closely(ImageView<const float> grey, const ShadowPicture& picture,
                                  const JointPose& pose, View stated, bool first) {
    Close c;
    c.pose = pose;
    c.part = cut_upright(grey, picture, pose, kPart);
    cv::Mat1f small;
    const double factor = static_cast<double>(kGrid) / c.part.grey.cols;
    cv::resize(c.part.grey, small, {kGrid, kGrid}, 0, 0,
               factor < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    cv::resize(c.part.outside, c.field.outside, {kGrid, kGrid}, 0, 0, cv::INTER_NEAREST);
    c.field.scale = c.field.scale_y = factor;
    c.field.grey = shadow_of(small, picture.none, picture.all);
    take_out_wires(c.field.grey, c.field.outside, kWire);
    c.knee.bone_bright = c.field.grey;
    c.knee.brightness = normalise_locally(c.field.grey, c.field.outside, kLocalSigma);
    const Gradients gradients = gradients_of(c.knee.brightness, c.field.outside, kSigma);
    auto band = band_in(c.knee.brightness, gradients);
    if (!band) return std::nullopt;
    c.knee.band = std::move(*band);
    c.flux = c.knee.band.mean_flux;
    c.knee.first_column = static_cast<int>(0.5 * kGrid - kAcross * kLine);
    const Gradients outwards = gradients_above_gap(c);
    std::optional<Between> chosen;
    for (const bool below : {true, false}) {
        const Between margins{margin_of(c, outwards, below, true),
                              margin_of(c, outwards, below, false)};
        if (!(margins.weaker() > 0)) continue;
        auto& shape = below ? c.lower : c.upper;
        const auto edge =
            cut(below ? c.knee.band.lower : c.knee.band.upper, c.knee.first_column, margins);
        shape = {notch_of(edge, below ? -1 : 1), bend_of(edge), margins.weaker()};
        // Once upright the bone below is the tibia.
        if (chosen && (!first || shape.like_a_plateau() < c.lower.like_a_plateau())) continue;
        c.margin = margins.weaker();
        chosen = margins;
    }
    if (!chosen) return std::nullopt;
    c.knee.band.upper = cut(c.knee.band.upper, c.knee.first_column, *chosen);
    c.knee.band.lower = cut(c.knee.band.lower, c.knee.first_column, *chosen);
    c.knee.first_column = chosen->left.column;
    c.like = likeness_of(c.knee);
    c.from_in_front = stated != View::xray_lateral &&
                      std::max(c.upper.notch, c.lower.notch) >= kNotch &&
                      opens_in_the_middle(c.knee.band);
    c.agreement = agreement_of(c, c.from_in_front);
    if (c.from_in_front && c.agreement < kAgreement && stated != View::xray_ap) {
        const double from_the_side = agreement_of(c, false);
        if (from_the_side >= kAgreement) {
            c.from_in_front = false;
            c.agreement = from_the_side;
        }
    }
    return c;
}

/// The place with the joint line in the middle, level, as long as it is, and the tibia below.
JointPose improved(const Close& c) {
    const auto& flat = c.upright() ? c.knee.band.lower : c.knee.band.upper;
    const Line plateau = line_through(flat);
    const double middle_x = c.knee.first_column + 0.5 * (c.knee.columns() - 1);
    JointPose pose = c.pose;
    pose.centre = c.part.to_frame(c.field.to_frame(middle_x, plateau.middle));
    pose.angle += std::atan(plateau.slope) + (c.upright() ? 0 : std::numbers::pi);
    pose.width = c.knee.columns() / c.field.scale;
    return pose;
}

/// The place looked at closely, and again where that says it is, until it is upright.
std::optional<Close> look_again(ImageView<const float> grey, const ShadowPicture& picture,
                                const JointPose& pose, View stated) {
    constexpr int kLeast = 3, kMost = 6;
    auto look = look_closely(grey, picture, pose, stated, true);
    for (int i = 1; i < kMost && look; ++i) {
        const double length = look->knee.columns() / kLine;
        if (i >= kLeast && look->upright() && length > 1 / kAsLong && length < kAsLong) break;
        const JointPose better = improved(*look);
        const PixelPoint at = better.centre;
        const bool within = at.x >= 0 && at.y >= 0 && at.x < grey.width && at.y < grey.height;
        if (!within || better.width * kPart < kLeastPart || better.width > kWidest * picture.field)
            return std::nullopt;
        look = look_closely(grey, picture, better, stated, false);
    }
    return look;
}

/// Flux of the best band of the other polarity over that of this one.
double other_polarity(const Close& c) {
    const cv::Mat1f negative = grey_of(-c.knee.brightness);
    const auto other = band_in(negative, gradients_of(negative, c.field.outside, kSigma));
    return other ? other->mean_flux / std::max(1e-6, c.flux) : -1;
}

/// Cuts off the ends where a bone is not seen or the bones part, as they do from the side.
void cut_to_joint(Close& c) {
    const auto holds = [&](int i) {
        const auto k = static_cast<std::size_t>(i);
        return c.like.contrast[k] > kSeen &&
               c.knee.band.lower[k] - c.knee.band.upper[k] <= kApart * kLine;
    };
    int first = 0, last = c.knee.columns() - 1;
    while (first < last && !holds(first))
        ++first;
    while (last > first && !holds(last))
        --last;
    for (auto* rows : {&c.knee.band.upper, &c.knee.band.lower})
        *rows = std::vector<int>(rows->begin() + first, rows->begin() + last + 1);
    c.knee.first_column += first;
    c.like = likeness_of(c.knee);
}

/// The middle of the joint line, half way between the bones.
PixelPoint centre_of(const Close& c) {
    const auto i = static_cast<std::size_t>(c.knee.columns() / 2);
    return c.field.to_frame(c.knee.first_column + static_cast<double>(i),
                            0.5 * (c.knee.band.upper[i] + c.knee.band.lower[i]));
}

/// Why this is no knee's joint space; nothing where it is one.
const char* fault_of(const Close& c) {
    if (!c.upright() || c.like.bordered < kBordered || c.like.mean_contrast < kLeastContrast)
        return "no gap between two bones is clear enough.";
    const double length = c.knee.columns() / kLine;
    if (length < 1 / kSettled || length > kSettled || c.margin < kLeastMargin)
        return "the bones beside the gap have no clear margins.";
    if (c.agreement < kAgreement)
        return "what lies about the gap is not as dense as femur and tibia are.";
    if (c.knee.other_polarity > kNegative)
        return "the negative shows a clearer gap than the picture.";
    return nullptr;
}

RadiographKnee measured(Close& c, const Frame& frame) {
    RadiographKnee result;
    cv::Mat1f negative;
    cv::resize(c.part.grey, negative, {kGrid, kGrid}, 0, 0, cv::INTER_AREA);
    negative = grey_of(-negative);
    const MetalSigns metal =
        metal_signs(negative, c.field.outside, c.knee.band.upper, c.knee.first_column);
    if (metal.white_steep_joint >= kMetal || metal.sharp_outline >= kSharp) {
        result.joint_space = no_answer("metal",
                                       "The femur ends in sharp-edged metal, probably an implant: "
                                       "this is no joint space between bones.");
        return result;
    }
    const PixelPoint centre = centre_of(c);
    if (!c.from_in_front) cut_to_joint(c);
    if (c.knee.columns() < kLeastLine * kLine) {
        result.joint_space =
            no_answer("no-knee", "No knee was recognised: too little of the joint line is seen.");
        return result;
    }
    const Likeness& like = c.like;
    // The part is turned: with oblong pixels its millimetres are not those of the frame.
    const bool square =
        frame.spacing && std::abs(frame.spacing->x_mm / frame.spacing->y_mm - 1) < kSquare;
    JointSpace space = joint_space_of(c.knee, like, c.field, view_of(c.part.grey), false,
                                      square ? frame.spacing : std::nullopt);
    const auto sure = [](double value, double none, double full) {
        return std::clamp((value - none) / (full - none), 0.0, 1.0);
    };
    space.confidence =
        std::min({sure(c.agreement, 0.8, 0.95), sure(like.bordered, 0.6, 0.95),
                  sure(like.mean_contrast, 0.1, 0.8), sure(c.knee.other_polarity, 1.3, 0.9)});
    if (!c.from_in_front) {
        space.widths.reset();
        space.narrowing.reset();
        space.landmarks.clear();
        space.target = centre;
    }
    result.bones.push_back(edge_of(c.knee, c.field, BoneKind::femur, space.confidence));
    result.bones.push_back(edge_of(c.knee, c.field, BoneKind::tibia, space.confidence));
    for (BoneSurface& bone : result.bones)
        move_to_frame(bone, c.part);
    move_to_frame(space, c.part);
    result.joint_space = std::move(space);
    result.notes.push_back(
        {"bones-dark", "Bones are dark in this frame (fluoroscopy or negative)."});
    return result;
}

}  // namespace

FluoroscopyKnee find_fluoroscopy_knee(const Frame& frame, View stated, const Execution& execution) {
    FluoroscopyKnee result;
    const auto none = [&](const char* text) {
        result.knee.joint_space =
            no_answer("no-knee", std::string("No knee was recognised: ") + text);
        return result;
    };
    const ImageView<const float> grey = frame.intensity.view();
    if (std::min(grey.width, grey.height) < kLeastPart) return none("the picture is too small.");
    const ShadowPicture picture = make_shadow_picture(grey);
    if (picture.shadow.empty()) return none("the picture is blank.");
    const auto poses = find_joint_poses(picture, kPlaces, execution);
    std::vector<std::optional<Close>> looks(poses.size());
    for_each_band(execution, static_cast<int>(poses.size()), 1, [&](int begin, int end) {
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
            looks[i] = look_again(grey, picture, poses[i], stated);
    });
    Close* best = nullptr;
    for (auto& look : looks) {
        if (look && look->upright() && (!best || look->evidence() > best->evidence()))
            best = &*look;
    }
    if (!best) return none("there is no gap between two bones.");
    best->knee.other_polarity = other_polarity(*best);
    if (const char* fault = fault_of(*best)) return none(fault);
    if (stated == View::xray_ap && !best->from_in_front)
        return none("there is no notch between condyles, as from in front.");
    result.view = best->from_in_front ? View::xray_ap : View::xray_lateral;
    result.knee = measured(*best, frame);
    return result;
}

}  // namespace guide::segment
