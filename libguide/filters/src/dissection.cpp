// SPDX-License-Identifier: Apache-2.0
#include "dissection.hpp"

#include <algorithm>
#include <array>

namespace guide::filters {
namespace {

constexpr int halves(int boxes) {
    return (boxes + 1) / 2;
}

class Builder {
  public:
    explicit Builder(Dissection& result)
        : result_(result),
          seen_(static_cast<std::size_t>(result.width) * static_cast<std::size_t>(result.height)),
          rank_(seen_.size()) {}

    void build() {
        const Boxes all{0, (result_.width - 1) / kLeafWidth + 1, 0,
                        (result_.height - 1) / kLeafHeight + 1};
        if (all.count() == 1) {
            const int leaf = make_leaf(0, 0);
            make_front(all, leaf, leaf);
            result_.fronts.back().children = 1;
        } else {
            divide(all);
        }
        sort_rings();
        connect();
    }

  private:
    struct Boxes {
        int x0, x1, y0, y1;
        [[nodiscard]] int count() const { return (x1 - x0) * (y1 - y0); }
    };

    int divide(const Boxes& boxes) {
        if (boxes.count() == 1) return make_leaf(boxes.x0, boxes.y0);
        Boxes first = boxes, second = boxes;
        const int wide = (boxes.x1 - boxes.x0) * kLeafWidth,
                  tall = (boxes.y1 - boxes.y0) * kLeafHeight;
        if (boxes.y1 - boxes.y0 == 1 || (wide >= tall && boxes.x1 - boxes.x0 > 1)) {
            first.x1 = second.x0 = boxes.x0 + halves(boxes.x1 - boxes.x0);
        } else {
            first.y1 = second.y0 = boxes.y0 + halves(boxes.y1 - boxes.y0);
        }
        const int a = divide(first);
        return make_front(boxes, a, divide(second));
    }

    int make_leaf(int box_x, int box_y) {
        result_.leaves.push_back({box_x * kLeafWidth - 1, box_y * kLeafHeight - 1, -1, 0, 0});
        return -static_cast<int>(result_.leaves.size());
    }

    int make_front(const Boxes& boxes, int a, int b) {
        auto& all = result_.pixels;
        Dissection::Front front;
        const int number = static_cast<int>(result_.fronts.size());
        front.first_pixel = all.size();
        front.child[0] = a;
        front.child[1] = b;
        front.children = 2;
        front.leaves = boxes.count();
        front.first_leaf = static_cast<int>(result_.leaves.size()) - boxes.count();
        for (const int child : {a, b}) {
            if (child < 0) {
                take_leaf(result_.leaves[static_cast<std::size_t>(-1 - child)], number);
            } else {
                auto& below = result_.fronts[static_cast<std::size_t>(child)];
                below.parent = number;
                for (int i = below.pivots; i < below.size; ++i)
                    take(all[below.first_pixel + static_cast<std::size_t>(i)], number);
            }
        }
        front.x0 = std::max(0, boxes.x0 * kLeafWidth - 1);
        front.y0 = std::max(0, boxes.y0 * kLeafHeight - 1);
        front.x1 = std::min(result_.width, boxes.x1 * kLeafWidth);
        front.y1 = std::min(result_.height, boxes.y1 * kLeafHeight);
        // A pixel goes when all its neighbours are in the box or on its ring.
        const int left = boxes.x0 * kLeafWidth - 1, right = boxes.x1 * kLeafWidth - 1;
        const int above = boxes.y0 * kLeafHeight - 1, below = boxes.y1 * kLeafHeight - 1;
        const auto goes = [&](int pixel) {
            const int x = pixel % result_.width, y = pixel / result_.width;
            return x > left && (x < right || right >= result_.width - 1) && y > above &&
                   (y < below || below >= result_.height - 1);
        };
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(front.first_pixel);
        const auto ring = std::stable_partition(begin, all.end(), goes);
        std::sort(begin, ring);
        for (auto pixel = begin; pixel != ring; ++pixel)
            rank_[static_cast<std::size_t>(*pixel)] = next_rank_++;
        front.pivots = static_cast<int>(ring - begin);
        front.size = static_cast<int>(all.end() - begin);
        result_.fronts.push_back(front);
        return number;
    }

    void take(int pixel, int front) {
        int& seen = seen_[static_cast<std::size_t>(pixel)];
        if (seen == front + 1) return;  // on the rings of both
        seen = front + 1;
        result_.pixels.push_back(pixel);
    }

