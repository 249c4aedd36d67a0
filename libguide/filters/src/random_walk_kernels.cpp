// SPDX-License-Identifier: Apache-2.0
#include "random_walk_kernels.hpp"

#include <algorithm>
#include <cstddef>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "random_walk_kernels.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "elementary-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

// Rows of all matrices are whole numbers of these.
using Lanes = hn::CappedTag<float, 16>;
using Ints = hn::RebindToSigned<Lanes>;
using Vec = hn::Vec<Lanes>;

// Denormal numbers are slow. Conductances are so much larger than they are called, and what has
// less than this share of a pixel's is nothing: then no product gets there.
constexpr float kUnit = 0x1p100F;
constexpr float kLeastShare = 1e-30F;

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

/// What the conductance `value` is of all that a pixel has.
HWY_INLINE void set_share(Vec one_by_sum, Vec value, float* before, float* share) {
    const Lanes d;
    const auto part = hn::Mul(value, one_by_sum);
    const auto counts = hn::Ge(part, hn::Set(d, kLeastShare));
    hn::Store(hn::IfThenElseZero(counts, value), d, before);
    hn::Store(hn::IfThenElseZero(counts, part), d, share);
}

/// Takes the pixels inside some lanes of leaves out of the net. No number is ever subtracted: each
/// keeps its relative accuracy, whatever the weights.
HWY_INLINE void eliminate_inside(const LeafProgram& program, float* inside, float* ring) {
    const Lanes d;
    HWY_ALIGN float before[kRing + kInside][kLeafBatch];
    for (const auto& pivot : program.pivots) {
        const int count = pivot.end - pivot.first;
        float* row = inside + pivot.first * kLeafBatch;
        auto sum = hn::Zero(d);
        for (int i = 0; i < count; ++i) {
            const auto value = hn::Load(d, row + i * kLeafBatch);
            hn::Store(value, d, before[i]);
            sum = hn::Add(sum, value);
        }
        // A pixel without any conductance has no shares.
        const auto share = hn::Div(hn::Set(d, 1.0F), hn::Max(sum, hn::Set(d, 1.0F)));
        for (int i = 0; i < count; ++i)
            set_share(share, hn::Load(d, before[i]), before[i], row + i * kLeafBatch);
        const int* target = program.targets.data() + pivot.updates;
        for (int i = 0; i < count - 2; ++i) {
            float* base = i < pivot.inside ? inside : ring;
            const auto factor = hn::Load(d, before[i]);
            for (int j = i + 1; j < count; ++j) {
                float* to = base + *target++ * kLeafBatch;
                hn::Store(hn::MulAdd(factor, hn::Load(d, row + j * kLeafBatch), hn::Load(d, to)), d,
                          to);
            }
        }
    }
}

void eliminate_leaves(const LeafBatch& batch, const WalkWeights& weights, const float* grey,
                      int width, int height) {
    const LeafProgram& program = leaf_program();
    const int lanes = static_cast<int>(hn::Lanes(Lanes()));
    std::fill_n(batch.inside, program.entries() * kLeafBatch, 0.0F);
    std::fill_n(batch.ring, kRing * kRingColumns * kLeafBatch, 0.0F);
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
            auto sum = hn::Zero(d);
            for (int i = pivot.first; i < pivot.end; ++i) {
                const float* value = values[program.columns[static_cast<std::size_t>(i)]] + lane;
                sum = hn::MulAdd(hn::Load(d, batch.inside + i * kLeafBatch + lane),
                                 hn::Load(d, value), sum);
            }
            hn::Store(sum, d, values[k] + lane);
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
            row[places[j].at] += ring[(a * kRingColumns + b) * kLeafBatch];
        }
        const float* ends = ring + (here * kRingColumns + kRing) * kLeafBatch;
        row[to.size] += ends[0];
        row[to.size + 1] += ends[kLeafBatch];
    }
}

/// Adds what is left of a front to the one above it.
void add_front(const FrontMatrix& to, const FrontMatrix& from, const Dissection::Run* runs,
               int count) {
    const Lanes d;
    const int lanes = static_cast<int>(hn::Lanes(d)), ring = from.size - from.pivots;
    for (int r = 0; r < count; ++r) {
        for (int i = 0; i < runs[r].count; ++i) {
            const float* source = from.row(from.pivots + runs[r].from + i) + from.pivots;
            float* target = to.row(runs[r].to + i);
            const auto add = [&](int begin, int at, int length) HWY_ATTR {
                int x = 0;
                for (; x + lanes <= length; x += lanes) {
                    float* at_x = target + at + x;
                    const auto more = hn::LoadU(d, source + begin + x);
                    hn::StoreU(hn::Add(hn::LoadU(d, at_x), more), d, at_x);
                }
#if HWY_TARGET <= HWY_AVX2  // older ones read what is masked
                if (x < length) {
                    const auto rest = hn::FirstN(d, static_cast<std::size_t>(length - x));
                    float* at_x = target + at + x;
                    const auto more = hn::MaskedLoad(rest, d, source + begin + x);
                    hn::BlendedStore(hn::Add(hn::MaskedLoad(rest, d, at_x), more), rest, d, at_x);
                }
#else
                for (; x < length; ++x)
                    target[at + x] += source[begin + x];
#endif
            };
            add(runs[r].from + i + 1, runs[r].to + i + 1, runs[r].count - i - 1);
            for (int s = r + 1; s < count; ++s)
                add(runs[s].from, runs[s].to, runs[s].count);
            add(ring, to.size, 2);
        }
    }
}

