// SPDX-License-Identifier: Apache-2.0
#include "bone_evidence.hpp"

#include <guide/filters/column_mean.hpp>
#include <guide/filters/gaussian.hpp>
#include <guide/filters/monogenic.hpp>
#include <guide/filters/resample.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace guide::segment {
namespace {

constexpr int kLargestSide = 1024;  // px of the working image; a larger picture gets a coarser grid
constexpr int kSmallestSide = 16;   // px of the working image; below, there is nothing to see
constexpr double kGreyRange = 255;  // grey levels the display range is stretched to
constexpr float kGreyFloor =
    4;  // grey levels added to means, so that black over black is no shadow
constexpr double kWeakestLine = 5;  // grey levels of line energy that count as a full line at least
constexpr double kDarkest = 6;      // grey levels that a quarter of the picture exceeds at least
constexpr double kBlackShare = 0.001;  // of the pixels: in any speckle that many are black
constexpr std::size_t kSampled = 7;    // every so many pixels are looked at for the black level
constexpr double kSkinMm = 1.5;        // no bone above: skin line and probe face
constexpr double kFullShadow = 0.2;    // below-to-above ratio of a complete shadow

constexpr BonePrior kShadowTells{0.015, 0.8, 0.5, false, 0.25, 1.0, 0.0, 0.4};
constexpr BonePrior kDeepestLine{0.03, 1.3, 0.9, true, 0.2, 4.0 / 3.0, 0.5, 0.3};
constexpr BonePrior kJointLine{0.015, 1.1, 0.5, false, 0.25, 1.0, 0.5, 0.4};

/// Takes off the black level, should a scanner or a converter have lifted it: shadows are black.
void lower_black(Image<float>& grey) {
    std::array<std::size_t, 256> counts{};
    std::size_t all = 0;
    for (std::size_t i = 0; i < grey.size(); i += kSampled, ++all)
        ++counts[static_cast<std::size_t>(grey.data()[i])];
    std::size_t below = 0, level = 0;
    while (static_cast<double>(below += counts[level]) < kBlackShare * static_cast<double>(all))
        ++level;
    if (level == 0) return;
    const auto black = static_cast<float>(level);
    for (std::size_t i = 0; i < grey.size(); ++i)
        grey.data()[i] = std::max(0.0F, grey.data()[i] - black);
}

Image<float> window_mean(const BoneWorkingImage& w, const Image<float>& grey, double from_mm,
                         double to_mm, double least_mm, const Execution& execution) {
    Image<float> mean(w.width(), w.height());
    const filters::ColumnWindow window{w.rows(from_mm), w.rows(to_mm),
                                       std::max(1, w.rows(least_mm)), -1.0F};
    filters::column_mean(grey.view(), mean.view(), window, execution);
    return mean;
}

/// The mean below over the mean above each pixel; negative where too little of the picture lies
/// below to tell.
Image<float> shadow_ratio(const BoneWorkingImage& w, const Execution& execution) {
    // A beam is wider than a pixel: means are taken over neighbouring columns too.
    Image<float> grey(w.width(), w.height());
    filters::gaussian_blur(w.grey.view(), grey.view(), {1.0 / w.grid_mm, 0.2 / w.grid_mm},
                           execution);
    const double all = 2 * w.height() * w.grid_mm;
    const auto mean = [&](double from, double to, double least) {
        return window_mean(w, grey, from, to, least, execution);
    };
    // The line itself is about a millimetre thick. Above, the brighter of a short and a long
    // stretch counts: gel and cartilage are black, yet do not shadow. Below, a cyst is black only
    // so far.
    const auto above_short = mean(-3, -0.7, 0), above_long = mean(-8, -0.7, 0);
    const auto above_all = mean(-all, w.grid_mm, 0);
    const auto below = mean(1, 6, 1), below_far = mean(6, 11, 1), below_farther = mean(11, 16, 1);
    const auto below_all = mean(1, all, 1);
    Image<float> ratio(w.width(), w.height());
    for_each_band(execution, w.height(), [&](int begin, int end) {
        const auto width = static_cast<std::size_t>(w.width());
        for (std::size_t i = static_cast<std::size_t>(begin) * width;
             i < static_cast<std::size_t>(end) * width; ++i) {
            const auto at = [i](const Image<float>& image) { return image.data()[i]; };
            if (at(below) < 0) {
                ratio.data()[i] = -1;
                continue;
            }
            const float above = std::max({at(above_short), at(above_long), 0.0F}) + kGreyFloor;
            const float near =
                std::max({at(below), 0.7F * at(below_far), 0.7F * at(below_farther)}) / above;
            const float global = std::max(at(below_all), 0.0F) / (at(above_all) + kGreyFloor);
            // near^0.7 global^0.3
            ratio.data()[i] = std::exp2(0.7F * std::log2(near) + 0.3F * std::log2(global));
        }
    });
    return ratio;
}

/// For each pixel the largest value at least `rows` further down its column.
Image<float> largest_below(const Image<float>& image, int rows) {
    Image<float> largest(image.width(), image.height());
    for (int y = image.height() - 1 - rows; y >= 0; --y) {
        for (int x = 0; x < image.width(); ++x) {
            const float deeper = y + 1 < image.height() ? largest.at(x, y + 1) : 0.0F;
            largest.at(x, y) = std::max(deeper, image.at(x, y + rows));
        }
    }
    return largest;
}

}  // namespace

