// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>

#include <optional>
#include <string_view>

namespace guide::segment {

/// What is wrong with the mark that the training program puts at the end of a network's file:
/// `kind` ("guide.recess-network"), slash, `version`, blank, hash of all before the mark.
/// "not-a-network" (no mark of this kind), "network-version", "network-damaged".
[[nodiscard]] std::optional<Reason> fault_of_network(std::string_view file, std::string_view kind,
                                                     std::string_view version);

}  // namespace guide::segment
