// SPDX-License-Identifier: Apache-2.0
#include "xray_volume.hpp"

#include <guide/core/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace guide::simulate {
namespace {

constexpr int kLevels = 40;     // of bone: 0 cortex, beyond the last spongiosa
constexpr int kDensities = 16;  // of spongiosa
constexpr int kKinds = kLevels + kDensities;
constexpr float kLeast = 0.2F, kDensityStep = 0.1F;
constexpr float kStep = 0.02F;   // mm from one to the next
constexpr float kCortex = 1.5F;  // mm, where the levels begin
constexpr int kFirstBone = kTissueCount;
constexpr std::array kBones{Tissue::femur, Tissue::tibia, Tissue::patella, Tissue::fibula};

/// Edge of the largest blocks that are asked for once, voxels.
constexpr int kBlock = 8;
/// How much further than half a block's diagonal a border has to be: depths are right to first
/// order alone.
constexpr double kSafety = 1.3;

bool is_spongy(const TissueSample& sample) {
    return is_bone(sample.tissue) && sample.depth_mm >= kCortex + (kLevels - 0.5F) * kStep;
}

/// Fills blocks of voxels: those that lie deep in one tissue by the sample in their middle, others
/// by their eight parts.
class Filler {
  public:
    Filler(const VoxelGrid& grid, const TissueSampler& sampler, const SpongyBone& spongiosa,
           std::vector<std::uint8_t>& codes)
        : grid_(grid), sampler_(sampler), spongiosa_(spongiosa), codes_(codes) {
        const Eigen::Matrix3d axes = grid.patient_from_grid.linear();
        diagonal_mm_ = std::max(
            {(axes * Eigen::Vector3d(1, 1, 1)).norm(), (axes * Eigen::Vector3d(1, 1, -1)).norm(),
             (axes * Eigen::Vector3d(1, -1, 1)).norm(), (axes * Eigen::Vector3d(-1, 1, 1)).norm()});
    }

    void fill(const Eigen::Array3i& from, int edge) const {
        const Eigen::Array3i size(grid_.size[0], grid_.size[1], grid_.size[2]);
        if ((from >= size).any()) return;
        const Eigen::Vector3d middle =
            from.cast<double>().matrix() + Eigen::Vector3d::Constant(0.5 * (edge - 1));
        const TissueSample sample = sampler_(grid_.patient_from_grid * middle);
        const double clear = static_cast<double>(sample.depth_mm) -
                             (is_bone(sample.tissue) ? kCortex + kLevels * kStep : 0.0F);
        if (edge == 1 || clear > kSafety * 0.5 * (edge - 1) * diagonal_mm_) {
            const bool spongy = is_spongy(sample);
            const std::uint8_t code = xray_code(sample);
            const Eigen::Array3i to = (from + edge).min(size);
            for (int z = from.z(); z < to.z(); ++z) {
                for (int y = from.y(); y < to.y(); ++y) {
                    const auto row =
                        (static_cast<std::size_t>(z) * static_cast<std::size_t>(grid_.size[1]) +
                         static_cast<std::size_t>(y)) *
                        static_cast<std::size_t>(grid_.size[0]);
                    for (int x = from.x(); spongy && x < to.x(); ++x) {
                        codes_[row + static_cast<std::size_t>(x)] = xray_code(
                            sample,
                            spongiosa_.density(sample.tissue,
                                               grid_.patient_from_grid * Eigen::Vector3d(x, y, z)));
                    }
                    if (spongy) continue;
                    std::fill(codes_.begin() + static_cast<std::ptrdiff_t>(row) + from.x(),
                              codes_.begin() + static_cast<std::ptrdiff_t>(row) + to.x(), code);
                }
            }
            return;
        }
        const int half = edge / 2;
        for (int i = 0; i < 8; ++i)
            fill(from + half * Eigen::Array3i(i & 1, i >> 1 & 1, i >> 2), half);
    }

  private:
    const VoxelGrid& grid_;
    const TissueSampler& sampler_;
    const SpongyBone& spongiosa_;
    std::vector<std::uint8_t>& codes_;
    double diagonal_mm_;  ///< of a voxel
};

}  // namespace

std::uint8_t xray_code(const TissueSample& sample, float density) {
    const auto bone = std::find(kBones.begin(), kBones.end(), sample.tissue);
    if (bone == kBones.end()) return static_cast<std::uint8_t>(sample.tissue);
    int kind = static_cast<int>(
        std::clamp((sample.depth_mm - kCortex) / kStep + 0.5F, 0.0F, static_cast<float>(kLevels)));
    if (kind == kLevels) {
        kind += static_cast<int>(
            std::clamp((density - kLeast) / kDensityStep + 0.5F, 0.0F, kDensities - 1.0F));
    }
    return static_cast<std::uint8_t>(kFirstBone + (bone - kBones.begin()) * kKinds + kind);
}

Tissue tissue_of_code(std::uint8_t code) {
    if (code < kFirstBone) return static_cast<Tissue>(code);
    const auto bone = static_cast<std::size_t>((code - kFirstBone) / kKinds);
    return bone < kBones.size() ? kBones[bone] : Tissue::outside;
}

MaterialShare materials_of_code(std::uint8_t code) {
    const int kind = code < kFirstBone ? 0 : (code - kFirstBone) % kKinds;
    const int level = std::min(kind, kLevels);
    return materials_of(
        {tissue_of_code(code), kCortex + kStep * static_cast<float>(level)},
        kind < kLevels ? 1 : kLeast + kDensityStep * static_cast<float>(kind - kLevels));
}

std::vector<std::uint8_t> xray_codes(const TissueField& field, const SpongyBone& spongiosa,
                                     const Execution& execution) {
    const VoxelGrid& grid = field.grid();
    std::vector<std::uint8_t> codes(grid.count());
    for_each_band(execution, grid.size[2], 4, [&](int begin, int end) {
        auto i = static_cast<std::size_t>(begin) * static_cast<std::size_t>(grid.size[0]) *
                 static_cast<std::size_t>(grid.size[1]);
        for (int z = begin; z < end; ++z) {
            for (int y = 0; y < grid.size[1]; ++y) {
                for (int x = 0; x < grid.size[0]; ++x, ++i) {
                    const TissueSample sample = field.voxel(i);
                    codes[i] = xray_code(
                        sample, is_spongy(sample)
                                    ? spongiosa.density(sample.tissue, grid.patient_from_grid *
                                                                           Eigen::Vector3d(x, y, z))
                                    : 1);
                }
            }
        }
    });
    return codes;
}

std::vector<std::uint8_t> xray_codes(const VoxelGrid& grid, const TissueSampler& sampler,
                                     const SpongyBone& spongiosa, const Execution& execution) {
    require(grid.size[0] > 0 && grid.size[1] > 0 && grid.size[2] > 0, "FluoroscopySimulator",
            "the grid has voxels");
    std::vector<std::uint8_t> codes(grid.count());
    const Filler filler(grid, sampler, spongiosa, codes);
    const auto blocks = [&](std::size_t axis) { return (grid.size[axis] + kBlock - 1) / kBlock; };
    for_each_band(execution, blocks(1) * blocks(2), 4, [&](int begin, int end) {
        for (int row = begin; row < end; ++row) {
            for (int x = 0; x < blocks(0); ++x)
                filler.fill(kBlock * Eigen::Array3i(x, row % blocks(1), row / blocks(1)), kBlock);
        }
    });
    return codes;
}

}  // namespace guide::simulate
