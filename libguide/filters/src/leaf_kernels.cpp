// SPDX-License-Identifier: Apache-2.0
#include "random_walk_kernels.hpp"

#include <algorithm>
#include <cstddef>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "leaf_kernels.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "elementary-inl.hpp"
#include "walk_lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// Conductances between the pixels of some lanes of leaves, and to probe and far side, into the
/// entries of the program.
HWY_INLINE void weigh(const LeafProgram& program, const WalkWeights& weights,
                      const Dissection::Leaf* leaves, int count, const float* grey, int width,
                      int height, float* inside, float* ring) {
    const Lanes d;
    const Ints di;
    const int lanes = static_cast<int>(hn::Lanes(d));
    HWY_ALIGN int first_x[kLeafBatch], first_y[kLeafBatch];
    for (int lane = 0; lane < lanes; ++lane) {  // lanes without a leaf lie outside
        first_x[lane] = lane < count ? leaves[lane].x : -2 * kTile;
        first_y[lane] = lane < count ? leaves[lane].y : 0;
    }
    const auto zero = hn::Zero(d), one = hn::Set(d, 1.0F);
    HWY_ALIGN float greys[kTile][kLeafBatch], free[kTile][kLeafBatch];
    HWY_ALIGN float probe[kTile][kLeafBatch], far[kTile][kLeafBatch];
    const auto right = hn::Set(di, width - 1), bottom = hn::Set(di, height - 1);
    for (int pixel = 0; pixel < kTile; ++pixel) {
        const auto x = hn::Add(hn::Load(di, first_x), hn::Set(di, pixel % kTileWidth));
        const auto y = hn::Add(hn::Load(di, first_y), hn::Set(di, pixel / kTileWidth));
        const auto held_x = hn::Min(hn::Max(x, hn::Zero(di)), right);
        const auto held_y = hn::Min(hn::Max(y, hn::Zero(di)), bottom);
        const auto place = hn::Add(hn::Mul(held_y, hn::Set(di, width)), held_x);
        hn::Store(hn::GatherIndex(d, grey, place), d, greys[pixel]);
        const auto is = [&](auto mask) HWY_ATTR {
            return hn::IfThenElseZero(
                hn::And(hn::RebindMask(d, mask), hn::RebindMask(d, hn::Eq(x, held_x))), one);
        };
        const auto at_probe = is(hn::Eq(y, hn::Zero(di))), at_end = is(hn::Eq(y, bottom));
        hn::Store(at_probe, d, probe[pixel]);
        hn::Store(at_end, d, far[pixel]);
        hn::Store(hn::Max(zero, hn::Sub(is(hn::Eq(y, held_y)), hn::Add(at_probe, at_end))), d,
                  free[pixel]);
    }
    const auto scale = hn::Set(d, weights.scale), least = hn::Set(d, kUnit * kLeastWeight),
               unit = hn::Set(d, kUnit);
    for (const auto& edge : program.edges) {
        const auto difference = hn::Sub(hn::Load(d, greys[edge.a]), hn::Load(d, greys[edge.b]));
        const auto offset = hn::Set(d, edge.lateral ? weights.lateral_offset : weights.offset);
        const auto power = hn::MulAdd(scale, hn::Abs(difference), offset);
        const auto weight = hn::MulAdd(unit, exp2_of_negative(d, power), least);
        const auto a = hn::Mul(weight, hn::Load(d, free[edge.a]));
        const auto b = hn::Mul(weight, hn::Load(d, free[edge.b]));
        hn::Store(hn::Mul(a, hn::Load(d, free[edge.b])), d,
                  (edge.inside ? inside : ring) + edge.entry * kLeafBatch);
        const auto to_end = [&](int pixel, Vec part, int other) HWY_ATTR {
            float* to = (program.order[static_cast<std::size_t>(pixel)] < kInside ? inside : ring) +
                        program.ends[static_cast<std::size_t>(pixel)] * kLeafBatch;
            hn::Store(hn::MulAdd(part, hn::Load(d, probe[other]), hn::Load(d, to)), d, to);
            to += kLeafBatch;
            hn::Store(hn::MulAdd(part, hn::Load(d, far[other]), hn::Load(d, to)), d, to);
        };
        to_end(edge.a, a, edge.b);
        to_end(edge.b, b, edge.a);
    }
}

constexpr int kLine = std::max(kLeafWidth, kLeafHeight) - 1;  // the longest

/// Pivots of a line: their conductances to the `count` pixels and ends that all of them have
/// entries for beyond it, as they were and as shares.
struct Line {
    const float *before[kLine] = {}, *shares[kLine] = {};
    int pivots = 0, count = 0;
};

