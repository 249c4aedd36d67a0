// SPDX-License-Identifier: Apache-2.0
#include "volume_boxes.hpp"

namespace guide::plan {
namespace {

constexpr float kNever = std::numeric_limits<float>::infinity();

std::uint32_t packed(int x, int y, int z) {
    return static_cast<std::uint32_t>(x) | static_cast<std::uint32_t>(y) << 11 |
           static_cast<std::uint32_t>(z) << 22;
}

/// One line of the separable transform. A box is as near as the nearer of its two faces, which lie
/// half-way between nodes: the lower envelope of parabolas over the faces, and the node's own
/// value where it lies in the box's slab.
class Line {
  public:
    explicit Line(int nodes)
        : g(static_cast<std::size_t>(nodes)),
          from(static_cast<std::size_t>(nodes)),
          site_(static_cast<std::size_t>(nodes)),
          start_(static_cast<std::size_t>(nodes)) {}

    std::vector<float> g;             ///< squared distance at each node, in and out
    std::vector<std::uint32_t> from;  ///< the box it belongs to

    void transform(double edge) {
        const int n = static_cast<int>(g.size());
        const auto at = [](int i) { return static_cast<std::size_t>(i); };
        const double e2 = edge * edge;
        // Face h stands at h + 1/2, between the nodes h and h + 1, and takes the smaller value.
        height_ = g;
        owner_ = from;
        for (int h = 0; h + 1 < n; ++h) {
            if (g[at(h + 1)] < g[at(h)])
                height_[at(h)] = g[at(h + 1)], owner_[at(h)] = from[at(h + 1)];
        }
        int count = 0;
        for (int h = 0; h + 1 < n; ++h) {
            if (height_[at(h)] == kNever) continue;
            double begin = -1;
            while (count > 0) {
                const int other = site_[at(count - 1)];
                const double a = h + 0.5, b = other + 0.5;
                begin = ((static_cast<double>(height_[at(h)]) - height_[at(other)]) / e2 +
                         (a * a - b * b)) /
                        (2 * (a - b));
                if (begin > start_[at(count - 1)]) break;
                --count;
                begin = -1;
            }
            site_[at(count)] = h;
            start_[at(count)] = begin;
            ++count;
        }
        if (count == 0) return;
        int current = 0;
        for (int i = 0; i < n; ++i) {
            while (current + 1 < count && start_[at(current + 1)] < i)
                ++current;
            const int h = site_[at(current)];
            const double away = (i - h - 0.5) * edge;
            const float d = static_cast<float>(away * away + height_[at(h)]);
            if (d < g[at(i)]) g[at(i)] = d, from[at(i)] = owner_[at(h)];
        }
    }

