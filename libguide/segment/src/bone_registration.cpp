// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/core/random.hpp>
#include <guide/segment/bone_registration.hpp>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

namespace guide::segment {
namespace {

using Eigen::Isometry3d;
using Eigen::Vector2d;
using Eigen::Vector3d;
using Vector6d = Eigen::Matrix<double, 6, 1>;
using Matrix6d = Eigen::Matrix<double, 6, 6>;

/// Millimetres at the bones: how far an edge is looked for, in a picture smoothed by so much.
struct Level {
    double search_mm, smooth_mm;
    int steps;
};
constexpr std::array<Level, 4> kLevels{{{8, 1.2, 14}, {5, 0.9, 10}, {3, 0.7, 8}, {1.5, 0.5, 8}}};

constexpr double kRim = 0.15;        // of the angle's sine between ray and surface
constexpr int kMostPoints = 6000;    // of the surfaces
constexpr double kOnEdge_mm = 0.75;  // a rim lies on an edge within that
constexpr double kEdge = 2.5;        // an edge: so many times the picture's median slope
constexpr std::size_t kLeastRims = 60;
constexpr double kPushed = 0.4;  // of the reach
constexpr int kPushes = 5;

/// Slopes of one picture, smoothed for one level.
struct Slopes {
    cv::Mat1f x, y;
    double median = 0;
};

struct View {
    PinholeCamera camera;  ///< of the reduced picture
    double mm = 1;         ///< a pixel at the bones
    std::array<Slopes, kLevels.size()> levels;
};

float sample(const cv::Mat1f& image, double x, double y) {
    const int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
    const auto u = static_cast<float>(x - x0), v = static_cast<float>(y - y0);
    const float* a = image[y0] + x0;
    const float* b = image[y0 + 1] + x0;
    return (1 - v) * ((1 - u) * a[0] + u * a[1]) + v * ((1 - u) * b[0] + u * b[1]);
}

View make_view(const RegistrationView& from, const Vector3d& middle) {
    View view;
    view.camera = from.camera;
    const auto grey = from.frame->intensity.view();
    const cv::Mat whole(grey.height, grey.width, CV_32F, const_cast<float*>(grey.data),
                        static_cast<std::size_t>(grey.stride) * sizeof(float));
    // About 0.45 mm a pixel is fine enough.
    const double scale = std::min(1.0, view.camera.mm_per_pixel(middle) / 0.45);
    cv::Mat1f image;
    cv::resize(whole, image,
               {std::max(2, static_cast<int>(std::lround(grey.width * scale))),
                std::max(2, static_cast<int>(std::lround(grey.height * scale)))},
               0, 0, cv::INTER_AREA);
    cv::patchNaNs(image, 0);
    const double sx = static_cast<double>(image.cols) / grey.width,
                 sy = static_cast<double>(image.rows) / grey.height;
    Eigen::Matrix3d reduce;
    reduce << sx, 0, 0.5 * sx - 0.5, 0, sy, 0.5 * sy - 0.5, 0, 0, 1;
    view.camera.intrinsic = reduce * view.camera.intrinsic;
    view.mm = view.camera.mm_per_pixel(middle);
    for (std::size_t i = 0; i < kLevels.size(); ++i) {
        Slopes& s = view.levels[i];
        cv::Mat1f smooth, size;
        const double sigma = std::max(0.5, kLevels[i].smooth_mm / view.mm);
        cv::GaussianBlur(image, smooth, {}, sigma, sigma, cv::BORDER_REPLICATE);
        cv::Sobel(smooth, s.x, CV_32F, 1, 0, 3, 1.0 / 8);
        cv::Sobel(smooth, s.y, CV_32F, 0, 1, 3, 1.0 / 8);
        cv::magnitude(s.x, s.y, size);
        std::vector<float> values(size.begin(), size.end());
        std::nth_element(values.begin(),
                         values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                         values.end());
        s.median = std::max(1e-6, static_cast<double>(values[values.size() / 2]));
    }
    return view;
}

/// The bones' points about their middle, and the pictures.
struct Task {
    BonePoints bones;
    Vector3d middle;
    std::vector<View> views;
};

/// A try: where the points lie, which polarity the pictures have.
struct Pose {
    Isometry3d motion;  ///< about Task::middle
    double sign = 1;    ///< 1: bones bright
};

/// A rim in a picture: the surface's point, the pixel, the way out, the edge along that.
struct Rim {
    Vector3d point;   ///< mm, moved
    Vector2d normal;  ///< in the picture
    std::size_t view = 0;
    double off_px = 0;    ///< to the best edge, outwards
    double strength = 0;  ///< its slope, in medians
};

std::vector<Rim> rims_of(const Task& task, const Pose& pose, std::size_t level, bool& seen) {
    std::vector<Rim> rims;
    std::size_t inside = 0, all = 0;
    for (std::size_t v = 0; v < task.views.size(); ++v) {
        const View& view = task.views[v];
        const Slopes& slopes = view.levels[level];
        const Vector3d source = view.camera.centre();
        const int reach = std::max(2, static_cast<int>(kLevels[level].search_mm / view.mm));
        const int width = slopes.x.cols, height = slopes.x.rows;
        for (std::size_t i = 0; i < task.bones.points.size(); ++i) {
            const Vector3d normal = pose.motion.linear() * task.bones.normals[i];
            const Vector3d point = task.middle + pose.motion * task.bones.points[i];
            if (std::abs(normal.dot((point - source).normalized())) > kRim) continue;
            ++all;
            const PixelPoint at = view.camera.project(point),
                             out = view.camera.project(point + normal);
            if (!(at.x > 2 && at.y > 2 && at.x < width - 4 && at.y < height - 4)) continue;
            ++inside;
            Rim rim{point, Vector2d(out.x - at.x, out.y - at.y).normalized(), v, 0, 0};
            for (int k = -reach; k <= reach; ++k) {
                const double x = at.x + k * rim.normal.x(), y = at.y + k * rim.normal.y();
                if (!(x >= 0 && y >= 0 && x < width - 1 && y < height - 1)) continue;
                const double slope = -pose.sign *
                                     (rim.normal.x() * sample(slopes.x, x, y) +
                                      rim.normal.y() * sample(slopes.y, x, y)) /
                                     slopes.median;
                // Near edges before far ones of the same strength.
                const double nearness = 1 - 0.5 * std::abs(k) / (reach + 1.0);
                if (slope * nearness > rim.strength) {
                    rim.strength = slope * nearness;
                    rim.off_px = k;
                }
            }
            rims.push_back(rim);
        }
    }
    seen = all > 0 && inside >= kLeastRims && 5 * inside >= 2 * all;
    return rims;
}

/// One Gauss-Newton step: the motion that brings the rims onto their edges.
bool step(const Task& task, Pose& pose, std::size_t level) {
    bool seen = false;
    const auto rims = rims_of(task, pose, level, seen);
    if (!seen) return false;
    Matrix6d normal = Matrix6d::Zero();
    Vector6d right = Vector6d::Zero();
    for (const Rim& rim : rims) {
        if (rim.strength < kEdge) continue;
        const View& view = task.views[rim.view];
        const auto& camera = view.camera;
        const Vector3d p = camera.rotation * rim.point + camera.translation;
        Eigen::Matrix<double, 2, 3> seen_from;
        seen_from << camera.intrinsic(0, 0) / p.z(), camera.intrinsic(0, 1) / p.z(),
            -(camera.intrinsic(0, 0) * p.x() + camera.intrinsic(0, 1) * p.y()) /
                (p.z() * p.z()),  //
            0, camera.intrinsic(1, 1) / p.z(), -camera.intrinsic(1, 1) * p.y() / (p.z() * p.z());
        const Eigen::RowVector3d along = rim.normal.transpose() * seen_from * camera.rotation;
        const Vector3d arm = rim.point - task.middle - pose.motion.translation();
        Vector6d j;
        j.head<3>() = arm.cross(along.transpose());
        j.tail<3>() = along.transpose();
        const double reach = kLevels[level].search_mm / view.mm;
        const double far = rim.off_px / reach;
        const double weight = std::min(rim.strength, 10.0) / (1 + 4 * far * far);
        normal += weight * j * j.transpose();
        right += weight * j * rim.off_px;
    }
    normal.diagonal() *= 1.001;
    const Vector6d way = normal.ldlt().solve(right);
    if (!way.allFinite()) return false;
    const Vector3d turn = way.head<3>();
    const double angle = std::min(turn.norm(), 0.1);
    Isometry3d next = pose.motion;
    if (angle > 1e-9) {
        next.linear() =
            Eigen::AngleAxisd(angle, turn.normalized()).toRotationMatrix() * next.linear();
    }
    next.translation() += way.tail<3>();
    pose.motion = next;
    return true;
}

/// Share of the rims that lie on an edge, in the sharpest pictures.
double support_of(const Task& task, const Pose& pose) {
    bool seen = false;
    const auto rims = rims_of(task, pose, kLevels.size() - 1, seen);
    if (!seen) return 0;
    double on = 0;
    for (const Rim& rim : rims) {
        on += rim.strength > kEdge && std::abs(rim.off_px) * task.views[rim.view].mm <= kOnEdge_mm
                  ? 1
                  : 0;
    }
    return on / static_cast<double>(rims.size());
}

struct Try {
    Pose pose;
    double support = 0;
};

Try settle(const Task& task, Pose pose, const Execution& execution) {
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
        for (int i = 0; i < kLevels[level].steps; ++i) {
            if (execution.stop.stop_requested()) throw Stopped();
            if (!step(task, pose, level)) return {pose, 0};
        }
    }
    return {pose, support_of(task, pose)};
}

/// Root mean square distance of the bones' points between two motions.
double apart(const Task& task, const Isometry3d& a, const Isometry3d& b) {
    double sum = 0;
    const std::size_t stride = std::max<std::size_t>(1, task.bones.points.size() / 200);
    std::size_t n = 0;
    for (std::size_t i = 0; i < task.bones.points.size(); i += stride, ++n)
        sum += (a * task.bones.points[i] - b * task.bones.points[i]).squaredNorm();
    return std::sqrt(sum / static_cast<double>(n));
}

/// Places about `from`: random motions of up to `share` of the reach.
std::vector<Isometry3d> places_about(const Isometry3d& from, const RegistrationOptions& options,
                                     double share, int count, Random& random) {
    const auto way = [&](double most) {
        const Vector3d v(random.normal(), random.normal(), random.normal());
        return Vector3d(v.normalized() * share * most * std::cbrt(random.uniform()));
    };
    std::vector<Isometry3d> places;
    for (int i = 0; i < count; ++i) {
        const Vector3d turn = way(options.reach_deg * std::numbers::pi / 180);
        Isometry3d place = from;
        place.linear() =
            Eigen::AngleAxisd(turn.norm(), turn.normalized()).toRotationMatrix() * place.linear();
        place.translation() += way(options.reach_mm);
        places.push_back(place);
    }
    return places;
}

std::vector<Try> settle_all(const Task& task, const std::vector<Isometry3d>& places, double sign,
                            const Execution& execution) {
    std::vector<Try> tries(places.size());
    for_each_band(execution, static_cast<int>(places.size()), 1, [&](int begin, int end) {
        for (int i = begin; i < end; ++i) {
            const auto k = static_cast<std::size_t>(i);
            tries[k] = settle(task, {places[k], sign}, execution);
        }
    });
    return tries;
}

}  // namespace

