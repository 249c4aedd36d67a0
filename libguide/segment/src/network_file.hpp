// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>

#include <opencv2/dnn.hpp>

#include <functional>
#include <optional>
#include <string_view>

namespace guide::segment {

/// What is wrong with the mark that the training program puts at the end of a network's file:
/// `kind` ("guide.recess-network"), slash, `version`, blank, hash of all before the mark.
/// "not-a-network" (no mark of this kind), "network-version", "network-damaged".
[[nodiscard]] std::optional<Reason> fault_of_network(std::string_view file, std::string_view kind,
                                                     std::string_view version);

/// Reads such a file into `net` and tries it on two sizes of picture, since the picture's own is
/// not known before there is one: `answers` tells of a size in pixels, a multiple of `multiple`,
/// whether the network answers as it should. None: it does. Else as above, or "network-shape",
/// "network-unreadable".
[[nodiscard]] std::optional<Reason> fault_when_tried(std::string_view file, std::string_view kind,
                                                     std::string_view version, int multiple,
                                                     cv::dnn::Net& net,
                                                     const std::function<bool(cv::Size)>& answers);

}  // namespace guide::segment
