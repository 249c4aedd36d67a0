// SPDX-License-Identifier: Apache-2.0
#include "us_texture.hpp"

#include "us_random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace guide::simulate {
namespace {

std::size_t index_of(int x, int y, int z, int size) {
    return (static_cast<std::size_t>(z) * static_cast<std::size_t>(size) +
            static_cast<std::size_t>(y)) *
               static_cast<std::size_t>(size) +
           static_cast<std::size_t>(x);
}

std::array<Layers, kTissueCount> table() {
    using enum Lamellae::Along;
    std::array<Layers, kTissueCount> rows{};
    const auto set = [&](Tissue tissue, const Layers& layers) {
        rows[static_cast<std::size_t>(tissue)] = layers;
    };
    // Engineering: sizes as seen on real frames of knees.
    const Lamellae tendon_bundles{boundary, 1.2F, 0, 0.6F, {3, 2, 10}, 0.26F, 0.25F};
    const Lamellae fibrils{boundary, 0.3F, 0, 1.0F, {3, 3, 10}, 0.085F, 0};
    const Layers tendon{{tendon_bundles, {}}, fibrils, 0.75F, 0.5F, {4, 1.5F, 9}};
    const Lamellae pad_septa{axis, 1.5F, 0.10F, 1.0F, {6, 4, 10}, 0.26F, 0.1F};
    const Lamellae pad_fibres{axis, 0.4F, 0.05F, 1.6F, {6, 4, 9}, 0.06F, 0};
    const Layers pad{{pad_septa, {}}, pad_fibres, 0.8F, 0.5F, {5, 2.5F, 6}};
    set(Tissue::skin,
        {{}, {boundary, 0.35F, 0, 0.4F, {2, 2, 2}, 0.05F, 0}, 0.8F, 0.3F, {1.5F, 1, 2}});
    // Two families that cross cut fat into lobules like lenses.
    set(Tissue::subcutaneous_fat, {{Lamellae{axis, 2.0F, 0.08F, 0.9F, {9, 6, 9}, 0.48F, 0.55F},
                                    Lamellae{axis, 2.6F, -0.12F, 0.8F, {8, 6, 8}, 0.46F, 0.35F}},
                                   {axis, 0.5F, 0.04F, 1.5F, {6, 4, 9}, 0.012F, 0},
                                   0.5F,
                                   0.35F,
                                   {4, 2, 4}});
    set(Tissue::muscle, {{Lamellae{axis, 1.6F, 0.16F, 0.9F, {4, 3, 11}, 0.24F, 0.15F}, {}},
                         {axis, 0.4F, 0.16F, 1.2F, {4, 3, 10}, 0.04F, 0},
                         0.55F,
                         0.55F,
                         {2, 1.5F, 7}});
    for (const Tissue t : {Tissue::quadriceps_tendon, Tissue::patellar_tendon, Tissue::ligament})
        set(t, tendon);
    for (const Tissue t :
         {Tissue::suprapatellar_fat_pad, Tissue::prefemoral_fat_pad, Tissue::hoffa_fat_pad})
        set(t, pad);
    set(Tissue::synovium, {{}, {}, 1, 0.4F, {1, 1, 2}});
    set(Tissue::meniscus, {{}, {}, 1, 0.3F, {1, 1, 1}});
    set(Tissue::nerve,
        {{Lamellae{axis, 0.6F, 0, 0.5F, {1, 1, 8}, 0.11F, 0.45F}, {}}, {}, 0.7F, 0.4F, {1, 1, 8}});
    return rows;
}

/// From every kFeature-th value of a line to all of them, by a cubic B-spline that repeats.
template <int kSize, int kFeature>
void spread_along(float* values, std::size_t stride, std::array<float, kSize / kFeature>& line) {
    constexpr int kLattice = kSize / kFeature;
    for (std::size_t i = 0; i < kLattice; ++i)
        line[i] = values[i * kFeature * stride];
    for (int i = 0; i < kSize; ++i) {
        const float t = static_cast<float>(i % kFeature) / kFeature, s = 1 - t;
        const float weights[4] = {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6,
                                  (3 * s * s * s - 6 * s * s + 4) / 6, t * t * t / 6};
        float sum = 0;
        for (int k = 0; k < 4; ++k)
            sum += weights[k] *
                   line[static_cast<std::size_t>((i / kFeature + k - 1 + kLattice) % kLattice)];
        values[static_cast<std::size_t>(i) * stride] = sum;
    }
}

}  // namespace

