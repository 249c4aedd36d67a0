// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace guide::test {

/// Watches `operator new` of the whole program from here on, on all threads.
class Allocations {
  public:
    Allocations();

    /// Bytes of the largest single allocation since construction.
    [[nodiscard]] std::size_t largest() const;
};

}  // namespace guide::test
