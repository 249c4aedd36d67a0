// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/tissue_field.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace guide::simulate {
namespace {

constexpr float kFar = 5.1F;  // mm, what a depth can hold

/// The deviate of the standard normal distribution at probability p: Newton's method on erf, from
/// the centre outwards; p is kept within four deviations.
double probit(double p) {
    p = std::clamp(p, 3.2e-5, 1 - 3.2e-5);
    double x = 0;
    for (int i = 0; i < 40; ++i) {
        const double value = 0.5 * std::erfc(-x / std::sqrt(2.0)) - p;
        const double slope = std::exp(-0.5 * x * x) / std::sqrt(2 * 3.14159265358979323846);
        const double step = std::clamp(value / slope, -0.5, 0.5);
        x -= step;
        if (std::abs(step) < 1e-9) break;
    }
    return x;
}

/// Labels and depths while they are made; x fastest.
struct Draft {
    std::array<int, 3> size;
    Eigen::Vector3d spacing;  // mm
    std::vector<std::uint8_t> labels;
    std::vector<float> depths;

    [[nodiscard]] std::ptrdiff_t index(int x, int y, int z) const {
        return (static_cast<std::ptrdiff_t>(z) * size[1] + y) * size[0] + x;
    }
    [[nodiscard]] bool contains(int x, int y, int z) const {
        return x >= 0 && y >= 0 && z >= 0 && x < size[0] && y < size[1] && z < size[2];
    }
};

/// Voxels with a neighbour of another label within `reach` voxels along an axis.
bool near_boundary(const Draft& d, const std::vector<std::uint8_t>& labels, int x, int y, int z,
                   const std::array<int, 3>& reach) {
    const std::uint8_t own = labels[static_cast<std::size_t>(d.index(x, y, z))];
    for (int a = 0; a < 3; ++a) {
        for (int s = -reach[static_cast<std::size_t>(a)]; s <= reach[static_cast<std::size_t>(a)];
             ++s) {
            const int u = x + (a == 0 ? s : 0), v = y + (a == 1 ? s : 0), w = z + (a == 2 ? s : 0);
            if (d.contains(u, v, w) && labels[static_cast<std::size_t>(d.index(u, v, w))] != own)
                return true;
        }
    }
    return false;
}

/// A plane smoothed by a Gaussian reads Phi(depth / sigma): the depth follows from the share of a
/// label in the smoothed neighbourhood, well below a voxel.
void smooth_boundaries(Draft& draft, const std::vector<std::uint8_t>& given, double sigma,
                       const Execution& execution) {
    std::array<int, 3> reach{};
    std::array<std::vector<double>, 3> kernel;
    for (std::size_t a = 0; a < 3; ++a) {
        const double step = draft.spacing[static_cast<Eigen::Index>(a)];
        reach[a] = std::max(1, static_cast<int>(std::ceil(2.5 * sigma / step)));
        for (int i = -reach[a]; i <= reach[a]; ++i)
            kernel[a].push_back(std::exp(-0.5 * std::pow(i * step / sigma, 2)));
    }
    for_each_band(execution, draft.size[2], 4, [&](int begin, int end) {
        std::array<double, 256> share{};
        for (int z = begin; z < end; ++z) {
            for (int y = 0; y < draft.size[1]; ++y) {
                for (int x = 0; x < draft.size[0]; ++x) {
                    if (!near_boundary(draft, given, x, y, z, reach)) continue;
                    share.fill(0);
                    double sum = 0;
                    for (int k = -reach[2]; k <= reach[2]; ++k) {
                        for (int j = -reach[1]; j <= reach[1]; ++j) {
                            for (int i = -reach[0]; i <= reach[0]; ++i) {
                                // Beyond the border stands the border voxel.
                                const int u = std::clamp(x + i, 0, draft.size[0] - 1);
                                const int v = std::clamp(y + j, 0, draft.size[1] - 1);
                                const int w = std::clamp(z + k, 0, draft.size[2] - 1);
                                const double weight =
                                    kernel[0][static_cast<std::size_t>(i + reach[0])] *
                                    kernel[1][static_cast<std::size_t>(j + reach[1])] *
                                    kernel[2][static_cast<std::size_t>(k + reach[2])];
                                share[given[static_cast<std::size_t>(draft.index(u, v, w))]] +=
                                    weight;
                                sum += weight;
                            }
                        }
                    }
                    const auto best = std::max_element(share.begin(), share.end());
                    const auto at = static_cast<std::size_t>(draft.index(x, y, z));
                    const double largest = *best;
                    *best = 0;
                    const double second = *std::max_element(share.begin(), share.end());
                    draft.labels[at] = static_cast<std::uint8_t>(best - share.begin());
                    // Where a third label shares the place, the two nearest alone tell the depth.
                    if (second > 1e-3 * sum) {
                        draft.depths[at] =
                            static_cast<float>(sigma * probit(largest / (largest + second)));
                    }
                }
            }
        }
    });
}

/// Voxel faces as boundaries.
void faces(Draft& draft, const std::vector<std::uint8_t>& given) {
    for (int z = 0; z < draft.size[2]; ++z) {
        for (int y = 0; y < draft.size[1]; ++y) {
            for (int x = 0; x < draft.size[0]; ++x) {
                const auto at = static_cast<std::size_t>(draft.index(x, y, z));
                for (int a = 0; a < 3; ++a) {
                    for (const int s : {-1, 1}) {
                        const int u = x + (a == 0 ? s : 0), v = y + (a == 1 ? s : 0),
                                  w = z + (a == 2 ? s : 0);
                        if (draft.contains(u, v, w) &&
                            given[static_cast<std::size_t>(draft.index(u, v, w))] != given[at]) {
                            draft.depths[at] = std::min(draft.depths[at],
                                                        static_cast<float>(draft.spacing[a] / 2));
                        }
                    }
                }
            }
        }
    }
}

/// Carries depths inwards: from each voxel with a known depth along straight lines within its label
/// (Danielsson's vector propagation, two sweeps).
void spread(Draft& draft) {
    struct Offset {
        std::int16_t x, y, z;
    };
    std::vector<Offset> from(draft.labels.size(), Offset{0, 0, 0});
    const std::vector<float> seed = draft.depths;
    const auto sweep = [&](int direction) {
        const int first = direction > 0 ? 0 : 1;
        const auto at_turn = [&](int i, int n) { return first == 0 ? i : n - 1 - i; };
        for (int kz = 0; kz < draft.size[2]; ++kz) {
            const int z = at_turn(kz, draft.size[2]);
            for (int ky = 0; ky < draft.size[1]; ++ky) {
                const int y = at_turn(ky, draft.size[1]);
                // Along x both ways, so that two sweeps reach all eight octants.
                for (const int turn : {direction, -direction}) {
                    for (int kx = 0; kx < draft.size[0]; ++kx) {
                        const int x = turn > 0 ? kx : draft.size[0] - 1 - kx;
                        const auto at = static_cast<std::size_t>(draft.index(x, y, z));
                        const int neighbours[5][3] = {{-turn, 0, 0},
                                                      {0, -direction, 0},
                                                      {0, 0, -direction},
                                                      {-turn, -direction, 0},
                                                      {-turn, 0, -direction}};
                        for (const auto& n : neighbours) {
                            const int u = x + n[0], v = y + n[1], w = z + n[2];
                            if (!draft.contains(u, v, w)) continue;
                            const auto there = static_cast<std::size_t>(draft.index(u, v, w));
                            if (draft.labels[there] != draft.labels[at] ||
                                draft.depths[there] >= kFar)
                                continue;
                            const Offset o{static_cast<std::int16_t>(from[there].x + n[0]),
                                           static_cast<std::int16_t>(from[there].y + n[1]),
                                           static_cast<std::int16_t>(from[there].z + n[2])};
                            const auto source =
                                static_cast<std::size_t>(draft.index(x + o.x, y + o.y, z + o.z));
                            const double length =
                                Eigen::Vector3d(o.x * draft.spacing[0], o.y * draft.spacing[1],
                                                o.z * draft.spacing[2])
                                    .norm();
                            const auto depth = static_cast<float>(length + seed[source]);
                            if (depth < draft.depths[at]) {
                                draft.depths[at] = depth;
                                from[at] = o;
                            }
                        }
                    }
                }
            }
        }
    };
    sweep(1);
    sweep(-1);
}

}  // namespace

TissueField TissueField::from_labels(const VoxelGrid& grid, const std::vector<std::uint8_t>& labels,
                                     double smooth_mm, const Execution& execution) {
    require(labels.size() == grid.count() && !labels.empty(), "TissueField::from_labels",
            "there is one label for each voxel");
    require(smooth_mm >= 0 && smooth_mm <= 5, "TissueField::from_labels", "smooth_mm is 0 to 5 mm");
    require(*std::max_element(labels.begin(), labels.end()) < kTissueCount,
            "TissueField::from_labels", "labels are those of Tissue");
    const Eigen::Matrix3d axes = grid.patient_from_grid.linear();
    Draft draft{grid.size, axes.colwise().norm(), labels, std::vector<float>(labels.size(), kFar)};
    if (smooth_mm > 0) {
        smooth_boundaries(draft, labels, smooth_mm, execution);
    } else {
        faces(draft, labels);
    }
    spread(draft);
    return {grid, std::move(draft.labels), draft.depths};
}

}  // namespace guide::simulate
