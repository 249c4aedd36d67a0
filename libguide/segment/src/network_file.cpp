// SPDX-License-Identifier: Apache-2.0
#include "network_file.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

namespace guide::segment {
namespace {

constexpr std::size_t kHashDigits = 16;

std::uint64_t fnv1a(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : bytes)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return hash;
}

}  // namespace

std::optional<Reason> fault_of_network(std::string_view file, std::string_view kind,
                                       std::string_view version) {
    const std::string start = std::string(kind) + "/";
    const std::size_t tail = std::min<std::size_t>(file.size(), 64);
    const std::size_t in_tail = file.substr(file.size() - tail).rfind(start);
    if (in_tail == std::string_view::npos) {
        return Reason{"not-a-network",
                      "The file is no network that was made by the training program."};
    }
    const std::string_view mark = file.substr(file.size() - tail + in_tail + start.size());
    const std::size_t blank = mark.find(' ');
    if (mark.substr(0, blank) != version)
        return Reason{"network-version", "The network was made for another version."};
    std::uint64_t hash = 0;
    const std::string_view digits =
        blank == std::string_view::npos ? std::string_view() : mark.substr(blank + 1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), hash, 16);
    if (digits.size() != kHashDigits || read.ptr != digits.data() + digits.size() ||
        hash != fnv1a(file.substr(0, file.size() - tail + in_tail))) {
        return Reason{"network-damaged", "The network's file is not as it was written."};
    }
    return std::nullopt;
}

std::optional<Reason> fault_when_tried(std::string_view file, std::string_view kind,
                                       std::string_view version, int multiple, cv::dnn::Net& net,
                                       const std::function<bool(cv::Size)>& answers) {
    if (auto fault = fault_of_network(file, kind, version)) return fault;
    try {
        net = cv::dnn::readNetFromONNX(file.data(), file.size());
        for (const int rows : {2 * multiple, 5 * multiple}) {
            if (!answers({rows + 2 * multiple, rows}))
                return Reason{"network-shape", "The network does not answer as it should."};
        }
        return std::nullopt;
    } catch (const cv::Exception& error) {
        return Reason{"network-unreadable", "The network cannot be run: " + error.err};
    }
}

}  // namespace guide::segment
