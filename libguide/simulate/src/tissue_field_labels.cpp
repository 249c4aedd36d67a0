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

/// One label's share in the Gaussian neighbourhood of each voxel, in some slices; axis after axis.
/// Beyond the border stands the border voxel.
class ShareOfLabel {
  public:
    ShareOfLabel(const Draft& draft, double sigma) : size_(draft.size) {
        for (std::size_t a = 0; a < 3; ++a) {
            const double step = draft.spacing[static_cast<Eigen::Index>(a)];
            reach_[a] = std::max(1, static_cast<int>(std::ceil(2.5 * sigma / step)));
            double sum = 0;
            for (int i = -reach_[a]; i <= reach_[a]; ++i) {
                kernel_[a].push_back(
                    static_cast<float>(std::exp(-0.5 * std::pow(i * step / sigma, 2))));
                sum += static_cast<double>(kernel_[a].back());
            }
            for (float& weight : kernel_[a])
                weight = static_cast<float>(static_cast<double>(weight) / sum);
        }
        padded_.resize(static_cast<std::size_t>(size_[0] + 2 * reach_[0]));
    }

    /// Slices above and below that count.
    [[nodiscard]] int reach() const { return reach_[2]; }

    /// Shares of slices `begin` to `end`, one after the other.
    const std::vector<float>& of(const std::vector<std::uint8_t>& labels, std::uint8_t label,
                                 int begin, int end) {
        const auto plane = static_cast<std::size_t>(size_[0]) * static_cast<std::size_t>(size_[1]);
        const int low = begin - reach_[2], count = end - begin + 2 * reach_[2];
        smooth_.resize(plane * static_cast<std::size_t>(count));
        for (int k = 0; k < count; ++k) {
            const int z = std::clamp(low + k, 0, size_[2] - 1);
            slice(labels.data() + plane * static_cast<std::size_t>(z), label,
                  smooth_.data() + plane * static_cast<std::size_t>(k));
        }
        shares_.assign(plane * static_cast<std::size_t>(end - begin), 0.0F);
        for (int z = 0; z < end - begin; ++z) {
            float* out = shares_.data() + plane * static_cast<std::size_t>(z);
            for (std::size_t n = 0; n < kernel_[2].size(); ++n) {
                const float* in = smooth_.data() + plane * (static_cast<std::size_t>(z) + n);
                const float weight = kernel_[2][n];
                for (std::size_t i = 0; i < plane; ++i)
                    out[i] += weight * in[i];
            }
        }
        return shares_;
    }

  private:
    void slice(const std::uint8_t* labels, std::uint8_t label, float* out) {
        const auto width = static_cast<std::size_t>(size_[0]);
        rows_.resize(width * static_cast<std::size_t>(size_[1]));
        for (int y = 0; y < size_[1]; ++y) {
            const std::uint8_t* in = labels + static_cast<std::size_t>(y) * width;
            for (std::size_t i = 0; i < padded_.size(); ++i) {
                const int x = std::clamp(static_cast<int>(i) - reach_[0], 0, size_[0] - 1);
                padded_[i] = in[x] == label ? 1.0F : 0.0F;
            }
            float* row = rows_.data() + static_cast<std::size_t>(y) * width;
            std::fill(row, row + width, 0.0F);
            for (std::size_t n = 0; n < kernel_[0].size(); ++n) {
                for (std::size_t x = 0; x < width; ++x)
                    row[x] += kernel_[0][n] * padded_[x + n];
            }
        }
        for (int y = 0; y < size_[1]; ++y) {
            float* row = out + static_cast<std::size_t>(y) * width;
            std::fill(row, row + width, 0.0F);
            for (int j = -reach_[1]; j <= reach_[1]; ++j) {
                const auto v = static_cast<std::size_t>(std::clamp(y + j, 0, size_[1] - 1));
                const float weight = kernel_[1][static_cast<std::size_t>(j + reach_[1])];
                for (std::size_t x = 0; x < width; ++x)
                    row[x] += weight * rows_[v * width + x];
            }
        }
    }

    std::array<int, 3> size_, reach_{};
    std::array<std::vector<float>, 3> kernel_;
    std::vector<float> padded_, rows_, smooth_, shares_;
};