const BonePrior& bone_prior(View view) {
    switch (view) {
        case View::suprapatellar_long:
        case View::suprapatellar_transverse:
        case View::trochlea:
            return kDeepestLine;
        case View::medial:
        case View::lateral:
            return kJointLine;
        default:
            return kShadowTells;
    }
}

std::optional<BoneWorkingImage> bone_working_image(const Frame& frame, PixelBox box,
                                                   const UltrasoundBoneOptions& options,
                                                   const Execution& execution) {
    const double assumed = options.assumed_depth_mm / box.height();
    const Spacing spacing = frame.spacing.value_or(Spacing{assumed, assumed});
    const double wide = box.width() * spacing.x_mm, deep = box.height() * spacing.y_mm;
    BoneWorkingImage w;
    w.grid_mm = std::max(options.grid_mm, std::max(wide, deep) / kLargestSide);
    const auto columns = static_cast<int>(std::lround(wide / w.grid_mm));
    const auto rows = static_cast<int>(std::lround(deep / w.grid_mm));
    if (std::min(columns, rows) < kSmallestSide) return std::nullopt;

    const double range = static_cast<double>(frame.display_high) - frame.display_low;
    if (!(range > 0)) return std::nullopt;
    const auto scale = static_cast<float>(kGreyRange / range);
    Image<float> grey(box.width(), box.height());
    for (int y = 0; y < grey.height(); ++y) {
        for (int x = 0; x < grey.width(); ++x) {
            const float v =
                scale * (frame.intensity.at(box.x0 + x, box.y0 + y) - frame.display_low);
            grey.at(x, y) = std::isfinite(v) ? std::clamp(v, 0.0F, 255.0F) : 0.0F;
        }
    }
    lower_black(grey);
    w.grey = Image<float>(columns, rows);
    filters::resample(grey.view(), w.grey.view(), execution);
    w.px_per_column = static_cast<double>(box.width()) / columns;
    w.px_per_row = static_cast<double>(box.height()) / rows;
    return w;
}

Image<float> without_speckle(const BoneWorkingImage& w, const Execution& execution) {
    Image<float> smooth(w.width(), w.height());
    filters::gaussian_blur(w.grey.view(), smooth.view(), {0.5 / w.grid_mm, 0.5 / w.grid_mm},
                           execution);
    return smooth;
}

bool is_dark(const Image<float>& smooth) {
    const auto dark = std::count_if(smooth.data(), smooth.data() + smooth.size(),
                                    [](float v) { return static_cast<double>(v) < kDarkest; });
    return static_cast<std::size_t>(dark) > smooth.size() * 3 / 4;
}

double shadow_of_ratio(float ratio, double none) {
    if (ratio < 0) return 0.5;
    return std::clamp((none - ratio) / (none - kFullShadow), 0.0, 1.0);
}

BoneEvidence collect_bone_evidence(const BoneWorkingImage& w, const BonePrior& prior,
                                   const UltrasoundBoneOptions& options,
                                   const Execution& execution) {
    filters::MonogenicOptions bands;
    bands.min_wavelength_px = std::max(2.0, options.line_mm / w.grid_mm);
    bands.scales = 2;
    bands.factor = 2;
    bands.polarity = filters::Polarity::bright;
    BoneEvidence e;
    e.energy = Image<float>(w.width(), w.height());
    filters::MonogenicViews views;
    views.line_energy = e.energy.view();
    filters::monogenic(w.grey.view(), views, bands, execution);
    for (std::size_t i = 0; i < e.energy.size(); ++i) {
        e.energy.data()[i] = std::max(0.0F, e.energy.data()[i]);
    }
    std::vector<float> sorted(e.energy.data(), e.energy.data() + e.energy.size());
    const auto rank = static_cast<std::ptrdiff_t>((1 - prior.line_share) *
                                                  static_cast<double>(sorted.size() - 1));
    std::nth_element(sorted.begin(), sorted.begin() + rank, sorted.end());
    const double full =
        std::max(static_cast<double>(sorted[static_cast<std::size_t>(rank)]), kWeakestLine);
    e.line = Image<float>(w.width(), w.height());
    for (std::size_t i = 0; i < e.line.size(); ++i) {
        e.line.data()[i] = static_cast<float>(std::min(1.0, e.energy.data()[i] / full));
    }
    e.ratio = shadow_ratio(w, execution);

    const Image<float>& measured = prior.deepest_line ? e.line : e.energy;
    Image<float> along(w.width(), w.height());
    filters::gaussian_blur(measured.view(), along.view(), {0.5 / w.grid_mm, 0.3}, execution);
    const Image<float> deeper = largest_below(along, std::max(1, w.rows(1.0)));

    e.bone = Image<float>(w.width(), w.height());
    for_each_band(execution, w.height(), [&](int begin, int end) {
        for (int y = std::max(begin, w.rows(kSkinMm)); y < end; ++y) {
            for (int x = 0; x < w.width(); ++x) {
                const double below = deeper.at(x, y);
                // Either any deeper line speaks against bone, or one of comparable strength:
                // echoes within the shadow are weaker.
                const double against =
                    prior.deepest_line
                        ? std::clamp(below, 0.0, 1.0)
                        : std::clamp(2 * below / (e.energy.at(x, y) + 1e-3) - 1, 0.0, 1.0);
                e.bone.at(x, y) = static_cast<float>(
                    e.line.at(x, y) * shadow_of_ratio(e.ratio.at(x, y), prior.tolerated) *
                    (1 - prior.deeper_price * against));
            }
        }
    });
    return e;
}

}  // namespace guide::segment
