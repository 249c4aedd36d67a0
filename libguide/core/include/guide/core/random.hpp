// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/export.hpp>

#include <cstdint>

namespace guide {

/// Seeded random numbers that are the same on every machine and compiler (std's distributions are
/// not). Streams of one seed are independent: give each band of work its own. SplitMix64
/// (docs/literature.md, Steele 2014).
class GUIDE_CORE_EXPORT Random {
  public:
    explicit Random(std::uint64_t seed, std::uint64_t stream = 0);

    [[nodiscard]] std::uint64_t next();  ///< 64 random bits
    [[nodiscard]] double uniform();      ///< [0, 1)
    [[nodiscard]] double uniform(double low, double high);
    [[nodiscard]] double normal();  ///< mean 0, variance 1 (Box-Muller)

  private:
    std::uint64_t state_;
    double spare_ = 0;
    bool has_spare_ = false;
};

}  // namespace guide
