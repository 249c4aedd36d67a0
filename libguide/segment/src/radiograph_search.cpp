// SPDX-License-Identifier: Apache-2.0
#include "radiograph_search.hpp"

#include "radiograph_margins.hpp"
#include "radiograph_odds.hpp"
#include "radiograph_outline.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

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
// Of the better one's flux; knees have 0.6 to 0.86. From where on shadows are lifted in both, and
// from where on sides are asked.
constexpr double kUnclearPolarity = 0.9, kAskSides = 0.75;
constexpr int kSideRowsAtJoint = 4;  // rows of them that tell the margin
// Neighbouring pixels of a network's log-odds say much the same: so many of them are one.
constexpr double kAlike = 8;

ImageView<const float> view_of(const cv::Mat1f& image) {
    return {image[0], image.cols, image.rows, static_cast<std::ptrdiff_t>(image.step1())};
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

/// What the fine search begins with.
struct Prepared {
    cv::Mat1f bone_bright, brightness;
    std::vector<double> upper_guide, lower_guide;  // rows of the full grid
    SideOutline left_femur, left_tibia, right_femur, right_tibia;

    [[nodiscard]] double weakest_side() const {
        return std::min(
            {left_femur.strength, left_tibia.strength, right_femur.strength, right_tibia.strength});
    }
};

Prepared prepare(const RadiographField& field, const CoarseBand& start) {
    Prepared p;
    p.bone_bright = start.bones_bright ? field.grey : grey_of(-field.grey);
    p.brightness =
        normalise_locally(lift_shadows(p.bone_bright, field.outside), field.outside, kLocalSigma);
    p.upper_guide = on_full_grid(start.band.upper, p.brightness.cols);
    p.lower_guide = on_full_grid(start.band.lower, p.brightness.cols);
    const Gradients broad = gradients_of(p.brightness, field.outside, kSideSigma);
    const auto upper = rounded(p.upper_guide), lower = rounded(p.lower_guide);
    const auto side = [&](Side which, Towards bone) {
        return find_side_outline(view_of(broad.x), bone == Towards::femur ? upper : lower, which,
                                 bone, kSideGap, kSideRows);
    };
    p.left_femur = side(Side::left, Towards::femur);
    p.left_tibia = side(Side::left, Towards::tibia);
    p.right_femur = side(Side::right, Towards::femur);
    p.right_tibia = side(Side::right, Towards::tibia);
    return p;
}

double margin_of(const SideOutline& femur, const SideOutline& tibia) {
    double sum = 0;
    for (int i = 0; i < kSideRowsAtJoint; ++i) {
        sum +=
            femur.columns[static_cast<std::size_t>(i)] + tibia.columns[static_cast<std::size_t>(i)];
    }
    return sum / (2 * kSideRowsAtJoint);
}

/// The columns in which the network sees joint space: the longest run, gaps of a few closed.
std::optional<Reach> seen_by(const cv::Mat1f& odds) {
    constexpr int kGap = 6;
    Reach best{0, -1}, run{0, -1};
    for (int x = 0, last = -kGap - 1; x < odds.cols; ++x) {
        double most = 0;
        cv::minMaxLoc(odds.col(x), nullptr, &most);
        if (!(most > 0)) continue;
        if (x - last > kGap) run.first = x;
        run.last = last = x;
        if (run.columns() > best.columns()) best = run;
    }
    if (best.columns() < odds.cols / 3) return std::nullopt;
    return best;
}

double agreement_of(const KneeBand& knee, const cv::Mat1f& odds) {
    int common = 0, both = cv::countNonZero(odds > 0);
    for (int i = 0; i < knee.columns(); ++i) {
        const auto k = static_cast<std::size_t>(i);
        for (int y = knee.band.upper[k]; y < knee.band.lower[k]; ++y) {
            ++both;
            if (odds(y, knee.first_column + i) > 0) ++common;
        }
    }
    return both > 0 ? 2.0 * common / both : 1;
}

/// Takes columns away from a band that begins at `first_column`.
void cut(Band& band, int first_column, const Reach& reach) {
    for (auto* rows : {&band.upper, &band.lower}) {
        const auto begin = rows->begin();
        *rows = std::vector<int>(begin + (reach.first - first_column),
                                 begin + (reach.last + 1 - first_column));
    }
}

}  // namespace

