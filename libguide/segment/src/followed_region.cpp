// SPDX-License-Identifier: Apache-2.0
#include "followed_region.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace guide::segment {
namespace {

constexpr int kCell = 2;                    // px
constexpr double kReachMm = 2;              // beyond, one distance is as good as another
constexpr double kSame = 0.2;               // overlap (Dice) of two views of one space
constexpr double kShow = 0.5, kHide = 0.3;  // belief
constexpr double kNearMm = 2;               // a target moves so far within one place
constexpr double kNearlyAsDeep = 0.6;       // inside, of the new target
constexpr double kLeastArea = 4;            // px^2: smaller patches are nothing

cv::Mat1f moved(const cv::Mat1f& field, PixelPoint motion, double outside) {
    const cv::Matx23d move(1, 0, motion.x / kCell, 0, 1, motion.y / kCell);
    cv::Mat1f result;
    cv::warpAffine(field, result, move, field.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT,
                   cv::Scalar(outside));
    return result;
}

double overlap(const cv::Mat1f& a, const cv::Mat1f& b) {
    const cv::Mat1b in_a = a > 0, in_b = b > 0;
    const int both = cv::countNonZero(in_a & in_b);
    return 2.0 * both / std::max(1, cv::countNonZero(in_a) + cv::countNonZero(in_b));
}

void shift(PixelPoint& p, PixelPoint by) {
    p.x += by.x;
    p.y += by.y;
}

/// `average` on the way to `value`; either may be missing.
void average(std::optional<double>& mean, const std::optional<double>& value, double share) {
    mean = mean && value ? *mean + share * (*value - *mean) : value;
}

}  // namespace

cv::Mat1f FollowedRegion::distances_of(const std::vector<PixelPolygon>& contours,
                                       double reach_px) const {
    Image<std::uint8_t> mask(box_.width(), box_.height(), 0);
    std::vector<PixelPolygon> local = contours;
    for (auto& polygon : local) {
        for (PixelPoint& p : polygon)
            shift(p, {-static_cast<double>(box_.x0), -static_cast<double>(box_.y0)});
    }
    fill_polygons(local, mask.view());
    const cv::Mat1b whole(box_.height(), box_.width(), mask.data());
    cv::Mat1b inside;
    cv::resize(whole, inside, {(box_.width() + 1) / kCell, (box_.height() + 1) / kCell}, 0, 0,
               cv::INTER_AREA);
    const cv::Mat1b in = inside >= 128;
    cv::Mat1f to_border, to_inside;
    cv::distanceTransform(in, to_border, cv::DIST_L2, cv::DIST_MASK_5);
    cv::distanceTransform(~in, to_inside, cv::DIST_L2, cv::DIST_MASK_5);
    // A cell's middle lies half a cell from its border.
    cv::Mat1f signed_distance = to_border - to_inside;
    const auto reach = static_cast<float>(reach_px);
    for (float& d : signed_distance)
        d = std::clamp((d > 0 ? d - 0.5F : d + 0.5F) * kCell, -reach, reach);
    return signed_distance;
}

double FollowedRegion::inside_px(const cv::Mat1f& distances, PixelPoint p) const {
    const int x = static_cast<int>(std::lround((p.x - box_.x0) / kCell)),
              y = static_cast<int>(std::lround((p.y - box_.y0) / kCell));
    if (x < 0 || y < 0 || x >= distances.cols || y >= distances.rows) return -1;
    return distances(y, x);
}

