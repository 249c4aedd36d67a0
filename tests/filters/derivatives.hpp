// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

/// Gaussian derivatives by their definition, in double precision: sampled out to so many sigmas,
/// moments put right, the border pixel beyond the border.
namespace guide::test {

/// Weights at -radius..radius so that correlation gives the derivative of this order per pixel.
inline std::vector<double> gaussian_derivative(double sigma, int order, double sigmas) {
    const int radius = static_cast<int>(std::ceil(sigmas * sigma));
    std::vector<double> g, w;
    double sum = 0, second = 0;
    for (int i = -radius; i <= radius; ++i) {
        g.push_back(std::exp(-0.5 * i * i / (sigma * sigma)));
        sum += g.back();
        second += i * i * g.back();
    }
    double scale = 0;  // what the bare kernel makes of 1, x, x^2 / 2
    for (int i = -radius; i <= radius; ++i) {
        const double here = g[static_cast<std::size_t>(i + radius)];
        w.push_back(order == 0 ? here : order == 1 ? i * here : (i * i - second / sum) * here);
        scale += w.back() * (order == 0 ? 1.0 : order == 1 ? i : 0.5 * i * i);
    }
    for (double& v : w)
        v /= scale;
    return w;
}

/// The derivative of order (order_x, order_y) at every pixel.
inline Image<double> derived(ImageView<const float> in, double sigma, int order_x, int order_y,
                             double sigmas) {
    const auto across = gaussian_derivative(sigma, order_x, sigmas);
    const auto down = gaussian_derivative(sigma, order_y, sigmas);
    const int radius = static_cast<int>(across.size() / 2);
    Image<double> rows(in.width, in.height), out(in.width, in.height);
    for (int y = 0; y < in.height; ++y) {
        for (int x = 0; x < in.width; ++x) {
            for (int i = -radius; i <= radius; ++i) {
                rows.at(x, y) += across[static_cast<std::size_t>(i + radius)] *
                                 in.at(std::clamp(x + i, 0, in.width - 1), y);
            }
        }
    }
    for (int y = 0; y < in.height; ++y) {
        for (int x = 0; x < in.width; ++x) {
            for (int i = -radius; i <= radius; ++i) {
                out.at(x, y) += down[static_cast<std::size_t>(i + radius)] *
                                rows.at(x, std::clamp(y + i, 0, in.height - 1));
            }
        }
    }
    return out;
}

/// Largest difference of two directions, each given within half a turn, over pixels that `counts`.
template <class Counts>
double largest_turn(ImageView<const float> a, ImageView<const float> b, const Counts& counts) {
    double largest = 0;
    for (int y = 0; y < a.height; ++y) {
        for (int x = 0; x < a.width; ++x) {
            if (!counts(x, y)) continue;
            const double turn = std::remainder(a.at(x, y) - b.at(x, y), 3.14159265358979);
            largest = std::max(largest, std::abs(turn));
        }
    }
    return largest;
}

}  // namespace guide::test
