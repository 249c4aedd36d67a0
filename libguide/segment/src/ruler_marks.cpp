// SPDX-License-Identifier: Apache-2.0
#include "ruler_marks.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace guide::segment {
namespace {

constexpr int kBrighter = 20;          // levels of 255, at least at a mark's brightest pixel
constexpr double kMarkHeight = 0.016;  // of the screen's height, at most
constexpr double kMarkWidth = 0.035;   // of the screen's width, at most
constexpr double kFilled = 0.65;       // of its box: letters leave more open
constexpr double kSoftBorder = 0.4;    // of a mark's brightest: what is less is its border
constexpr double kAligned = 1.5;       // px, between ends or middles of marks
constexpr double kShareThere = 0.8;    // of the places of a series
constexpr double kOffStep = 0.05;      // of the step, or a pixel: how far a mark may be off
constexpr double kLength = 0.4;        // of the picture's height, at least
constexpr double kSmallestStep = 4;    // px
constexpr int kFewest = 4;             // marks
constexpr double kInside = 0.04;       // of the picture's width: marks may lie on its border

struct Patch {
    double x, y;              // px, centre of what is bright
    int left, right, height;  // px
    double size;
};

/// What ruler lines, boxes and bars leave when they are taken out: the marks at them.
cv::Mat1b without_lines(const cv::Mat1b& detail) {
    const int length = std::max(12, detail.rows / 16);
    cv::Mat1b lines;
    cv::morphologyEx(detail, lines, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_RECT, cv::Size(1, length)));
    cv::Mat1b rest;
    cv::subtract(detail, lines, rest);
    return rest;
}

/// The share of its box that the bright part of a patch fills; soft borders do not count.
double filled_share(const cv::Mat1b& detail, const cv::Mat1b& patch) {
    double brightest = 0;
    cv::minMaxLoc(detail, nullptr, &brightest, nullptr, nullptr, patch);
    const cv::Mat1b bright = patch & (detail >= kSoftBorder * brightest);
    return static_cast<double>(cv::countNonZero(bright)) / cv::boundingRect(bright).area();
}

std::vector<Patch> find_patches(const cv::Mat1b& detail) {
    const cv::Mat1b clear = without_lines(detail);
    cv::Mat1b bright;
    cv::threshold(clear, bright, kBrighter, 255, cv::THRESH_BINARY);
    cv::Mat1i labels, boxes;
    cv::Mat1d middles;
    const int count = cv::connectedComponentsWithStats(bright, labels, boxes, middles);
    const int highest = std::max(5, static_cast<int>(kMarkHeight * detail.rows)),
              widest = std::max(5, static_cast<int>(kMarkWidth * detail.cols));
    std::vector<Patch> patches;
    for (int i = 1; i < count; ++i) {
        const int left = boxes(i, cv::CC_STAT_LEFT), top = boxes(i, cv::CC_STAT_TOP),
                  width = boxes(i, cv::CC_STAT_WIDTH), height = boxes(i, cv::CC_STAT_HEIGHT);
        if (height > highest || width > widest) continue;
        const cv::Rect box(left, top, width, height);
        if (filled_share(clear(box), labels(box) == i) < kFilled) continue;
        Patch patch{0, 0, left, left + width - 1, height, 0};
        // With the softer border of what was drawn with grey edges or lost in compression.
        for (int y = std::max(0, top - 1); y < std::min(detail.rows, top + height + 1); ++y) {
            for (int x = std::max(0, left - 1); x < std::min(detail.cols, left + width + 1); ++x) {
                patch.size += clear(y, x);
                patch.x += x * static_cast<double>(clear(y, x));
                patch.y += y * static_cast<double>(clear(y, x));
            }
        }
        patch.x /= patch.size;
        patch.y /= patch.size;
        patch.size /= 255;
        patches.push_back(patch);
    }
    return patches;
}

struct Line {
    double start, step, start_sigma, step_sigma;
};

/// Least squares of y over numbers.
Line fit(const std::vector<std::pair<int, double>>& marks) {
    double n = 0, sk = 0, sy = 0, skk = 0, sky = 0;
    for (const auto& [k, y] : marks) {
        n += 1;
        sk += k;
        sy += y;
        skk += static_cast<double>(k) * k;
        sky += k * y;
    }
    const double spread = skk - sk * sk / n, step = (sky - sk * sy / n) / spread,
                 start = (sy - step * sk) / n;
    double rest = 0;
    for (const auto& [k, y] : marks)
        rest += (y - start - step * k) * (y - start - step * k);
    // Drawn at whole pixels: never better than that.
    const double sigma = std::max(0.29, std::sqrt(rest / std::max(1.0, n - 2)));
    return {start, step, sigma / std::sqrt(n), sigma / std::sqrt(spread)};
}

