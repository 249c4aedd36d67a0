// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/simulate/tissue_field.hpp>

#include <Eigen/Core>

#include <vector>

namespace guide::simulate {

/// Where X-rays start and end: the ray of pixel (x, y) runs from the source to
/// first_pixel + x * right + y * down. Patient mm.
struct ProjectionGeometry {
    Eigen::Vector3d source = {0, -1000, 0};
    Eigen::Vector3d first_pixel = {-100, 200, 100};  ///< centre of pixel (0, 0)
    Eigen::Vector3d right = {0.4, 0, 0};             ///< from pixel to pixel, mm
    Eigen::Vector3d down = {0, 0, -0.4};
    int width = 512, height = 512;  ///< px, 1 to 8192

    /// Throws PreconditionError naming the bad field: not finite, a source on the detector, pixels
    /// without area.
    GUIDE_SIMULATE_EXPORT void validate() const;

    [[nodiscard]] Eigen::Vector3d pixel(double x, double y) const {
        return first_pixel + x * right + y * down;
    }
};

/// Line integrals through voxels of one value each (radiological path, digitally reconstructed
/// radiograph). Exact: the sum of value times length of the ray in each voxel, as by Siddon 1985
/// (docs/literature.md), all of the ray between source and pixel counted. Ours goes through the
/// volume slab by slab along the axis that all rays follow most, many rays at a time: within one
/// slab (or a part of it, where rays run more to the side) a ray meets at most three voxels. The
/// voxels are kept once more in the order of each axis used.
class GUIDE_SIMULATE_EXPORT Projector {
  public:
    /// `values` has one number a voxel, x fastest; per mm for attenuation, 1 for lengths. Throws
    /// PreconditionError for a wrong count, values that are not finite, and a grid that is not made
    /// of three axes.
    Projector(const VoxelGrid& grid, std::vector<float> values);

    /// Fills an image of the geometry's size with the integrals. `out` holds value times mm. The
    /// first call along an axis sorts the voxels for it. Same bits for any number of threads.
    /// Throws PreconditionError for a bad geometry or size and rays that open half
    /// a turn or more, Stopped when asked to stop.
    void project(const ProjectionGeometry& geometry, ImageView<float> out,
                 const Execution& execution = {});

  private:
    struct Sorted {
        int slow = -1, middle = 0, fast = 0;  ///< axes
        std::vector<float> values;
    };
    [[nodiscard]] const Sorted& sorted_along(int axis, const Execution& execution);

    VoxelGrid grid_;
    Eigen::Affine3d grid_from_patient_;
    std::vector<float> values_;
    Sorted sorted_[3];
};

}  // namespace guide::simulate
