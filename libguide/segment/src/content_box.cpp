// SPDX-License-Identifier: Apache-2.0
#include "connected_parts.hpp"

#include <guide/frame/frame.hpp>
#include <guide/segment/content_box.hpp>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

namespace guide::segment {
namespace {

constexpr int kLargestSide = 2048;    // px read along the longer side
constexpr int kLit = 3;               // of 256 levels: what differs by more stands out
constexpr double kTextHeight = 0.04;  // of the shorter side: what is thinner is text, ruler or icon
constexpr double kPartHeight =
    0.06;  // of the shorter side: a patch above or below must be this high
constexpr double kSmallestBox = 0.1;  // of the frame's width and height
constexpr double kCutMargin = 0.08;   // margins all smaller: the frame is the picture
constexpr double kSideMargin = 0.03;  // picture over the full width: what is black below is shadow

/// A screen in 256 grey levels, and which of them is its ground: the commonest.
struct Screen {
    cv::Mat1b level;
    int ground = 0;
};

float finite(float v) {
    return std::isfinite(v) ? v : 0.0F;
}

/// Every so many pixels of both directions; nothing for a picture of one grey.
std::optional<Screen> read_every(ImageView<const float> pixels, int step) {
    cv::Mat1f grey((pixels.height + step - 1) / step, (pixels.width + step - 1) / step);
    for (int y = 0; y < grey.rows; ++y) {
        const float* row = pixels.row(y * step);
        float* out = grey[y];
        for (int x = 0; x < grey.cols; ++x)
            out[x] = finite(row[x * step]);
    }
    double least = 0, most = 0;
    cv::minMaxLoc(grey, &least, &most);
    const double range = most - least;
    if (!(range > 1e-6 * std::max(std::abs(least), std::abs(most)))) return std::nullopt;
    Screen screen{cv::Mat1b(grey.size())};
    const auto low = static_cast<float>(least), scale = static_cast<float>(255.0 / range);
    const int width = grey.cols;  // bytes may alias what is reached through a pointer
    // Neighbours count apart: those of one grey would wait for each other.
    std::array<std::array<int, 256>, 4> counts{};
    for (int y = 0; y < grey.rows; ++y) {
        const float* row = grey[y];
        std::uint8_t* level = screen.level[y];
        // Just above the whole number: a grey of a picture of 256 must not fall to the one below.
        for (int x = 0; x < width; ++x) {
            const int v = static_cast<int>((row[x] - low) * scale + 1e-3F);
            level[x] = static_cast<std::uint8_t>(std::min(v, 255));
        }
        for (int x = 0; x < width; ++x)
            ++counts[static_cast<std::size_t>(x) % counts.size()][level[x]];
    }
    for (std::size_t i = 0; i < counts[0].size(); ++i)
        counts[0][i] += counts[1][i] + counts[2][i] + counts[3][i];
    screen.ground =
        static_cast<int>(std::max_element(counts[0].begin(), counts[0].end()) - counts[0].begin());
    return screen;
}

int odd(int half) {
    return std::max(3, 2 * half + 1);
}

/// 255 where a pixel is lit and a quarter of its neighbourhood changes, along both axes.
cv::Mat1b lit_texture(const Screen& screen, int window) {
    const cv::Mat1b& grey = screen.level;
    const int width = grey.cols, ground = screen.ground;  // bytes may alias them
    cv::Mat1b change_x(grey.size(), 0), change_y(grey.size(), 0);
    for (int y = 0; y < grey.rows; ++y) {
        const std::uint8_t *row = grey[y], *above = grey[std::max(y - 1, 0)];
        std::uint8_t *along = change_x[y], *down = change_y[y];
        for (int x = 1; x < width; ++x)
            along[x] = row[x] != row[x - 1] ? 1 : 0;
        for (int x = 0; x < width; ++x)
            down[x] = row[x] != above[x] ? 1 : 0;
    }
    const cv::Size size(window, window);
    cv::Mat1w sum_x, sum_y;
    cv::boxFilter(change_x, sum_x, CV_16U, size, {-1, -1}, false, cv::BORDER_REFLECT);
    cv::boxFilter(change_y, sum_y, CV_16U, size, {-1, -1}, false, cv::BORDER_REFLECT);
    const int enough = window * window / 4;
    cv::Mat1b mask(grey.size());
    for (int y = 0; y < grey.rows; ++y) {
        const std::uint8_t* row = grey[y];
        const std::uint16_t *along = sum_x[y], *down = sum_y[y];
        std::uint8_t* on = mask[y];
        for (int x = 0; x < width; ++x) {
            on[x] = (std::abs(row[x] - ground) > kLit) & (along[x] > enough) & (down[x] > enough)
                        ? 255
                        : 0;
        }
    }
    return mask;
}

/// Closes the gaps of speckle, then takes away everything thinner than a line of text. The border
/// is continued outward so that a picture that touches the frame's edge stays whole.
cv::Mat1b patches(const cv::Mat1b& mask, int window, int text) {
    const int pad = 2 * std::max(window, text);
    cv::Mat1b work;
    cv::copyMakeBorder(mask, work, pad, pad, pad, pad, cv::BORDER_REPLICATE);
    const auto square = [](int side) {
        return cv::getStructuringElement(cv::MORPH_RECT, {side, side});
    };
    cv::morphologyEx(work, work, cv::MORPH_CLOSE, square(window));
    cv::morphologyEx(work, work, cv::MORPH_OPEN, square(text));
    return work(cv::Rect(pad, pad, mask.cols, mask.rows)).clone();
}

struct Part {
    PixelBox box;
    int area = 0;
};

/// Should `part` belong to the picture of which `box` is known: it shares the columns of the
/// box, right above or below (an anechoic band parts a picture in two) or beside its rows.
bool belongs(const Part& part, PixelBox box, int area, int shorter_side) {
    const int columns = std::min(box.x1, part.box.x1) - std::max(box.x0, part.box.x0);
    const int rows = std::min(box.y1, part.box.y1) - std::max(box.y0, part.box.y0);
    return columns >= 0.8 * std::min(part.box.width(), box.width()) &&
           part.box.height() >= kPartHeight * shorter_side &&
           (part.area >= 0.02 * area || rows >= 0.8 * part.box.height()) &&
           -rows < 0.5 * box.height();
}

PixelBox joined(PixelBox a, PixelBox b) {
    return {std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1), std::max(a.y1, b.y1)};
}

PixelBox picture_of(std::vector<Part> parts, int shorter_side) {
    const auto largest = std::max_element(
        parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.area < b.area; });
    const int area = largest->area;
    PixelBox box = largest->box;
    parts.erase(largest);
    for (bool grown = true; grown;) {
        const auto next = std::find_if(parts.begin(), parts.end(), [&](const Part& part) {
            return belongs(part, box, area, shorter_side);
        });
        grown = next != parts.end();
        if (grown) {
            box = joined(box, next->box);
            parts.erase(next);
        }
    }
    return box;
}

}  // namespace

