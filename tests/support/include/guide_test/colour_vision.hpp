// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>

#include <array>
#include <cmath>

namespace guide::test {

/// Colours as people see them who have no red, green or blue cones: Machado GM, Oliveira MM,
/// Fernandes LAF. A physiologically-based model for simulation of color vision deficiency. IEEE
/// Trans Vis Comput Graph 2009;15:1291 (matrices of severity 1, for linear sRGB).
struct Vision {
    const char* name;
    Eigen::Matrix3d matrix;
};

inline std::array<Vision, 4> visions() {
    Eigen::Matrix3d protan, deutan, tritan;
    protan << 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116,
        1.051998;
    deutan << 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940,
        0.968881;
    tritan << 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367,
        0.303900;
    return {{{"usual", Eigen::Matrix3d::Identity()},
             {"without red", protan},
             {"without green", deutan},
             {"without blue", tritan}}};
}

inline double linear(double channel) {
    const double c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

/// CIE 1976 L*a*b* for D65.
template <class Colour>
Eigen::Vector3d lab_of(Colour colour, const Eigen::Matrix3d& vision) {
    Eigen::Vector3d rgb =
        vision * Eigen::Vector3d(linear(colour.r), linear(colour.g), linear(colour.b));
    rgb = rgb.cwiseMax(0).cwiseMin(1);
    Eigen::Matrix3d xyz_of;
    xyz_of << 0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.0721750, 0.0193339,
        0.1191920, 0.9503041;
    const Eigen::Vector3d xyz = (xyz_of * rgb).cwiseQuotient(Eigen::Vector3d(0.95047, 1, 1.08883));
    const Eigen::Vector3d f = xyz.unaryExpr(
        [](double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; });
    return {116 * f.y() - 16, 500 * (f.x() - f.y()), 200 * (f.y() - f.z())};
}

/// A difference of 2.3 is just seen; five times as much is seen at a glance.
inline constexpr double kAtAGlance = 12;

}  // namespace guide::test
