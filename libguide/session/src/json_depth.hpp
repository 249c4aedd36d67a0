// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <string_view>

namespace guide::session {

/// Reads JSON; what lies deeper than any document of ours is left out, since writing it again would
/// go as deep into the stack. Discarded, and no exception, where it is no JSON.
inline nlohmann::json parse_shallow(std::string_view text) {
    constexpr int kDeepest = 32;
    return nlohmann::json::parse(
        text,
        [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) { return depth <= kDeepest; },
        false);
}

}  // namespace guide::session
