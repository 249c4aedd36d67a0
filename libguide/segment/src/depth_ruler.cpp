// SPDX-License-Identifier: Apache-2.0
#include "ruler_marks.hpp"
#include "ruler_pattern.hpp"
#include "screen_detail.hpp"
#include "screen_numbers.hpp"

#include <guide/core/error.hpp>
#include <guide/segment/depth_ruler.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace guide::segment {
namespace {

constexpr std::array kSteps = {1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 50.0};  // mm, that rulers have
constexpr double kOffLine = 0.7;        // px, root of the mean square: marks off their series
constexpr double kDarkGaps = 0.6;       // of the gaps between marks: nothing is seen in them
constexpr int kDark = 18;               // levels of 255 above the screen's ground
constexpr double kLargestError = 0.02;  // of the scale
constexpr double kAgree = 0.02;         // between two rulers
constexpr double kNear = 0.08;          // of the screen's width: a number belongs to a mark
constexpr double kBelow = 0.25;         // of the height of the screen: below its last mark
constexpr double kOffNumber = 0.3;      // of a step, between a number and its mark
constexpr double kAgreeing = 4;         // times the numbers that agree: fewer than all there are
constexpr double kOffDepth = 0.04;      // of the picture's depth, between it and a number
constexpr double kShallowest = 12, kDeepest = 320, kNarrowest = 10, kWidest = 400;  // mm

/// Whether marks lie as evenly as a program draws them.
bool is_even(const MarkSeries& series) {
    double rest = 0;
    for (std::size_t k = 0; k < series.places.size(); ++k) {
        const MarkPlace& place = series.places[k];
        const double off = place.y - series.first_y - static_cast<double>(k) * series.pitch;
        if (place.size > 0) rest += off * off;
    }
    return rest <= kOffLine * kOffLine * series.count &&
           3 * series.pitch_sigma <= kLargestError * series.pitch;
}

/// The grey of the screen where nothing is: the commonest.
int ground_of(const cv::Mat1b& grey) {
    std::array<int, 256> counts{};
    for (int y = 0; y < grey.rows; ++y)
        for (int x = 0; x < grey.cols; ++x)
            ++counts[grey(y, x)];
    return static_cast<int>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

/// Whether marks stand on the screen's ground, not in tissue or text: between most of them nothing
/// is seen.
bool stands_alone(const MarkSeries& series, const cv::Mat1b& grey, int ground) {
    const int margin = std::max(3, static_cast<int>(0.2 * series.pitch));
    int dark = 0, gaps = 0;
    for (std::size_t k = 0; k + 1 < series.places.size(); ++k) {
        const MarkPlace &here = series.places[k], &next = series.places[k + 1];
        const int top = static_cast<int>(here.y) + margin, end = static_cast<int>(next.y) - margin;
        const int left = std::max(here.left, next.left), right = std::min(here.right, next.right);
        const cv::Rect gap = cv::Rect(left, top, right - left + 1, std::max(1, end - top)) &
                             cv::Rect(0, 0, grey.cols, grey.rows);
        if (left > right || gap.empty()) continue;
        double least = 0, most = 0;
        cv::minMaxLoc(grey(gap), &least, &most);
        dark += least >= ground - kDark && most <= ground + kDark ? 1 : 0;
        ++gaps;
    }
    return dark >= kDarkGaps * gaps;
}

bool is_plausible(double mm_per_px, PixelBox picture) {
    const double depth = mm_per_px * picture.height(), width = mm_per_px * picture.width();
    return depth >= kShallowest && depth <= kDeepest && width >= kNarrowest && width <= kWidest;
}

/// Whether a number is the depth of the mark it stands at, in centimetres or millimetres.
bool is_depth_of_mark(const ScreenNumber& number, const MarkSeries& series, double step,
                      PixelBox picture) {
    if (number.value <= 0) return false;
    const double middle = 0.5 * (number.box.y0 + number.box.y1 - 1), height = number.box.height();
    const double zero = (picture.y0 - series.first_y) / series.pitch;
    const int count = static_cast<int>(series.places.size());
    for (int k = 0; k < count; ++k) {
        const MarkPlace& place = series.places[static_cast<std::size_t>(k)];
        // Below the last mark there is room for a line of text between the two.
        const double reach = k == count - 1 ? 1.5 * height : 0.75 * height;
        if (std::abs(place.y - middle) > reach) continue;
        for (const double origin : {0.0, zero}) {
            const double depth = step * (k - origin);
            for (const double unit : {10.0, 1.0})
                if (std::abs(depth - unit * number.value) <= kOffNumber * step) return true;
        }
    }
    return false;
}

/// Whether a number is the depth of the whole picture: many screens show that at their ruler's end.
bool is_depth_of_picture(const ScreenNumber& number, double mm_per_px, PixelBox picture) {
    const double depth = mm_per_px * picture.height();
    const auto agrees = [&](double mm) { return std::abs(depth - mm) <= kOffDepth * depth; };
    return agrees(10 * number.value) || agrees(number.value);
}

/// Numbers near a ruler that agree with a step.
int count_agreeing(const std::vector<ScreenNumber>& numbers, const MarkSeries& series, double step,
                   PixelBox picture) {
    return static_cast<int>(std::count_if(numbers.begin(), numbers.end(), [&](const auto& n) {
        return is_depth_of_mark(n, series, step, picture) ||
               is_depth_of_picture(n, step / series.pitch, picture);
    }));
}

std::vector<ScreenNumber> numbers_near(const cv::Mat1b& detail, const MarkSeries& series,
                                       PixelBox picture) {
    int left = detail.cols, right = 0;
    for (const MarkPlace& place : series.places) {
        left = std::min(left, place.left);
        right = std::max(right, place.right);
    }
    const int reach = static_cast<int>(kNear * detail.cols);
    const int above = static_cast<int>(series.first_y - series.pitch),
              below = static_cast<int>(series.places.back().y + kBelow * detail.rows);
    const PixelBox region{std::max(0, left - reach), std::max(0, above),
                          std::min(detail.cols, right + reach), std::min(detail.rows, below)};
    std::vector<ScreenNumber> numbers = read_numbers(detail, region);
    // A large dot is no digit, and tissue may look like a single one.
    const auto is_none = [&](const ScreenNumber& n) {
        if (n.digits == 1 && !intersection(n.box, picture).empty()) return true;
        return std::any_of(series.places.begin(), series.places.end(), [&](const MarkPlace& p) {
            return p.x >= n.box.x0 && p.x < n.box.x1 && p.y >= n.box.y0 && p.y < n.box.y1;
        });
    };
    numbers.erase(std::remove_if(numbers.begin(), numbers.end(), is_none), numbers.end());
    return numbers;
}

struct Meaning {
    double step = 0;
    bool numbers_read = false;
};

/// What a step of the ruler means; no answer where that is open.
Expected<Meaning> meaning_of(const MarkSeries& series, MarkPattern pattern,
                             const std::vector<ScreenNumber>& numbers, PixelBox picture) {
    std::optional<Meaning> best;
    int most = 0;
    bool tie = false;
    for (const double step : kSteps) {
        if (!may_stand_for(pattern, step) || !is_plausible(step / series.pitch, picture)) continue;
        const int votes = count_agreeing(numbers, series, step, picture);
        if (votes == 0) continue;
        if (votes > most) {
            best = Meaning{step, true};
            most = votes;
            tie = false;
        } else if (votes == most) {
            tie = true;
        }
    }
    const auto usual = usual_step(series, pattern);
    // Where many numbers stand some agree by chance.
    if (best && (tie || kAgreeing * most < static_cast<double>(numbers.size()))) best.reset();
    if (best) return *best;
    if (usual && is_plausible(*usual / series.pitch, picture)) return Meaning{*usual, false};
    return no_answer("ruler-ambiguous", "A depth ruler is seen, but not what its marks stand for.");
}

bool is_same_column(const MarkSeries& a, const MarkSeries& b) {
    const MarkPlace &p = a.places.front(), &q = b.places.front();
    return p.right + 12 >= q.left && q.right + 12 >= p.left;
}

DepthRuler ruler_of(const MarkSeries& series, const Meaning& meaning) {
    DepthRuler ruler;
    for (const MarkPlace& place : series.places)
        if (place.size > 0) ruler.marks.push_back({place.x, place.y});
    ruler.px_per_mark = series.pitch;
    ruler.mm_per_mark = meaning.step;
    ruler.mm_per_px = meaning.step / series.pitch;
    ruler.relative_error = 3 * series.pitch_sigma / series.pitch;
    ruler.numbers_read = meaning.numbers_read;
    return ruler;
}

}  // namespace

Expected<DepthRuler> read_depth_ruler(ImageView<const float> screen, PixelBox picture) {
    require(!picture.empty() && picture.x0 >= 0 && picture.y0 >= 0 && picture.x1 <= screen.width &&
                picture.y1 <= screen.height,
            "read_depth_ruler", "the picture lies in the screen");
    const cv::Mat1b grey = grey_levels(screen),
                    detail = small_and_bright(grey, std::clamp(2 * (grey.rows / 70) + 1, 11, 31));
    const int ground = ground_of(grey);
    std::vector<MarkSeries> looked_at;
    std::optional<DepthRuler> result;
    std::optional<Reason> open;
    for (const MarkSeries& series : find_mark_series(detail, picture)) {
        if (!is_even(series) || !stands_alone(series, grey, ground)) continue;
        const auto pattern = find_pattern(series);
        if (!pattern) continue;
        const auto has_column = [&](const MarkSeries& s) { return is_same_column(s, series); };
        if (std::any_of(looked_at.begin(), looked_at.end(), has_column)) continue;
        looked_at.push_back(series);
        const auto meaning =
            meaning_of(series, *pattern, numbers_near(detail, series, picture), picture);
        if (!meaning) {
            if (!open) open = meaning.error();
            continue;
        }
        const DepthRuler ruler = ruler_of(series, *meaning);
        if (result && std::abs(result->mm_per_px / ruler.mm_per_px - 1) > kAgree) {
            return no_answer("ruler-contradiction",
                             "Two depth rulers are seen that disagree about the scale.");
        }
        if (!result || (ruler.numbers_read && !result->numbers_read)) result = ruler;
    }
    if (result) return *result;
    if (open) return tl::unexpected(*open);
    return no_answer("no-ruler", "No depth ruler is seen beside the picture.");
}

}  // namespace guide::segment