/// The longest run of even steps among patches of one column, sorted by y.
std::optional<MarkSeries> longest_series(const std::vector<Patch>& column) {
    std::vector<std::pair<int, double>> best;
    const int n = static_cast<int>(column.size());
    for (int i = 0; i < n; ++i) {
        for (int j = i + 1; j < std::min(n, i + 6); ++j) {
            double step = column[j].y - column[i].y, start = column[i].y;
            if (step < kSmallestStep) continue;
            if (best.size() * step > 1.3 * (column.back().y - start)) continue;  // cannot be more
            std::vector<std::pair<int, double>> marks{{0, start}};
            int last = 0;
            for (int k = i + 1; k < n; ++k) {
                const int number = static_cast<int>(std::lround((column[k].y - start) / step));
                const double off = column[k].y - start - number * step;
                if (number <= last) continue;
                if (std::abs(off) > std::max(1.0, kOffStep * step)) continue;
                if (number - last > 3) break;
                marks.emplace_back(number, column[k].y);
                last = number;
                if (marks.size() > 2) {  // the step is known better and better
                    const Line line = fit(marks);
                    start = line.start;
                    step = line.step;
                }
            }
            if (static_cast<double>(marks.size()) < kShareThere * (last + 1)) continue;
            if (marks.size() > best.size()) best = marks;
        }
    }
    if (static_cast<int>(best.size()) < kFewest) return std::nullopt;
    const Line line = fit(best);
    MarkSeries series;
    series.first_y = line.start;
    series.pitch = line.step;
    series.pitch_sigma = line.step_sigma;
    series.places.resize(static_cast<std::size_t>(best.back().first) + 1);
    return series;
}

/// Fills the places of a series with the patches that touch its column, whatever their length.
void fill_places(MarkSeries& series, const std::vector<Patch>& column,
                 const std::vector<Patch>& patches) {
    int left = column.front().left, right = column.front().right;
    for (const Patch& p : column) {
        left = std::min(left, p.left);
        right = std::max(right, p.right);
    }
    std::map<int, MarkPlace> found;
    for (const Patch& p : patches) {
        if (p.right < left - 1 || p.left > right + 1) continue;
        const double number = (p.y - series.first_y) / series.pitch;
        const int k = static_cast<int>(std::lround(number));
        if (std::abs(number - k) * series.pitch > std::max(1.0, kOffStep * series.pitch)) continue;
        if (found[k].size < p.size) found[k] = {p.x, p.y, p.size, p.left, p.right};
    }
    // Longer marks that did not line up with the others may go before the first or after the last.
    int first = 0, last = static_cast<int>(series.places.size()) - 1;
    while (found.count(first - 1) + found.count(first - 2) > 0)
        first -= found.count(first - 1) > 0 ? 1 : 2;
    while (found.count(last + 1) + found.count(last + 2) > 0)
        last += found.count(last + 1) > 0 ? 1 : 2;
    series.places.assign(static_cast<std::size_t>(last - first) + 1, {});
    series.first_y += first * series.pitch;
    series.count = 0;
    for (const auto& [k, place] : found) {
        if (k < first || k > last) continue;
        series.places[static_cast<std::size_t>(k - first)] = place;
        ++series.count;
    }
    std::vector<std::pair<int, double>> marks;
    for (std::size_t k = 0; k < series.places.size(); ++k) {
        MarkPlace& place = series.places[k];
        if (place.size > 0) {
            marks.emplace_back(static_cast<int>(k), place.y);
        } else {
            place.x = 0.5 * (left + right);
            place.y = series.first_y + static_cast<double>(k) * series.pitch;
            place.left = left;
            place.right = right;
        }
    }
    const Line line = fit(marks);
    series.first_y = line.start;
    series.pitch = line.step;
    series.pitch_sigma = line.step_sigma;
}

}  // namespace

std::vector<MarkSeries> find_mark_series(const cv::Mat1b& detail, PixelBox picture) {
    std::vector<Patch> patches = find_patches(detail);
    std::sort(patches.begin(), patches.end(),
              [](const Patch& a, const Patch& b) { return a.y < b.y; });
    const double inside = kInside * picture.width();
    std::vector<MarkSeries> all;
    const auto ends = {+[](const Patch& p) { return static_cast<double>(p.left); },
                       +[](const Patch& p) { return static_cast<double>(p.right); },
                       +[](const Patch& p) { return 0.5 * (p.left + p.right); }};
    for (const auto& end : ends) {
        std::vector<std::vector<Patch>> columns(static_cast<std::size_t>(detail.cols));
        for (const Patch& p : patches) {
            const double at = end(p);
            if (at > picture.x0 + inside && at < picture.x1 - 1 - inside) continue;
            const int first = std::max(0, static_cast<int>(std::ceil(at - kAligned))),
                      last = std::min(detail.cols - 1, static_cast<int>(std::floor(at + kAligned)));
            for (int x = first; x <= last; ++x)
                columns[static_cast<std::size_t>(x)].push_back(p);
        }
        for (const auto& column : columns) {
            if (static_cast<int>(column.size()) < kFewest) continue;
            auto series = longest_series(column);
            if (!series) continue;
            fill_places(*series, column, patches);
            const double length = series->pitch * static_cast<double>(series->places.size() - 1);
            if (length >= kLength * picture.height()) all.push_back(std::move(*series));
        }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const MarkSeries& a, const MarkSeries& b) { return a.count > b.count; });
    return all;
}

}  // namespace guide::segment
