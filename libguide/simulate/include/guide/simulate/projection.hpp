// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/simulate/tissue_field.hpp>

#include <Eigen/Core>

#include <array>
#include <cstdint>
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

/// What each code of a volume stands for: per mm for attenuation, 1 for lengths.
using CodeValues = std::array<float, 256>;

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

    /// The same for voxels of few kinds, a byte each: what a code stands for is said at each
    /// projection, so that one volume gives pictures of many materials in a quarter of the memory.
    Projector(const VoxelGrid& grid, std::vector<std::uint8_t> codes);

    /// Fills an image of the geometry's size with the integrals. `out` holds value times mm. The
    /// first call along an axis sorts the voxels for it. Same bits for any number of threads.
    /// Throws PreconditionError for a bad geometry or size, rays that open half a turn or more, and
    /// a projector of codes; Stopped when asked to stop.
    void project(const ProjectionGeometry& geometry, ImageView<float> out,
                 const Execution& execution = {});

    /// The same for a projector of codes.
    void project(const ProjectionGeometry& geometry, const CodeValues& values, ImageView<float> out,
                 const Execution& execution = {});

    [[nodiscard]] const VoxelGrid& grid() const { return grid_; }
    [[nodiscard]] const std::vector<std::uint8_t>& codes() const { return codes_; }

  private:
    /// In which order voxels are sorted: lines of the fast axis along the slow one, planes of the
    /// middle one, with a ring of zeros.
    struct Axes {
        int slow = 0, middle = 0, fast = 0;
        int line = 0, plane = 0;  ///< numbers from one to the next
        std::size_t count = 0;    ///< of all numbers
        int cuts = 1;             ///< parts of a slab

        [[nodiscard]] std::size_t order() const {
            return static_cast<std::size_t>(3 * slow + fast);
        }
    };
    explicit Projector(const VoxelGrid& grid);
    [[nodiscard]] Axes axes_along(int slow, const Eigen::Vector3d& row) const;
    [[nodiscard]] Axes axes_for(const ProjectionGeometry& geometry, ImageView<float> out) const;
    template <class T>
    void sort(const Axes& axes, const std::vector<T>& from, std::vector<T>& to,
              const Execution& execution) const;
    void follow_all(const ProjectionGeometry& geometry, const Axes& axes, const float* values,
                    ImageView<float> out, const Execution& execution) const;

    VoxelGrid grid_;
    Eigen::Affine3d grid_from_patient_;
    std::vector<float> values_;
    std::vector<std::uint8_t> codes_;
    std::array<std::vector<float>, 9> sorted_;  // by order()
    std::array<std::vector<std::uint8_t>, 9> sorted_codes_;
    std::vector<float> expanded_;  // the codes' values, for one projection
};

}  // namespace guide::simulate
