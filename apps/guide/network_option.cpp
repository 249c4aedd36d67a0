// SPDX-License-Identifier: Apache-2.0
#include "network_option.hpp"

#include <guide/core/error.hpp>

#include <fstream>
#include <iterator>

namespace guide::app {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20U;

}  // namespace

void NetworkOption::add_to(CLI::App& command) {
    command
        .add_option("--model", file,
                    "A network trained on your own frames that finds the joint space, in "
                    "ultrasound or in AP radiographs (ONNX, of the training program)")
        ->type_name("FILE");
}

segment::SegmentOptions NetworkOption::options(View view) const {
    segment::SegmentOptions options{view};
    if (!file) return options;
    std::ifstream stream(*file, std::ios::binary);
    if (!stream) throw IoError(*file, "unreadable", "cannot be opened for reading");
    std::string bytes(kMostBytes + 1, '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (stream.bad()) throw IoError(*file, "unreadable", "cannot be read");
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    if (bytes.size() > kMostBytes)
        throw IoError(*file, "too-large", "is larger than any network for this program");
    const auto take = [this](auto network, auto& place) {
        if (!network) throw IoError(*file, network.error().code, network.error().text);
        place = std::move(*network);
    };
    // The file says which of the two it is.
    auto network = segment::RecessNetwork::from(bytes);
    if (!network && network.error().code == "not-a-network") {
        take(segment::RadiographNetwork::from(bytes), options.radiograph_network);
    } else {
        take(std::move(network), options.network);
    }
    return options;
}

}  // namespace guide::app
