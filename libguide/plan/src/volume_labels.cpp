// SPDX-License-Identifier: Apache-2.0
#include <guide/plan/volume_scene.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace guide::plan {
namespace {

constexpr std::array<std::pair<LabelRole, std::string_view>, 7> kRoles{{
    {LabelRole::outside, "outside"},
    {LabelRole::soft, "soft"},
    {LabelRole::joint_space, "joint-space"},
    {LabelRole::bone, "bone"},
    {LabelRole::cartilage, "cartilage"},
    {LabelRole::obstacle, "obstacle"},
    {LabelRole::unknown, "unknown"},
}};

}  // namespace

std::string_view name_of(LabelRole role) {
    return kRoles[static_cast<std::size_t>(role)].second;
}

std::optional<LabelRole> label_role_from_name(std::string_view name) {
    for (const auto& [role, known] : kRoles) {
        if (known == name) return role;
    }
    return std::nullopt;
}

std::string_view name_of(KneeSide side) {
    switch (side) {
        case KneeSide::left:
            return "left";
        case KneeSide::right:
            return "right";
        case KneeSide::unknown:
            break;
    }
    return "unknown";
}

Expected<void> LabelTable::validate() const {
    const auto fault = [](const std::string& why) { return no_answer("bad-labels", why); };
    if (labels.empty()) return fault("The table of labels has no entry.");
    std::set<int> seen;
    for (const LabelEntry& entry : labels) {
        const std::string who = "Label " + std::to_string(entry.value);
        if (entry.value < 0 || entry.value > 255) return fault(who + " is not between 0 and 255.");
        if (!seen.insert(entry.value).second) return fault(who + " stands there twice.");
        if (entry.role == LabelRole::obstacle && entry.name.empty())
            return fault(who + " is an obstacle without a kind.");
    }
    if (others == LabelRole::obstacle) return fault("Values without an entry cannot be obstacles.");
    if (skin_offset_mm && !(*skin_offset_mm > 0 && *skin_offset_mm <= 100))
        return fault("The skin's offset is positive and at most 100 mm.");
    if (joint_between) {
        const JointBetween& between = *joint_between;
        if (between.one.empty() || between.other.empty())
            return fault("A joint space between labels needs labels on both sides.");
        if (!(between.mm > 0 && between.mm <= 30))
            return fault("A joint space between labels is more than 0 and at most 30 mm wide.");
        for (const auto* values : {&between.one, &between.other}) {
            for (const int value : *values) {
                if (!seen.contains(value))
                    return fault("The joint space lies between labels of which " +
                                 std::to_string(value) + " has no entry.");
            }
        }
    }
    if (probe) {
        const double along = probe->along.norm(), looks = probe->looks.norm();
        if (!probe->face_mm.allFinite() || !(along > 1e-6 && looks > 1e-6) ||
            !(std::abs(probe->along.dot(probe->looks)) < 0.02 * along * looks)) {
            return fault(
                "The probe's face_mm is a point, along and looks are directions at right "
                "angles.");
        }
        if (!(probe->width_mm >= 5 && probe->width_mm <= 150))
            return fault("The probe's width_mm lies between 5 and 150.");
    }
    if (boundary_sigma_mm && !(*boundary_sigma_mm >= 0 && *boundary_sigma_mm <= 20))
        return fault("The border's standard deviation lies between 0 and 20 mm.");
    return {};
}

}  // namespace guide::plan