std::vector<PixelPolygon> FollowedRegion::contours() const {
    constexpr int kFine = 4;  // samples per cell: the outline runs between pixels
    const cv::Mat1b in = distances_ > -kCell;
    const cv::Rect all({0, 0}, distances_.size());
    cv::Rect roi = cv::boundingRect(in);
    roi = cv::Rect(roi.x - 1, roi.y - 1, roi.width + 2, roi.height + 2) & all;
    if (roi.empty()) return {};
    cv::Mat1f fine;
    cv::resize(distances_(roi), fine, {}, kFine, kFine, cv::INTER_LINEAR);
    std::vector<std::vector<cv::Point>> traced;
    cv::findContours(fine > 0, traced, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    std::vector<PixelPolygon> polygons;
    const double scale = static_cast<double>(kCell) / kFine;
    for (const auto& points : traced) {
        std::vector<cv::Point> few;
        cv::approxPolyDP(points, few, 0.35 / scale, true);
        if (few.size() < 3) continue;
        PixelPolygon polygon;
        for (const cv::Point& p : few) {
            polygon.push_back({box_.x0 + roi.x * kCell + (p.x + 0.5) * scale - 0.5,
                               box_.y0 + roi.y * kCell + (p.y + 0.5) * scale - 0.5});
        }
        if (polygon_area(polygon) > kLeastArea) polygons.push_back(std::move(polygon));
    }
    std::ranges::stable_sort(polygons, std::ranges::greater(),
                             [](const PixelPolygon& p) { return polygon_area(p); });
    return polygons;
}

void FollowedRegion::begin(const JointSpace& seen, cv::Mat1f distances) {
    space_ = seen;
    distances_ = std::move(distances);
    known_ = true;
    belief_ = seen.confidence;
    elsewhere_frames_ = target_away_ = effusion_away_ = 0;
}

void FollowedRegion::blend(const JointSpace& seen, const cv::Mat1f& distances,
                           const FollowStep& step) {
    cv::addWeighted(distances_, 1 - step.share, distances, step.share, 0, distances_);
    belief_ += step.share * (seen.confidence - belief_);
    average(space_.depth_mm, seen.depth_mm, step.share);
    average(space_.thickness_mm, seen.thickness_mm, step.share);
    average(space_.area_mm2, seen.area_mm2, step.share);
    space_.boundary_sigma_px += step.share * (seen.boundary_sigma_px - space_.boundary_sigma_px);
    effusion_away_ = seen.effusion == space_.effusion ? 0 : effusion_away_ + 1;
    if (effusion_away_ >= step.frames_to_jump) {
        space_.effusion = seen.effusion;
        effusion_away_ = 0;
    }
    // The same place in the tissue, as long as it is nearly as good.
    const double apart =
        std::hypot(seen.target.x - space_.target.x, seen.target.y - space_.target.y);
    const double here = inside_px(distances_, space_.target),
                 there = inside_px(distances_, seen.target);
    if (apart <= kNearMm * step.px_per_mm) {
        space_.target.x += step.share * (seen.target.x - space_.target.x);
        space_.target.y += step.share * (seen.target.y - space_.target.y);
        target_away_ = 0;
    } else if (here < kNearlyAsDeep * there) {
        ++target_away_;
    } else {
        target_away_ = 0;
    }
    if (inside_px(distances_, space_.target) <= 0 || target_away_ >= step.frames_to_jump) {
        space_.target = seen.target;
        target_away_ = 0;
    }
}

FollowedRegion::Answer FollowedRegion::next(const std::optional<JointSpace>& seen,
                                            const FollowStep& step) {
    const double reach = kReachMm * step.px_per_mm;
    if (known_) {
        distances_ = moved(distances_, step.motion, -reach);
        shift(space_.target, step.motion);
    }
    if (elsewhere_frames_ > 0) elsewhere_ = moved(elsewhere_, step.motion, -reach);
    Answer answer;
    bool here = false;
    if (seen) {
        cv::Mat1f distances = distances_of(seen->contours, reach);
        if (!known_) {
            begin(*seen, std::move(distances));
            here = true;
        } else if (overlap(distances, distances_) >= kSame) {
            blend(*seen, distances, step);
            elsewhere_frames_ = 0;
            here = true;
        } else {
            const bool again = elsewhere_frames_ > 0 && overlap(distances, elsewhere_) >= kSame;
            elsewhere_frames_ = again ? elsewhere_frames_ + 1 : 1;
            elsewhere_ = distances;
            if (elsewhere_frames_ >= step.frames_to_jump || !shown_) {
                begin(*seen, std::move(distances));
                here = answer.jumped = true;
            }
        }
    } else {
        elsewhere_frames_ = 0;
    }
    if (known_ && !here) belief_ *= 1 - step.share;
    shown_ = known_ && belief_ >= (shown_ ? kHide : kShow);
    if (!shown_) {
        if (known_ && !here) known_ = false;
        return answer;
    }
    space_.contours = contours();
    if (space_.contours.empty()) {
        known_ = shown_ = false;
        return answer;
    }
    // An average of two outlines may leave the old target outside of both.
    const auto inside = [&](PixelPoint p) {
        return std::ranges::any_of(space_.contours,
                                   [&](const auto& c) { return polygon_contains(c, p); });
    };
    if (!inside(space_.target)) {
        double deepest = 0;
        cv::Point at;
        cv::minMaxLoc(distances_, nullptr, &deepest, nullptr, &at);
        space_.target = {box_.x0 + at.x * kCell + 0.5 * (kCell - 1),
                         box_.y0 + at.y * kCell + 0.5 * (kCell - 1)};
    }
    answer.space = space_;
    answer.space->confidence = belief_;
    answer.held = !here;
    return answer;
}

}  // namespace guide::segment
