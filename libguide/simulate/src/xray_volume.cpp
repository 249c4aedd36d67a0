// SPDX-License-Identifier: Apache-2.0
#include "xray_volume.hpp"

#include <guide/core/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace guide::simulate {
namespace {

constexpr int kLevels = 41;      // of bone: 0 cortex, the last spongiosa
constexpr float kStep = 0.02F;   // mm from one to the next
constexpr float kCortex = 1.5F;  // mm, where the levels begin
constexpr int kFirstBone = kTissueCount;
constexpr std::array kBones{Tissue::femur, Tissue::tibia, Tissue::patella, Tissue::fibula};

/// Edge of the largest blocks that are asked for once, voxels.
constexpr int kBlock = 8;
/// How much further than half a block's diagonal a border has to be: depths are right to first
/// order alone.
constexpr double kSafety = 1.3;

/// Fills blocks of voxels: those that lie deep in one tissue by the sample in their middle, others
/// by their eight parts.
class Filler {
  public:
    Filler(const VoxelGrid& grid, const TissueSampler& sampler, std::vector<std::uint8_t>& codes)
        : grid_(grid), sampler_(sampler), codes_(codes) {
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
            const std::uint8_t code = xray_code(sample);
            const Eigen::Array3i to = (from + edge).min(size);
            for (int z = from.z(); z < to.z(); ++z) {
                for (int y = from.y(); y < to.y(); ++y) {
                    const auto row =
                        (static_cast<std::size_t>(z) * static_cast<std::size_t>(grid_.size[1]) +
                         static_cast<std::size_t>(y)) *
                        static_cast<std::size_t>(grid_.size[0]);
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
    std::vector<std::uint8_t>& codes_;
    double diagonal_mm_;  ///< of a voxel
};

}  // namespace

std::uint8_t xray_code(const TissueSample& sample) {
    const auto bone = std::find(kBones.begin(), kBones.end(), sample.tissue);
    if (bone == kBones.end()) return static_cast<std::uint8_t>(sample.tissue);
    const int level = static_cast<int>(
        std::clamp((sample.depth_mm - kCortex) / kStep + 0.5F, 0.0F, kLevels - 1.0F));
    return static_cast<std::uint8_t>(kFirstBone + (bone - kBones.begin()) * kLevels + level);
}

Tissue tissue_of_code(std::uint8_t code) {
    if (code < kFirstBone) return static_cast<Tissue>(code);
    const auto bone = static_cast<std::size_t>((code - kFirstBone) / kLevels);
    return bone < kBones.size() ? kBones[bone] : Tissue::outside;
}

MaterialShare materials_of_code(std::uint8_t code) {
    const int level = code < kFirstBone ? 0 : (code - kFirstBone) % kLevels;
    return materials_of({tissue_of_code(code), kCortex + kStep * static_cast<float>(level)});
}

std::vector<std::uint8_t> xray_codes(const TissueField& field) {
    std::vector<std::uint8_t> codes(field.grid().count());
    for (std::size_t i = 0; i < codes.size(); ++i)
        codes[i] = xray_code(field.voxel(i));
    return codes;
}

std::vector<std::uint8_t> xray_codes(const VoxelGrid& grid, const TissueSampler& sampler,
                                     const Execution& execution) {
    require(grid.size[0] > 0 && grid.size[1] > 0 && grid.size[2] > 0, "FluoroscopySimulator",
            "the grid has voxels");
    std::vector<std::uint8_t> codes(grid.count());
    const Filler filler(grid, sampler, codes);
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