/// A row of conductances that get more: entries of the inside or of the ring.
struct Targets {
    const int* entries;
    float* base;
};

/// Adds what kPivots pivots from `first` on leave between entry i and the ones after it and, with
/// two rows, the same for entry i + 1.
template <int kRows, int kPivots>
HWY_INLINE void add_shares(const Line& line, int first, int i, const Targets* to) {
    const Lanes d;
    Vec factor[kRows][kPivots];
    for (int r = 0; r < kRows; ++r) {
        for (int p = 0; p < kPivots; ++p)
            factor[r][p] = hn::Load(d, line.before[first + p] + (i + r) * kLeafBatch);
    }
    const auto add = [&](int rows, int j) HWY_ATTR {
        float* at[kRows];
        Vec sum[kRows];
        for (int r = 0; r < rows; ++r) {
            at[r] = to[r].base + to[r].entries[j - i - r - 1] * kLeafBatch;
            sum[r] = hn::Load(d, at[r]);
        }
        for (int p = 0; p < kPivots; ++p) {
            const auto share = hn::Load(d, line.shares[first + p] + j * kLeafBatch);
            for (int r = 0; r < rows; ++r)
                sum[r] = hn::MulAdd(factor[r][p], share, sum[r]);
        }
        for (int r = 0; r < rows; ++r)
            hn::Store(sum[r], d, at[r]);
    };
    if (kRows == 2) add(1, i + 1);
    for (int j = i + kRows; j < line.count; ++j)
        add(kRows, j);
}

constexpr int kMostPivots = 5;  // at once: registers hold what two rows had of each

template <int kRows, int kPivots = kMostPivots>
HWY_INLINE void add_up_to(int pivots, const Line& line, int first, int i, const Targets* to) {
    if constexpr (kPivots > 1) {
        if (pivots < kPivots) return add_up_to<kRows, kPivots - 1>(pivots, line, first, i, to);
    }
    add_shares<kRows, kPivots>(line, first, i, to);
}

/// Makes pivot number p of a line, with the `count` entries of `row`, one of the line's: `before`
/// has room for as many. No number is ever subtracted: each keeps its relative accuracy, whatever
/// the weights.
HWY_INLINE void add_pivot(Line& line, int p, float* row, int count, float* before) {
    const Lanes d;
    const int on_line = line.pivots - 1 - p;  // entries for later pivots of the line stand first
    auto sum = hn::Zero(d);
    for (int i = 0; i < count; ++i) {
        auto value = hn::Load(d, row + i * kLeafBatch);
        for (int q = 0; q < p; ++q) {
            const float* to_this = line.before[q] - (on_line + 1) * kLeafBatch;
            const float* share = line.shares[q] + (i - on_line) * kLeafBatch;
            value = hn::MulAdd(hn::Load(d, to_this), hn::Load(d, share), value);
        }
        hn::Store(value, d, before + i * kLeafBatch);
        sum = hn::Add(sum, value);
    }
    // A pixel without any conductance has no shares.
    const auto share = hn::Div(hn::Set(d, 1.0F), hn::Max(sum, hn::Set(d, 1.0F)));
    for (int i = 0; i < count * kLeafBatch; i += kLeafBatch)
        set_share(share, hn::Load(d, before + i), before + i, row + i);
    line.before[p] = before + on_line * kLeafBatch;
    line.shares[p] = row + on_line * kLeafBatch;
    line.count = count - on_line;
}

/// Takes the pixels inside some lanes of leaves out of the net, line by line.
HWY_INLINE void eliminate_inside(const LeafProgram& program, float* inside, float* ring) {
    HWY_ALIGN float before[kLine][(kLine + kRing + 2) * kLeafBatch];
    for (const auto& group : program.groups) {
        Line line;
        line.pivots = group.end - group.first;
        for (int p = 0; p < line.pivots; ++p) {
            const auto& pivot = program.pivots[static_cast<std::size_t>(group.first + p)];
            add_pivot(line, p, inside + pivot.first * kLeafBatch, pivot.end - pivot.first,
                      before[p]);
        }
        for (int first = 0; first < line.pivots; first += kMostPivots) {
            const int pivots = std::min(kMostPivots, line.pivots - first);
            const int* entries = program.targets.data() + group.targets;
            const auto next = [&](int i) {
                const Targets to{entries, i < group.inside ? inside : ring};
                entries += line.count - 1 - i;
                return to;
            };
            const int rows = line.count - 2;  // but for the two ends
            for (int i = 0; i + 2 <= rows; i += 2) {
                const auto to = next(i);
                const Targets both[2] = {to, next(i + 1)};
                add_up_to<2>(pivots, line, first, i, both);
            }
            if (rows % 2 != 0) {
                const auto to = next(rows - 1);
                add_up_to<1>(pivots, line, first, rows - 1, &to);
            }
        }
    }
}