void RegistrationOptions::validate() const {
    const auto within = [](double value, double low, double high, const char* rule) {
        require(value >= low && value <= high, "RegistrationOptions", rule);
    };
    within(reach_mm, 1, 30, "reach_mm is 1 to 30");
    within(reach_deg, 1, 20, "reach_deg is 1 to 20");
    within(starts, 2, 50, "starts is 2 to 50");
    within(agree_mm, 0.1, 10, "agree_mm is 0.1 to 10");
    within(least_agreeing, 0, 1, "least_agreeing is 0 to 1");
    within(least_support, 0, 1, "least_support is 0 to 1");
}

Expected<BoneRegistration> register_bones(const BonePoints& bones,
                                          const std::vector<RegistrationView>& views,
                                          const RegistrationOptions& options,
                                          const Execution& execution) {
    options.validate();
    if (views.size() < 2)
        return no_answer("few-views", "Two pictures from different sides are needed.");
    require(bones.points.size() == bones.normals.size(), "register_bones",
            "a normal for each point");
    if (bones.points.size() < 500)
        return no_answer("no-bones", "The volume shows no bones, or too little of them.");
    Task task;
    task.middle.setZero();
    for (const Vector3d& p : bones.points)
        task.middle += p / static_cast<double>(bones.points.size());
    const std::size_t every = std::max<std::size_t>(1, bones.points.size() / kMostPoints);
    for (std::size_t i = 0; i < bones.points.size(); i += every) {
        task.bones.points.emplace_back(bones.points[i] - task.middle);
        task.bones.normals.push_back(bones.normals[i]);
    }
    for (const RegistrationView& view : views) {
        require(view.frame != nullptr && view.frame->intensity.size() > 0, "register_bones",
                "a frame in each view");
        if (const auto valid = view.camera.validate(); !valid)
            return no_answer("bad-camera", valid.error().text);
        if (!(view.camera.depth(task.middle) > 1))
            return no_answer("not-seen", "The bones do not lie before the camera.");
        task.views.push_back(make_view(view, task.middle));
    }

    Random random(options.seed, 0x72656769);
    // The polarity that the stated place settles better in.
    const Isometry3d stated = Isometry3d::Identity();
    Try best = settle(task, {stated, 1}, execution);
    if (const Try dark = settle(task, {stated, -1}, execution); dark.support > best.support)
        best = dark;
    const auto places = places_about(stated, options, 1, options.starts - 1, random);
    for (const Try& t : settle_all(task, places, best.pose.sign, execution)) {
        if (t.support > best.support) best = t;
    }
    if (best.support == 0) return no_answer("not-seen", "The bones do not lie in the pictures.");
    // Pushed away from there, do they come back?
    BoneRegistration result;
    result.support = best.support;
    result.bones_bright = best.pose.sign > 0;
    const auto about = places_about(best.pose.motion, options, kPushed, kPushes, random);
    double squares = 0;
    int back = 0;
    for (const Try& t : settle_all(task, about, best.pose.sign, execution)) {
        const double off = apart(task, t.pose.motion, best.pose.motion);
        if (t.support == 0 || off > options.agree_mm) continue;
        ++back;
        squares += off * off;
    }
    result.agreeing = back / static_cast<double>(kPushes);
    result.spread_mm = std::sqrt(squares / std::max(1, back));
    // About the origin of patient space, not the bones' middle.
    result.motion =
        Eigen::Translation3d(task.middle) * best.pose.motion * Eigen::Translation3d(-task.middle);
    if (result.support < options.least_support || result.agreeing < options.least_agreeing) {
        return no_answer("not-registered",
                         "The bones could not be placed: too few of their rims lie on edges of the "
                         "pictures, or they do not come back when pushed away.");
    }
    return result;
}

}  // namespace guide::segment
