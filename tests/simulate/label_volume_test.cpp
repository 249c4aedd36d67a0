// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/label_volume.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using namespace guide::simulate;
using Eigen::Vector3d;

namespace {

/// Slices along x, as sagittal volumes have them; z runs down.
VoxelGrid sagittal() {
    VoxelGrid grid;
    grid.size = {60, 80, 30};
    grid.patient_from_grid.linear() << 0, 0, 2, 1, 0, 0, 0, -1, 0;
    grid.patient_from_grid.translation() = Vector3d(-30, -30, 40);
    return grid;
}

/// Two blocks of 20 x 20 mm about the z axis, 4 mm apart.
std::vector<std::uint8_t> joint(const VoxelGrid& grid) {
    std::vector<std::uint8_t> labels;
    for (int k = 0; k < grid.size[2]; ++k) {
        for (int j = 0; j < grid.size[1]; ++j) {
            for (int i = 0; i < grid.size[0]; ++i) {
                const Vector3d p = grid.patient_from_grid * Vector3d(i, j, k);
                const bool in = std::abs(p.x()) < 10 && std::abs(p.y()) < 10 &&
                                std::abs(p.z()) > 2 && std::abs(p.z()) < 30;
                const Tissue tissue = !in         ? Tissue::outside
                                      : p.z() > 0 ? Tissue::femur
                                                  : Tissue::tibia;
                labels.push_back(static_cast<std::uint8_t>(tissue));
            }
        }
    }
    return labels;
}

}  // namespace

TEST_CASE("label volume: flesh reaches as far as asked for, and leaves the labels alone") {
    const VoxelGrid grid = sagittal();
    const auto labels = joint(grid);
    const auto wrapped = with_surroundings(grid, labels, Tissue::muscle, 12);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] != 0) REQUIRE(wrapped[i] == labels[i]);
    }
    const auto at = [&](const Vector3d& p) {
        const Vector3d g = grid.patient_from_grid.inverse() * p;
        return static_cast<Tissue>(wrapped[static_cast<std::size_t>(
            (std::lround(g.z()) * 80 + std::lround(g.y())) * 60 + std::lround(g.x()))]);
    };
    CHECK(at({0, 0, 0}) == Tissue::muscle);
    CHECK(at({0, -19, 10}) == Tissue::muscle);
    CHECK(at({0, -25, 10}) == Tissue::outside);
    CHECK(with_surroundings(grid, labels, Tissue::muscle, 0) == labels);
    CHECK_THROWS_AS(with_surroundings(grid, labels, Tissue::muscle, -1), PreconditionError);
    CHECK_THROWS_AS(with_surroundings(grid, {1, 2}, Tissue::muscle, 1), PreconditionError);
}

TEST_CASE("label volume: the joint's centre lies between femur and tibia") {
    const VoxelGrid grid = sagittal();
    auto labels = joint(grid);
    const auto centre = joint_centre(grid, labels);
    REQUIRE(centre);
    CHECK(centre->norm() < 1.01);  // half a voxel of two millimetres
    for (auto& label : labels) {
        if (label == static_cast<std::uint8_t>(Tissue::tibia)) label = 0;
    }
    CHECK_FALSE(joint_centre(grid, labels));
}