void eliminate_leaves(const LeafBatch& batch, const WalkWeights& weights, const float* grey,
                      int width, int height) {
    const LeafProgram& program = leaf_program();
    const int lanes = static_cast<int>(hn::Lanes(Lanes()));
    std::fill_n(batch.inside, program.entries() * kLeafBatch, 0.0F);
    std::fill_n(batch.ring, kRingEntries * kLeafBatch, 0.0F);
    for (int lane = 0; lane < batch.count; lane += lanes) {
        weigh(program, weights, batch.leaves + lane, batch.count - lane, grey, width, height,
              batch.inside + lane, batch.ring + lane);
        eliminate_inside(program, batch.inside + lane, batch.ring + lane);
    }
}

/// Values of the pixels inside, last to first: each is the mean of those it was taken out from.
void solve_leaves(const LeafBatch& batch, float* out, int width, int height) {
    const Lanes d;
    const LeafProgram& program = leaf_program();
    const int lanes = static_cast<int>(hn::Lanes(d));
    HWY_ALIGN float values[kTile + 2][kLeafBatch];
    const auto for_each = [&](bool inside, const auto& visit) {
        for (int lane = 0; lane < batch.count; ++lane) {
            const auto& leaf = batch.leaves[lane];
            for (int y = 0; y <= kLeafHeight; ++y) {
                const bool edge = y == 0 || y == kLeafHeight;
                if (edge && inside) continue;
                const int step = edge || inside ? 1 : kLeafWidth;
                const int end = inside ? kLeafWidth : kTileWidth;
                for (int x = inside ? 1 : 0; x < end; x += step) {
                    const int px = leaf.x + x, py = leaf.y + y;
                    if (px < 0 || py < 0 || px >= width || py >= height) continue;
                    const auto order = program.order[static_cast<std::size_t>(y * kTileWidth + x)];
                    visit(values[order][lane], out[static_cast<std::ptrdiff_t>(py) * width + px]);
                }
            }
        }
    };
    std::fill_n(values[kInside], (kRing + 2) * kLeafBatch, 0.0F);
    std::fill_n(values[kTile], kLeafBatch, 1.0F);
    for_each(false, [](float& value, float pixel) { value = pixel; });
    for (int lane = 0; lane < batch.count; lane += lanes) {
        for (int k = kInside - 1; k >= 0; --k) {
            const auto& pivot = program.pivots[static_cast<std::size_t>(k)];
            Vec sum[2] = {hn::Zero(d), hn::Zero(d)};  // that do not wait for each other
            const auto add = [&](int i, int which) HWY_ATTR {
                const float* value = values[program.columns[static_cast<std::size_t>(i)]] + lane;
                sum[which] = hn::MulAdd(hn::Load(d, batch.inside + i * kLeafBatch + lane),
                                        hn::Load(d, value), sum[which]);
            };
            int i = pivot.first;
            for (; i + 2 <= pivot.end; i += 2) {
                add(i, 0);
                add(i + 1, 1);
            }
            if (i < pivot.end) add(i, 0);
            hn::Store(hn::Add(sum[0], sum[1]), d, values[k] + lane);
        }
    }
    for_each(true, [](float value, float& pixel) { pixel = value; });
}

/// Adds what is left of a leaf to the front above it.
void add_leaf(const FrontMatrix& to, const LeafBatch& batch, int lane,
              const Dissection::Place* places, int count) {
    const float* ring = batch.ring + lane;
    for (int i = 0; i < count; ++i) {
        float* row = to.row(places[i].at);
        const int here = places[i].ring;
        for (int j = i + 1; j < count; ++j) {
            const auto [a, b] = std::minmax(here, places[j].ring);
            row[places[j].at] += ring[ring_entry(a, b) * kLeafBatch];
        }
        const float* ends = ring + ring_entry(here, kRing) * kLeafBatch;
        row[to.size] += ends[0];
        row[to.size + 1] += ends[kLeafBatch];
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(eliminate_leaves);
HWY_EXPORT(solve_leaves);
HWY_EXPORT(add_leaf);

LeafKernels leaf_kernels() {
    return {GUIDE_KERNEL(eliminate_leaves), GUIDE_KERNEL(solve_leaves), GUIDE_KERNEL(add_leaf)};
}

}  // namespace guide::filters
#endif
