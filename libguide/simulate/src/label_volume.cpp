// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/label_volume.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace guide::simulate {
namespace {

/// Distances on a grid of cells of about 2 mm.
class CoarseDistance {
  public:
    CoarseDistance(const VoxelGrid& grid, const std::vector<std::uint8_t>& labels) {
        constexpr double kCell = 2;  // mm
        for (std::size_t a = 0; a < 3; ++a) {
            const double voxel =
                grid.patient_from_grid.linear().col(static_cast<Eigen::Index>(a)).norm();
            factor_[a] = std::max(1, static_cast<int>(std::lround(kCell / voxel)));
            size_[a] = (grid.size[a] + factor_[a] - 1) / factor_[a];
            edge_[a] = factor_[a] * voxel;
        }
        squared_.assign(index(0, 0, size_[2]), kFar);
        std::size_t i = 0;
        for (int z = 0; z < grid.size[2]; ++z) {
            for (int y = 0; y < grid.size[1]; ++y) {
                for (int x = 0; x < grid.size[0]; ++x, ++i) {
                    if (labels[i] != 0)
                        squared_[index(x / factor_[0], y / factor_[1], z / factor_[2])] = 0;
                }
            }
        }
        for (std::size_t a = 0; a < 3; ++a)
            along(a);
    }

    /// At a voxel, mm: linear between the cells' middles.
    [[nodiscard]] double at(int x, int y, int z) const {
        const int voxel[3] = {x, y, z};
        int low[3], high[3];
        double f[3];
        for (std::size_t a = 0; a < 3; ++a) {
            const double at = std::clamp((voxel[a] + 0.5) / factor_[a] - 0.5, 0.0,
                                         static_cast<double>(size_[a] - 1));
            low[a] = static_cast<int>(at);
            high[a] = std::min(low[a] + 1, size_[a] - 1);
            f[a] = at - low[a];
        }
        double sum = 0;
        for (int i = 0; i < 8; ++i) {
            const bool u = (i & 1) != 0, v = (i & 2) != 0, w = (i & 4) != 0;
            const double weight =
                (u ? f[0] : 1 - f[0]) * (v ? f[1] : 1 - f[1]) * (w ? f[2] : 1 - f[2]);
            if (weight > 0) {
                sum += weight * std::sqrt(squared_[index(u ? high[0] : low[0], v ? high[1] : low[1],
                                                         w ? high[2] : low[2])]);
            }
        }
        return sum;
    }

  private:
    static constexpr double kFar = 1e12;

    [[nodiscard]] std::size_t index(int x, int y, int z) const {
        return (static_cast<std::size_t>(z) * static_cast<std::size_t>(size_[1]) +
                static_cast<std::size_t>(y)) *
                   static_cast<std::size_t>(size_[0]) +
               static_cast<std::size_t>(x);
    }

    /// Squared distances line by line: each the least over its line, once for every axis.
    void along(std::size_t axis) {
        const std::size_t b = (axis + 1) % 3, c = (axis + 2) % 3;
        const auto count = static_cast<std::size_t>(size_[axis]);
        std::vector<double> line(count);
        for (int j = 0; j < size_[b]; ++j) {
            for (int k = 0; k < size_[c]; ++k) {
                int at[3];
                at[b] = j;
                at[c] = k;
                const auto place = [&](std::size_t i) {
                    at[axis] = static_cast<int>(i);
                    return index(at[0], at[1], at[2]);
                };
                for (std::size_t i = 0; i < count; ++i)
                    line[i] = squared_[place(i)];
                for (std::size_t i = 0; i < count; ++i) {
                    double least = kFar;
                    for (std::size_t n = 0; n < count; ++n) {
                        const double step =
                            edge_[axis] * (static_cast<double>(i) - static_cast<double>(n));
                        least = std::min(least, line[n] + step * step);
                    }
                    squared_[place(i)] = least;
                }
            }
        }
    }

    std::array<int, 3> factor_{}, size_{};
    std::array<double, 3> edge_{};  // mm
    std::vector<double> squared_;
};

}  // namespace

std::vector<std::uint8_t> with_surroundings(const VoxelGrid& grid, std::vector<std::uint8_t> labels,
                                            Tissue tissue, double around_mm) {
    require(labels.size() == grid.count() && !labels.empty(), "with_surroundings",
            "there is one label for each voxel");
    require(around_mm >= 0 && around_mm <= 1000, "with_surroundings", "around_mm is 0 to 1000");
    if (around_mm <= 0 || tissue == Tissue::outside) return labels;
    const CoarseDistance distance(grid, labels);
    std::size_t i = 0;
    for (int z = 0; z < grid.size[2]; ++z) {
        for (int y = 0; y < grid.size[1]; ++y) {
            for (int x = 0; x < grid.size[0]; ++x, ++i) {
                if (labels[i] == 0 && distance.at(x, y, z) <= around_mm)
                    labels[i] = static_cast<std::uint8_t>(tissue);
            }
        }
    }
    return labels;
}

std::optional<Eigen::Vector3d> joint_centre(const VoxelGrid& grid,
                                            const std::vector<std::uint8_t>& labels) {
    require(labels.size() == grid.count(), "joint_centre", "there is one label for each voxel");
    constexpr double kCentimetre = 10;
    const auto each = [&](Tissue tissue, auto visit) {
        std::size_t i = 0;
        for (int z = 0; z < grid.size[2]; ++z) {
            for (int y = 0; y < grid.size[1]; ++y) {
                for (int x = 0; x < grid.size[0]; ++x, ++i) {
                    if (labels[i] == static_cast<std::uint8_t>(tissue))
                        visit(Eigen::Vector3d(grid.patient_from_grid * Eigen::Vector3d(x, y, z)));
                }
            }
        }
    };
    double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
    each(Tissue::femur, [&](const Eigen::Vector3d& p) { lowest = std::min(lowest, p.z()); });
    each(Tissue::tibia, [&](const Eigen::Vector3d& p) { highest = std::max(highest, p.z()); });
    if (!std::isfinite(lowest) || !std::isfinite(highest)) return std::nullopt;
    Eigen::Vector3d above = Eigen::Vector3d::Zero(), below = above;
    double many = 0, more = 0;
    each(Tissue::femur, [&](const Eigen::Vector3d& p) {
        if (p.z() < lowest + kCentimetre) above += p, ++many;
    });
    each(Tissue::tibia, [&](const Eigen::Vector3d& p) {
        if (p.z() > highest - kCentimetre) below += p, ++more;
    });
    return 0.5 * (above / many + below / more);
}

}  // namespace guide::simulate
