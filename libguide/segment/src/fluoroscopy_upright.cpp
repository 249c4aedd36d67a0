// SPDX-License-Identifier: Apache-2.0
#include "fluoroscopy_upright.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace guide::segment {

PixelPoint UprightPart::to_frame(PixelPoint p) const {
    const double x = p.x - 0.5 * (grey.cols - 1), y = p.y - 0.5 * (grey.rows - 1);
    const double c = std::cos(angle), s = std::sin(angle);
    return {centre.x + c * x - s * y, centre.y + s * x + c * y};
}

UprightPart cut_upright(ImageView<const float> frame, const ShadowPicture& picture,
                        const JointPose& pose, double widths) {
    UprightPart part;
    part.centre = pose.centre;
    part.angle = pose.angle;
    const int side = static_cast<int>(std::lround(widths * pose.width));
    const cv::Mat whole(frame.height, frame.width, CV_32F, const_cast<float*>(frame.data),
                        static_cast<std::size_t>(frame.stride) * sizeof(float));
    const double c = std::cos(pose.angle), s = std::sin(pose.angle), half = 0.5 * (side - 1);
    const cv::Matx23d back(c, -s, pose.centre.x - c * half + s * half,  //
                           s, c, pose.centre.y - s * half - c * half);
    cv::warpAffine(whole, part.grey, back, {side, side}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_CONSTANT, 0);
    for (float& v : part.grey)
        if (!std::isfinite(v)) v = 0;
    const double k = picture.scale, shift = 0.5 * (k - 1);
    const cv::Matx23d back_small(k * back(0, 0), k * back(0, 1), k * back(0, 2) + shift,  //
                                 k * back(1, 0), k * back(1, 1), k * back(1, 2) + shift);
    cv::warpAffine(picture.outside, part.outside, back_small, {side, side},
                   cv::INTER_NEAREST | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, 255);
    return part;
}

void move_to_frame(JointSpace& space, const UprightPart& part) {
    const auto move = [&](PixelPoint& p) { p = part.to_frame(p); };
    for (PixelPolygon& contour : space.contours)
        std::ranges::for_each(contour, move);
    move(space.target);
    for (Landmark& landmark : space.landmarks)
        move(landmark.at);
    if (space.widths) move(space.widths->minimum_at);
}

void move_to_frame(BoneSurface& bone, const UprightPart& part) {
    for (PixelPoint& p : bone.points)
        p = part.to_frame(p);
}

}  // namespace guide::segment
