// SPDX-License-Identifier: Apache-2.0
#include "gaussian_weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace guide::filters {

GaussianWeights::GaussianWeights(double sigma, double sigmas)
    : radius(static_cast<int>(std::ceil(sigmas * sigma))) {
    // Moments of order 0, 2 and 4 of the samples, both sides together.
    double m0 = 1, m2 = 0, m4 = 0;
    std::vector<double> g(static_cast<std::size_t>(radius) + 1, 1.0);
    for (int i = 1; i <= radius; ++i) {
        const double t = i / sigma, square = static_cast<double>(i) * i;
        const double w = std::exp(-0.5 * t * t);
        g[static_cast<std::size_t>(i)] = w;
        m0 += 2 * w;
        m2 += 2 * w * square;
        m4 += 2 * w * square * square;
    }
    // The second derivative is (i^2 - m2 / m0) g: sum 0; its second moment is set to 2.
    const double variance = m2 / m0, fourth = m4 - variance * m2;
    double outside = 0;
    for (int i = 0; i <= radius; ++i) {
        const double w = g[static_cast<std::size_t>(i)], square = static_cast<double>(i) * i;
        smooth.push_back(static_cast<float>(w / m0));
        slope.push_back(m2 > 0 ? static_cast<float>(sigma * i * w / m2) : 0.0F);
        curve.push_back(
            fourth > 0 ? static_cast<float>(sigma * sigma * 2 * (square - variance) * w / fourth)
                       : 0.0F);
        if (i > 0) outside += 2.0 * curve.back();
    }
    curve[0] = static_cast<float>(-outside);  // 0 on constants, also after rounding
}

}  // namespace guide::filters
