// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace guide::bench {

/// Bytes a second, read and written together, that copying from one place to another reaches on
/// this machine where both places together take `bytes`: a small pair stays in cache, a large one
/// does not. Each thread copies its share; the best of several runs. Measured once per program.
double copy_bandwidth(std::size_t bytes, int threads = 1);

}  // namespace guide::bench
