// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/label_volume.hpp>
#include <guide/core/execution.hpp>
#include <guide/core/expected.hpp>
#include <guide/frame/frame.hpp>
#include <guide/geometry/camera.hpp>
#include <guide/segment/export.hpp>

#include <Eigen/Geometry>

#include <cstdint>
#include <vector>

namespace guide::segment {

/// Points of bones' surfaces, and which way is out there.
struct BonePoints {
    std::vector<Eigen::Vector3d> points;   ///< mm
    std::vector<Eigen::Vector3d> normals;  ///< unit vectors
};

/// The surface of the voxels that hold one of `labels`, one point a border voxel, set between the
/// voxels where the smoothed labels are halved. Where the volume cuts a bone off there is no
/// surface. Throws PreconditionError for a wrong count of labels.
[[nodiscard]] GUIDE_SEGMENT_EXPORT BonePoints
bone_points_of(const LabelVolume& volume, const std::vector<std::uint8_t>& labels);

/// One X-ray picture and where it was taken from; X of the camera in patient mm.
struct RegistrationView {
    const Frame* frame = nullptr;
    PinholeCamera camera;
};

struct RegistrationOptions {
    double reach_mm = 10;         ///< how far off the bones may be to begin with, 1 to 30
    double reach_deg = 10;        ///< and how far turned, 1 to 20
    int starts = 12;              ///< places that it is tried from, 2 to 50
    double agree_mm = 1;          ///< pushed away, the bones are back within that, 0.1 to 10
    double least_agreeing = 0.4;  ///< share of the pushes that they have to come back from, 0 to 1
    double least_support = 0.65;  ///< share of the rims that have to lie on an edge, 0 to 1
    std::uint64_t seed = 1;       ///< of the places

    /// Throws PreconditionError naming the bad field and its range.
    GUIDE_SEGMENT_EXPORT void validate() const;
};

struct BoneRegistration {
    Eigen::Isometry3d motion;  ///< takes the points given to where the pictures show them, mm
    double support = 0;        ///< 0..1, share of the rims seen that lie on an edge of a picture
    double agreeing = 0;       ///< 0..1, share of the pushes that the bones came back from
    double spread_mm = 0;      ///< root mean square distance of those from their mean
    bool bones_bright = true;
};

/// Places bones known in three dimensions on X-ray pictures. Where rays touch a surface the picture
/// has an edge: these rims are projected, edges of the right direction looked for along their
/// normals, and the motion that brings all rims onto their edges found by Gauss-Newton steps, from
/// smooth pictures and far to sharp pictures and near (Harris and Stennett 1990;
/// docs/literature.md). Tried from several places; the motion that most edges support counts, if
/// the bones come back to it when pushed away.
///
/// No answer: "few-views" (less than two), "bad-camera", "no-bones", "not-seen" (the bones lie
/// beside a picture), "not-registered" (too few rims lie on edges, or the bones do not come back).
/// Same bits for any number of threads. Throws PreconditionError for bad options; Stopped.
[[nodiscard]] GUIDE_SEGMENT_EXPORT Expected<BoneRegistration> register_bones(
    const BonePoints& bones, const std::vector<RegistrationView>& views,
    const RegistrationOptions& options = {}, const Execution& execution = {});

}  // namespace guide::segment