/// A plane smoothed by a Gaussian reads Phi(depth / sigma): the depth follows from the share of a
/// label in the smoothed neighbourhood, well below a voxel.
void smooth_boundaries(Draft& draft, const std::vector<std::uint8_t>& given, double sigma,
                       const Execution& execution) {
    const auto plane =
        static_cast<std::size_t>(draft.size[0]) * static_cast<std::size_t>(draft.size[1]);
    for_each_band(execution, draft.size[2], 16, [&](int begin, int end) {
        ShareOfLabel share(draft, sigma);
        std::array<bool, 256> there{};
        const int low = std::max(0, begin - share.reach());
        const int high = std::min(draft.size[2], end + share.reach());
        std::for_each(given.begin() + static_cast<std::ptrdiff_t>(plane) * low,
                      given.begin() + static_cast<std::ptrdiff_t>(plane) * high,
                      [&](std::uint8_t label) { there[label] = true; });
        const std::size_t count = plane * static_cast<std::size_t>(end - begin);
        const std::size_t first = plane * static_cast<std::size_t>(begin);
        std::vector<float> largest(count, -1.0F), second(count, 0.0F);
        for (std::size_t label = 0; label < there.size(); ++label) {
            if (!there[label]) continue;
            const auto name = static_cast<std::uint8_t>(label);
            const std::vector<float>& shares = share.of(given, name, begin, end);
            for (std::size_t i = 0; i < count; ++i) {
                if (shares[i] > largest[i]) {
                    second[i] = std::max(0.0F, largest[i]);
                    largest[i] = shares[i];
                    draft.labels[first + i] = name;
                } else {
                    second[i] = std::max(second[i], shares[i]);
                }
            }
        }
        for (std::size_t i = 0; i < count; ++i) {
            // Where a third label shares the place, the two nearest alone tell the depth.
            if (second[i] <= 1e-3F) continue;
            const auto most = static_cast<double>(largest[i]);
            const double both = most + static_cast<double>(second[i]);
            draft.depths[first + i] = static_cast<float>(sigma * probit(most / both));
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
    // Rows (y, z) that hold a known depth; about most there is none to carry.
    const auto width = static_cast<std::size_t>(draft.size[0]);
    std::vector<bool> known(draft.labels.size() / width);
    for (std::size_t row = 0; row < known.size(); ++row) {
        const auto begin = draft.depths.begin() + static_cast<std::ptrdiff_t>(row * width);
        known[row] = std::any_of(begin, begin + draft.size[0], [](float d) { return d < kFar; });
    }
    const auto row_of = [&](int y, int z) {
        return static_cast<std::size_t>(z) * static_cast<std::size_t>(draft.size[1]) +
               static_cast<std::size_t>(y);
    };
    const auto knows = [&](int y, int z) {
        return y >= 0 && z >= 0 && y < draft.size[1] && z < draft.size[2] && known[row_of(y, z)];
    };

    // Along one row, from its own voxels and those of the row at (y + dy, z + dz).
    const auto pass = [&](int y, int z, int turn, int dy, int dz) {
        const std::ptrdiff_t here = draft.index(0, y, z), other = draft.index(0, y + dy, z + dz);
        for (int kx = 0; kx < draft.size[0]; ++kx) {
            const int x = turn > 0 ? kx : draft.size[0] - 1 - kx;
            const auto at = static_cast<std::size_t>(here + x);
            // The neighbour behind, or that of the other row and the one behind it.
            for (int dx = dy == 0 && dz == 0 ? -turn : 0;; dx = -turn) {
                const int u = x + dx;
                if (u < 0 || u >= draft.size[0]) break;
                const auto there = static_cast<std::size_t>(other + u);
                if (draft.depths[there] < kFar && draft.labels[there] == draft.labels[at]) {
                    const Offset o{static_cast<std::int16_t>(from[there].x + dx),
                                   static_cast<std::int16_t>(from[there].y + dy),
                                   static_cast<std::int16_t>(from[there].z + dz)};
                    const auto source =
                        static_cast<std::size_t>(draft.index(x + o.x, y + o.y, z + o.z));
                    const double length =
                        Eigen::Vector3d(o.x * draft.spacing[0], o.y * draft.spacing[1],
                                        o.z * draft.spacing[2])
                            .norm();
                    const auto depth =
                        static_cast<float>(length + static_cast<double>(seed[source]));
                    if (depth < draft.depths[at]) {
                        draft.depths[at] = depth;
                        from[at] = o;
                        known[row_of(y, z)] = true;
                    }
                }
                if (dx != 0) break;
            }
        }
    };
    const auto sweep = [&](int direction) {
        const auto at_turn = [&](int i, int n) { return direction > 0 ? i : n - 1 - i; };
        for (int kz = 0; kz < draft.size[2]; ++kz) {
            const int z = at_turn(kz, draft.size[2]);
            for (int ky = 0; ky < draft.size[1]; ++ky) {
                const int y = at_turn(ky, draft.size[1]);
                // Along x both ways, so that two sweeps reach all eight octants.
                for (const int turn : {direction, -direction}) {
                    if (knows(y - direction, z)) pass(y, z, turn, -direction, 0);
                    if (knows(y, z - direction)) pass(y, z, turn, 0, -direction);
                    if (knows(y, z)) pass(y, z, turn, 0, 0);
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
