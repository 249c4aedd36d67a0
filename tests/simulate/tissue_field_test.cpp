// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/tissue_field.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using simulate::Tissue;
using simulate::TissueField;
using simulate::TissueSample;
using simulate::VoxelGrid;

namespace {

VoxelGrid grid_of(int size, double voxel) {
    VoxelGrid grid;
    grid.size = {size, size, size};
    grid.patient_from_grid.translation().setConstant(-voxel * (size - 1) / 2);
    grid.patient_from_grid.linear() *= voxel;
    return grid;
}

/// A ball of muscle in fat.
TissueField ball(double radius, double voxel, const Execution& execution = {}) {
    const auto sample = [radius](const Eigen::Matrix3Xd& points, TissueSample* samples) {
        for (Eigen::Index i = 0; i < points.cols(); ++i) {
            const double d = points.col(i).norm() - radius;
            samples[i] = {d < 0 ? Tissue::muscle : Tissue::subcutaneous_fat,
                          static_cast<float>(std::abs(d))};
        }
    };
    return {grid_of(41, voxel), sample, execution};
}

/// Distance from the middle at which the tissue changes, along a direction.
double border(const TissueField& field, const Eigen::Vector3d& direction) {
    double low = 0, high = 9.5;
    for (int i = 0; i < 40; ++i) {
        const double middle = 0.5 * (low + high);
        (field.at(middle * direction).tissue == Tissue::muscle ? low : high) = middle;
    }
    return low;
}

const Eigen::Vector3d kOblique = Eigen::Vector3d(1, 2, -2) / 3;

}  // namespace

TEST_CASE("tissue field: borders lie between the voxels where the distances say") {
    const TissueField field = ball(7.3, 0.5);
    for (const Eigen::Vector3d& direction :
         {Eigen::Vector3d::UnitX().eval(), Eigen::Vector3d::UnitZ().eval(), kOblique})
        CHECK(border(field, direction) == Approx(7.3).margin(0.02));
}

TEST_CASE("tissue field: depth and normal are those of the shape") {
    const TissueField field = ball(7.3, 0.5);
    CHECK(field.at(5 * kOblique).depth_mm == Approx(2.3).margin(0.05));
    CHECK(field.at(8 * kOblique).depth_mm == Approx(0.7).margin(0.05));
    CHECK(field.normal_at(6.9 * kOblique).dot(kOblique) > 0.999);
    CHECK(field.normal_at(7.7 * kOblique).dot(kOblique) < -0.999);
}

TEST_CASE("tissue field: samples along a line are those at its points") {
    const TissueField field = ball(6, 0.5);
    const Eigen::Vector3d start(-12, 1, 0.3), step(0.31, 0.05, -0.02);
    std::vector<TissueSample> samples(80);
    field.along(start, step, 80, samples.data());
    for (int i = 0; i < 80; ++i) {
        const TissueSample at = field.at(start + i * step);
        CHECK(samples[static_cast<std::size_t>(i)].tissue == at.tissue);
        CHECK(samples[static_cast<std::size_t>(i)].depth_mm == Approx(at.depth_mm).margin(1e-4));
    }
}

TEST_CASE("tissue field: beyond the grid there is nothing") {
    const TissueField field = ball(6, 0.5);
    CHECK(field.at({10.2, 0, 0}).tissue == Tissue::subcutaneous_fat);
    CHECK(field.at({10.3, 0, 0}).tissue == Tissue::outside);
    CHECK(field.at({0, -400, 0}).tissue == Tissue::outside);
    CHECK(field.at({0, std::nan(""), 0}).tissue == Tissue::outside);
    CHECK(field.normal_at({100, 0, 0}).isZero());
}

TEST_CASE("tissue field: any number of threads gives the same field") {
    const TissueField one = ball(7.3, 0.5), five = ball(7.3, 0.5, {5});
    CHECK(one.labels() == five.labels());
    for (double x = -9; x < 9; x += 0.37)
        CHECK(one.at({x, 0.4, 1}).depth_mm == five.at({x, 0.4, 1}).depth_mm);
}

TEST_CASE("tissue field: labels keep their faces, or are smoothed") {
    VoxelGrid grid = grid_of(33, 0.5);
    grid.patient_from_grid.linear().col(2) *= 2;  // thick slices, as label volumes have
    std::vector<std::uint8_t> labels;
    for (int k = 0; k < 33; ++k) {
        for (int j = 0; j < 33; ++j) {
            for (int i = 0; i < 33; ++i) {
                const Eigen::Vector3d p = grid.patient_from_grid * Eigen::Vector3d(i, j, k);
                const bool femur = p.x() < 0.25;
                labels.push_back(static_cast<std::uint8_t>(femur ? Tissue::femur : Tissue::muscle));
            }
        }
    }
    const double smooth = GENERATE(0.0, 0.8);
    const TissueField field = TissueField::from_labels(grid, labels, smooth);
    const double y = 0.3, z = 2.2;
    CHECK(field.at({0.2, y, z}).tissue == Tissue::femur);
    CHECK(field.at({0.3, y, z}).tissue == Tissue::muscle);
    CHECK(field.at({-1.75, y, z}).depth_mm == Approx(2).margin(0.06));
}

TEST_CASE("tissue field: labels that do not fill the grid or are none are refused") {
    const VoxelGrid grid = grid_of(3, 1);
    CHECK_THROWS_AS(TissueField::from_labels(grid, std::vector<std::uint8_t>(26), 0),
                    PreconditionError);
    CHECK_THROWS_AS(TissueField::from_labels(grid, std::vector<std::uint8_t>(27, 99), 0),
                    PreconditionError);
}
