// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"

#include <guide/simulate/projection.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace {

using namespace guide;
using namespace guide::simulate;
using Eigen::Vector3d;

/// As large as a label volume of a knee: a leg of water with a shaft of bone.
VoxelGrid leg_grid() {
    VoxelGrid grid;
    grid.size = {384, 384, 160};
    const Vector3d voxel(0.3646, 0.3646, 0.7);
    grid.patient_from_grid.linear() = voxel.asDiagonal();
    grid.patient_from_grid.translation() = -0.5 * voxel.cwiseProduct(Vector3d(383, 383, 159));
    return grid;
}

std::vector<float> leg(const VoxelGrid& grid) {
    std::vector<float> values;
    values.reserve(grid.count());
    for (int k = 0; k < grid.size[2]; ++k) {
        for (int j = 0; j < grid.size[1]; ++j) {
            for (int i = 0; i < grid.size[0]; ++i) {
                const Vector3d p = grid.patient_from_grid * Vector3d(i, j, k);
                const double r = std::hypot(p.x(), p.y());
                values.push_back(r < 25 ? 0.06F : r < 65 ? 0.0206F : 0.0F);
            }
        }
    }
    return values;
}

/// A C-arm's picture of all of it.
ProjectionGeometry geometry_of(const bench::Case& c) {
    const double pixel = 220.0 / c.width;
    ProjectionGeometry g;
    g.width = c.width;
    g.height = c.height;
    g.source = {0, -700, 0};
    g.right = {pixel, 0, 0};
    g.down = {0, 0, -pixel};
    g.first_pixel = {-pixel * (c.width - 1) / 2, 400, pixel * (c.height - 1) / 2};
    return g;
}

/// Voxel after voxel along each ray (Amanatides and Woo 1987).
void march(const VoxelGrid& grid, const std::vector<float>& values, const ProjectionGeometry& g,
           Image<float>& out) {
    const Eigen::Affine3d grid_from_patient = grid.patient_from_grid.inverse();
    const Vector3d source = grid_from_patient * g.source;
    for (int y = 0; y < g.height; ++y) {
        for (int x = 0; x < g.width; ++x) {
            const Vector3d ray = grid_from_patient * g.pixel(x, y) - source;
            double low = 0, high = 1;
            for (int a = 0; a < 3; ++a) {
                const double last = grid.size[static_cast<std::size_t>(a)] - 0.5;
                if (ray[a] == 0) continue;
                const double one = (-0.5 - source[a]) / ray[a], two = (last - source[a]) / ray[a];
                low = std::max(low, std::min(one, two));
                high = std::min(high, std::max(one, two));
            }
            double sum = 0;
            if (high > low) {
                const Vector3d start = source + (low + 1e-9) * ray;
                int index[3], step[3];
                double next[3], each[3];
                for (int a = 0; a < 3; ++a) {
                    index[a] = static_cast<int>(std::floor(start[a] + 0.5));
                    step[a] = ray[a] < 0 ? -1 : 1;
                    each[a] = ray[a] == 0 ? std::numeric_limits<double>::infinity()
                                          : std::abs(1 / ray[a]);
                    next[a] =
                        ray[a] == 0 ? each[a] : (index[a] + 0.5 * step[a] - source[a]) / ray[a];
                }
                double at = low;
                while (at < high) {
                    const int a = next[0] < next[1] ? (next[0] < next[2] ? 0 : 2)
                                                    : (next[1] < next[2] ? 1 : 2);
                    const double to = std::min(next[a], high);
                    const auto flat = (static_cast<std::size_t>(index[2]) * 384 +
                                       static_cast<std::size_t>(index[1])) *
                                          384 +
                                      static_cast<std::size_t>(index[0]);
                    sum += (to - at) * static_cast<double>(values[flat]);
                    at = to;
                    next[a] += each[a];
                    index[a] += step[a];
                    if (index[a] < 0 || index[a] >= grid.size[static_cast<std::size_t>(a)]) break;
                }
            }
            out.view().at(x, y) = static_cast<float>(sum * (g.pixel(x, y) - g.source).norm());
        }
    }
}

std::string middle_is_right(const Image<float>& out) {
    // Half a pixel off the middle: all but the leg's diameter.
    const double found = static_cast<double>(out.view().at(out.width() / 2, out.height() / 2));
    const double wanted = 50 * 0.06 + 80 * 0.0206;
    return std::abs(found / wanted - 1) < 0.01 ? "" : "is not the way through the leg";
}

bench::Entry by_guide(const bench::Case& c) {
    const VoxelGrid grid = leg_grid();
    auto projector = std::make_shared<Projector>(grid, leg(grid));
    auto out = std::make_shared<Image<float>>(c.width, c.height);
    const ProjectionGeometry g = geometry_of(c);
    const Execution execution{c.threads, {}};
    projector->project(g, out->view(), execution);  // sorts the voxels, once
    return {.run = [=] { projector->project(g, out->view(), execution); },
            .check = [=] { return middle_is_right(*out); },
            .bytes = 4.0 * c.width * c.height};
}

bench::Entry by_loops(const bench::Case& c) {
    auto grid = std::make_shared<VoxelGrid>(leg_grid());
    auto values = std::make_shared<std::vector<float>>(leg(*grid));
    auto out = std::make_shared<Image<float>>(c.width, c.height);
    const ProjectionGeometry g = geometry_of(c);
    return {.run = [=] { march(*grid, *values, g, *out); },
            .check = [=] { return middle_is_right(*out); },
            .bytes = 4.0 * c.width * c.height};
}

const bench::Contest kContest("projection", {{"guide", by_guide}, {"plain", by_loops}},
                              {.sizes = {{128, 128}, {512, 512}}});

}  // namespace
