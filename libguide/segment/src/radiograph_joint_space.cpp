// SPDX-License-Identifier: Apache-2.0
#include "radiograph_joint_space.hpp"

#include "picture_kind.hpp"
#include "radiograph_band.hpp"
#include "radiograph_field.hpp"
#include "radiograph_landmarks.hpp"
#include "radiograph_margins.hpp"
#include "radiograph_metal.hpp"
#include "radiograph_outline.hpp"
#include "radiograph_reach.hpp"
#include "radiograph_refine.hpp"
#include "radiograph_widths.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace guide::segment {
namespace {

// Lengths below are pixels of the 224-column grid, 0.4 to 0.6 mm each on a knee that fills the
// field.
constexpr double kLocalSigma = 20;  // window of the local mean and contrast, a quarter of a condyle
constexpr double kCoarseSigma = 1.0;  // of the gradients on the half grid
constexpr double kFineSigma = 1.5;    // of the gradients on the full grid
constexpr double kSideSigma = 2.0;    // of the gradients that the bones' sides are found by
constexpr double kBending = 0.1;
constexpr double kArea = 0.01;          // tells thin bright wedges (plateau rims) from joint space
constexpr double kMostThickness = 0.2;  // of the field's width: the height of the notch
constexpr double kWindow =
    0.06;  // of the field's width: how far the second search may leave the first
constexpr double kUnclearPolarity = 0.9;  // of the better one's flux; knees have 0.6 to 0.86
constexpr double kRefineReach = 4, kRefineAlong = 1.5, kRefineAcross = 0.5;
constexpr int kSideGap = 3;             // rows off the joint line where the bones' sides begin
constexpr int kSideRows = 30;           // rows that they are followed for
constexpr int kSideRowsAtJoint = 4;     // rows of them that tell the margin
constexpr double kBonesOfField = 0.88;  // width of the bones where a knee fills the field
constexpr double kSmallPart = 0.85;     // of the field: parts wider than that are no closer look
constexpr int kLeastSide = 64;          // px; no joint can be told apart below

ImageView<const float> view_of(const cv::Mat1f& image) {
    return {image[0], image.cols, image.rows, static_cast<std::ptrdiff_t>(image.step1())};
}

void stop_if_asked(const Execution& execution) {
    if (execution.stop.stop_requested()) throw Stopped();
}

double median_of(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// A band on the full grid and what it was found in.
struct Knee {
    cv::Mat1f bone_bright;  // grey or its negative
    cv::Mat1f brightness;   // the same, in local standard deviations
    Band band;
    int first_column = 0;
    // Flux of the best band of the other polarity over that of this one; below 0 where there is
    // none at all, which is the clearest case.
    double other_polarity = 0;
    double weakest_side = 0;  // of the four bone sides

    [[nodiscard]] int columns() const { return static_cast<int>(band.upper.size()); }
};

struct Start {
    Band band;
    bool bones_bright = true;
    double other_polarity = 0;
    std::optional<Reach> reach;  // columns of the half grid with bones beside the band
};

// The best band of either polarity on the half grid, from side to side.
std::optional<Start> search_coarsely(const RadiographField& field) {
    cv::Mat1f grey;
    const int height = std::max(8, static_cast<int>(std::lround(field.grey.rows * 0.5)));
    cv::resize(field.grey, grey, {kFieldWidth / 2, height}, 0, 0, cv::INTER_AREA);
    cv::Mat1b outside;
    cv::resize(field.outside, outside, grey.size(), 0, 0, cv::INTER_NEAREST);
    BandOptions options;
    options.last_column = grey.cols - 1;
    options.first_row = static_cast<int>(0.2 * grey.rows);
    options.last_row = static_cast<int>(0.8 * grey.rows) - 1;
    options.least_thickness = 2;
    options.most_thickness = static_cast<int>(kMostThickness * grey.cols) + 1;
    options.bending = 2 * kBending;  // half as many columns pay
    const auto search = [&](const cv::Mat1f& bone_bright, std::optional<Reach>& reach) {
        const cv::Mat1f brightness = normalise_locally(bone_bright, outside, kLocalSigma / 2);
        const Gradients gradients = gradients_of(brightness, outside, kCoarseSigma);
        auto band =
            find_band({view_of(gradients.x), view_of(gradients.y), view_of(brightness)}, options);
        if (band) reach = reach_of(*band, view_of(gradients.y));
        return band;
    };
    const cv::Mat1f negative = grey_of(-grey);
    std::optional<Reach> bright_reach, dark_reach;
    auto bright = search(grey, bright_reach), dark = search(negative, dark_reach);
    if (!bright || !dark) return std::nullopt;
    // Shadows are lifted in the better polarity, in both when neither is clear: lifting what is
    // dark in the wrong one would make it look better than it is.
    const auto [less, more] = std::minmax(bright->mean_flux, dark->mean_flux);
    const bool unclear = less > kUnclearPolarity * more, bright_first = bright->mean_flux >= more;
    const auto search_lifted = [&](const cv::Mat1f& bone_bright, std::optional<Band>& band,
                                   std::optional<Reach>& reach) {
        const cv::Mat1f lifted = lift_shadows(bone_bright, outside);
        if (lifted.data != bone_bright.data) band = search(lifted, reach);
    };
    if (unclear || bright_first) search_lifted(grey, bright, bright_reach);
    if (unclear || !bright_first) search_lifted(negative, dark, dark_reach);
    if (!bright || !dark) return std::nullopt;
    const bool bones_bright = bright->mean_flux >= dark->mean_flux;
    const Band& best = bones_bright ? *bright : *dark;
    const double other = bones_bright ? dark->mean_flux : bright->mean_flux;
    if (!(best.mean_flux > 0)) return std::nullopt;
    return Start{best, bones_bright, other / best.mean_flux,
                 bones_bright ? bright_reach : dark_reach};
}

// Rows of the half grid as rows for each column of the full grid.
std::vector<double> on_full_grid(const std::vector<int>& rows, int width) {
    std::vector<double> full(static_cast<std::size_t>(width));
    const double scale = static_cast<double>(width) / static_cast<double>(rows.size());
    for (int x = 0; x < width; ++x) {
        const double at =
            std::clamp((x + 0.5) / scale - 0.5, 0.0, static_cast<double>(rows.size() - 1));
        const auto i = static_cast<std::size_t>(at);
        const auto j = std::min(i + 1, rows.size() - 1);
        const double row = rows[i] + (at - static_cast<double>(i)) * (rows[j] - rows[i]);
        full[static_cast<std::size_t>(x)] = row * scale + 0.5 * (scale - 1);
    }
    return full;
}

std::vector<int> rounded(const std::vector<double>& values) {
    std::vector<int> whole(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        whole[i] = static_cast<int>(std::lround(values[i]));
    return whole;
}

double margin_of(const SideOutline& femur, const SideOutline& tibia) {
    double sum = 0;
    for (int i = 0; i < kSideRowsAtJoint; ++i) {
        sum +=
            femur.columns[static_cast<std::size_t>(i)] + tibia.columns[static_cast<std::size_t>(i)];
    }
    return sum / (2 * kSideRowsAtJoint);
}

std::optional<Knee> search_finely(const RadiographField& field, const Start& start) {
    Knee knee;
    knee.other_polarity = start.other_polarity;
    knee.bone_bright = start.bones_bright ? field.grey : grey_of(-field.grey);
    knee.brightness = normalise_locally(lift_shadows(knee.bone_bright, field.outside),
                                        field.outside, kLocalSigma);
    const int width = knee.brightness.cols;

    BandOptions options;
    options.upper_guide = on_full_grid(start.band.upper, width);
    options.lower_guide = on_full_grid(start.band.lower, width);
    options.window = kWindow * width;

    const Gradients broad = gradients_of(knee.brightness, field.outside, kSideSigma);
    const auto upper = rounded(options.upper_guide), lower = rounded(options.lower_guide);
    const auto side = [&](Side which, Towards bone) {
        return find_side_outline(view_of(broad.x), bone == Towards::femur ? upper : lower, which,
                                 bone, kSideGap, kSideRows);
    };
    const auto left_femur = side(Side::left, Towards::femur),
               left_tibia = side(Side::left, Towards::tibia);
    const auto right_femur = side(Side::right, Towards::femur),
               right_tibia = side(Side::right, Towards::tibia);
    knee.weakest_side = std::min(
        {left_femur.strength, left_tibia.strength, right_femur.strength, right_tibia.strength});
    options.first_column = static_cast<int>(std::lround(margin_of(left_femur, left_tibia)));
    options.last_column = static_cast<int>(std::lround(margin_of(right_femur, right_tibia)));

    double highest = knee.brightness.rows, lowest = 0;
    for (int x = options.first_column; x <= options.last_column; ++x) {
        highest = std::min(highest, options.upper_guide[static_cast<std::size_t>(x)]);
        lowest = std::max(lowest, options.lower_guide[static_cast<std::size_t>(x)]);
    }
    options.first_row = static_cast<int>(highest - options.window);
    options.last_row = static_cast<int>(lowest + options.window);
    options.most_thickness = static_cast<int>(kMostThickness * width);
    options.bending = kBending;
    options.area = kArea;
    options.area_brightness = 1;
    const Gradients gradients = gradients_of(knee.brightness, field.outside, kFineSigma);
    auto band =
        find_band({view_of(gradients.x), view_of(gradients.y), view_of(knee.brightness)}, options);
    if (!band) return std::nullopt;
    knee.band = std::move(*band);
    knee.first_column = extend_to_margins(knee.band, options.first_column, view_of(gradients.y));
    return knee;
}

// How much a band looks like the joint space of a knee.
struct Likeness {
    /// Per column: the darker of both bones less the band, standard deviations.
    std::vector<double> contrast;
    double mean_contrast = 0;
    double bordered = 0;  ///< share of columns where both bones are brighter than the band
    /// Of the band's length, against the line through both condyles: how far the femoral edge
    /// rises above it and falls below it, and where it rises most (0 left margin, 1 right).
    double notch_height = 0;
    double dip = 0;
    double notch_place = 0;
    double tilt = 0;       ///< of that line, radians
    double thickness = 0;  ///< median, of the band's length
};

Likeness likeness_of(const Knee& knee) {
    constexpr int kStrip = 8;  // rows of bone that are compared
    Likeness like;
    const auto& upper = knee.band.upper;
    const auto& lower = knee.band.lower;
    const int n = knee.columns(), height = knee.brightness.rows;
    std::vector<double> thickness;
    for (int i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const auto mean = [&](int from, int to) {
            from = std::clamp(from, 0, height - 1);
            to = std::clamp(to, from + 1, height);
            double sum = 0;
            for (int y = from; y < to; ++y)
                sum += knee.brightness(y, knee.first_column + i);
            return sum / (to - from);
        };
        const double femur = mean(upper[k] - 1 - kStrip, upper[k] - 1);
        const double tibia = mean(lower[k] + 2, lower[k] + 2 + kStrip);
        const double gap = mean(upper[k] + 1, lower[k]);
        like.contrast.push_back(std::min(femur, tibia) - gap);
        like.mean_contrast += like.contrast.back() / n;
        if (like.contrast.back() > 0) like.bordered += 1.0 / n;
        thickness.push_back(lower[k] - upper[k]);
    }
    like.thickness = median_of(thickness) / n;

    const int eighth = n / 8;
    const auto condyle = [&](int from, int to) {
        return median_of(std::vector<double>(upper.begin() + from, upper.begin() + to));
    };
    const double left = condyle(eighth, 3 * eighth), right = condyle(n - 3 * eighth, n - eighth);
    like.tilt = std::atan2(right - left, n - 4 * eighth);
    for (int i = n / 4; i < n - n / 4; ++i) {
        const double along = static_cast<double>(i - 2 * eighth) / (n - 4 * eighth);
        const double rise = left + along * (right - left) - upper[static_cast<std::size_t>(i)];
        like.dip = std::max(like.dip, -rise / n);
        if (rise / n > like.notch_height) {
            like.notch_height = rise / n;
            like.notch_place = static_cast<double>(i) / n;
        }
    }
    return like;
}

// The anatomy that every AP knee shows; bounds are wide of what knees with osteoarthritis show.
bool like_a_knee(const Knee& knee, const Likeness& like) {
    return knee.columns() >= kFieldWidth / 3 && like.bordered >= 0.7 && like.mean_contrast >= 0.5 &&
           like.notch_height >= 0.035 && like.dip <= 0.1 && like.notch_height <= 0.35 &&
           like.notch_place >= 0.33 && like.notch_place <= 0.67 && like.thickness <= 0.17 &&
           std::abs(like.tilt) <= 0.52 && knee.weakest_side >= 0.03 && knee.other_polarity <= 0.97;
}

// Runs of columns where the bones touch: next to no thickness and no darker than the bones.
std::vector<char> closed_columns(const Knee& knee, const Likeness& like) {
    const int n = knee.columns();
    std::vector<char> closed(static_cast<std::size_t>(n), 0);
    const auto touches = [&](int i) {
        const auto k = static_cast<std::size_t>(i);
        return knee.band.lower[k] - knee.band.upper[k] <= 0.015 * n + 1 && like.contrast[k] < 0.3;
    };
    for (int i = 0; i < n;) {
        int end = i;
        while (end < n && touches(end))
            ++end;
        if (end - i >= n / 20) std::fill(closed.begin() + i, closed.begin() + end, char{1});
        i = std::max(end, i + 1);
    }
    return closed;
}

// The stretch of the band from column `begin` to before `end` as an outline in the frame.
PixelPolygon outline_of(const Knee& knee, const RadiographField& field, int begin, int end) {
    PixelPolygon outline;
    const auto add = [&](const std::vector<int>& rows, int i, double dx, double dy) {
        outline.push_back(
            field.to_frame(knee.first_column + i + dx, rows[static_cast<std::size_t>(i)] + dy));
    };
    add(knee.band.upper, begin, -0.5, -0.5);
    for (int i = begin; i < end; ++i)
        add(knee.band.upper, i, 0, -0.5);
    add(knee.band.upper, end - 1, 0.5, -0.5);
    add(knee.band.lower, end - 1, 0.5, 0.5);
    for (int i = end - 1; i >= begin; --i)
        add(knee.band.lower, i, 0, 0.5);
    add(knee.band.lower, begin, -0.5, 0.5);
    return outline;
}

// The centre of the largest disc in the band.
PixelPoint most_inside(const Knee& knee, const RadiographField& field,
                       const std::vector<char>& closed) {
    cv::Mat1b inside(knee.brightness.size(), static_cast<unsigned char>(0));
    for (int i = 0; i < knee.columns(); ++i) {
        const auto k = static_cast<std::size_t>(i);
        const int n = knee.columns();
        if (closed[k] != 0 || i < n / 8 || i >= n - n / 8) continue;  // margins flare out
        for (int y = knee.band.upper[k]; y <= knee.band.lower[k]; ++y)
            inside(y, knee.first_column + i) = 255;
    }
    cv::Mat1f distance;
    cv::distanceTransform(inside, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
    cv::Point best;
    cv::minMaxLoc(distance, nullptr, nullptr, nullptr, &best);
    return field.to_frame(best.x, best.y);
}

JointEdges edges_of(const Knee& knee, const RadiographField& field, std::vector<char> closed) {
    JointEdges edges;
    edges.x0 = field.to_frame(knee.first_column, 0).x;
    edges.step = 1 / field.scale;
    edges.closed = std::move(closed);
    for (std::size_t i = 0; i < knee.band.upper.size(); ++i) {
        edges.femur.push_back(field.to_frame(0, knee.band.upper[i] - 0.5).y);
        edges.tibia.push_back(field.to_frame(0, knee.band.lower[i] + 0.5).y);
    }
    return edges;
}

BoneSurface edge_of(const Knee& knee, const RadiographField& field, BoneKind kind,
                    double confidence) {
    BoneSurface bone{kind, {}, confidence};
    const bool femur = kind == BoneKind::femur;
    const auto& rows = femur ? knee.band.upper : knee.band.lower;
    for (int i = 0; i < knee.columns(); ++i) {
        bone.points.push_back(field.to_frame(
            knee.first_column + i, rows[static_cast<std::size_t>(i)] + (femur ? -0.5 : 0.5)));
    }
    return bone;
}

double between(double value, double none, double full) {
    return std::clamp((value - none) / (full - none), 0.0, 1.0);
}

JointSpace joint_space_of(const Knee& knee, const Likeness& like, const RadiographField& field,
                          ImageView<const float> grey, bool bones_bright,
                          const std::optional<Spacing>& spacing) {
    JointSpace space;
    const auto closed = closed_columns(knee, like);
    for (int i = 0; i < knee.columns();) {
        int end = i;
        while (end < knee.columns() && closed[static_cast<std::size_t>(end)] == 0)
            ++end;
        if (end - i >= 2) space.contours.push_back(outline_of(knee, field, i, end));
        i = std::max(end, i + 1);
    }
    std::stable_sort(
        space.contours.begin(), space.contours.end(),
        [](const auto& a, const auto& b) { return polygon_area(a) > polygon_area(b); });
    space.target = most_inside(knee, field, closed);
    space.confidence =
        std::min({between(like.bordered, 0.6, 0.95), between(like.mean_contrast, 0.2, 1.0),
                  between(like.notch_height, 0.02, 0.08), between(knee.other_polarity, 1.0, 0.8)});
    // Standard deviation of experts' outlines from these, vertically, on 42 radiographs: 1.4 pixels
    // of the grid at the femur, 2.3 at the plateau, 3.4 at the eminence; pooled over the band's
    // length.
    space.boundary_sigma_px = 2.2 / field.scale;
    if (spacing) {
        double area = 0;
        for (const auto& contour : space.contours)
            area += polygon_area(contour);
        space.area_mm2 = area * spacing->x_mm * spacing->y_mm;
    }
    const double grid = 1 / field.scale;  // frame pixels
    const RefineOptions refine{kRefineReach * grid, kRefineAlong * grid,
                               std::max(0.5, kRefineAcross * grid), bones_bright};
    const JointEdges edges = refine_edges(edges_of(knee, field, closed), grey, refine);
    space.widths = measure_widths(edges, spacing);
    space.narrowing = judge_narrowing(*space.widths, space.boundary_sigma_px, spacing);
    space.landmarks = find_landmarks(edges);
    return space;
}

/// What the search in one exposed part came to.
struct Found {
    RadiographField field;
    double share = 1;  // of the picture that the field is
    bool blank = false;
    bool bones_bright = true;
    std::optional<Knee> knee;
    Likeness like;
    bool a_knee = false;
};

/// The part of a picture about the knee where that is a small part of it, as wide about the bones
/// as pictures of a knee are that fill the field with it.
std::optional<PixelBox> part_about(const Start& start, const RadiographField& field,
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

Found look_for_knee(ImageView<const float> grey, const Execution& execution, bool whole = true) {
    Found found;
    found.field = make_radiograph_field(grey);
    if (found.field.grey.empty()) return found;
    double low = 0, high = 0;
    cv::minMaxLoc(found.field.grey, &low, &high);
    found.blank = !(high > low) || cv::countNonZero(found.field.outside == 0) < 1000;
    if (found.blank) return found;
    stop_if_asked(execution);
    const auto start = search_coarsely(found.field);
    stop_if_asked(execution);
    if (!start) return found;
    if (const auto part = whole ? part_about(*start, found.field, grey) : std::nullopt) {
        Found closer = look_for_knee(
            grey.cropped(part->x0, part->y0, part->width(), part->height()), execution, false);
        if (closer.a_knee) {
            closer.field.x0 += part->x0;
            closer.field.y0 += part->y0;
            closer.share = static_cast<double>(part->width()) * part->height() /
                           (static_cast<double>(grey.width) * grey.height);
            return closer;
        }
    }
    found.bones_bright = start->bones_bright;
    found.knee = search_finely(found.field, *start);
    if (!found.knee) return found;
    found.like = likeness_of(*found.knee);
    found.a_knee = like_a_knee(*found.knee, found.like);
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
        if (look_for_knee(turned.view(), execution).a_knee) return true;
    }
    return false;
}

}  // namespace

RadiographKnee find_radiograph_knee(const Frame& frame, const Execution& execution) {
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
    const Found found = look_for_knee(grey.view(), execution);
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
    const Knee& knee = *found.knee;
    const MetalSigns metal =
        metal_signs(knee.bone_bright, found.field.outside, knee.band.upper, knee.first_column);
    // In a picture stretched until large parts saturate, bone looks like metal.
    if (found.a_knee && metal.white_steep_joint >= 0.12 && found.share * metal.saturated < 0.08) {
        result.joint_space = no_answer("metal",
                                       "The femur ends in sharp-edged metal, probably an implant: "
                                       "this is no joint space between bones.");
        return result;
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
    const double confidence = result.joint_space->confidence;
    result.bones.push_back(edge_of(knee, found.field, BoneKind::femur, confidence));
    result.bones.push_back(edge_of(knee, found.field, BoneKind::tibia, confidence));
    if (!found.bones_bright) {
        result.notes.push_back(
            {"bones-dark", "Bones are dark in this frame (fluoroscopy or negative)."});
    }
    if (result.joint_space->widths->bone_on_bone) {
        result.notes.push_back({"bone-on-bone", "No joint space is left in part of the joint."});
    }
    return result;
}

}  // namespace guide::segment
