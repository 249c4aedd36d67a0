// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace guide::filters {

/// Weights at the offsets 0..r of a Gaussian sampled at whole pixels and of its first two
/// derivatives, r = ceil(sigmas sigma). The other side is the same, for `slope` with the sign
/// turned. Derivatives are normalised over scale: times sigma, times sigma squared. What sampling
/// and the cut take away is put right in the moments that count: a constant stays (smooth), a ramp
/// gives its slope (slope), and curve gives nothing on constants and ramps and 1 on x^2/2.
struct GaussianWeights {
    explicit GaussianWeights(double sigma, double sigmas = 4);

    std::vector<float> smooth, slope, curve;
    int radius;
};

}  // namespace guide::filters