NoiseVolume::NoiseVolume(std::uint64_t seed)
    : values_(static_cast<std::size_t>(kSize) * kSize * kSize) {
    // Random numbers on a coarse lattice, made smooth by cubic B-splines along each axis in turn.
    constexpr int kLattice = kSize / kFeature;
    const std::uint32_t base = folded(seed ^ 0x7465787475726573ULL);
    for (int z = 0; z < kLattice; ++z) {
        for (int y = 0; y < kLattice; ++y) {
            for (int x = 0; x < kLattice; ++x) {
                const std::uint32_t h =
                    CellHash::mixed(base + static_cast<std::uint32_t>((z * 64 + y) * 64 + x));
                values_[index_of(x * kFeature, y * kFeature, z * kFeature, kSize)] =
                    (static_cast<float>(h >> 8) / 8388608.0F - 1) * 1.7320508F;
            }
        }
    }
    std::array<float, kLattice> line{};
    for (int axis = 0; axis < 3; ++axis) {
        // Lines along x run through lattice points alone, those along y through all x, those along
        // z through everything.
        const int step_x = axis == 0 ? kSize : 1, step_y = axis == 0   ? kFeature
                                                           : axis == 1 ? kSize
                                                                       : 1;
        const int step_z = axis == 2 ? kSize : kFeature;
        const std::size_t stride = axis == 0   ? 1
                                   : axis == 1 ? std::size_t{kSize}
                                               : std::size_t{kSize} * kSize;
        for (int z = 0; z < kSize; z += step_z) {
            for (int y = 0; y < kSize; y += step_y) {
                for (int x = 0; x < kSize; x += step_x)
                    spread_along<kSize, kFeature>(&values_[index_of(x, y, z, kSize)], stride, line);
            }
        }
    }
    double squares = 0;
    for (const float v : values_)
        squares += static_cast<double>(v) * static_cast<double>(v);
    const auto scale = static_cast<float>(
        1 / std::sqrt(std::max(1e-12, squares / static_cast<double>(values_.size()))));
    for (float& v : values_)
        v *= scale;
}

float NoiseVolume::at(const Eigen::Vector3f& point) const {
    int low[3], high[3];
    float f[3];
    for (int a = 0; a < 3; ++a) {
        const float p = point[a] * kFeature, below = std::floor(p);
        f[a] = p - below;
        low[a] = static_cast<int>(below) & (kSize - 1);
        high[a] = (low[a] + 1) & (kSize - 1);
    }
    const auto along_x = [&](int y, int z) {
        const float left = values_[index_of(low[0], y, z, kSize)];
        return left + f[0] * (values_[index_of(high[0], y, z, kSize)] - left);
    };
    const float a = along_x(low[1], low[2]), b = along_x(high[1], low[2]);
    const float c = along_x(low[1], high[2]), d = along_x(high[1], high[2]);
    const float front = a + f[1] * (b - a), back = c + f[1] * (d - c);
    return front + f[2] * (back - front);
}

const Layers& layers_of(Tissue tissue) {
    static const std::array<Layers, kTissueCount> rows = table();
    return rows[static_cast<std::size_t>(tissue)];
}

Eigen::Vector3d fibres_along(const Eigen::Vector3d& normal) {
    const Eigen::Vector3d limb = Eigen::Vector3d::UnitZ();
    const Eigen::Vector3d in_surface = limb - normal * normal.dot(limb);
    const double length = in_surface.norm();
    return length > 0.2 ? Eigen::Vector3d(in_surface / length) : limb;
}

}  // namespace guide::simulate
