// SPDX-License-Identifier: Apache-2.0
#include <guide/anatomy/bone_surface.hpp>
#include <guide/anatomy/view.hpp>

#include <array>
#include <utility>

namespace guide {
namespace {

constexpr std::array<std::pair<View, std::string_view>, 10> kViews{{
    {View::unknown, "unknown"},
    {View::suprapatellar_long, "suprapatellar-long"},
    {View::suprapatellar_transverse, "suprapatellar-transverse"},
    {View::medial, "medial"},
    {View::lateral, "lateral"},
    {View::posterior, "posterior"},
    {View::trochlea, "trochlea"},
    {View::bone, "bone"},
    {View::xray_ap, "xray-ap"},
    {View::xray_lateral, "xray-lateral"},
}};

}  // namespace

std::string_view name_of(View view) {
    for (const auto& [value, name] : kViews) {
        if (value == view) return name;
    }
    return "unknown";
}

std::optional<View> view_from_name(std::string_view name) {
    for (const auto& [value, known] : kViews) {
        if (known == name) return value;
    }
    return std::nullopt;
}

bool is_xray(View view) {
    return view == View::xray_ap || view == View::xray_lateral;
}

std::string_view name_of(BoneKind kind) {
    switch (kind) {
        case BoneKind::femur:
            return "femur";
        case BoneKind::tibia:
            return "tibia";
        case BoneKind::patella:
            return "patella";
        case BoneKind::fibula:
            return "fibula";
        case BoneKind::bone:
            break;
    }
    return "bone";
}

}  // namespace guide