Expected<PixelBox> find_content_box(ImageView<const float> screen) {
    const auto nothing = [](const char* why) { return no_answer("no-picture", why); };
    if (screen.empty()) return nothing("The frame is empty.");
    const int step = (std::max(screen.width, screen.height) + kLargestSide - 1) / kLargestSide;
    const auto read = read_every(screen, step);
    if (!read) return nothing("The frame is of one grey: there is no picture.");
    const cv::Mat1b& grey = read->level;
    const int shorter_side = std::min(grey.rows, grey.cols);

    const int window = odd(shorter_side / 200);
    const int text = odd(static_cast<int>(kTextHeight / 2 * shorter_side));
    const cv::Mat1b mask = patches(lit_texture(*read, window), window, text);
    std::vector<Part> parts;
    for (const ConnectedPart& patch : connected_parts(mask, mask, 8)) {
        const cv::Rect& r = patch.box;
        parts.push_back({{r.x, r.y, r.x + r.width, r.y + r.height}, patch.area});
    }
    if (parts.empty()) return nothing("Nothing in the frame looks like tissue.");
    PixelBox box = picture_of(std::move(parts), shorter_side);
    if (box.width() < kSmallestBox * grey.cols || box.height() < kSmallestBox * grey.rows) {
        return nothing("What looks like tissue is too small for a picture.");
    }

    const PixelBox whole{0, 0, screen.width, screen.height};
    const double left = static_cast<double>(box.x0) / grey.cols;
    const double right = 1.0 - static_cast<double>(box.x1) / grey.cols;
    const double top = static_cast<double>(box.y0) / grey.rows;
    const double bottom = 1.0 - static_cast<double>(box.y1) / grey.rows;
    if (std::max({left, right, top, bottom}) < kCutMargin) return whole;
    if (std::max(left, right) < kSideMargin && top < kCutMargin) return whole;
    return intersection({box.x0 * step, box.y0 * step, box.x1 * step, box.y1 * step}, whole);
}

double lower_edge_support(ImageView<const float> screen, PixelBox box) {
    box = intersection(box, {0, 0, screen.width, screen.height});
    if (box.empty()) return 0;
    const auto read = read_every(screen, 1);
    if (!read) return 0;
    int lit = 0;
    for (int x = box.x0; x < box.x1; ++x) {
        bool column = false;
        for (int y = std::max(box.y0, box.y1 - 3); y < box.y1; ++y) {
            column = column || std::abs(read->level(y, x) - read->ground) > kLit;
        }
        lit += column ? 1 : 0;
    }
    return static_cast<double>(lit) / box.width();
}

Expected<Spacing> spacing_from_depth(PixelBox box, double depth_mm, double pixel_aspect) {
    if (!std::isfinite(depth_mm) || depth_mm <= 0) {
        return no_answer("bad-depth", "The image depth is not a positive number of millimetres.");
    }
    if (!std::isfinite(pixel_aspect) || pixel_aspect <= 0) {
        return no_answer("bad-aspect", "The shape of the pixels is not a positive number.");
    }
    if (box.empty()) return no_answer("empty-box", "The picture in the frame has no height.");
    const double mm = depth_mm / box.height();
    const Spacing spacing{mm / pixel_aspect, mm};
    if (auto fault = spacing_fault(spacing)) return tl::unexpected<Reason>(*fault);
    return spacing;
}

}  // namespace guide::segment
