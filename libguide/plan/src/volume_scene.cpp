// SPDX-License-Identifier: Apache-2.0
#include "volume_data.hpp"

#include <cmath>
#include <map>
#include <numeric>

namespace guide::plan {
namespace {

constexpr double kAboutJointMm = 8;  // how far from the joint space distances to it are known
constexpr double kSkew = 1e-3;       // cosine between axes that still counts as a right angle

tl::unexpected<Reason> bad(const std::string& why) {
    return no_answer("bad-volume", "The volume " + why);
}

std::string rounded(double value) {
    std::string text = std::to_string(std::round(value * 10) / 10);
    text.erase(text.find('.') + 2);
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

Expected<void> place(const LabelVolume& volume, VolumeData& data) {
    constexpr std::array kLongest{BoxField::kLongestX, BoxField::kLongestY, BoxField::kLongestZ};
    for (std::size_t a = 0; a < 3; ++a) {
        if (volume.size[a] < 2) return bad("has fewer than two voxels along an axis.");
        if (volume.size[a] > kLongest[a])
            return bad("has more than " + std::to_string(kLongest[a]) + " voxels along an axis.");
    }
    if (volume.labels.size() != volume.count()) return bad("has not one label for each voxel.");
    const Eigen::Matrix3d axes = volume.patient_from_voxel.linear();
    const Eigen::Vector3d origin = volume.patient_from_voxel.translation();
    if (!axes.allFinite() || !origin.allFinite()) return bad("has no place in millimetres.");
    Eigen::Matrix3d turn;
    for (int a = 0; a < 3; ++a) {
        const double edge = axes.col(a).norm();
        if (!(edge >= 0.01 && edge <= 20))
            return bad("has voxels that are not between 0.01 and 20 mm long.");
        data.frame.edge[a] = edge;
        turn.col(a) = axes.col(a) / edge;
    }
    for (int a = 0; a < 3; ++a) {
        if (std::abs(turn.col(a).dot(turn.col((a + 1) % 3))) > kSkew)
            return bad("is skewed: its axes do not stand at right angles.");
    }
    data.frame.size = volume.size;
    data.patient_from_scene.linear() = turn;
    data.patient_from_scene.translation() = origin;
    return {};
}

/// Sets a class for each voxel by the table alone.
void classify(const LabelVolume& volume, const LabelTable& table, VolumeData& data) {
    data.classes.push_back({table.others, ""});
    std::array<std::uint8_t, 256> class_of_label{};
    for (const LabelEntry& entry : table.labels) {
        class_of_label[static_cast<std::size_t>(entry.value)] =
            static_cast<std::uint8_t>(data.classes.size());
        data.classes.push_back({entry.role, entry.name});
    }
    data.class_of.resize(volume.count());
    for (std::size_t v = 0; v < volume.count(); ++v)
        data.class_of[v] = class_of_label[volume.labels[v]];
}

template <class Wanted>
std::vector<std::uint8_t> voxels_of(const VolumeData& data, Wanted wanted) {
    std::vector<std::uint8_t> is(data.classes.size());
    for (std::size_t c = 0; c < is.size(); ++c)
        is[c] = wanted(data.classes[c]) ? 1 : 0;
    std::vector<std::uint8_t> mask(data.class_of.size());
    for (std::size_t v = 0; v < mask.size(); ++v)
        mask[v] = is[data.class_of[v]];
    return mask;
}

bool any_of(const std::vector<std::uint8_t>& mask) {
    return std::ranges::any_of(mask, [](std::uint8_t v) { return v != 0; });
}

template <class Visit>
void visit_voxels(const VoxelFrame& frame, Visit visit) {
    for (int k = 0; k < frame.size[2]; ++k) {
        for (int j = 0; j < frame.size[1]; ++j) {
            for (int i = 0; i < frame.size[0]; ++i)
                visit(i, j, k, frame.index(i, j, k));
        }
    }
}

/// The class gets `to` in soft voxels for which `wanted` holds. 255 entries of a table leave room.
template <class Wanted>
void derive(VolumeData& data, const VoxelClass& to, Wanted wanted) {
    const auto derived = static_cast<std::uint8_t>(data.classes.size());
    data.classes.push_back(to);
    visit_voxels(data.frame, [&](int i, int j, int k, std::size_t v) {
        if (data.classes[data.class_of[v]].role == LabelRole::soft &&
            wanted(data.frame.centre(i, j, k))) {
            data.class_of[v] = derived;
        }
    });
}

/// Air that does not reach the volume's border is no place to come from.
void close_pockets(VolumeData& data) {
    const VoxelFrame& f = data.frame;
    std::vector<std::uint8_t> air =
        voxels_of(data, [](const VoxelClass& c) { return c.role == LabelRole::outside; });
    std::vector<std::size_t> open;
    const auto take = [&](int i, int j, int k) {
        const std::size_t v = f.index(i, j, k);
        if (air[v] == 1) air[v] = 2, open.push_back(v);
    };
    visit_voxels(f, [&](int i, int j, int k, std::size_t) {
        if (i == 0 || j == 0 || k == 0 || i + 1 == f.size[0] || j + 1 == f.size[1] ||
            k + 1 == f.size[2]) {
            take(i, j, k);
        }
    });
    while (!open.empty()) {
        const auto v = open.back();
        open.pop_back();
        const auto nx = static_cast<std::size_t>(f.size[0]),
                   ny = static_cast<std::size_t>(f.size[1]);
        const int i = static_cast<int>(v % nx), j = static_cast<int>(v / nx % ny),
                  k = static_cast<int>(v / nx / ny);
        if (i > 0) take(i - 1, j, k);
        if (j > 0) take(i, j - 1, k);
        if (k > 0) take(i, j, k - 1);
        if (i + 1 < f.size[0]) take(i + 1, j, k);
        if (j + 1 < f.size[1]) take(i, j + 1, k);
        if (k + 1 < f.size[2]) take(i, j, k + 1);
    }
    if (std::ranges::find(air, 1) == air.end()) return;
    const auto closed = static_cast<std::uint8_t>(data.classes.size());
    data.classes.push_back({LabelRole::unknown, "closed air"});
    for (std::size_t v = 0; v < air.size(); ++v) {
        if (air[v] == 1) data.class_of[v] = closed;
    }
    data.notes.push_back(
        {"closed-air", "Air within the body counts as not seen: the needle comes from outside."});
}

Expected<void> find_skin(const LabelTable& table, VolumeData& data, const Execution& execution) {
    const auto outside = [](const VoxelClass& c) { return c.role == LabelRole::outside; };
    const bool seen = any_of(voxels_of(data, outside));
    if (table.skin_offset_mm) {
        if (seen)
            return no_answer("bad-labels",
                             "The skin's offset is stated, but the volume shows the air itself.");
        const BoxField labelled(
            data.frame,
            voxels_of(data, [](const VoxelClass& c) { return c.role != LabelRole::soft; }),
            execution);
        if (labelled.empty()) return no_answer("no-skin", "Nothing in the volume is labelled.");
        derive(data, {LabelRole::outside, "outside"},
               [&](const Eigen::Vector3d& p) { return labelled.quick(p) > *table.skin_offset_mm; });
        data.notes.push_back(
            {"skin-assumed", "The volume does not show the skin; as stated, it is taken " +
                                 rounded(*table.skin_offset_mm) +
                                 " mm outside of all that is labelled. Lengths and angles at the "
                                 "skin are as good as this."});
    }
    close_pockets(data);
    if (any_of(voxels_of(data, outside))) return {};
    return no_answer("no-skin",
                     table.skin_offset_mm
                         ? "The stated offset puts the skin outside the volume: no entry can be "
                           "shown."
                         : "No label stands for what lies outside the skin, so no entry is known: "
                           "label the air, or state how far the skin lies outside of what is "
                           "labelled (skin_offset_mm).");
}

void find_joint_between(const LabelVolume& volume, const LabelTable& table, VolumeData& data,
                        const Execution& execution) {
    if (!table.joint_between) return;
    const auto boxes_of = [&](const std::vector<int>& values) {
        std::vector<std::uint8_t> mask(volume.count());
        for (std::size_t v = 0; v < mask.size(); ++v)
            mask[v] = std::ranges::find(values, static_cast<int>(volume.labels[v])) != values.end();
        return BoxField(data.frame, mask, execution);
    };
    const BoxField one = boxes_of(table.joint_between->one),
                   other = boxes_of(table.joint_between->other);
    derive(data, {LabelRole::joint_space, "joint space"}, [&](const Eigen::Vector3d& p) {
        return one.quick(p) + other.quick(p) <= table.joint_between->mm;
    });
    data.notes.push_back({"joint-assumed",
                          "The joint space has no label of its own; as stated, it is what is soft "
                          "and no more than " +
                              rounded(table.joint_between->mm) +
                              " mm wide between the labels named."});
}

Expected<void> measure_joint(const LabelTable& table, VolumeData& data,
                             const Execution& execution) {
    const VoxelFrame& f = data.frame;
    std::array<int, 3> low = f.size, high{-1, -1, -1};
    Eigen::Vector3d sum = Eigen::Vector3d::Zero();
    std::size_t count = 0;
    const auto mask =
        voxels_of(data, [](const VoxelClass& c) { return c.role == LabelRole::joint_space; });
    for (int k = 0; k < f.size[2]; ++k) {
        for (int j = 0; j < f.size[1]; ++j) {
            JointRow row{j, k, data.runs.size(), 0};
            for (int i = 0; i < f.size[0]; ++i) {
                if (mask[f.index(i, j, k)] == 0) continue;
                const int first = i;
                while (i < f.size[0] && mask[f.index(i, j, k)] != 0) {
                    sum += f.centre(i, j, k), ++count;
                    ++i;
                }
                data.runs.push_back({f.centre(first, j, k).x() - f.edge.x() / 2,
                                     f.centre(i - 1, j, k).x() + f.edge.x() / 2});
                low = {std::min(low[0], first), std::min(low[1], j), std::min(low[2], k)};
                high = {std::max(high[0], i - 1), std::max(high[1], j), std::max(high[2], k)};
            }
            row.last = data.runs.size();
            if (row.last > row.first) data.rows.push_back(row);
        }
    }
    if (count == 0)
        return no_answer("no-joint-space", "No voxel of the volume belongs to the joint space.");
    data.joint_middle = sum / static_cast<double>(count);
    data.joint_mm3 = static_cast<double>(count) * f.edge.prod();
    data.joint_low = f.centre(low[0], low[1], low[2]) - f.edge / 2;
    data.joint_high = f.centre(high[0], high[1], high[2]) + f.edge / 2;
    data.boundary_sigma =
        table.boundary_sigma_mm.value_or(std::cbrt(f.edge.prod()) / std::sqrt(12));

    // A frame of its own, which may stick out of the volume: what lies there is not joint space.
    VoxelFrame about;
    about.edge = f.edge;
    std::array<int, 3> from{};
    for (std::size_t a = 0; a < 3; ++a) {
        const int more =
            1 + static_cast<int>(std::ceil(kAboutJointMm / f.edge[static_cast<int>(a)]));
        from[a] = low[a] - more;
        about.size[a] = high[a] + more + 1 - from[a];
    }
    constexpr std::array kLongest{BoxField::kLongestX, BoxField::kLongestY, BoxField::kLongestZ};
    for (std::size_t a = 0; a < 3; ++a) {
        if (about.size[a] > kLongest[a]) return bad("is too large.");
    }
    about.low = f.centre(from[0], from[1], from[2]);
    std::vector<std::uint8_t> in(about.count()), out(about.count(), 1);
    visit_voxels(about, [&](int i, int j, int k, std::size_t v) {
        const int x = i + from[0], y = j + from[1], z = k + from[2];
        if (x < 0 || y < 0 || z < 0 || x >= f.size[0] || y >= f.size[1] || z >= f.size[2]) return;
        in[v] = mask[f.index(x, y, z)];
        out[v] = in[v] == 0;
    });
    data.joint = BoxField(about, in, execution);
    data.not_joint = BoxField(about, out, execution);
    visit_voxels(about, [&](int i, int j, int k, std::size_t v) {
        if (in[v] != 0)
            data.widest = std::max(data.widest, data.not_joint.quick(about.centre(i, j, k)));
    });
    return {};
}

/// Which knee it is, from where the fibula lies beside the tibia.
void find_side(const LabelTable& table, VolumeData& data) {
    data.side = table.side;
    if (data.side != KneeSide::unknown) return;
    std::map<std::string, std::pair<Eigen::Vector3d, double>> sums;
    visit_voxels(data.frame, [&](int i, int j, int k, std::size_t v) {
        const VoxelClass& c = data.classes[data.class_of[v]];
        if (c.role != LabelRole::bone || (c.name != "fibula" && c.name != "tibia")) return;
        auto& sum = sums.try_emplace(c.name, Eigen::Vector3d::Zero(), 0).first->second;
        sum.first += data.frame.centre(i, j, k);
        sum.second += 1;
    });
    if (sums.size() != 2) return;
    const auto x_of = [&](const char* bone) {
        const auto& [sum, count] = sums.at(bone);
        return (data.patient_from_scene * Eigen::Vector3d(sum / count)).x();
    };
    constexpr double kClear = 5;  // mm
    const double beside = x_of("fibula") - x_of("tibia");
    if (std::abs(beside) < kClear) return;
    data.side = beside > 0 ? KneeSide::left : KneeSide::right;
    data.notes.push_back({"side-from-fibula", "By the side on which the fibula lies this is a " +
                                                  std::string(name_of(data.side)) + " knee."});
}

void find_obstacles(VolumeData& data, const Execution& execution) {
    const auto boxes_of = [&](auto wanted) {
        return BoxField(data.frame, voxels_of(data, wanted), execution);
    };
    const auto solid = [](const VoxelClass& c) {
        return c.role == LabelRole::bone || c.role == LabelRole::cartilage;
    };
    data.solid = boxes_of(solid);
    data.has_bone = !data.solid.empty();
    data.unknown = boxes_of([](const VoxelClass& c) { return c.role == LabelRole::unknown; });
    data.air = boxes_of([](const VoxelClass& c) { return c.role == LabelRole::outside; });
    bool vessel = false, nerve = false;
    for (const VoxelClass& c : std::vector<VoxelClass>(data.classes)) {
        const auto known = [&](const VolumeData::Kind& kind) { return kind.name == c.name; };
        if (c.role != LabelRole::obstacle || std::ranges::any_of(data.kinds, known)) continue;
        BoxField boxes = boxes_of([&](const VoxelClass& other) {
            return other.role == LabelRole::obstacle && other.name == c.name;
        });
        if (boxes.empty()) continue;
        vessel = vessel || c.name == "vessel" || c.name == "artery" || c.name == "vein";
        nerve = nerve || c.name == "nerve";
        data.kinds.push_back({c.name, std::move(boxes)});
    }
    if (!vessel || !nerve) {
        const std::string what = !vessel && !nerve ? "vessel and no nerve"
                                 : !vessel         ? "vessel"
                                                   : "nerve";
        data.notes.push_back(
            {"vessels-not-searched",
             "The volume labels no " + what +
                 ": what has no label is not kept clear of. Look for them first."});
    }
    if (!data.has_bone) {
        data.notes.push_back(
            {"no-bone-seen", "The volume labels no bone, so clearance from bone is not known."});
    }
}

void place_probe(const LabelTable& table, VolumeData& data) {
    if (!table.probe) return;
    data.probe = table.probe;
    data.probe->face_mm = data.to_scene(table.probe->face_mm);
    data.probe->looks = data.turned_to_scene(table.probe->looks);
    const Eigen::Vector3d along = data.turned_to_scene(table.probe->along);
    data.probe->along = (along - along.dot(data.probe->looks) * data.probe->looks).normalized();
}

}  // namespace

double VolumeData::joint_distance(const Eigen::Vector3d& p) const {
    // Outside the joint's surroundings: to these, and no nearer than they are wide.
    const VoxelFrame& about = joint.frame();
    const Eigen::Vector3d last =
        about.centre(about.size[0] - 1, about.size[1] - 1, about.size[2] - 1);
    const Eigen::Vector3d inside = p.cwiseMax(about.low).cwiseMin(last);
    const double away = (p - inside).norm();
    return away > 0 ? std::max(away, joint.near(inside) - away) : joint.near(p);
}

Expected<VolumeScene> VolumeScene::make(const LabelVolume& volume, const LabelTable& table,
                                        const Execution& execution) {
    if (const auto valid = table.validate(); !valid) return tl::unexpected(valid.error());
    auto data = std::make_shared<VolumeData>();
    if (const auto placed = place(volume, *data); !placed) return tl::unexpected(placed.error());
    classify(volume, table, *data);
    if (data->classes.size() > 250)
        return no_answer("bad-labels", "The table of labels has more than 249 entries.");
    find_joint_between(volume, table, *data, execution);
    if (const auto skin = find_skin(table, *data, execution); !skin)
        return tl::unexpected(skin.error());
    for (std::size_t c = 0; c < data->classes.size(); ++c)
        data->role_of[c] = data->classes[c].role;
    if (const auto joint = measure_joint(table, *data, execution); !joint)
        return tl::unexpected(joint.error());
    find_obstacles(*data, execution);
    find_side(table, *data);
    place_probe(table, *data);
    return VolumeScene(std::move(data));
}

KneeSide VolumeScene::side() const {
    return data_->side;
}
double VolumeScene::joint_mm3() const {
    return data_->joint_mm3;
}
double VolumeScene::widest_mm() const {
    return data_->widest;
}
Eigen::Vector3d VolumeScene::joint_middle() const {
    return data_->patient_from_scene * data_->joint_middle;
}
const std::vector<Reason>& VolumeScene::notes() const {
    return data_->notes;
}
LabelRole VolumeScene::role_at(const Eigen::Vector3d& patient_mm) const {
    return data_->role_at(data_->to_scene(patient_mm));
}

}  // namespace guide::plan