    template <class Visit>
    void for_each_on_ring(const Dissection::Leaf& leaf, const Visit& visit) const {
        for (int y = 0; y <= kLeafHeight; ++y) {
            const bool edge = y == 0 || y == kLeafHeight;
            for (int x = 0; x <= kLeafWidth; x += edge ? 1 : kLeafWidth) {
                const int px = leaf.x + x, py = leaf.y + y;
                if (px < 0 || py < 0 || px >= result_.width || py >= result_.height) continue;
                visit(ring_number(x, y), py * result_.width + px);
            }
        }
    }

    void take_leaf(Dissection::Leaf& leaf, int front) {
        if (leaf.parent == front) return;  // the only one
        leaf.parent = front;
        for_each_on_ring(leaf, [&](int, int pixel) { take(pixel, front); });
    }

    [[nodiscard]] int rank(int pixel) const { return rank_[static_cast<std::size_t>(pixel)]; }

    void sort_rings() {
        for (const auto& front : result_.fronts) {
            const auto begin =
                result_.pixels.begin() + static_cast<std::ptrdiff_t>(front.first_pixel);
            std::sort(begin + front.pivots, begin + front.size,
                      [&](int a, int b) { return rank(a) < rank(b); });
        }
    }

    void connect() {
        auto& place = seen_;
        for (std::size_t number = result_.fronts.size(); number-- > 0;) {  // parents first
            auto& parent = result_.fronts[number];
            if (parent.parent >= 0)
                parent.depth = result_.fronts[static_cast<std::size_t>(parent.parent)].depth + 1;
            for (int i = 0; i < parent.size; ++i)
                place[static_cast<std::size_t>(
                    result_.pixels[parent.first_pixel + static_cast<std::size_t>(i)])] = i;
            from_.assign(static_cast<std::size_t>(parent.size) + 2, {-1, -1});
            for (int i = 0; i < parent.children; ++i) {
                const int child = parent.child[i];
                if (child < 0) {
                    connect_leaf(result_.leaves[static_cast<std::size_t>(-1 - child)]);
                } else {
                    find_ring(result_.fronts[static_cast<std::size_t>(child)], i);
                }
            }
            list_runs(parent);
        }
    }

    void connect_leaf(Dissection::Leaf& leaf) {
        auto& places = result_.places;
        leaf.first_place = places.size();
        for_each_on_ring(leaf, [&](int ring, int pixel) {
            places.push_back({ring, seen_[static_cast<std::size_t>(pixel)]});
        });
        leaf.end_place = places.size();
        std::sort(places.begin() + static_cast<std::ptrdiff_t>(leaf.first_place), places.end(),
                  [](const auto& a, const auto& b) { return a.at < b.at; });
    }

    /// Where in the ring of this child each pixel of the parent is.
    void find_ring(const Dissection::Front& child, int number) {
        for (int i = child.pivots; i < child.size; ++i) {
            const int at = seen_[static_cast<std::size_t>(
                result_.pixels[child.first_pixel + static_cast<std::size_t>(i)])];
            from_[static_cast<std::size_t>(at)][static_cast<std::size_t>(number)] =
                i - child.pivots;
        }
        for (std::size_t end = from_.size() - 2; end < from_.size(); ++end) {
            from_[end][static_cast<std::size_t>(number)] =
                child.size - child.pivots + static_cast<int>(end + 2 - from_.size());
        }
    }

    void list_runs(Dissection::Front& front) {
        front.first_run = result_.runs.size();
        for (int i = 0; i < front.size + 2; ++i) {
            const auto& from = from_[static_cast<std::size_t>(i)];
            const auto follows = [](int last, int length, int next) {
                return last < 0 ? next < 0 : next == last + length;
            };
            if (i > 0 && i != front.pivots && i != front.size) {
                auto& run = result_.runs.back();
                if (follows(run.from[0], run.count, from[0]) &&
                    follows(run.from[1], run.count, from[1])) {
                    ++run.count;
                    continue;
                }
            }
            result_.runs.push_back({i, 1, {from[0], from[1]}});
        }
        front.end_run = result_.runs.size();
    }

    Dissection& result_;
    std::vector<int>
        seen_;  ///< by pixel: the last front that took it, and one; then its place there
    std::vector<std::array<int, 2>> from_;  ///< by pixel of a front: see Dissection::Run
    std::vector<int> rank_;                 ///< by pixel: how many go before it
    int next_rank_ = 0;
};

}  // namespace

Dissection::Dissection(int frame_width, int frame_height)
    : width(frame_width), height(frame_height) {
    Builder(*this).build();
}

}  // namespace guide::filters