  private:
    std::vector<float> height_;
    std::vector<std::uint32_t> owner_;
    std::vector<int> site_;
    std::vector<double> start_;
};

}  // namespace

BoxField::BoxField(const VoxelFrame& frame, const std::vector<std::uint8_t>& in_set,
                   const Execution& execution)
    : frame_(frame), edge2_(frame.edge.cwiseAbs2()) {
    if (std::ranges::none_of(in_set, [](std::uint8_t v) { return v != 0; })) return;
    const int nx = frame.size[0], ny = frame.size[1], nz = frame.size[2];
    nearest_.assign(frame.count(), kNone);
    std::vector<float> squared(frame.count(), kNever);
    Workers workers(execution);
    workers.for_each_band(nz, 4, [&](int begin, int end) {
        Line along_x(nx), along_y(ny);
        for (int k = begin; k < end; ++k) {
            for (int j = 0; j < ny; ++j) {
                const std::size_t row = frame.index(0, j, k);
                bool any = false;
                for (int i = 0; i < nx; ++i) {
                    const auto x = static_cast<std::size_t>(i);
                    const bool in = in_set[row + x] != 0;
                    any = any || in;
                    along_x.g[x] = in ? 0 : kNever;
                    along_x.from[x] = in ? packed(i, j, k) : kNone;
                }
                if (!any) continue;
                along_x.transform(frame.edge.x());
                std::ranges::copy(along_x.g, squared.begin() + static_cast<std::ptrdiff_t>(row));
                std::ranges::copy(along_x.from,
                                  nearest_.begin() + static_cast<std::ptrdiff_t>(row));
            }
            for (int i = 0; i < nx; ++i) {
                for (int j = 0; j < ny; ++j) {
                    const std::size_t v = frame.index(i, j, k);
                    along_y.g[static_cast<std::size_t>(j)] = squared[v];
                    along_y.from[static_cast<std::size_t>(j)] = nearest_[v];
                }
                along_y.transform(frame.edge.y());
                for (int j = 0; j < ny; ++j) {
                    const std::size_t v = frame.index(i, j, k);
                    squared[v] = along_y.g[static_cast<std::size_t>(j)];
                    nearest_[v] = along_y.from[static_cast<std::size_t>(j)];
                }
            }
        }
    });
    workers.for_each_band(ny, 4, [&](int begin, int end) {
        Line along_z(nz);
        for (int j = begin; j < end; ++j) {
            for (int i = 0; i < nx; ++i) {
                for (int k = 0; k < nz; ++k) {
                    const std::size_t v = frame.index(i, j, k);
                    along_z.g[static_cast<std::size_t>(k)] = squared[v];
                    along_z.from[static_cast<std::size_t>(k)] = nearest_[v];
                }
                along_z.transform(frame.edge.z());
                for (int k = 0; k < nz; ++k)
                    nearest_[frame.index(i, j, k)] = along_z.from[static_cast<std::size_t>(k)];
            }
        }
    });
}

template <class Visit>
void BoxField::visit_corners(const Eigen::Vector3d& v, Visit visit) const {
    const auto pair_of = [](double at, int size) {
        const int low = std::clamp(static_cast<int>(std::floor(at)), 0, size - 1);
        return std::array{low, std::min(low + 1, size - 1)};
    };
    const auto xs = pair_of(v.x(), frame_.size[0]), ys = pair_of(v.y(), frame_.size[1]),
               zs = pair_of(v.z(), frame_.size[2]);
    for (const int z : zs) {
        for (const int y : ys) {
            for (const int x : xs)
                visit(x, y, z, nearest_[frame_.index(x, y, z)]);
        }
    }
}

double BoxField::near_in_voxels(const Eigen::Vector3d& v) const {
    if (empty()) return kFar;
    const auto low = [](double at, int size) {
        return std::clamp(static_cast<int>(at + 1) - 1, 0, size - 2);
    };
    const std::uint32_t* const at =
        nearest_.data() + frame_.index(low(v.x(), frame_.size[0]), low(v.y(), frame_.size[1]),
                                       low(v.z(), frame_.size[2]));
    const auto down = static_cast<std::size_t>(frame_.size[0]);
    const std::size_t deep = down * static_cast<std::size_t>(frame_.size[1]);
    const std::array boxes{at[0],    at[1],        at[down],        at[down + 1],
                           at[deep], at[deep + 1], at[deep + down], at[deep + down + 1]};
    double best = to_box(v, boxes[0]);
    for (std::size_t i = 1; i < 8; ++i) {
        if (boxes[i] != boxes[i - 1] && boxes[i] != boxes[0])
            best = std::min(best, to_box(v, boxes[i]));
    }
    return std::sqrt(best);
}

double BoxField::least(const Eigen::Vector3d& p) const {
    if (empty()) return kFar;
    const Eigen::Vector3d v = frame_.in_voxels(p);
    double best = 0;
    visit_corners(v, [&](int x, int y, int z, std::uint32_t box) {
        const Eigen::Vector3d node(x, y, z);
        best = std::max(best,
                        std::sqrt(to_box(node, box)) - (v - node).cwiseProduct(frame_.edge).norm());
    });
    return best;
}

double BoxField::exact(const Eigen::Vector3d& p, double cutoff) const {
    if (empty()) return kFar;
    const double enough = least(p), found = near(p);
    if (enough >= cutoff) return enough;
    // A box nearer than `found` to p is the nearest one of the voxel that it is; that voxel and p
    // are no farther apart than `found` and half a voxel.
    const Eigen::Vector3d v = frame_.in_voxels(p);
    double best = found * found;
    std::array<int, 3> from{}, to{};
    for (int a = 0; a < 3; ++a) {
        const double reach = found / frame_.edge[a] + 0.5;
        from[static_cast<std::size_t>(a)] = std::max(0, static_cast<int>(std::ceil(v[a] - reach)));
        to[static_cast<std::size_t>(a)] = std::min(frame_.size[static_cast<std::size_t>(a)] - 1,
                                                   static_cast<int>(std::floor(v[a] + reach)));
    }
    for (int z = from[2]; z <= to[2]; ++z) {
        for (int y = from[1]; y <= to[1]; ++y) {
            for (int x = from[0]; x <= to[0]; ++x) {
                const std::uint32_t box = nearest_[frame_.index(x, y, z)];
                if (box == packed(x, y, z)) best = std::min(best, to_box(v, box));
            }
        }
    }
    return std::sqrt(best);
}

}  // namespace guide::plan
