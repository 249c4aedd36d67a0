// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dissection.hpp"

#include <cstdint>
#include <vector>

namespace guide::filters {

/// Pixels of a leaf with its ring, and how they are numbered: y * kTileWidth + x.
inline constexpr int kTileWidth = kLeafWidth + 1, kTile = kTileWidth * (kLeafHeight + 1);
inline constexpr int kInside = (kLeafWidth - 1) * (kLeafHeight - 1);
/// Entries of a ring: conductances from each pixel to those after it, the probe and the far side.
inline constexpr int kRingEntries = kRing * (kRing + 3) / 2;

/// Which one is that between pixels a < b of the ring, b = kRing the probe, kRing + 1 the far side.
constexpr int ring_entry(int a, int b) {
    return a * (2 * kRing + 1 - a) / 2 + b - 1;
}

/// What is done with each leaf, the same for all: pixels inside go one after the other, and each
/// leaves conductances between those that it had conductances to.
struct LeafProgram {
    struct Pivot {
        int first, end;  ///< its entries: conductances to those that stay, two ends last
    };
    /// Pivots on one line that parts two boxes: all have entries for the same pixels beyond it.
    struct Group {
        int first, end;  ///< pivots
        int targets;     ///< where in `targets` what they leave goes, row by row
        int inside;      ///< how many entries beyond the line belong to pixels inside
    };
    struct Edge {
        std::uint16_t a, b;    ///< pixels in the tile
        bool inside, lateral;  ///< whether `entry` is one of the inside
        int entry;
    };
    std::vector<Pivot> pivots;
    std::vector<Group> groups;
    std::vector<std::uint16_t> columns;  ///< by entry: whose it is, see `order`
    std::vector<int> targets;            ///< entries, of the inside or of the ring
    std::vector<Edge> edges;             ///< that the leaf owns
    std::vector<int>
        ends;  ///< by pixel of the tile: entry to the probe, of the inside or of the ring
    /// By pixel of the tile: number in the order of elimination, the ring last.
    std::vector<int> order;

    [[nodiscard]] int entries() const { return static_cast<int>(columns.size()); }
};

/// Made at the first call.
const LeafProgram& leaf_program();

}  // namespace guide::filters
