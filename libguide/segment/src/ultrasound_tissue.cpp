// SPDX-License-Identifier: Apache-2.0
#include "ultrasound_tissue.hpp"

#include "connected_parts.hpp"
#include "value_order.hpp"

#include <guide/filters/gaussian.hpp>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace guide::segment {
namespace {

constexpr double kStep = 0.2;           // mm
constexpr int kLargestSide = 600;       // cells: coarser cells rather than more of them
constexpr int kSmallestSide = 16;       // px of the frame
constexpr double kSmallestDepth = 8.0;  // mm
constexpr double kFace = 45.0;          // mm: linear probes for joints are 38 to 51 mm wide
constexpr double kShallow = 20.0, kDeep = 50.0;  // mm: usual depths for a knee
constexpr double kTissueShare = 0.75;   // quantile of the smoothed echo taken as tissue level
constexpr double kByRank = 0.7;         // share of the rank in the evened echo
constexpr double kDarkest = 6.0;        // grey levels of 255
constexpr double kLevel = 1.5;          // mm: how far the edge of a screen's ground wanders
constexpr double kBlack = 4.0;          // grey levels: a screen's ground, give or take JPEG
constexpr double kFlattest = 0.02;      // spread of the echo per tissue level
constexpr double kFineDetail = 4.0;     // px of the frame: speckle is finer
constexpr double kLeastRelated = 0.15;  // correlation of neighbours; speckle: 0.5 or more
constexpr double kSilence = 0.22;       // of the tissue level: no echo
constexpr double kMostShadow = 0.85;    // of the picture
constexpr double kWide = 8.0;           // cells: a blur that leaves nothing finer than ...
constexpr int kCoarser = 4;             // ... so many of them

Spacing scale_of(const Frame& frame, PixelBox box) {
    if (frame.spacing) return *frame.spacing;
    const double depth = std::clamp(kFace * box.height() / box.width(), kShallow, kDeep);
    const double mm = depth / box.height();
    return {mm, mm};
}

/// Grey levels 0..255 of the box; what is not finite is black.
cv::Mat1f grey_levels(const Frame& frame, PixelBox box) {
    const double range = static_cast<double>(frame.display_high) - frame.display_low;
    const float scale = static_cast<float>(range > 0 ? 255.0 / range : 1.0);
    cv::Mat1f grey(box.height(), box.width());
    for (int y = 0; y < grey.rows; ++y) {
        const float* source = frame.intensity.row(box.y0 + y) + box.x0;
        for (int x = 0; x < grey.cols; ++x) {
            const float v = (source[x] - frame.display_low) * scale;
            grey(y, x) = std::isfinite(v) ? std::clamp(v, 0.0F, 255.0F) : 0.0F;
        }
    }
    return grey;
}

float quantile(std::vector<float> values, double share) {
    if (values.empty()) return 0;
    const auto at = values.begin() +
                    static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

/// Standard deviations in cells; the border is mirrored.
cv::Mat1f gaussian(const cv::Mat1f& image, double sigma_x, double sigma_y) {
    const int aside = static_cast<int>(std::ceil(4 * sigma_x)),
              above = static_cast<int>(std::ceil(4 * sigma_y));
    cv::Mat1f wide, out(image.rows + 2 * above, image.cols + 2 * aside);
    cv::copyMakeBorder(image, wide, above, above, aside, aside, cv::BORDER_REFLECT);
    const auto view = [](cv::Mat1f& m) {
        return ImageView<float>{m[0], m.cols, m.rows, static_cast<std::ptrdiff_t>(m.step1())};
    };
    filters::gaussian_blur(view(wide), view(out), {sigma_x, sigma_y});
    return out(cv::Rect({aside, above}, image.size())).clone();
}

/// Correlation of neighbouring pixels' detail, mean of both directions; 1 where there is none. A
/// beam is wider than a pixel, so neighbours in tissue are alike; in electronic noise they are not.
double neighbours_alike(const cv::Mat1f& grey) {
    const cv::Mat1f detail = grey - gaussian(grey, kFineDetail, kFineDetail);
    const auto related = [&](int dx, int dy) {
        const int w = detail.cols - dx, h = detail.rows - dy;
        const cv::Mat1f a = detail(cv::Rect(0, 0, w, h)), b = detail(cv::Rect(dx, dy, w, h));
        const double power = 0.5 * (a.dot(a) + b.dot(b));
        return power > 0 ? a.dot(b) / power : 1.0;
    };
    return 0.5 * (related(1, 0) + related(0, 1));
}

cv::Mat1b shadow_of(const cv::Mat1f& echo, double step_mm) {
    const cv::Mat1f smooth = blurred(echo, step_mm, 0.8);
    cv::Mat1b shadow(echo.size());
    std::vector<float> strongest(static_cast<std::size_t>(echo.cols), 0.0F);
    for (int y = echo.rows - 1; y >= 0; --y) {
        for (int x = 0; x < echo.cols; ++x) {
            float& below = strongest[static_cast<std::size_t>(x)];
            below = std::max(below, smooth(y, x));
            shadow(y, x) = below < static_cast<float>(kSilence) ? 255 : 0;
        }
    }
    return shadow;
}

/// Whether a region begins at one depth in most columns, as the ground below a picture does; the
/// shadows of bones follow the bones.
bool begins_level(const cv::Mat1b& region, double step_mm) {
    std::vector<float> tops;
    for (int x = 0; x < region.cols; ++x) {
        for (int y = 0; y < region.rows; ++y) {
            if (!region(y, x)) continue;
            tops.push_back(static_cast<float>(y));
            break;
        }
    }
    return (quantile(tops, 0.8) - quantile(tops, 0.2)) * step_mm < kLevel;
}

/// Black that reaches the left, the right and the lower border of the picture in one piece: fluid
/// is closed in by tissue at least on one of these sides, and bone lies between fluid and shadow.
cv::Mat1b screen_ground(const cv::Mat1f& grey, cv::Size cells, double step_mm) {
    cv::Mat1b black = grey <= kBlack;
    cv::resize(black, black, cells, 0, 0, cv::INTER_AREA);
    black = black >= 250;
    cv::Mat1b left = cv::Mat1b::zeros(cells);
    left.colRange(0, 2).setTo(255);
    cv::Mat1b ground = cv::Mat1b::zeros(cells);
    for (const ConnectedPart& part : connected_parts(black, left)) {
        if (part.box.br().x < cells.width - 1 || part.box.br().y < cells.height - 1) continue;
        cv::Mat1b whole = cv::Mat1b::zeros(cells);
        part.mask.copyTo(whole(part.box));
        if (begins_level(whole, step_mm)) ground |= whole;
    }
    return ground;
}

/// Replaces most of the linear echo by its rank among lit cells, scaled to 1 at the tissue level.
void even_out_gain(cv::Mat1f& echo, const cv::Mat1b& shadow) {
    const std::span<const float> values(echo[0], echo.total());  // both in one piece: made so above
    const std::span<const std::uint8_t> dark(shadow[0], shadow.total());
    const auto lit = std::ranges::count(dark, 0);
    const float scale = static_cast<float>(kByRank / kTissueShare / static_cast<double>(lit));
    const float linear = static_cast<float>(1 - kByRank);
    const auto order = ascending_order(values);
    cv::Mat1f result(echo.size());
    float* evened = result[0];
    int below = 0;  // lit cells of lower echo
    for (std::size_t i = 0; i < order.size();) {
        const float value = values[order[i]];
        int same = 0;
        for (; i < order.size() && values[order[i]] == value; ++i) {
            same += dark[order[i]] == 0 ? 1 : 0;
            evened[order[i]] = linear * value + scale * static_cast<float>(below);
        }
        below += same;
    }
    echo = result;
}

}  // namespace

cv::Mat1f blurred(const cv::Mat1f& image, double step_mm, double sigma_y_mm, double sigma_x_mm) {
    const double sigma_x = sigma_x_mm / step_mm, sigma_y = sigma_y_mm / step_mm;
    if (std::min(sigma_x, sigma_y) < kWide || std::min(image.rows, image.cols) < 8 * kCoarser)
        return gaussian(image, sigma_x, sigma_y);
    // A wide blur on coarser cells: their mean is a part of it, and nothing finer is left. What the
    // blur sees beyond the border is there from the beginning.
    const double by_mean = (kCoarser * kCoarser - 1) / 12.0;  // variance
    const auto rest = [&](double sigma) { return std::sqrt(sigma * sigma - by_mean) / kCoarser; };
    const auto whole = [](double cells) {
        return kCoarser * static_cast<int>(std::ceil(cells / kCoarser));
    };
    const int left = whole(4 * sigma_x), above = whole(4 * sigma_y);
    cv::Mat1f wide, coarse;
    cv::copyMakeBorder(image, wide, above, above + whole(image.rows) - image.rows, left,
                       left + whole(image.cols) - image.cols, cv::BORDER_REFLECT);
    cv::resize(wide, coarse, wide.size() / kCoarser, 0, 0, cv::INTER_AREA);
    coarse = gaussian(coarse, rest(sigma_x), rest(sigma_y));
    cv::resize(coarse, wide, wide.size(), 0, 0, cv::INTER_CUBIC);
    return wide(cv::Rect({left, above}, image.size())).clone();
}

Expected<TissueGrid> read_tissue(const Frame& frame, PixelBox picture) {
    TissueGrid grid;
    grid.box = intersection(picture, frame.grid().bounds());
    grid.calibrated = frame.spacing.has_value();
    const auto small = [] {
        return no_answer("picture-too-small",
                         "The ultrasound picture is too small to see a joint in it.");
    };
    if (grid.box.width() < kSmallestSide || grid.box.height() < kSmallestSide) return small();
    const Spacing scale = scale_of(frame, grid.box);
    const double width_mm = grid.box.width() * scale.x_mm,
                 depth_mm = grid.box.height() * scale.y_mm;
    if (!(std::min(width_mm, depth_mm) >= kSmallestDepth)) return small();
    grid.step_mm = std::max(kStep, std::max(width_mm, depth_mm) / kLargestSide);

    const cv::Size size(std::max(1, static_cast<int>(std::lround(width_mm / grid.step_mm))),
                        std::max(1, static_cast<int>(std::lround(depth_mm / grid.step_mm))));
    if (std::min(size.width, size.height) < kSmallestSide) return small();
    const cv::Mat1f grey = grey_levels(frame, grid.box);
    cv::resize(grey, grid.echo, size, 0, 0, cv::INTER_AREA);

    const cv::Mat1f smooth = blurred(grid.echo, grid.step_mm, 0.5);
    const int skin = std::min(smooth.rows - 1, static_cast<int>(2.0 / grid.step_mm));
    std::vector<float> levels(smooth.begin() + skin * smooth.cols, smooth.end());
    grid.tissue_level = quantile(std::move(levels), kTissueShare);
    if (grid.tissue_level < kDarkest) {
        return no_answer("dark-frame", "The picture is black or nearly so: no tissue is seen.");
    }
    grid.echo /= grid.tissue_level;
    cv::Scalar mean, spread;
    cv::meanStdDev(grid.echo, mean, spread);
    if (spread[0] < kFlattest) return no_answer("flat-frame", "The picture has no structure.");
    if (neighbours_alike(grey) < kLeastRelated) {
        return no_answer("not-tissue", "The picture is noise: neighbouring pixels are unrelated.");
    }
    grid.shadow = shadow_of(grid.echo, grid.step_mm);
    grid.ground = screen_ground(grey, size, grid.step_mm);
    if (cv::countNonZero(grid.shadow) > kMostShadow * static_cast<double>(grid.shadow.total())) {
        return no_answer("no-contact",
                         "Nearly all of the picture lies in shadow: the probe has no contact.");
    }
    even_out_gain(grid.echo, grid.shadow);
    return grid;
}

}  // namespace guide::segment