/// Row i of the front, complete, becomes shares; `before` keeps what it was.
HWY_INLINE void take_shares(const FrontMatrix& front, int i, float* before) {
    const Lanes d;
    const Ints di;
    const int lanes = static_cast<int>(hn::Lanes(d)), begin = i / lanes * lanes;
    float* row = front.row(i);
    const auto beyond = hn::RebindMask(d, hn::Gt(hn::Iota(di, begin), hn::Set(di, i)));
    hn::Store(hn::IfThenElseZero(beyond, hn::Load(d, row + begin)), d, row + begin);
    auto sum = hn::Zero(d);
    for (int x = begin; x < front.stride; x += lanes)
        sum = hn::Add(sum, hn::Load(d, row + x));
    const float total = hn::GetLane(hn::SumOfLanes(d, sum));
    const auto share = hn::Set(d, 1 / std::max(total, 1.0F));
    for (int x = begin; x < front.stride; x += lanes)
        set_share(share, hn::Load(d, row + x), before + x, row + x);
}

/// kRows rows from `first` on, kVectors vectors from column x on: adds what `count` pivots leave.
template <int kRows, int kVectors>
HWY_INLINE void add_products(float* const* rows, int first, int x, const float* before,
                             const float* shares, int stride, int count) {
    const Lanes d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    Vec sum[kRows][kVectors];
    for (int i = 0; i < kRows; ++i) {
        for (int v = 0; v < kVectors; ++v)
            sum[i][v] = hn::Load(d, rows[i] + x + v * lanes);
    }
    for (int t = 0; t < count; ++t) {
        Vec share[kVectors];
        for (int v = 0; v < kVectors; ++v)
            share[v] = hn::Load(d, shares + x + v * lanes);
        for (int i = 0; i < kRows; ++i) {
            const Vec factor = hn::Set(d, before[first + i]);
            for (int v = 0; v < kVectors; ++v)
                sum[i][v] = hn::MulAdd(factor, share[v], sum[i][v]);
        }
        before += stride;
        shares += stride;
    }
    for (int i = 0; i < kRows; ++i) {
        for (int v = 0; v < kVectors; ++v)
            hn::Store(sum[i][v], d, rows[i] + x + v * lanes);
    }
}

template <int kRows>
HWY_INLINE void update_rows(const FrontMatrix& front, int first, const float* before,
                            const float* shares, int count) {
    const int lanes = static_cast<int>(hn::Lanes(Lanes()));
    float* rows[kRows];
    for (int i = 0; i < kRows; ++i)
        rows[i] = front.row(first + i);
    int x = first / lanes * lanes;
    if constexpr (kRows == 1) {  // sums enough to wait for each other
        for (; x + 8 * lanes <= front.stride; x += 8 * lanes)
            add_products<kRows, 8>(rows, first, x, before, shares, front.stride, count);
    }
    for (; x + 2 * lanes <= front.stride; x += 2 * lanes)
        add_products<kRows, 2>(rows, first, x, before, shares, front.stride, count);
    for (; x < front.stride; x += lanes)
        add_products<kRows, 1>(rows, first, x, before, shares, front.stride, count);
}

/// Takes the pivots of a front out of the net. `before` has room for kPanel rows.
void eliminate_front(const FrontMatrix& front, float* before) {
    for (int begin = 0; begin < front.pivots; begin += kPanel) {
        const int end = std::min(front.pivots, begin + kPanel);
        const float* shares = front.row(begin);
        for (int i = begin; i < end; ++i) {
            update_rows<1>(front, i, before, shares, i - begin);
            take_shares(front, i, before + static_cast<std::ptrdiff_t>(i - begin) * front.stride);
        }
        const auto update = [&](int i, int last) HWY_ATTR {
            for (; i + kTileRows <= last; i += kTileRows)
                update_rows<kTileRows>(front, i, before, shares, end - begin);
            for (; i + 2 <= last; i += 2)
                update_rows<2>(front, i, before, shares, end - begin);
            for (; i < last; ++i)
                update_rows<1>(front, i, before, shares, end - begin);
        };
        update(end, front.pivots);  // apart, since their rows begin at different columns
        update(front.pivots, front.size);
    }
}

/// Values of the pivots of a front, last to first; `values` has room for a row.
void solve_front(const FrontMatrix& front, const int* pixels, float* values, float* out) {
    const Lanes d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    std::fill_n(values, front.stride, 0.0F);
    for (int i = front.pivots; i < front.size; ++i)
        values[i] = out[pixels[i]];
    values[front.size] = 1;
    for (int i = front.pivots - 1; i >= 0; --i) {
        const float* row = front.row(i);
        Vec sum[4] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
        int x = i / lanes * lanes;
        for (; x + 4 * lanes <= front.stride; x += 4 * lanes) {
            for (int v = 0; v < 4; ++v)
                sum[v] = hn::MulAdd(hn::Load(d, row + x + v * lanes),
                                    hn::Load(d, values + x + v * lanes), sum[v]);
        }
        for (; x < front.stride; x += lanes)
            sum[0] = hn::MulAdd(hn::Load(d, row + x), hn::Load(d, values + x), sum[0]);
        const auto all = hn::Add(hn::Add(sum[0], sum[1]), hn::Add(sum[2], sum[3]));
        values[i] = hn::GetLane(hn::SumOfLanes(d, all));
        out[pixels[i]] = values[i];
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(eliminate_leaves);
HWY_EXPORT(solve_leaves);
HWY_EXPORT(add_leaf);
HWY_EXPORT(add_front);
HWY_EXPORT(eliminate_front);
HWY_EXPORT(solve_front);

WalkKernels walk_kernels() {
    return {GUIDE_KERNEL(eliminate_leaves), GUIDE_KERNEL(solve_leaves),
            GUIDE_KERNEL(add_leaf),         GUIDE_KERNEL(add_front),
            GUIDE_KERNEL(eliminate_front),  GUIDE_KERNEL(solve_front)};
}

}  // namespace guide::filters
#endif