std::optional<CoarseBand> search_coarsely(const RadiographField& field,
                                          const Execution& execution) {
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
    std::optional<Band> bright, dark;
    for_each_band(execution, 2, 1, [&](int begin, int) {
        if (begin == 0) {
            bright = search(grey, bright_reach);
        } else {
            dark = search(negative, dark_reach);
        }
    });
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
    CoarseBand as_bright{std::move(*bright), true, 0, bright_reach},
        as_dark{std::move(*dark), false, 0, dark_reach};
    const bool bones_bright = as_bright.band.mean_flux >= as_dark.band.mean_flux;
    CoarseBand &best = bones_bright ? as_bright : as_dark,
               &other = bones_bright ? as_dark : as_bright;
    if (!(best.band.mean_flux > 0)) return std::nullopt;
    best.other_polarity = other.band.mean_flux / best.band.mean_flux;
    if (best.other_polarity > kAskSides) {
        const auto evidence = [&](const CoarseBand& band) {
            return band.band.mean_flux * std::max(0.0, prepare(field, band).weakest_side());
        };
        const double of_best = evidence(best), of_other = evidence(other);
        if (of_other > of_best) {
            other.other_polarity = of_best / of_other;
            return other;
        }
    }
    return best;
}

std::optional<KneeBand> search_finely(const RadiographField& field, const CoarseBand& start,
                                      const RadiographNetwork* network) {
    Prepared p = prepare(field, start);
    KneeBand knee;
    knee.other_polarity = start.other_polarity;
    knee.bone_bright = p.bone_bright;
    knee.brightness = p.brightness;
    knee.weakest_side = p.weakest_side();
    const int width = knee.brightness.cols;
    BandOptions options;
    options.upper_guide = std::move(p.upper_guide);
    options.lower_guide = std::move(p.lower_guide);
    options.window = kWindow * width;
    options.first_column = static_cast<int>(std::lround(margin_of(p.left_femur, p.left_tibia)));
    options.last_column = static_cast<int>(std::lround(margin_of(p.right_femur, p.right_tibia)));

    cv::Mat1f odds;
    std::optional<Reach> seen;
    const Reach sides{options.first_column, options.last_column};
    if (network) {
        std::vector<double> rows;
        for (int x = sides.first; x <= sides.last; ++x) {
            const auto i = static_cast<std::size_t>(x);
            rows.push_back(0.5 * (options.upper_guide[i] + options.lower_guide[i]));
        }
        odds = joint_space_odds(*network, knee.bone_bright, knee.brightness, field.outside,
                                static_cast<int>(std::lround(median_of(std::move(rows)))));
        seen = seen_by(odds);
        if (seen) {
            options.odds_weight = 1 / kAlike;
            options.first_column = std::min(sides.first, seen->first);
            options.last_column = std::max(sides.last, seen->last);
        }
    }

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
    BandFields fields{view_of(gradients.x), view_of(gradients.y), view_of(knee.brightness)};
    if (seen) fields.odds = view_of(odds);
    auto band = find_band(fields, options);
    if (!band) return std::nullopt;
    knee.band = std::move(*band);
    knee.first_column = options.first_column;
    if (seen) {
        const Reach margins{(sides.first + seen->first) / 2, (sides.last + seen->last + 1) / 2};
        cut(knee.band, knee.first_column, margins);
        knee.first_column = margins.first;
    } else {
        knee.first_column = extend_to_margins(knee.band, knee.first_column, view_of(gradients.y));
    }
    if (network) knee.agreement = agreement_of(knee, odds);
    return knee;
}

}  // namespace guide::segment
