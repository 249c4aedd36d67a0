// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/core/random.hpp>
#include <guide/frame/frame.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace guide::test {

/// An AP knee drawn after its anatomy: condyles and notch above, plateau and eminence below, two
/// bone outlines that widen towards the joint, soft tissue around. Lengths in shares of the
/// picture's width.
struct Knee {
    int size = 224;
    double left_gap = 0.06, right_gap = 0.06;  // width of the joint space in either compartment
    double margin = 0.12;                      // from the picture's side to the bones
    double noise = 3;                          // standard deviation, grey values
    double tilt = 0;                           // of the whole leg about the middle, radians

    /// Where a point of the picture lies in the upright leg.
    [[nodiscard]] std::pair<double, double> upright(double x, double y) const {
        const double u = x - 0.5, v = y - 0.5, c = std::cos(tilt), s = std::sin(tilt);
        return {0.5 + c * u + s * v, 0.5 - s * u + c * v};
    }

    [[nodiscard]] double femur_edge(double x) const {
        const double notch = 0.12 * std::exp(-0.5 * std::pow((x - 0.5) / 0.07, 2));
        return 0.47 - notch;
    }
    [[nodiscard]] double tibia_edge(double x) const {
        const double eminence = 0.06 * std::exp(-0.5 * std::pow((x - 0.5) / 0.06, 2));
        return 0.47 + (x < 0.5 ? left_gap : right_gap) - eminence;
    }
    [[nodiscard]] bool within_bones(double x, double y) const {
        const double inset = 0.12 * std::min(1.0, std::abs(y - 0.5) / 0.4);
        return x > margin + inset && x < 1 - margin - inset;
    }
    [[nodiscard]] bool in_joint(double x, double y) const {
        return x > margin && x < 1 - margin && y > femur_edge(x) && y < tibia_edge(x);
    }
    [[nodiscard]] double grey(double x, double y) const {
        const double soft = 60 + 30 * std::cos(3 * (x - 0.5));
        if (in_joint(x, y)) return soft + 10;
        if (!within_bones(x, y)) return soft;
        const double patella =
            80 * std::exp(-std::pow((x - 0.5) / 0.2, 2) - std::pow((y - 0.2) / 0.15, 2));
        return soft + 50 + patella + 10 * std::sin(40 * x) * std::sin(9 * y);
    }
};

inline Frame drawn(const Knee& knee) {
    Frame frame;
    frame.intensity = Image<float>(knee.size, knee.size);
    frame.modality = Modality::radiograph;
    Random random(7);
    constexpr int kSamples = 3;
    for (int y = 0; y < knee.size; ++y) {
        for (int x = 0; x < knee.size; ++x) {
            double sum = 0;
            for (int j = 0; j < kSamples; ++j) {
                for (int i = 0; i < kSamples; ++i) {
                    const auto [u, v] = knee.upright((x + (i + 0.5) / kSamples) / knee.size,
                                                     (y + (j + 0.5) / kSamples) / knee.size);
                    sum += knee.grey(u, v);
                }
            }
            frame.intensity.at(x, y) =
                static_cast<float>(sum / (kSamples * kSamples) + knee.noise * random.normal());
        }
    }
    return frame;
}

inline Image<std::uint8_t> truth_of(const Knee& knee) {
    Image<std::uint8_t> mask(knee.size, knee.size);
    for (int y = 0; y < knee.size; ++y)
        for (int x = 0; x < knee.size; ++x)
            if (knee.in_joint((x + 0.5) / knee.size, (y + 0.5) / knee.size)) mask.at(x, y) = 255;
    return mask;
}

}  // namespace guide::test
