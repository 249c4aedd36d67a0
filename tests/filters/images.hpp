// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

/// Images for filter tests.
namespace guide::test {

inline const std::vector<int> kAwkwardSizes{1, 2, 3, 63, 64, 65};

inline Image<float> random_image(int width, int height, std::uint64_t seed = 1) {
    Random random(seed);
    Image<float> image(width, height);
    for (std::size_t i = 0; i < image.size(); ++i) {
        image.data()[i] = static_cast<float>(255 * random.uniform());
    }
    return image;
}

/// Amplitude of fully developed speckle with grains of about 3 px, mean 1: complex noise through a
/// small window.
inline Image<float> speckle_image(int width, int height, std::uint64_t seed = 1) {
    const auto real = random_image(width + 4, height + 4, 2 * seed),
               imaginary = random_image(width + 4, height + 4, 2 * seed + 1);
    constexpr double kWindow[] = {0.14, 0.61, 1, 0.61, 0.14};
    Image<float> out(width, height);
    double sum = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            double re = 0, im = 0;
            for (int j = 0; j < 5; ++j) {
                for (int i = 0; i < 5; ++i) {
                    re += kWindow[i] * kWindow[j] * (real.at(x + i, y + j) - 127.5);
                    im += kWindow[i] * kWindow[j] * (imaginary.at(x + i, y + j) - 127.5);
                }
            }
            out.at(x, y) = static_cast<float>(std::hypot(re, im));
            sum += out.at(x, y);
        }
    }
    for (std::size_t i = 0; i < out.size(); ++i)
        out.data()[i] *= static_cast<float>(static_cast<double>(out.size()) / sum);
    return out;
}

inline Image<float> flipped_x(const Image<float>& image) {
    Image<float> out(image.width(), image.height());
    for (int y = 0; y < out.height(); ++y) {
        for (int x = 0; x < out.width(); ++x)
            out.at(x, y) = image.at(out.width() - 1 - x, y);
    }
    return out;
}

inline Image<float> flipped_y(const Image<float>& image) {
    Image<float> out(image.width(), image.height());
    for (int y = 0; y < out.height(); ++y) {
        for (int x = 0; x < out.width(); ++x)
            out.at(x, y) = image.at(x, out.height() - 1 - y);
    }
    return out;
}

inline double largest_difference(ImageView<const float> a, ImageView<const float> b) {
    double largest = a.width == b.width && a.height == b.height ? 0 : INFINITY;
    for (int y = 0; std::isfinite(largest) && y < a.height; ++y) {
        for (int x = 0; x < a.width; ++x) {
            largest = std::max(largest, std::abs(static_cast<double>(a.at(x, y)) - b.at(x, y)));
        }
    }
    return largest;
}

inline double largest_difference(const Image<float>& a, const Image<float>& b) {
    return largest_difference(a.view(), b.view());
}

/// The same pixels as part of a wider image whose other pixels are not numbers.
struct Strided {
    explicit Strided(const Image<float>& image)
        : whole(image.width() + 7, image.height() + 5, NAN) {
        part = whole.view().cropped(3, 2, image.width(), image.height());
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                part.at(x, y) = image.at(x, y);
        }
    }
    Image<float> whole;
    ImageView<float> part;
};

}  // namespace guide::test
