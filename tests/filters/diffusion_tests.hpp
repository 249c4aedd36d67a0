// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "images.hpp"

#include <guide/filters/speckle_level.hpp>

#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <vector>

/// What the tests of SRAD and DPAD share: their definition as loops in double precision, and a
/// phantom of speckle.
namespace guide::test {

/// A picture in double precision beyond whose border stands the border pixel.
struct Field {
    Field(int w, int h) : width(w), height(h), values(static_cast<std::size_t>(w * h)) {}
    double& at(int x, int y) {
        x = std::clamp(x, 0, width - 1);
        y = std::clamp(y, 0, height - 1);
        return values[static_cast<std::size_t>(y * width + x)];
    }
    int width, height;
    std::vector<double> values;
};

inline constexpr std::array<std::array<int, 2>, 4> kNeighbours{{{-1, 0}, {1, 0}, {0, -1}, {0, 1}}};

/// Coefficient of a pixel at a speckle level.
using Coefficient = std::function<double(Field&, int x, int y, double level)>;

inline double srad_coefficient(Field& f, int x, int y, double level) {
    const double centre = f.at(x, y);
    double squares = 0, laplacian = 0;
    for (const auto& [dx, dy] : kNeighbours) {
        const double d = f.at(x + dx, y + dy) - centre;
        squares += d * d;
        laplacian += d;
    }
    const double mean = centre + laplacian / 4;
    if (mean <= 0) return 0;
    const double q = (squares / 2 - laplacian * laplacian / 16) / (mean * mean);
    const double q0 = level * level;
    return std::clamp(1 / (1 + (q - q0) / (q0 * (1 + q0))), 0.0, 1.0);
}

inline Coefficient dpad_coefficient(int window) {
    return [reach = window / 2](Field& f, int x, int y, double level) {
        std::vector<double> pixels;
        for (int j = -reach; j <= reach; ++j) {
            for (int i = -reach; i <= reach; ++i)
                pixels.push_back(f.at(x + i, y + j));
        }
        double mean = 0, variance = 0;
        for (const double p : pixels)
            mean += p / static_cast<double>(pixels.size());
        for (const double p : pixels)
            variance += (p - mean) * (p - mean) / static_cast<double>(pixels.size() - 1);
        if (mean <= 0) return 0.0;
        if (variance == 0) return 1.0;
        return std::min(1.0, (1 + mean * mean / variance) / (1 + 1 / (level * level)));
    };
}

inline double deviation_over_mean(Field& f, PixelBox box) {
    double mean = 0, variance = 0;
    const double count = static_cast<double>(box.width()) * box.height();
    for (int y = box.y0; y < box.y1; ++y) {
        for (int x = box.x0; x < box.x1; ++x)
            mean += f.at(x, y) / count;
    }
    for (int y = box.y0; y < box.y1; ++y) {
        for (int x = box.x0; x < box.x1; ++x)
            variance += (f.at(x, y) - mean) * (f.at(x, y) - mean) / count;
    }
    return std::sqrt(variance) / mean;
}

/// The definition of both filters.
inline Image<float> plain_diffusion(const Image<float>& in, const Coefficient& coefficient,
                                    int steps, double step, const filters::SpeckleLevel& speckle) {
    Field now(in.width(), in.height()), c = now, then = now;
    std::copy_n(in.data(), in.size(), now.values.begin());
    for (int s = 0; s < steps; ++s) {
        const double level = speckle.uniform_region
                                 ? deviation_over_mean(now, *speckle.uniform_region)
                                 : speckle.initial * std::exp(-speckle.decay * s * step);
        for (int y = 0; y < in.height(); ++y) {
            for (int x = 0; x < in.width(); ++x)
                c.at(x, y) = coefficient(now, x, y, std::max(level, 0.001));
        }
        for (int y = 0; y < in.height(); ++y) {
            for (int x = 0; x < in.width(); ++x) {
                double flow = 0;
                for (const auto& [dx, dy] : kNeighbours) {
                    flow += (c.at(x, y) + c.at(x + dx, y + dy)) / 2 *
                            (now.at(x + dx, y + dy) - now.at(x, y));
                }
                then.at(x, y) = now.at(x, y) + step / 4 * flow;
            }
        }
        std::swap(now, then);
    }
    Image<float> out(in.width(), in.height());
    for (std::size_t i = 0; i < out.size(); ++i)
        out.data()[i] = static_cast<float>(now.values[i]);
    return out;
}

/// Linear amplitudes of fully developed speckle: `dark` left of `edge`, `bright` from there on.
inline Image<float> speckle_edge(int width, int height, int edge, double dark, double bright) {
    Random random(7);
    Image<float> image(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double amplitude = std::hypot(random.normal(), random.normal());
            image.at(x, y) = static_cast<float>((x < edge ? dark : bright) * amplitude);
        }
    }
    return image;
}

/// An edge down an image, from the means of the columns. Its sides are the means of what is 10 px
/// and more away from it.
struct Edge {
    double position;  ///< px, where the profile is midway
    double width;     ///< px, from 20 % to 80 %
};

inline Edge find_edge(const Image<float>& image, int edge) {
    std::vector<double> profile(static_cast<std::size_t>(image.width()));
    double left = 0, right = 0;
    for (int x = 0; x < image.width(); ++x) {
        auto& mean = profile[static_cast<std::size_t>(x)];
        for (int y = 0; y < image.height(); ++y)
            mean += static_cast<double>(image.at(x, y)) / image.height();
        if (x < edge - 10) left += mean / (edge - 10);
        if (x >= edge + 10) right += mean / (image.width() - edge - 10);
    }
    const auto crossing = [&](double share) {
        const double level = left + share * (right - left);
        for (int x = edge - 10; x < edge + 10; ++x) {
            const double a = profile[static_cast<std::size_t>(x)];
            const double b = profile[static_cast<std::size_t>(x) + 1];
            if (a <= level && b > level) return x + (level - a) / (b - a);
        }
        return static_cast<double>(NAN);
    };
    return {crossing(0.5), crossing(0.8) - crossing(0.2)};
}

/// Mean over standard deviation of a box: 1.91 for fully developed speckle.
inline double speckle_snr(const Image<float>& image, PixelBox box) {
    Field field(image.width(), image.height());
    std::copy_n(image.data(), image.size(), field.values.begin());
    return 1 / deviation_over_mean(field, box);
}

}  // namespace guide::test
