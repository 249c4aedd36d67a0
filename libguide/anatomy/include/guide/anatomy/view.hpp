// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/export.hpp>

#include <optional>
#include <string_view>

namespace guide {

/// What a frame shows. `unknown`: not stated and not recognised.
enum class View {
    unknown,
    suprapatellar_long,
    suprapatellar_transverse,
    medial,
    lateral,
    posterior,
    trochlea,
    bone,
    xray_ap,
    xray_lateral
};

/// The word of the interface, e.g. "suprapatellar-long".
[[nodiscard]] GUIDE_ANATOMY_EXPORT std::string_view name_of(View view);

/// The view of that name, none for an unknown word.
[[nodiscard]] GUIDE_ANATOMY_EXPORT std::optional<View> view_from_name(std::string_view name);

[[nodiscard]] GUIDE_ANATOMY_EXPORT bool is_xray(View view);

}  // namespace guide
