// SPDX-License-Identifier: Apache-2.0
#include "enclosed_space.hpp"

#include "wall_contrast.hpp"

#include <opencv2/imgproc.hpp>

namespace guide::segment {
namespace {

constexpr double kGrain = 0.3;        // mm: finer differences are speckle
constexpr double kMostShadow = 0.15;  // of what is next to it: more is the margin of a shadow
constexpr double kDarker = 0.9;       // of the surroundings

}  // namespace

cv::Mat1b enclosed_parts(const TissueGrid& grid, const cv::Mat1b& mask) {
    cv::Mat1f smooth;
    cv::GaussianBlur(grid.echo, smooth, {0, 0}, kGrain / grid.step_mm);
    cv::Mat1i label;
    const int count = cv::connectedComponents(mask, label, 4, CV_32S);
    cv::Mat1b kept = cv::Mat1b::zeros(mask.size());
    for (int i = 1; i < count; ++i) {
        const cv::Mat1b part = label == i;
        const WallContrast wall = wall_contrast(grid, smooth, part);
        if (wall.shadow <= kMostShadow && wall.echo < kDarker) kept |= part;
    }
    return kept;
}

}  // namespace guide::segment
