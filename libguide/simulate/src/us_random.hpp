// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace guide::simulate {

/// Numbers of the hash of scatterers and noise, the same in vectors and out of them.
struct CellHash {
    static constexpr std::uint32_t kX = 0x8DA6B343U, kY = 0xD8163841U, kZ = 0xCB1AB31FU;
    static constexpr std::uint32_t kMix1 = 0x85EBCA6BU, kMix2 = 0xC2B2AE35U;  // MurmurHash3

    static constexpr std::uint32_t mixed(std::uint32_t h) {
        h ^= h >> 16;
        h *= kMix1;
        h ^= h >> 13;
        h *= kMix2;
        return h ^ (h >> 16);
    }
};

/// 32 bits of a 64-bit seed.
constexpr std::uint32_t folded(std::uint64_t seed) {
    return CellHash::mixed(static_cast<std::uint32_t>(seed)) ^
           CellHash::mixed(static_cast<std::uint32_t>(seed >> 32) + 0x9E3779B9U);
}

}  // namespace guide::simulate
