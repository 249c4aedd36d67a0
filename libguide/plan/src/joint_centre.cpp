// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/plan/joint_centre.hpp>

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace guide::plan {
namespace {

using Eigen::Vector3d;

constexpr double kApartMm = 5;  // as in plan_on_xray
constexpr std::size_t kLeastPoints = 8;
constexpr double kParallel = 0.017;  // sine of a degree

/// The line half way between the bones, and its middle.
struct JointLine {
    std::vector<PixelPoint> points;
    std::vector<double> along_mm;  // from the middle
    std::vector<Ray> rays;
    std::size_t middle = 0;
};

double distance(PixelPoint a, PixelPoint b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

const BoneSurface* edge_of(const Anatomy& anatomy, BoneKind kind) {
    const auto at =
        std::ranges::find_if(anatomy.bones, [&](const auto& b) { return b.kind == kind; });
    return at == anatomy.bones.end() ? nullptr : &*at;
}

Expected<JointLine> joint_line(const XrayView& view) {
    require(view.anatomy != nullptr, "find_joint_centre", "both views have an anatomy");
    const Anatomy& anatomy = *view.anatomy;
    if (const auto valid = view.camera.validate(); !valid) return tl::unexpected(valid.error());
    if (!anatomy.joint_space) {
        return no_answer("no-joint-space",
                         "One picture shows no joint space: " + anatomy.joint_space.error().text);
    }
    const BoneSurface *femur = edge_of(anatomy, BoneKind::femur),
                      *tibia = edge_of(anatomy, BoneKind::tibia);
    if (!femur || !tibia || femur->points.size() != tibia->points.size() ||
        femur->points.size() < kLeastPoints) {
        return no_answer("no-joint-line", "One picture shows no edges of both bones at the joint.");
    }
    JointLine line;
    for (std::size_t i = 0; i < femur->points.size(); ++i) {
        const PixelPoint f = femur->points[i], t = tibia->points[i];
        line.points.push_back({0.5 * (f.x + t.x), 0.5 * (f.y + t.y)});
        line.rays.push_back(view.camera.ray(line.points.back()));
    }
    line.middle = line.points.size() / 2;
    // From the side the bones part in front; what was taken for the middle is the target.
    if (anatomy.view == View::xray_lateral) {
        const PixelPoint target = anatomy.joint_space->target;
        for (std::size_t i = 0; i < line.points.size(); ++i)
            if (distance(line.points[i], target) < distance(line.points[line.middle], target))
                line.middle = i;
    }
    return line;
}

/// Shortest distance; none for rays within a degree of one another.
std::optional<double> apart(const Ray& a, const Ray& b) {
    const Vector3d across = a.direction.cross(b.direction);
    const double sine = across.norm();
    if (sine < kParallel) return std::nullopt;
    return std::abs((b.origin - a.origin).dot(across)) / sine;
}

void measure(JointLine& line, const PinholeCamera& camera, const Vector3d& near) {
    const double mm = camera.mm_per_pixel(near);
    double at = 0;
    for (std::size_t i = 0; i < line.points.size(); ++i) {
        if (i > 0) at += mm * distance(line.points[i], line.points[i - 1]);
        line.along_mm.push_back(at);
    }
    const double middle = line.along_mm[line.middle];
    for (double& s : line.along_mm)
        s -= middle;
}

}  // namespace

void JointCentreOptions::validate() const {
    const auto check = [](bool good, const char* what) {
        require(good, "JointCentreOptions", what);
    };
    check(apart_sigma_mm >= 0.1 && apart_sigma_mm <= 10, "apart_sigma_mm lies in 0.1 to 10");
    check(middle_sigma_mm >= 0.1 && middle_sigma_mm <= 50, "middle_sigma_mm lies in 0.1 to 50");
    check(reach >= 0 && reach <= 0.5, "reach lies in 0 to 0.5");
}

Expected<JointCentre> find_joint_centre(const XrayView& one, const XrayView& other,
                                        const JointCentreOptions& options) {
    options.validate();
    auto first = joint_line(one), second = joint_line(other);
    if (!first) return tl::unexpected(first.error());
    if (!second) return tl::unexpected(second.error());
    const auto sighted = [&](PixelPoint a, PixelPoint b) {
        return triangulate({{one.camera, a, 1}, {other.camera, b, 1}});
    };
    const auto middle = sighted(first->points[first->middle], second->points[second->middle]);
    if (!middle) return tl::unexpected(middle.error());
    measure(*first, one.camera, middle->point);
    measure(*second, other.camera, middle->point);

    const auto within = [&](const JointLine& line, std::size_t i) {
        return std::abs(line.along_mm[i]) <=
               options.reach * (line.along_mm.back() - line.along_mm.front());
    };
    std::size_t best_first = first->middle, best_second = second->middle;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < first->points.size(); ++i) {
        if (!within(*first, i)) continue;
        for (std::size_t j = 0; j < second->points.size(); ++j) {
            if (!within(*second, j)) continue;
            const auto miss = apart(first->rays[i], second->rays[j]);
            if (!miss) continue;
            const double cost =
                std::pow(*miss / options.apart_sigma_mm, 2) +
                (std::pow(first->along_mm[i], 2) + std::pow(second->along_mm[j], 2)) /
                    std::pow(options.middle_sigma_mm, 2);
            if (cost < least) least = cost, best_first = i, best_second = j;
        }
    }
    const auto point = sighted(first->points[best_first], second->points[best_second]);
    if (!point) return tl::unexpected(point.error());
    JointCentre centre;
    centre.point = point->point;
    centre.seen = {first->points[best_first], second->points[best_second]};
    centre.rays_apart_mm = apart(first->rays[best_first], second->rays[best_second]).value_or(0);
    centre.middles_apart_mm =
        apart(first->rays[first->middle], second->rays[second->middle]).value_or(0);
    centre.from_middle_mm = {first->along_mm[best_first], second->along_mm[best_second]};
    if (centre.rays_apart_mm > kApartMm) {
        return no_answer("views-disagree",
                         "The two pictures do not show the same place: the rays through their "
                         "joint lines miss one another by more than 5 mm.");
    }
    return centre;
}

}  // namespace guide::plan
