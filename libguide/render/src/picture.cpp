// SPDX-License-Identifier: Apache-2.0
#include "picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace guide::render {

namespace {

Image<Rgb8> spread(const Image<Rgb8>& colour, GreyWindow window) {
    std::array<std::uint8_t, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const float share = (static_cast<float>(i) - window.low) / (window.high - window.low);
        table[i] = static_cast<std::uint8_t>(255 * std::clamp(share, 0.0f, 1.0f) + 0.5f);
    }
    Image<Rgb8> out(colour.width(), colour.height());
    std::transform(colour.data(), colour.data() + colour.size(), out.data(), [&](Rgb8 p) {
        return Rgb8{table[p.r], table[p.g], table[p.b]};
    });
    return out;
}

}  // namespace

Image<Rgb8> screen_picture(const Frame& frame, const std::optional<GreyWindow>& window) {
    const int width = frame.intensity.width(), height = frame.intensity.height();
    if (frame.colour.width() == width && frame.colour.height() == height) {
        return window ? spread(frame.colour, *window) : frame.colour.clone();
    }
    Image<Rgb8> out(width, height);
    const float low = window ? window->low : frame.display_low;
    const float range = (window ? window->high : frame.display_high) - low;
    const float scale = range > 0 && std::isfinite(range) ? 255.0f / range : 0.0f;
    for (int y = 0; y < height; ++y) {
        const float* in = frame.intensity.row(y);
        Rgb8* to = out.row(y);
        for (int x = 0; x < width; ++x) {
            const float grey = (in[x] - low) * scale;
            // The comparison is false for what is no number.
            const auto g = static_cast<std::uint8_t>(grey > 0 ? std::min(grey, 255.0f) + 0.5f : 0);
            to[x] = {g, g, g};
        }
    }
    return out;
}

namespace {

// For each of `count` output pixels: the first input pixel it covers and the shares of those.
struct Share {
    int first = 0;
    std::vector<float> weights;
};

std::vector<Share> shares(int input, int count) {
    std::vector<Share> all(static_cast<std::size_t>(count));
    const double ratio = static_cast<double>(input) / count;
    for (int i = 0; i < count; ++i) {
        const double begin = i * ratio, end = std::min<double>((i + 1) * ratio, input);
        Share& share = all[static_cast<std::size_t>(i)];
        share.first = static_cast<int>(begin);
        for (int k = share.first; k < input && k < end; ++k) {
            const double covered = std::min<double>(end, k + 1) - std::max<double>(begin, k);
            share.weights.push_back(static_cast<float>(covered / (end - begin)));
        }
    }
    return all;
}

}  // namespace

Image<Rgb8> shrunk(ImageView<const Rgb8> picture, int width, int height) {
    const std::vector<Share> columns = shares(picture.width, width);
    const std::vector<Share> rows = shares(picture.height, height);
    Image<Rgb8> out(width, height);
    std::vector<std::array<float, 3>> sums(static_cast<std::size_t>(width));
    for (int y = 0; y < height; ++y) {
        std::ranges::fill(sums, std::array<float, 3>{0.5f, 0.5f, 0.5f});
        const Share& row = rows[static_cast<std::size_t>(y)];
        for (std::size_t j = 0; j < row.weights.size(); ++j) {
            const Rgb8* in = picture.row(row.first + static_cast<int>(j));
            for (std::size_t x = 0; x < columns.size(); ++x) {
                const Share& column = columns[x];
                for (std::size_t i = 0; i < column.weights.size(); ++i) {
                    const Rgb8 pixel = in[static_cast<std::size_t>(column.first) + i];
                    const float weight = row.weights[j] * column.weights[i];
                    sums[x][0] += weight * static_cast<float>(pixel.r);
                    sums[x][1] += weight * static_cast<float>(pixel.g);
                    sums[x][2] += weight * static_cast<float>(pixel.b);
                }
            }
        }
        for (int x = 0; x < width; ++x) {
            const auto& s = sums[static_cast<std::size_t>(x)];
            out.at(x, y) = {static_cast<std::uint8_t>(s[0]), static_cast<std::uint8_t>(s[1]),
                            static_cast<std::uint8_t>(s[2])};
        }
    }
    return out;
}

}  // namespace guide::render
