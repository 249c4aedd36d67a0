// SPDX-License-Identifier: Apache-2.0
//
// What of the second opinion looks through whole volumes. Distances at the voxels' centres, by
// plain loops as well, say where nothing has to be measured: a distance changes between two points
// by no more than they are apart.
#include "volume_oracle.hpp"

#include <algorithm>
#include <cmath>

namespace guide::test {
namespace {

using Eigen::Vector3d;
using plan::LabelRole;

constexpr double kPi = 3.14159265358979323846;
constexpr double kAmple = 5;      // mm of clearance that count
constexpr double kLittle = 1e-3;  // mm: what single precision may take
constexpr float kFar = 1e6F;

}  // namespace

void VolumeOracle::look_coarsely() {
    for (Thing& thing : things_) {
        const double most = std::max({thing.margin + 1, less(thing) + kAmple + 1, 1.0});
        if (thing.at_centres.empty()) fill_centres(thing, most + radius_ + edge_.norm());
    }
}

void VolumeOracle::fill_centres(Thing& thing, double reach) const {
    // Squared distances along x, then the least over y, then over z: each by looking at all that
    // is within reach.
    std::vector<float> from(volume_.labels.size()), to(volume_.labels.size());
    for (std::size_t i = 0; i < from.size(); ++i)
        from[i] = thing.labels[volume_.labels[i]] != 0 ? 0 : kFar;
    std::size_t stride = 1;
    for (std::size_t a = 0; a < 3; ++a) {
        const double edge = edge_[static_cast<int>(a)];
        const auto n = static_cast<std::size_t>(volume_.size[a]);
        const auto most = static_cast<std::size_t>(reach / edge) + 1;
        std::vector<float> beside{0};
        for (std::size_t d = 1; d <= most; ++d) {
            const double away = (static_cast<double>(d) - 0.5) * edge;
            beside.push_back(static_cast<float>(away * away));
        }
        to = from;
        for (std::size_t at = 0; at < from.size(); ++at) {
            const std::size_t here = at / stride % n;
            float best = from[at];
            for (std::size_t d = 1; d <= most && beside[d] < best; ++d) {
                if (here >= d) best = std::min(best, beside[d] + from[at - d * stride]);
                if (here + d < n) best = std::min(best, beside[d] + from[at + d * stride]);
            }
            to[at] = best;
        }
        std::swap(from, to);
        stride *= n;
    }
    for (float& d : from)
        d = std::min(std::sqrt(d), static_cast<float>(reach));
    thing.at_centres = std::move(from);
}

VolumeOracle::Field VolumeOracle::room_with(double spare) const {
    Field field{std::vector<float>(volume_.labels.size(), kFar),
                std::vector<float>(volume_.labels.size(), kFar)};
    for (const Thing& thing : things_) {
        const auto outside = static_cast<float>(thing.margin + radius_ + spare),
                   within = static_cast<float>(thing.in_joint + radius_ + spare);
        for (std::size_t i = 0; i < field.outside.size(); ++i) {
            field.outside[i] = std::min(field.outside[i], thing.at_centres[i] - outside);
            field.within[i] = std::min(field.within[i], thing.at_centres[i] - within);
        }
    }
    return field;
}

VolumeOracle::Field VolumeOracle::clearances() const {
    Field field{std::vector<float>(volume_.labels.size(), kFar),
                std::vector<float>(volume_.labels.size(), kFar)};
    for (const Thing& thing : things_) {
        if (thing.role == LabelRole::unknown) continue;
        const auto beside = static_cast<float>(radius_ + less(thing));
        for (std::size_t i = 0; i < field.outside.size(); ++i) {
            const float value = thing.at_centres[i] - beside;
            field.outside[i] = std::min(field.outside[i], value);
            if (thing.role == LabelRole::obstacle)
                field.within[i] = std::min(field.within[i], value);
        }
    }
    return field;
}

std::optional<double> VolumeOracle::most_on_way(const Field& field, const Vector3d& target,
                                                const Vector3d& out, double most,
                                                double enough) const {
    constexpr double kStep = 0.4;
    double least = 1e300;
    for (double s = 0; s <= most; s += kStep) {
        const Place here = place_of(target + s * out);
        if (!here.inside) return {};
        if (here.role == LabelRole::outside) return least;
        const auto& values = here.role == LabelRole::joint_space ? field.within : field.outside;
        least = std::min(least, static_cast<double>(values[here.voxel]) + here.from_centre);
        if (least < enough) return {};
    }
    // The skin may lie in the last step.
    return place_of(target + most * out).role == LabelRole::outside ? std::optional(least)
                                                                    : std::nullopt;
}

std::vector<Vector3d> VolumeOracle::targets(double step, double spare) const {
    Vector3d low = Vector3d::Constant(1e300), high = -low;
    for (int k = 0; k < volume_.size[2]; ++k) {
        for (int j = 0; j < volume_.size[1]; ++j) {
            for (int i = 0; i < volume_.size[0]; ++i) {
                const Vector3d p = volume_.patient_from_voxel * Vector3d(i, j, k);
                if (role(p) != LabelRole::joint_space) continue;
                low = low.cwiseMin(p), high = high.cwiseMax(p);
            }
        }
    }
    std::vector<Vector3d> result;
    for (double z = low.z(); z <= high.z(); z += step) {
        for (double y = low.y(); y <= high.y(); y += step) {
            for (double x = low.x(); x <= high.x(); x += step) {
                const Vector3d p(x, y, z);
                if (wall(p, wall_needed_ + 1) >= wall_needed_ + spare) result.push_back(p);
            }
        }
    }
    return result;
}

std::vector<Vector3d> VolumeOracle::directions(double step_deg, double spare_deg) const {
    const Vector3d along = side_, across = face_.cross(along);
    const double half = sided_ ? 60 - spare_deg : 180;
    std::vector<Vector3d> result;
    const double low = approach_.angle_least_deg + (approach_.angle_least_deg > 0 ? spare_deg : 0);
    for (double angle = low; angle <= approach_.angle_limit_deg - spare_deg; angle += step_deg) {
        const double c = std::cos(angle * kPi / 180), s = std::sin(angle * kPi / 180);
        const double step = step_deg / std::max(0.05, c);
        for (double turn = -half; turn <= half; turn += step) {
            const double t = turn * kPi / 180;
            result.push_back(s * face_ + c * (std::cos(t) * along + std::sin(t) * across));
        }
    }
    return result;
}

std::optional<VolumeOracle::Path> VolumeOracle::find(double spare, double target_step,
                                                     double direction_step) {
    look_coarsely();
    room_ = room_with(spare);
    const double longest = options_.needle.length_mm - options_.hub_reserve_mm;
    const auto ways = directions(direction_step, 0.5);
    for (const Vector3d& target : targets(target_step, spare)) {
        for (const Vector3d& way : ways) {
            if (!most_on_way(room_, target, way, longest, -kLittle)) continue;
            const auto entry = skin_from(target, way, longest - spare);
            if (!entry) continue;
            const Path path{*entry, target};
            if (!broken(path, spare, 0.2) && !broken(path, spare, 0.05)) return path;
        }
    }
    return {};
}

std::optional<VolumeOracle::Path> VolumeOracle::best(double target_step, double direction_step) {
    look_coarsely();
    const Field room = room_with(0), clear = clearances();
    const double longest = options_.needle.length_mm - options_.hub_reserve_mm;
    const auto ways = directions(direction_step, 0);
    struct Way {
        Path path;
        double most;
    };
    std::vector<Way> all;
    for (const Vector3d& target : targets(target_step, 0)) {
        double ready = -1;
        for (const Vector3d& way : ways) {
            if (!most_on_way(room, target, way, longest, -kLittle)) continue;
            const auto clearance = most_on_way(clear, target, way, longest, -1e300);
            const auto entry = skin_from(target, way, longest);
            if (!entry || !clearance) continue;
            const Path path{*entry, target};
            // The tip counts most and changes little with the way to it.
            if (ready < 0) ready = p_hit(path, 2);
            all.push_back({path, score(path, std::min(1.0, ready + 0.03), *clearance + kLittle)});
        }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Way& a, const Way& b) { return a.most > b.most; });
    std::optional<Path> best;
    double top = 0;
    for (const Way& way : all) {
        if (best && way.most <= top) break;
        if (broken(way.path, 0, 0.1)) continue;
        const double own = score(way.path);
        if (!best || own > top) best = way.path, top = own;
    }
    return best;
}

}  // namespace guide::test
