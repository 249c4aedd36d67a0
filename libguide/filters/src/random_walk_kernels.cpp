// SPDX-License-Identifier: Apache-2.0
#include "random_walk_kernels.hpp"

#include <algorithm>
#include <cstddef>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "random_walk_kernels.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "walk_lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// `count` numbers become the sums of those at none, one or two places.
template <int kSources>
HWY_INLINE void set_sums(float* to, const float* a, const float* b, int count) {
    const Lanes d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    int x = 0;
    for (; x + lanes <= count; x += lanes) {
        Vec sum = hn::Zero(d);
        if constexpr (kSources > 0) sum = hn::LoadU(d, a + x);
        if constexpr (kSources > 1) sum = hn::Add(sum, hn::LoadU(d, b + x));
        hn::StoreU(sum, d, to + x);
    }
#if HWY_TARGET <= HWY_AVX2  // older ones read what is masked
    if (x == count) return;
    const auto rest = hn::FirstN(d, static_cast<std::size_t>(count - x));
    Vec sum = hn::Zero(d);
    if constexpr (kSources > 0) sum = hn::MaskedLoad(rest, d, a + x);
    if constexpr (kSources > 1) sum = hn::Add(sum, hn::MaskedLoad(rest, d, b + x));
    hn::BlendedStore(sum, rest, d, to + x);
#else
    for (; x < count; ++x)
        to[x] = (kSources > 0 ? a[x] : 0.0F) + (kSources > 1 ? b[x] : 0.0F);
#endif
}

/// Rows that lie one below the other.
template <class T>
struct Rows {
    T* first;
    std::ptrdiff_t stride;
};

/// The block of a front where rows of one run meet columns of another, `to` its first one; or, with
/// both the same, what of it is above the diagonal.
template <int kSources>
void set_block(Rows<float> to, Rows<const float> a, Rows<const float> b, int rows, int columns,
               bool diagonal) {
    for (int k = 0; k < rows; ++k) {
        const int skipped = diagonal ? k + 1 : 0;
        const auto at = [&](const auto& from) { return from.first + k * from.stride + skipped; };
        set_sums<kSources>(at(to), kSources > 0 ? at(a) : nullptr, kSources > 1 ? at(b) : nullptr,
                           columns - skipped);
    }
}

/// Zeros up to the diagonal, as far as a tile of rows touches that, and in columns without meaning.
HWY_INLINE void clear_ends(const FrontMatrix& front, int i) {
    const Lanes d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    float* row = front.row(i);
    const int left = std::max(i < front.pivots ? 0 : front.skipped, i - kTileRows);
    for (int x = left / lanes * lanes; x <= i; x += lanes)
        hn::Store(hn::Zero(d), d, row + x);
    for (int x = (front.size + 2) / lanes * lanes; x < front.stride; x += lanes)
        hn::Store(hn::Zero(d), d, row + x);
}

