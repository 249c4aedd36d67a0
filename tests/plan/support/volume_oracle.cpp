// SPDX-License-Identifier: Apache-2.0
#include "volume_oracle.hpp"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>

namespace guide::test {
namespace {

using Eigen::Vector3d;
using plan::LabelRole;

constexpr double kPi = 3.14159265358979323846;
constexpr double kRound = 1e-6;    // mm: what rounding may take
constexpr double kRounded = 1e-4;  // mm: and single precision

}  // namespace

VolumeOracle::VolumeOracle(const LabelVolume& volume, const plan::LabelTable& table,
                           const plan::Approach& approach, const plan::PlanOptions& options)
    : volume_(volume),
      table_(table),
      approach_(approach),
      options_(options),
      voxel_from_patient_(volume.patient_from_voxel.inverse()) {
    for (int a = 0; a < 3; ++a)
        edge_[a] = volume.patient_from_voxel.linear().col(a).norm();
    radius_ = options.needle.outer_diameter_mm / 2;
    boundary_ = table.boundary_sigma_mm.value_or(std::cbrt(edge_.prod()) / std::sqrt(12));
    role_of_.assign(256, table.others);
    for (const auto& entry : table.labels)
        role_of_[static_cast<std::size_t>(entry.value)] = entry.role;

    const double left = table.side == plan::KneeSide::left ? 1 : -1;
    const Vector3d lateral(left, 0, 0), front(0, -1, 0);
    switch (approach.views.front()) {
        case View::lateral:
            face_ = lateral;
            break;
        case View::medial:
            face_ = -lateral;
            break;
        case View::posterior:
            face_ = -front;
            break;
        default:
            face_ = front;
    }
    side_ = approach.side == plan::EntrySide::lateral ? lateral : Vector3d(-lateral);
    sided_ = approach.side != plan::EntrySide::any && std::abs(face_.y()) > 0.5;
    if (!sided_) side_ = Vector3d(0, 0, 1);
    if (table.probe) face_ = -table.probe->looks.normalized();
    side_ = (side_ - side_.dot(face_) * face_).normalized();

    // All that has to be kept clear of.
    const auto add = [&](LabelRole what, const std::string& kind, double margin, double in_joint) {
        const auto labels = labels_of(what, kind);
        if (std::none_of(volume.labels.begin(), volume.labels.end(),
                         [&](std::uint8_t v) { return labels[v] != 0; })) {
            return;
        }
        for (const Thing& thing : things_) {
            if (thing.role == what && thing.kind == kind) return;
        }
        things_.push_back({what, kind, margin, in_joint, labels, {}});
    };
    add(LabelRole::bone, "", approach.bone_margin_mm, 0);
    add(LabelRole::cartilage, "", approach.bone_margin_mm, 0);
    if (!approach.allows_unseen) add(LabelRole::unknown, "", 0, 0);
    for (const auto& entry : table.labels) {
        if (entry.role != LabelRole::obstacle) continue;
        double margin = approach.other_margin_mm;
        for (const auto& m : approach.margins) {
            if (m.kind == entry.name) margin = m.mm;
        }
        add(LabelRole::obstacle, entry.name, margin, margin);
    }
    double widest = 0;
    for (int k = 0; k < volume.size[2]; ++k) {
        for (int j = 0; j < volume.size[1]; ++j) {
            for (int i = 0; i < volume.size[0]; ++i) {
                const Vector3d p = volume.patient_from_voxel * Vector3d(i, j, k);
                if (role(p) != LabelRole::joint_space) continue;
                widest = std::max(widest, wall(p, 30));
                joint_.push_back(p);
            }
        }
    }
    wall_needed_ = std::min(approach.wall_margin_mm, widest / 2);
}

std::vector<std::uint8_t> VolumeOracle::labels_of(LabelRole wanted, const std::string& kind) const {
    std::vector<std::uint8_t> result(256);
    for (std::size_t v = 0; v < 256; ++v)
        result[v] = role_of_[v] == wanted && kind.empty();
    if (!kind.empty()) {
        for (const auto& entry : table_.labels) {
            if (entry.role == wanted && entry.name == kind)
                result[static_cast<std::size_t>(entry.value)] = 1;
        }
    }
    return result;
}

VolumeOracle::Place VolumeOracle::place_of(const Vector3d& patient) const {
    const Vector3d v = voxel_from_patient_ * patient;
    Place place{0, 0, true, LabelRole::unknown};
    double squared = 0;
    std::size_t stride = 1;
    for (int a = 0; a < 3; ++a) {
        const auto n = static_cast<long>(std::floor(v[a] + 0.5));
        const int size = volume_.size[static_cast<std::size_t>(a)];
        if (n < 0 || n >= size) place.inside = false;
        place.voxel += stride * static_cast<std::size_t>(std::clamp<long>(n, 0, size - 1));
        stride *= static_cast<std::size_t>(size);
        const double away = (v[a] - static_cast<double>(n)) * edge_[a];
        squared += away * away;
    }
    place.from_centre = std::sqrt(squared);
    if (place.inside) place.role = role_of_[volume_.labels[place.voxel]];
    return place;
}

LabelRole VolumeOracle::role(const Vector3d& patient) const {
    return place_of(patient).role;
}

double VolumeOracle::distance(const Vector3d& patient, const std::vector<std::uint8_t>& labels,
                              double most) const {
    // What is near is found among few boxes.
    if (most > 4) {
        const double near = distance(patient, labels, most / 2);
        if (near < most / 2) return near;
    }
    const Vector3d v = voxel_from_patient_ * patient;
    int from[3], to[3];
    for (int a = 0; a < 3; ++a) {
        const double reach = most / edge_[a] + 0.5;
        from[a] = std::max(0, static_cast<int>(std::ceil(v[a] - reach)));
        to[a] = std::min(volume_.size[static_cast<std::size_t>(a)] - 1,
                         static_cast<int>(std::floor(v[a] + reach)));
    }
    double best = most * most;
    const auto nx = static_cast<std::size_t>(volume_.size[0]);
    const auto ny = static_cast<std::size_t>(volume_.size[1]);
    for (int k = from[2]; k <= to[2]; ++k) {
        const double dz = std::max(0.0, std::abs(v.z() - k) - 0.5) * edge_.z();
        for (int j = from[1]; j <= to[1]; ++j) {
            const double dy = std::max(0.0, std::abs(v.y() - j) - 0.5) * edge_.y();
            const double other = dz * dz + dy * dy;
            if (other >= best) continue;
            const std::size_t row =
                nx * (static_cast<std::size_t>(j) + ny * static_cast<std::size_t>(k));
            for (int i = from[0]; i <= to[0]; ++i) {
                if (labels[volume_.labels[row + static_cast<std::size_t>(i)]] == 0) continue;
                const double dx = std::max(0.0, std::abs(v.x() - i) - 0.5) * edge_.x();
                best = std::min(best, other + dx * dx);
            }
        }
    }
    return std::sqrt(best);
}

double VolumeOracle::distance(const Vector3d& patient, LabelRole wanted, const std::string& kind,
                              double most) const {
    return distance(patient, labels_of(wanted, kind), most);
}

double VolumeOracle::wall(const Vector3d& patient, double most) const {
    if (role(patient) != LabelRole::joint_space) return -1;
    std::vector<std::uint8_t> not_joint(256);
    for (std::size_t v = 0; v < 256; ++v)
        not_joint[v] = role_of_[v] != LabelRole::joint_space;
    double best = distance(patient, not_joint, most);
    // What lies outside the volume is no joint space either.
    const Vector3d v = voxel_from_patient_ * patient;
    for (int a = 0; a < 3; ++a) {
        best = std::min(best, (v[a] + 0.5) * edge_[a]);
        best = std::min(best, (volume_.size[static_cast<std::size_t>(a)] - 0.5 - v[a]) * edge_[a]);
    }
    return best;
}

double VolumeOracle::angle_deg(const Path& path) const {
    const Vector3d way = (path.entry - path.target).normalized();
    return 90 - std::acos(std::clamp(way.dot(face_), -1.0, 1.0)) * 180 / kPi;
}

double VolumeOracle::turned_deg(const Path& path) const {
    Vector3d way = path.entry - path.target;
    way -= way.dot(face_) * face_;
    if (way.norm() < 1e-9) return 0;
    return std::acos(std::clamp(way.normalized().dot(side_), -1.0, 1.0)) * 180 / kPi;
}

std::optional<std::string> VolumeOracle::broken(const Path& path, double spare, double step) const {
    using namespace std::string_literals;
    const double degrees = spare > 0 ? 0.5 : -1e-6, mm = spare > 0 ? spare : -kRound;
    const double angle = angle_deg(path), length = (path.entry - path.target).norm();
    if (angle + degrees > approach_.angle_limit_deg) return "angle"s;
    if (angle - degrees < approach_.angle_least_deg &&
        (spare <= 0 || approach_.angle_least_deg > 0)) {
        return "angle-flat"s;
    }
    if (sided_ && turned_deg(path) + degrees > 60) return "side"s;
    const double longest = options_.needle.length_mm - options_.hub_reserve_mm;
    if (length + mm > longest) return "needle-length"s;
    if (wall(path.target, wall_needed_ + 1) < wall_needed_ + mm) return "wall-margin"s;
    const double depth =
        distance(path.target, labels_of(LabelRole::outside, ""), approach_.depth_limit_mm + 1);
    if (depth + mm > approach_.depth_limit_mm) return "depth"s;

    const Vector3d out = (path.entry - path.target) / length;
    if (role(path.entry + 1e-4 * out) != LabelRole::outside) return "entry not on the skin"s;
    // Ten millimetres in, the needle has left the skin by so much.
    const double in = std::min(10.0, length),
                 left = in * std::sin(options_.skin_angle_least_deg * kPi / 180);
    if (distance(path.entry - in * out, labels_of(LabelRole::outside, ""), left + 1) <
        left + mm - kRound) {
        return "grazing"s;
    }
    if (table_.probe && in_probe(path.entry, mm)) return "under the probe"s;
    const int steps = std::max(1, static_cast<int>(std::ceil(length / step)));
    for (int i = 0; i <= steps; ++i) {
        const double s = std::min(length * i / steps, length - 1e-4);
        const Vector3d p = path.target + s * out;
        const Place here = place_of(p);
        if (here.role == LabelRole::outside) return "through the air"s;
        const bool joint = here.role == LabelRole::joint_space;
        if (!room_.empty() && spare > 0 && here.inside) {
            const double room =
                static_cast<double>((joint ? room_.within : room_.outside)[here.voxel]);
            if (room - here.from_centre > kRounded) continue;
            if (room + here.from_centre < -kRounded) return "no room"s;
        }
        for (const Thing& thing : things_) {
            const double need = (joint ? thing.in_joint : thing.margin) + radius_ + mm;
            if (distance(p, thing.labels, need + 0.1) < need - kRound) {
                // On the joint space's wall either answer is right.
                if (!joint && thing.in_joint < thing.margin && spare <= 0 &&
                    role(p + 1e-5 * out) != role(p - 1e-5 * out)) {
                    continue;
                }
                return std::string(name_of(thing.role)) + " " + thing.kind;
            }
        }
    }
    if (spare <= 0) return {};
    // Nearby paths come to the skin as well.
    const Vector3d aside = out.unitOrthogonal(), other = out.cross(aside);
    for (int k = 0; k < 8; ++k) {
        const Vector3d by = std::cos(k * kPi / 4) * aside + std::sin(k * kPi / 4) * other;
        const Vector3d near = (path.entry + spare * by - path.target).normalized();
        if (!skin_from(path.target, near, longest - spare)) return "needle-length"s;
    }
    return {};
}

bool VolumeOracle::in_probe(const Vector3d& entry, double mm) const {
    // A box about the face, as deep as the skin beside it may fall off.
    const plan::ProbePlace& probe = *table_.probe;
    const Vector3d looks = probe.looks.normalized();
    const Vector3d along = (probe.along - probe.along.dot(looks) * looks).normalized();
    const Vector3d d = entry - probe.face_mm;
    const double wide = probe.width_mm / 2 + options_.probe_gap_mm + mm,
                 thick = options_.probe_half_width_mm + options_.probe_gap_mm + mm;
    return std::abs(d.dot(looks)) <= 25 + std::max(0.0, mm) && std::abs(d.dot(along)) < wide &&
           std::abs(d.dot(looks.cross(along))) < thick;
}

std::optional<Vector3d> VolumeOracle::skin_from(const Vector3d& target, const Vector3d& out,
                                                double most) const {
    constexpr double kStep = 0.1;
    for (double s = 0; s <= most; s += kStep) {
        const Vector3d v = voxel_from_patient_ * (target + s * out);
        for (int a = 0; a < 3; ++a) {
            if (v[a] < -0.5 || v[a] > volume_.size[static_cast<std::size_t>(a)] - 0.5) return {};
        }
        if (role(target + s * out) != LabelRole::outside) continue;
        double low = std::max(0.0, s - kStep), high = s;
        for (int i = 0; i < 40; ++i) {
            const double middle = (low + high) / 2;
            (role(target + middle * out) == LabelRole::outside ? high : low) = middle;
        }
        return Vector3d(target + high * out);
    }
    return {};
}

double VolumeOracle::p_hit(const Path& path, int parts) const {
    const double length = (path.entry - path.target).norm();
    const Vector3d out = (path.entry - path.target) / length;
    const double plane = approach_.entry == plan::EntryRule::across_plane ? 4.4 / 2.6 : 1;
    const double aim = options_.aiming_sigma_mm * plane;
    const auto& e = options_.errors;
    const double depth =
        e.sound_speed_relative *
        distance(path.target, labels_of(LabelRole::outside, ""), approach_.depth_limit_mm + 1);
    const double bent = e.deflection_share * plan::deflection_mm(options_.needle, length);
    Eigen::Matrix3d c = Eigen::Matrix3d::Identity() *
                        (aim * aim + boundary_ * boundary_ + e.motion_mm * e.motion_mm);
    c += std::pow(e.spacing_relative * length, 2) * out * out.transpose();
    c += depth * depth * face_ * face_.transpose();
    c += bent * bent / 2 * (Eigen::Matrix3d::Identity() - out * out.transpose());
    const Eigen::Matrix3d inverse = c.inverse();
    const double density =
        edge_.prod() / std::pow(parts, 3) / std::sqrt(std::pow(2 * kPi, 3) * c.determinant());
    const Eigen::Matrix3d voxel = volume_.patient_from_voxel.linear();
    double sum = 0;
    for (const Vector3d& centre : joint_) {
        for (int part = 0; part < parts * parts * parts; ++part) {
            const Vector3d within((part % parts + 0.5) / parts - 0.5,
                                  (part / parts % parts + 0.5) / parts - 0.5,
                                  (part / parts / parts + 0.5) / parts - 0.5);
            const Vector3d d = centre + voxel * within - path.target;
            sum += density * std::exp(-d.dot(inverse * d) / 2);
        }
    }
    return sum;
}

double VolumeOracle::less(const Thing& thing) const {
    return thing.role == LabelRole::obstacle ? thing.margin - approach_.bone_margin_mm : 0;
}

double VolumeOracle::clearance(const Path& path) const {
    const double length = (path.entry - path.target).norm(), ample = 5;
    const Vector3d out = (path.entry - path.target) / length;
    double least = ample + 0.1;
    for (double s = 0; s < length; s += 0.1) {
        const Vector3d p = path.target + s * out;
        const Place here = place_of(p);
        for (const Thing& thing : things_) {
            if (thing.role == LabelRole::unknown) continue;
            const bool solid = thing.role != LabelRole::obstacle;
            if (solid && here.role == LabelRole::joint_space) continue;
            const double beside = radius_ + less(thing), most = least + beside;
            if (most <= 0) continue;
            if (!thing.at_centres.empty() &&
                static_cast<double>(thing.at_centres[here.voxel]) - here.from_centre >
                    most + kRounded) {
                continue;
            }
            least = std::min(least, distance(p, thing.labels, most) - beside);
        }
    }
    return least;
}

double VolumeOracle::score(const Path& path, double hit, double clear) const {
    const double angle = angle_deg(path), length = (path.entry - path.target).norm();
    const double seen = approach_.entry == plan::EntryRule::across_plane
                            ? angle / 60
                            : 1 - angle / (options_.needle.echogenic ? 180 : 81);
    const auto unit = [](double v) { return std::clamp(v, 0.0, 1.0); };
    return 0.5 * hit + 0.25 * unit(seen) + 0.15 * unit(clear / 5) +
           0.1 * unit(1 - length / options_.needle.length_mm);
}

double VolumeOracle::score(const Path& path) const {
    return score(path, p_hit(path), clearance(path));
}

}  // namespace guide::test
