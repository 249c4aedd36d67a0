// SPDX-License-Identifier: Apache-2.0
#include "leaf_program.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace guide::filters {
namespace {

/// Pixels of a box in the order of nested dissection; `ends` of its lines in that order.
void dissect(int x0, int x1, int y0, int y1, std::vector<int>& order, std::vector<int>& ends) {
    const int wide = x1 - x0, tall = y1 - y0;
    if (wide <= 0 || tall <= 0) return;
    if (wide >= tall) {
        const int x = x0 + wide / 2;
        dissect(x0, x, y0, y1, order, ends);
        dissect(x + 1, x1, y0, y1, order, ends);
        for (int y = y0; y < y1; ++y)
            order.push_back(y * kTileWidth + x);
    } else {
        const int y = y0 + tall / 2;
        dissect(x0, x1, y0, y, order, ends);
        dissect(x0, x1, y + 1, y1, order, ends);
        for (int x = x0; x < x1; ++x)
            order.push_back(y * kTileWidth + x);
    }
    ends.push_back(static_cast<int>(order.size()));
}

class Builder {
  public:
    LeafProgram build() {
        number_pixels();
        find_fill();
        list_updates();
        list_edges();
        return std::move(program_);
    }

  private:
    void number_pixels() {
        dissect(1, kLeafWidth, 1, kLeafHeight, pixel_, line_ends_);
        program_.order.assign(kTile, 0);
        for (int i = 0; i < kInside; ++i)
            order(pixel_[at(i)]) = i;
        for (int pixel = 0; pixel < kTile; ++pixel) {
            const int x = pixel % kTileWidth, y = pixel / kTileWidth;
            if (x == 0 || y == 0 || x == kLeafWidth || y == kLeafHeight)
                order(pixel) = kInside + ring_number(x, y);
        }
    }

    void find_fill() {
        std::vector<std::set<int>> later(kInside);  // by pivot: those after it that it meets
        for (int k = 0; k < kInside; ++k) {
            const int pixel = pixel_[at(k)];
            for (int dy = -1; dy <= 1; ++dy) {
                for (int dx = -1; dx <= 1; ++dx) {
                    const int other = order(pixel + dy * kTileWidth + dx);
                    if (other > k) later[at(k)].insert(other);
                }
            }
            for (int end = kTile; end < kTile + 2; ++end)
                later[at(k)].insert(end);
        }
        int first = 0;
        for (const int end : line_ends_) {
            std::set<int> beyond;
            for (int k = first; k < end; ++k)
                beyond.insert(later[at(k)].lower_bound(end), later[at(k)].end());
            for (const int i : beyond) {
                if (i < kInside) later[at(i)].insert(beyond.upper_bound(i), beyond.end());
            }
            for (int k = first; k < end; ++k) {
                const int entry = program_.entries();
                for (int i = k + 1; i < end; ++i)
                    program_.columns.push_back(static_cast<std::uint16_t>(i));
                program_.columns.insert(program_.columns.end(), beyond.begin(), beyond.end());
                program_.pivots.push_back({entry, program_.entries()});
            }
            const auto inside = std::distance(beyond.begin(), beyond.lower_bound(kInside));
            program_.groups.push_back({first, end, 0, static_cast<int>(inside)});
            first = end;
        }
    }

    /// Where the conductance between two numbers stands, inside or on the ring.
    [[nodiscard]] int entry(int i, int j) const {
        if (i >= kInside) return ring_entry(i - kInside, j - kInside);
        const auto& pivot = program_.pivots[at(i)];
        const auto begin = program_.columns.begin();
        return static_cast<int>(std::lower_bound(begin + pivot.first, begin + pivot.end, j) -
                                begin);
    }

    void list_updates() {
        for (auto& group : program_.groups) {
            group.targets = static_cast<int>(program_.targets.size());
            const auto& last = program_.pivots[at(group.end - 1)];
            for (int a = last.first; a < last.end - 2; ++a) {
                for (int b = a + 1; b < last.end; ++b)
                    program_.targets.push_back(
                        entry(program_.columns[at(a)], program_.columns[at(b)]));
            }
        }
    }

    /// An edge belongs to the leaf that holds its right and its lower end, ring above and to the
    /// left not counted.
    void list_edges() {
        for (int y = 1; y <= kLeafHeight; ++y) {
            for (int x = 1; x <= kLeafWidth; ++x) {
                const int here = y * kTileWidth + x, above = here - kTileWidth;
                add_edge(above, here, false);
                add_edge(here - 1, here, true);
                add_edge(above - 1, here, true);
                add_edge(above, here - 1, true);
            }
        }
        for (int pixel = 0; pixel < kTile; ++pixel)
            program_.ends.push_back(entry(order(pixel), kTile));
    }

    void add_edge(int a, int b, bool lateral) {
        const auto [first, second] = std::minmax(order(a), order(b));
        program_.edges.push_back({static_cast<std::uint16_t>(a), static_cast<std::uint16_t>(b),
                                  first < kInside, lateral, entry(first, second)});
    }

    static std::size_t at(int i) { return static_cast<std::size_t>(i); }
    int& order(int pixel) { return program_.order[at(pixel)]; }

    LeafProgram program_;
    std::vector<int> pixel_;      ///< by number
    std::vector<int> line_ends_;  ///< numbers after the last of each line
};

}  // namespace

const LeafProgram& leaf_program() {
    static const LeafProgram program = Builder().build();
    return program;
}

}  // namespace guide::filters