/// Sets a front to the sum of what is left of its children that are fronts.
void assemble(const FrontMatrix& to, const FrontMatrix* children, const Dissection::Run* runs,
              int count) {
    for (int r = 0; r + 1 < count; ++r) {
        const auto& run = runs[r];
        for (int k = 0; k < run.count; ++k)
            clear_ends(to, run.at + k);
        const std::ptrdiff_t stride = run.at < to.pivots ? to.stride : to.other_stride;
        for (int s = r; s < count; ++s) {
            Rows<const float> sources[2] = {};
            int number = 0;
            for (int c = 0; c < 2; ++c) {
                if (run.from[c] < 0 || runs[s].from[c] < 0) continue;
                const auto& child = children[c];
                sources[number++] = {
                    child.row(child.pivots + run.from[c]) + child.pivots + runs[s].from[c],
                    child.other_stride};
            }
            const auto set = number == 0 ? set_block<0> : number == 1 ? set_block<1> : set_block<2>;
            set({to.row(run.at) + runs[s].at, stride}, sources[0], sources[1], run.count,
                runs[s].count, r == s);
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

// Sums that registers have room for, and vectors of a block of columns.
#if HWY_TARGET <= HWY_AVX3
constexpr int kTileVectors = 4;
#else
constexpr int kTileVectors = 2;
#endif
constexpr int kBlockVectors = 2 * kTileVectors;

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

/// As many vectors, from one to the most that registers hold the sums of.
template <int kRows, int kVectors = kTileVectors>
HWY_INLINE void add_products(int vectors, float* const* rows, int first, int x, const float* before,
                             const float* shares, int stride, int count) {
    if constexpr (kVectors > 1) {
        if (vectors < kVectors) {
            add_products<kRows, kVectors - 1>(vectors, rows, first, x, before, shares, stride,
                                              count);
            return;
        }
    }
    add_products<kRows, kVectors>(rows, first, x, before, shares, stride, count);
}

/// kRows rows from `first` on, between two columns: adds what `count` pivots leave.
template <int kRows>
HWY_INLINE void update_tile(const FrontMatrix& front, int first, int left, int right,
                            const float* before, const float* shares, int count) {
    const int lanes = static_cast<int>(hn::Lanes(Lanes()));
    float* rows[kRows];
    for (int i = 0; i < kRows; ++i)
        rows[i] = front.row(first + i);
    for (int x = std::max(left, first / lanes * lanes); x < right; x += kTileVectors * lanes) {
        const int vectors = std::min(kTileVectors, (right - x) / lanes);
        add_products<kRows>(vectors, rows, first, x, before, shares, front.stride, count);
    }
}

/// Rows from `first` to before `last`: adds what pivots from `begin` to before `end` leave. Columns
/// in blocks: shares of a block stay near while the rows pass.
HWY_INLINE void update(const FrontMatrix& front, int first, int last, int begin, int end,
                       const float* before) {
    const int lanes = static_cast<int>(hn::Lanes(Lanes())), block = kBlockVectors * lanes;
    const float* shares = front.row(begin);
    for (int left = first / lanes * lanes; left < front.stride; left += block) {
        const int right = std::min(front.stride, left + block), stop = std::min(last, right);
        int i = first;
        for (; i + kTileRows <= stop; i += kTileRows)
            update_tile<kTileRows>(front, i, left, right, before, shares, end - begin);
        for (; i + 2 <= stop; i += 2)
            update_tile<2>(front, i, left, right, before, shares, end - begin);
        for (; i < stop; ++i)
            update_tile<1>(front, i, left, right, before, shares, end - begin);
    }
}

/// Takes some pivots of a front out of the net, as far as their own rows go; `before` has room for
/// those.
void eliminate_pivots(const FrontMatrix& front, int begin, int end, float* before) {
    const int half = (end - begin) / 2;
    if (half == 0) {
        take_shares(front, begin, before);
        return;
    }
    eliminate_pivots(front, begin, begin + half, before);
    update(front, begin + half, end, begin, begin + half, before);
    eliminate_pivots(front, begin + half, end,
                     before + static_cast<std::ptrdiff_t>(half) * front.stride);
}

/// Takes the pivots of a front out of the net. `before` has room for kPanel rows.
void eliminate_front(const FrontMatrix& front, float* before) {
    for (int begin = 0; begin < front.pivots; begin += kPanel) {
        const int end = std::min(front.pivots, begin + kPanel);
        eliminate_pivots(front, begin, end, before);
        update(front, end, front.pivots, begin, end, before);
        // Apart, since their rows begin at different columns.
        update(front, front.pivots, front.size, begin, end, before);
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

HWY_EXPORT(assemble);
HWY_EXPORT(eliminate_front);
HWY_EXPORT(solve_front);

FrontKernels front_kernels() {
    return {GUIDE_KERNEL(assemble), GUIDE_KERNEL(eliminate_front), GUIDE_KERNEL(solve_front)};
}

}  // namespace guide::filters
#endif
