// SPDX-License-Identifier: Apache-2.0
#include "ultrasound_bone.hpp"

#include <guide/filters/column_mean.hpp>
#include <guide/filters/gaussian.hpp>
#include <guide/filters/monogenic.hpp>
#include <guide/filters/resample.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace guide::segment {
namespace {

constexpr int kLargestSide = 1024;  // px of the working image; a larger picture gets a coarser grid
constexpr int kSmallestSide = 16;   // px of the working image; below, there is nothing to see
constexpr double kGreyRange = 255;  // grey levels the display range is stretched to
constexpr double kGreyFloor =
    4;  // grey levels added to means, so that black over black is no shadow
constexpr double kWeakestLine = 5;  // grey levels of line energy that count as a full line at least
constexpr double kDarkest = 6;      // grey levels that a quarter of the picture exceeds at least
constexpr double kSkinMm = 1.5;     // no bone above: skin line and probe face
constexpr double kFullShadow = 0.2;   // below-to-above ratio of a complete shadow
constexpr double kNoShadow = 0.7;     // ratio that gives no confidence any more
constexpr int kSteepest = 3;          // rows per column
constexpr double kSlopePrice = 0.05;  // of a full column, times the slope squared
constexpr double kBridgeMm = 3;       // weak over such a length: nothing is seen there
constexpr double kUsualLengthMm = 4;  // stretches much shorter earn little confidence

/// How far the view helps to tell bone from fascia.
struct Prior {
    double line_share;        // brightest share of the picture that counts as full lines
    double tolerated;         // below-to-above ratio at which a line stops being bone
    double deeper_price;      // share of the evidence lost to a line further down
    bool deepest_line;        // any line further down counts, not only a stronger one
    double least_evidence;    // per column
    double gap_factor;        // times gap_cost_mm
    double without_shadow;    // confidence of a perfect line without any shadow
    double least_confidence;  // stretches below are not bone
};
constexpr Prior kShadowTells{0.015, 0.8, 0.5, false, 0.25, 1.0, 0.0, 0.4};
constexpr Prior kDeepestLine{0.03, 1.3, 0.9, true, 0.2, 4.0 / 3.0, 0.5, 0.3};
constexpr Prior kJointLine{0.015, 1.1, 0.5, false, 0.25, 1.0, 0.5, 0.4};

const Prior& prior_for(View view) {
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

/// The working image: the picture on a square grid, grey 0..255.
struct Working {
    Image<float> grey;
    double grid_mm = 0;
    double px_per_column = 0, px_per_row = 0;  // of the frame

    [[nodiscard]] int rows(double mm) const { return static_cast<int>(std::lround(mm / grid_mm)); }
    [[nodiscard]] int width() const { return grey.width(); }
    [[nodiscard]] int height() const { return grey.height(); }
};

std::optional<Working> working_image(const Frame& frame, PixelBox box,
                                     const UltrasoundBoneOptions& options,
                                     const Execution& execution) {
    const double assumed = options.assumed_depth_mm / box.height();
    const Spacing spacing = frame.spacing.value_or(Spacing{assumed, assumed});
    const double wide = box.width() * spacing.x_mm, deep = box.height() * spacing.y_mm;
    Working w;
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
    w.grey = Image<float>(columns, rows);
    filters::resample(grey.view(), w.grey.view(), execution);
    w.px_per_column = static_cast<double>(box.width()) / columns;
    w.px_per_row = static_cast<double>(box.height()) / rows;
    return w;
}

/// Text on a black screen has lines and shadows as bone has, but no tissue around.
bool is_dark(const Working& w, const Execution& execution) {
    Image<float> smooth(w.width(), w.height());
    filters::gaussian_blur(w.grey.view(), smooth.view(), {0.5 / w.grid_mm, 0.5 / w.grid_mm},
                           execution);
    std::vector<float> levels(smooth.data(), smooth.data() + smooth.size());
    const auto rank = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() * 3 / 4);
    std::nth_element(levels.begin(), rank, levels.end());
    return static_cast<double>(*rank) < kDarkest;
}

Image<float> window_mean(const Working& w, const Image<float>& grey, double from_mm, double to_mm,
                         double least_mm, const Execution& execution) {
    Image<float> mean(w.width(), w.height());
    const filters::ColumnWindow window{w.rows(from_mm), w.rows(to_mm),
                                       std::max(1, w.rows(least_mm)), -1.0F};
    filters::column_mean(grey.view(), mean.view(), window, execution);
    return mean;
}

/// The mean below over the mean above each pixel; negative where too little of the picture lies
/// below to tell.
Image<float> shadow_ratio(const Working& w, const Execution& execution) {
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
    for (std::size_t i = 0; i < ratio.size(); ++i) {
        const auto at = [i](const Image<float>& image) {
            return static_cast<double>(image.data()[i]);
        };
        if (at(below) < 0) {
            ratio.data()[i] = -1;
            continue;
        }
        const double above = std::max({at(above_short), at(above_long), 0.0}) + kGreyFloor;
        const double near =
            std::max({at(below), 0.7 * at(below_far), 0.7 * at(below_farther)}) / above;
        const double global = std::max(at(below_all), 0.0) / (at(above_all) + kGreyFloor);
        ratio.data()[i] = static_cast<float>(std::pow(near, 0.7) * std::pow(global, 0.3));
    }
    return ratio;
}

/// 1 at a full shadow, 0 at `none`, half where it cannot be told.
double shadow(float ratio, double none) {
    if (ratio < 0) return 0.5;
    return std::clamp((none - ratio) / (none - kFullShadow), 0.0, 1.0);
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

/// What is known of every pixel of the working image.
struct Evidence {
    Image<float> energy;  // of bright lines, grey levels
    Image<float> line;    // 0..1
    Image<float> ratio;   // of the shadow
    Image<float> bone;    // 0..1, all together
};

Evidence collect(const Working& w, const Prior& prior, const UltrasoundBoneOptions& options,
                 const Execution& execution) {
    filters::MonogenicOptions bands;
    bands.min_wavelength_px = std::max(2.0, options.line_mm / w.grid_mm);
    bands.scales = 2;
    bands.factor = 2;
    bands.polarity = filters::Polarity::bright;
    Evidence e;
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
    for (int y = w.rows(kSkinMm); y < w.height(); ++y) {
        for (int x = 0; x < w.width(); ++x) {
            const double below = deeper.at(x, y);
            // Either any deeper line speaks against bone, or one of comparable strength: echoes
            // within the shadow are weaker.
            const double against =
                prior.deepest_line
                    ? std::clamp(below, 0.0, 1.0)
                    : std::clamp(2 * below / (e.energy.at(x, y) + 1e-3) - 1, 0.0, 1.0);
            e.bone.at(x, y) =
                static_cast<float>(e.line.at(x, y) * shadow(e.ratio.at(x, y), prior.tolerated) *
                                   (1 - prior.deeper_price * against));
        }
    }
    return e;
}

/// The row of the surface in each column, -1 where there is none: largest sum of (evidence - least)
/// with prices on slope and on starts and ends. Viterbi over the rows and one state "no bone".
std::vector<int> best_path(const Image<float>& bone, double least, double gap_price) {
    const int width = bone.width(), height = bone.height();
    constexpr float kNever = -1e9F;
    constexpr std::int8_t kFromGap = 127;
    const auto price = static_cast<float>(gap_price);
    Image<std::int8_t> step(width, height);
    std::vector<int> gap_from(static_cast<std::size_t>(width),
                              -1);  // the row a gap begins after, -1: the gap goes on
    const auto rows = static_cast<std::size_t>(height);
    std::vector<float> before(rows + 2 * kSteepest, kNever), now(before);
    float gap = 0;
    for (int x = 0; x < width; ++x) {
        int top = 0;
        float best_row = kNever;
        for (int y = 0; y < height; ++y) {
            float best = gap - price;
            std::int8_t from = kFromGap;
            for (int d = -kSteepest; x > 0 && d <= kSteepest; ++d) {
                const float value = before[static_cast<std::size_t>(y + d + kSteepest)] -
                                    static_cast<float>(kSlopePrice * d * d);
                if (value > best) {
                    best = value;
                    from = static_cast<std::int8_t>(d);
                }
            }
            step.at(x, y) = from;
            now[static_cast<std::size_t>(y + kSteepest)] =
                best + bone.at(x, y) - static_cast<float>(least);
            const float previous = before[static_cast<std::size_t>(y + kSteepest)];
            if (previous > best_row) {
                best_row = previous;
                top = y;
            }
        }
        if (best_row - price > gap) {
            gap = best_row - price;
            gap_from[static_cast<std::size_t>(x)] = top;
        }
        before.swap(now);
    }
    std::vector<int> path(static_cast<std::size_t>(width), -1);
    const auto last = std::max_element(before.begin(), before.end());
    int row = *last - price > gap ? static_cast<int>(last - before.begin()) - kSteepest : -1;
    for (int x = width - 1; x >= 0; --x) {
        path[static_cast<std::size_t>(x)] = row;
        if (row < 0) {
            row = gap_from[static_cast<std::size_t>(x)];
        } else {
            const std::int8_t from = step.at(x, row);
            row = from == kFromGap ? -1 : row + from;
        }
    }
    return path;
}

/// Takes out of the path where it bridges: the mean evidence over `window` columns is below
/// `least`.
void cut_bridges(std::vector<int>& path, const Image<float>& bone, double least, int window) {
    const int n = static_cast<int>(path.size());
    std::vector<double> sums(path.size() + 1, 0.0), counts(sums);
    for (std::size_t i = 0; i < path.size(); ++i) {
        const int x = static_cast<int>(i), y = path[i];
        sums[i + 1] = sums[i] + (y < 0 ? 0.0 : static_cast<double>(bone.at(x, y)));
        counts[i + 1] = counts[i] + (y < 0 ? 0 : 1);
    }
    for (int x = 0; x < n; ++x) {
        const auto from = static_cast<std::size_t>(std::max(0, x - window / 2));
        const auto to = static_cast<std::size_t>(std::min(n, x + window / 2 + 1));
        if (sums[to] - sums[from] < least * (counts[to] - counts[from])) {
            path[static_cast<std::size_t>(x)] = -1;
        }
    }
}

/// The crest of the line near `row`, below the pixel by a parabola through three rows.
double crest(const Image<float>& energy, int x, int row) {
    int top = row;
    for (int y = std::max(0, row - 2); y <= std::min(energy.height() - 1, row + 2); ++y) {
        if (energy.at(x, y) > energy.at(x, top)) top = y;
    }
    if (top == 0 || top == energy.height() - 1) return top;
    const double a = energy.at(x, top - 1), b = energy.at(x, top), c = energy.at(x, top + 1);
    const double bend = a - 2 * b + c;
    return bend < 0 ? top + std::clamp(0.5 * (a - c) / bend, -0.5, 0.5) : top;
}

/// Median of five against single jumps, then a Gaussian of `sigma` columns; the ends are continued.
std::vector<double> smooth(const std::vector<double>& z, double sigma) {
    const int n = static_cast<int>(z.size());
    const auto at = [n](const std::vector<double>& v, int i) {
        return v[static_cast<std::size_t>(std::clamp(i, 0, n - 1))];
    };
    std::vector<double> median(z.size()), result(z.size());
    for (int i = 0; i < n; ++i) {
        double w[5];
        for (int k = 0; k < 5; ++k)
            w[k] = at(z, i + k - 2);
        std::nth_element(w, w + 2, w + 5);
        median[static_cast<std::size_t>(i)] = w[2];
    }
    const int radius = static_cast<int>(std::ceil(3 * sigma));
    for (int i = 0; i < n; ++i) {
        double sum = 0, weights = 0;
        for (int k = -radius; k <= radius; ++k) {
            const double weight = std::exp(-0.5 * (k / sigma) * (k / sigma));
            // Mirrored through the end point, so that a slope is kept up to the end.
            const int j = i + k;
            const int end = j < 0 ? 0 : n - 1;
            const bool outside = j < 0 || j >= n;
            sum +=
                weight * (outside ? 2 * at(median, end) - at(median, 2 * end - j) : at(median, j));
            weights += weight;
        }
        result[static_cast<std::size_t>(i)] = sum / weights;
    }
    return result;
}

/// A stretch of surface on the working grid.
struct Stretch {
    BoneSurface surface;
    double depth_mm = 0;         // mean, below the top of the picture
    double shadow = 0;           // 0..1, mean
    double left = 0, right = 0;  // 0..1 of the picture's width
};

Stretch measured(const Working& w, const Evidence& e, const Prior& prior,
                 const UltrasoundBoneOptions& options, const std::vector<int>& path, int begin,
                 int end) {
    std::vector<double> z;
    double line = 0, dark = 0, depth = 0;
    for (int x = begin; x < end; ++x) {
        const int row = path[static_cast<std::size_t>(x)];
        z.push_back(crest(e.energy, x, row));
        double best_line = 0, best_dark = 0;
        for (int y = std::max(0, row - 1); y <= std::min(w.height() - 1, row + 1); ++y) {
            best_line = std::max(best_line, static_cast<double>(e.line.at(x, y)));
            best_dark = std::max(best_dark, shadow(e.ratio.at(x, y), kNoShadow));
        }
        line += best_line;
        dark += best_dark;
        depth += row * w.grid_mm;
    }
    const int n = end - begin;
    z = smooth(z, 0.6 / w.grid_mm);
    Stretch s;
    double length = 0;
    for (int i = 0; i < n; ++i) {
        const double row = z[static_cast<std::size_t>(i)] - options.leading_edge_mm / w.grid_mm;
        s.surface.points.push_back({(begin + i + 0.5) * w.px_per_column - 0.5,
                                    (std::max(0.0, row) + 0.5) * w.px_per_row - 0.5});
        if (i > 0) {
            length += w.grid_mm * std::hypot(1.0, z[static_cast<std::size_t>(i)] -
                                                      z[static_cast<std::size_t>(i - 1)]);
        }
    }
    s.depth_mm = depth / n;
    s.shadow = dark / n;
    s.left = static_cast<double>(begin) / w.width();
    s.right = static_cast<double>(end) / w.width();
    s.surface.confidence = line / n *
                           (prior.without_shadow + (1 - prior.without_shadow) * s.shadow) *
                           (1 - std::exp(-length / kUsualLengthMm));
    return s;
}

/// Names the bones as far as the view tells. In the long suprapatellar view the femur is the
/// deepest surface, and the patella one that is 5 mm shallower, reaches into an outer third and
/// casts a shadow.
void name_bones(std::vector<Stretch>& stretches, View view) {
    double deepest = 0;
    for (const auto& s : stretches)
        deepest = std::max(deepest, s.depth_mm);
    if (view == View::trochlea || view == View::suprapatellar_transverse) {
        // The trochlea is less than a centimetre deep: what lies higher up is something else.
        for (auto& s : stretches) {
            if (s.depth_mm > deepest - 10) s.surface.kind = BoneKind::femur;
        }
    }
    if (view != View::suprapatellar_long) return;
    for (auto& s : stretches) {
        const bool outer = s.left < 1.0 / 3 || s.right > 2.0 / 3;
        const bool shallow = s.depth_mm < deepest - 5;
        if (shallow && outer && s.shadow > 0.5) s.surface.kind = BoneKind::patella;
        // A single surface may be either; without shadow it is not the patella.
        if (s.depth_mm > deepest - 3 && (stretches.size() > 1 || s.shadow < 0.5)) {
            s.surface.kind = BoneKind::femur;
        }
    }
}

}  // namespace

void UltrasoundBoneOptions::validate() const {
    const char* name = "UltrasoundBoneOptions";
    require(grid_mm >= 0.02 && grid_mm <= 1, name, "grid_mm is 0.02 to 1 mm");
    require(line_mm >= 0.3 && line_mm <= 10, name, "line_mm is 0.3 to 10 mm");
    require(leading_edge_mm >= 0 && leading_edge_mm <= 2, name, "leading_edge_mm is 0 to 2 mm");
    require(gap_cost_mm >= 0 && gap_cost_mm <= 10, name, "gap_cost_mm is 0 to 10 mm");
    require(assumed_depth_mm >= 5 && assumed_depth_mm <= 400, name,
            "assumed_depth_mm is 5 to 400 mm");
}

std::vector<BoneSurface> find_ultrasound_bones(const Frame& frame, PixelBox content_box, View view,
                                               const UltrasoundBoneOptions& options,
                                               const Execution& execution) {
    options.validate();
    const PixelBox box = intersection(content_box, frame.grid().bounds());
    if (box.empty()) return {};
    const auto w = working_image(frame, box, options, execution);
    if (!w) return {};
    if (is_dark(*w, execution)) return {};
    const Prior& prior = prior_for(view);
    const Evidence evidence = collect(*w, prior, options, execution);
    std::vector<int> path = best_path(evidence.bone, prior.least_evidence,
                                      prior.gap_factor * options.gap_cost_mm / w->grid_mm);
    cut_bridges(path, evidence.bone, prior.least_evidence, w->rows(kBridgeMm));

    std::vector<Stretch> stretches;
    for (int begin = 0; begin < w->width();) {
        int end = begin;
        while (end < w->width() && path[static_cast<std::size_t>(end)] >= 0)
            ++end;
        if (end - begin > 2) {
            Stretch s = measured(*w, evidence, prior, options, path, begin, end);
            if (s.surface.confidence >= prior.least_confidence) {
                stretches.push_back(std::move(s));
            }
        }
        begin = std::max(end, begin) + 1;
    }
    name_bones(stretches, view);

    std::vector<BoneSurface> bones;
    for (auto& s : stretches) {
        for (auto& p : s.surface.points)
            p = {p.x + box.x0, p.y + box.y0};
        bones.push_back(std::move(s.surface));
    }
    return bones;
}

}  // namespace guide::segment
