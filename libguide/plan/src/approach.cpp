// SPDX-License-Identifier: Apache-2.0
#include <guide/plan/approach.hpp>
#include <guide/plan/needle.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace guide::plan {
namespace {

bool within(double value, double low, double high) {
    return value >= low && value <= high;  // false for NaN
}

}  // namespace

std::string_view name_of(EntryRule rule) {
    switch (rule) {
        case EntryRule::across_plane:
            return "across-plane";
        case EntryRule::frame_side:
            return "frame-side";
        case EntryRule::along_beam:
            return "along-beam";
        case EntryRule::beside_probe:
            break;
    }
    return "beside-probe";
}

std::string_view name_of(TargetRule rule) {
    switch (rule) {
        case TargetRule::best_score:
            return "best-score";
        case TargetRule::outer_thirds:
            return "outer-thirds";
        case TargetRule::surest_first:
            break;
    }
    return "surest-first";
}

std::string_view name_of(EntrySide side) {
    switch (side) {
        case EntrySide::lateral:
            return "lateral";
        case EntrySide::medial:
            return "medial";
        case EntrySide::any:
            break;
    }
    return "any";
}

bool Approach::allows(View view) const {
    return std::ranges::find(views, view) != views.end();
}

double Approach::margin_mm(std::string_view obstacle_kind) const {
    const auto found = std::ranges::find(margins, obstacle_kind, &Margin::kind);
    return found == margins.end() ? other_margin_mm : found->mm;
}

Expected<void> Approach::validate() const {
    const auto fault = [&](const std::string& why) {
        return no_answer("bad-approach", "Approach \"" + name + "\": " + why);
    };
    if (name.empty()) return no_answer("bad-approach", "An approach has no name.");
    if (name == "auto") return fault("the name is taken.");
    if (views.empty()) return fault("views names no view.");
    if (std::ranges::find(views, View::unknown) != views.end())
        return fault("views holds an unknown view.");
    const bool by_radiograph = entry == EntryRule::frame_side || entry == EntryRule::along_beam;
    for (const View view : views) {
        if (is_xray(view) != by_radiograph) {
            return fault("entry " + std::string(name_of(entry)) + " does not go with the view " +
                         std::string(name_of(view)) + ".");
        }
    }
    if (!within(angle_least_deg, 0, 90) || !within(angle_limit_deg, angle_least_deg, 90)) {
        return fault("0 <= angle_least_deg <= angle_limit_deg <= 90 does not hold.");
    }
    if (!within(angle_preferred_deg, angle_least_deg, angle_limit_deg)) {
        return fault("angle_preferred_deg lies outside angle_least_deg to angle_limit_deg.");
    }
    for (const auto& [field, value] :
         {std::pair{"bone_margin_mm", bone_margin_mm}, std::pair{"wall_margin_mm", wall_margin_mm},
          std::pair{"other_margin_mm", other_margin_mm}}) {
        if (!within(value, 0, 50)) return fault(std::string(field) + " is not between 0 and 50.");
    }
    for (const Margin& margin : margins) {
        if (margin.kind.empty()) return fault("margins has an entry without a kind.");
        if (std::ranges::count(margins, margin.kind, &Margin::kind) > 1)
            return fault("margins names \"" + margin.kind + "\" twice.");
        if (!within(margin.mm, 0, 50)) {
            return fault("the margin to \"" + margin.kind + "\" is not between 0 and 50 mm.");
        }
    }
    if (!within(depth_limit_mm, 1, 300)) return fault("depth_limit_mm is not between 1 and 300.");
    if (!within(flexion_low_deg, -10, 150) || !within(flexion_high_deg, flexion_low_deg, 150)) {
        return fault("flexion_low_deg to flexion_high_deg is no range of a knee.");
    }
    if (accuracy && !within(*accuracy, 0, 1)) return fault("accuracy is not between 0 and 1.");
    for (const std::string& needle : needles) {
        if (const auto parsed = parse_needle(needle); !parsed)
            return fault("needles: " + parsed.error().text);
    }
    return {};
}

const Approach* find_approach(std::string_view name, std::span<const Approach> own) {
    for (const std::span<const Approach> table : {own, approaches()}) {
        const auto found = std::ranges::find(table, name, &Approach::name);
        if (found != table.end()) return &*found;
    }
    return nullptr;
}

std::vector<const Approach*> approaches_for(View view, std::span<const Approach> own) {
    std::vector<const Approach*> result;
    for (const Approach& approach : own) {
        if (approach.allows(view)) result.push_back(&approach);
    }
    for (const Approach& approach : approaches()) {
        const bool replaced = std::ranges::find(own, approach.name, &Approach::name) != own.end();
        if (!replaced && approach.allows(view)) result.push_back(&approach);
    }
    return result;
}

}  // namespace guide::plan
