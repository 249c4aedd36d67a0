// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace guide::filters {

/// Pixels of a leaf, the smallest box of a dissection: 16 leaves are worked at together. Its last
/// column and row, and those of its neighbours to the left and above, are its ring.
inline constexpr int kLeafWidth = 16, kLeafHeight = 16;

/// The order in which pixels of a frame are eliminated: nested dissection (George 1973). A frame is
/// halved by a line of pixels, the halves again, down to leaves; lines go after what they part.
///
/// A front holds the pixels on the rings of its two children: the first `pivots` of them have no
/// neighbour outside the box of the front and go, the others are its own ring. Pixels of a front
/// stand in the order of elimination, in all fronts alike, so that what stays above the diagonal of
/// a child comes above that of its parent.
struct Dissection {
    struct Run {  ///< neighbours in a front that are neighbours in the rings of its children too
        int at, count;
        int from[2];  ///< in the ring of each child, negative: not there
    };
    struct Front {
        /// Fronts; a leaf if negative: leaves[-1 - child]. The second has no more leaves.
        int child[2] = {};
        int children = 0;  ///< 1 where one leaf is the whole frame
        int parent = -1;   ///< -1: none
        int leaves = 0;    ///< below it, one more than fronts with it unless it is alone
        int first_leaf = 0;
        int depth = 0;                       ///< below the last front, which has 0
        int x0 = 0, y0 = 0, x1 = 0, y1 = 0;  ///< its box with its ring, from x0 to before x1
        int pivots = 0, size = 0;
        /// Runs: all pixels, then the probe and the far side.
        std::size_t first_pixel = 0, first_run = 0, end_run = 0;
    };
    struct Leaf {
        int x, y;  ///< of the pixel up left of it, -1 at the border of the frame
        int parent;
        std::size_t first_place, end_place;
    };
    struct Place {  ///< a pixel on the ring of a leaf
        int ring;   ///< its number on the ring, see `ring_number`
        int at;     ///< and in the parent of the leaf
    };

    Dissection() = default;
    Dissection(int frame_width, int frame_height);

    int width = 0, height = 0;
    std::vector<Front> fronts;  ///< children before parents
    std::vector<Leaf> leaves;   ///< in the order of the fronts above them
    std::vector<int> pixels;    ///< y * width + x, front by front
    std::vector<Run> runs;
    std::vector<Place> places;
};

/// Pixels on the ring of a leaf: columns 0 and kLeafWidth, rows 0 and kLeafHeight.
inline constexpr int kRing = 2 * (kLeafWidth + kLeafHeight);

/// Number of pixel (x, y) on the ring of a leaf.
constexpr int ring_number(int x, int y) {
    if (y == 0) return x;
    if (y == kLeafHeight) return kLeafWidth + 1 + x;
    return 2 * (kLeafWidth + 1) + 2 * (y - 1) + (x == 0 ? 0 : 1);
}

}  // namespace guide::filters
