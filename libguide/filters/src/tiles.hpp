// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "spares.hpp"

#include <guide/core/execution.hpp>
#include <guide/filters/workspace.hpp>

#include <algorithm>

namespace guide::filters {

/// A part of a frame.
struct Tile {
    int x, y, columns, rows;
};

/// How a frame is cut into tiles, by its size alone: results do not depend on the threads, nor does
/// the work.
class TileCut {
  public:
    /// Tiles of `tile_width` columns and about `tile_rows` rows; of fewer rows, down to 64, where
    /// there would be too few tiles for threads to share evenly.
    TileCut(int width, int height, int tile_width, int tile_rows)
        : width_(width), height_(height), tile_width_(tile_width) {
        constexpr int kFewestTiles = 8, kFewestRows = 64;
        across_ = (width + tile_width - 1) / tile_width;
        const int wanted = std::max(height / std::max(kFewestRows, tile_rows),
                                    (kFewestTiles + across_ - 1) / across_);
        const int down = std::clamp(wanted, 1, std::max(1, height / kFewestRows));
        tile_rows_ = (height + down - 1) / down;
    }

    [[nodiscard]] int count() const { return across_ * ((height_ + tile_rows_ - 1) / tile_rows_); }
    [[nodiscard]] Tile operator[](int index) const {
        const int x = index % across_ * tile_width_, y = index / across_ * tile_rows_;
        return {x, y, std::min(tile_width_, width_ - x), std::min(tile_rows_, height_ - y)};
    }

  private:
    int width_, height_, tile_width_, tile_rows_, across_;
};

/// Calls `work(tile, scratch)` for each tile; a thread's scratch goes on from tile to tile.
template <class Work>
void for_each_tile(Workers& workers, const TileCut& cut, const Work& work) {
    Spares<Workspace> spares;
    workers.for_each_band(cut.count(), 1, [&](int index, int) {
        const auto scratch = spares.take([] { return Workspace(); });
        scratch->rewind();
        work(cut[index], *scratch);
    });
}

template <class Work>
void for_each_tile(const Execution& execution, const TileCut& cut, const Work& work) {
    Workers workers(execution);
    for_each_tile(workers, cut, work);
}

}  // namespace guide::filters
