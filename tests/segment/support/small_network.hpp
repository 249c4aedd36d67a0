// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace guide::test {

/// An ONNX file: one 1 x 1 convolution, so that each cell's classes are linear in its planes. The
/// joint space's score (the second's, or the only one's) is `constant` + `echo` times the first
/// plane; those of all others are 0.
[[nodiscard]] std::string small_network(float echo, float constant, int planes = 6,
                                        int classes = 5);

/// With the mark that the training program puts at the end.
[[nodiscard]] std::string sealed(std::string onnx, std::string_view version = "1",
                                 std::string_view kind = "guide.recess-network");

}  // namespace guide::test
