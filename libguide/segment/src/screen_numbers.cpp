// SPDX-License-Identifier: Apache-2.0
#include "screen_numbers.hpp"

#include "glyphs.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace guide::segment {
namespace {

constexpr int kDimmest = 40;               // levels of 255, of the brightest pixel of a character
constexpr double kEdge = 0.4;              // of the region's brightest: where characters end
constexpr int kLowest = 6, kHighest = 48;  // px, of a digit
constexpr double kAlike = 0.6;             // correlation, at least, of a digit with its picture
constexpr double kClearer = 0.04;          // than that of any other digit
constexpr double kOne = 0.42;              // width over height: narrower is a one

struct Character {
    PixelBox box;
    cv::Mat1b shape;  // grey, as large as the box
};

/// The digit or letter that a shape is; none where two digits are about as likely.
std::optional<char> recognise(const Character& character) {
    static const Glyphs kGlyphs("023456789cm");  // a one is known by its width
    const double aspect = static_cast<double>(character.box.width()) / character.box.height();
    if (aspect < kOne) return '1';
    auto alike = kGlyphs.likenesses(character.shape);
    const auto best = std::max_element(alike.begin(), alike.end());
    const char sign = kGlyphs.signs()[static_cast<std::size_t>(best - alike.begin())];
    const float most = std::exchange(*best, -1.0F);
    const float second = *std::max_element(alike.begin(), alike.end());
    if (most < kAlike || most < second + kClearer) return std::nullopt;
    return sign;
}

/// What stands alone in the region and is no higher than a line of text, left to right.
std::vector<Character> find_characters(const cv::Mat1b& part, cv::Point corner) {
    // Dim text beside bright text has edges of its own.
    cv::Mat1b brightest, bright(part.size());
    cv::dilate(part, brightest, cv::Mat::ones(kHighest / 2 + 1, kHighest / 2 + 1, CV_8U));
    for (int y = 0; y < part.rows; ++y) {
        for (int x = 0; x < part.cols; ++x) {
            const double edge = kEdge * std::max<int>(kDimmest, brightest(y, x));
            bright(y, x) = part(y, x) > edge ? 255 : 0;
        }
    }
    cv::Mat1i labels, boxes;
    cv::Mat1d middles;
    const int count = cv::connectedComponentsWithStats(bright, labels, boxes, middles);
    std::vector<Character> characters;
    for (int i = 1; i < count; ++i) {
        const cv::Rect r(boxes(i, cv::CC_STAT_LEFT), boxes(i, cv::CC_STAT_TOP),
                         boxes(i, cv::CC_STAT_WIDTH), boxes(i, cv::CC_STAT_HEIGHT));
        if (r.height > kHighest || r.width > 2 * kHighest) continue;
        cv::Mat1b shape(r.size(), std::uint8_t{0});
        part(r).copyTo(shape, labels(r) == i);
        characters.push_back(
            {{r.x + corner.x, r.y + corner.y, r.x + r.width + corner.x, r.y + r.height + corner.y},
             shape});
    }
    std::sort(characters.begin(), characters.end(), [](const Character& a, const Character& b) {
        return std::pair(a.box.x0, a.box.y0) < std::pair(b.box.x0, b.box.y0);
    });
    return characters;
}

bool is_digit_sized(const Character& c) {
    return c.box.height() >= kLowest && c.box.width() <= 1.1 * c.box.height();
}

/// A point on the base line of a digit.
bool is_point(const Character& c, const Character& after) {
    const int height = after.box.height();
    return c.box.height() <= 0.3 * height && c.box.width() <= 0.3 * height &&
           std::abs(c.box.y1 - after.box.y1) <= std::max(1.0, 0.12 * height);
}

bool in_one_line(const Character& a, const Character& b) {
    const double height = std::max(a.box.height(), b.box.height());
    return std::abs(a.box.height() - b.box.height()) <= std::max(1.0, 0.15 * height) &&
           std::abs(a.box.y1 - b.box.y1) <= std::max(1.0, 0.12 * height);
}

/// The number that begins with character `first`, and marks what it is made of as used.
std::optional<ScreenNumber> number_from(const std::vector<Character>& all, std::size_t first,
                                        std::vector<bool>& used) {
    const Character& start = all[first];
    const double gap = 0.6 * start.box.height();
    std::string text;
    PixelBox box = start.box;
    int right = start.box.x0;
    bool doubtful = false;
    std::size_t point = all.size();  // none
    for (std::size_t i = first; i < all.size() && all[i].box.x0 <= right + gap; ++i) {
        const Character& c = all[i];
        if (used[i]) continue;
        if (!text.empty() && point == all.size() && text.find('.') == std::string::npos &&
            is_point(c, start)) {
            point = i;
            right = c.box.x1;
            continue;
        }
        if (!is_digit_sized(c) || !in_one_line(c, start)) continue;
        const auto sign = recognise(c);
        if (!sign) doubtful = true;
        if (sign && (*sign < '0' || *sign > '9')) break;
        if (point < all.size()) {
            text += '.';
            used[point] = true;
            point = all.size();
        }
        text += sign.value_or('?');
        used[i] = true;
        right = c.box.x1;
        box.x1 = std::max(box.x1, c.box.x1);
    }
    // A single stroke, or several, may be anything.
    const bool strokes_alone = text.find_first_not_of('1') == std::string::npos;
    if (doubtful || strokes_alone || text.size() > 5) return std::nullopt;
    const auto points = std::count(text.begin(), text.end(), '.');
    return ScreenNumber{std::stod(text), static_cast<int>(text.size()) - static_cast<int>(points),
                        box};
}

}  // namespace

std::vector<ScreenNumber> read_numbers(const cv::Mat1b& detail, PixelBox region) {
    const cv::Rect rect = cv::Rect(region.x0, region.y0, region.width(), region.height()) &
                          cv::Rect(0, 0, detail.cols, detail.rows);
    if (rect.empty()) return {};
    const auto characters = find_characters(detail(rect), rect.tl());
    std::vector<bool> used(characters.size(), false);
    std::vector<ScreenNumber> numbers;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        if (used[i] || !is_digit_sized(characters[i])) continue;
        const auto number = number_from(characters, i, used);
        used[i] = true;
        if (number) numbers.push_back(*number);
    }
    return numbers;
}

}  // namespace guide::segment
