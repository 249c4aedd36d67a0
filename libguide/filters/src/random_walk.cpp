// SPDX-License-Identifier: Apache-2.0
#include "random_walk.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <utility>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "random_walk.cpp"
#include "kernel.hpp"
#include "lanes-inl.hpp"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

// Blocks of lanes are multiples of 16: so is every vector here, at most.
using Lanes = hn::CappedTag<float, 16>;
using Vec = hn::Vec<Lanes>;
// Four of these interleaved are the columns of 16 lanes.
using Quarter = hn::CappedTag<float, 4>;

constexpr int kMostLanes = 64;  // of a block

/// Where column `c` of the strips stands in a row, from their lane; columns follow each other from
/// `first` on, 0 to 3 for the strips of the layout.
HWY_INLINE std::ptrdiff_t place(const WalkLevel& level, int c) {
    return static_cast<std::ptrdiff_t>(c & 3) * level.stride + (c >> 2);
}

/// Turns the symmetric positive definite `m` into its inverse.
template <int M>
HWY_INLINE void invert(Vec (&m)[M][M]) {
    const Lanes d;
    const Vec one = hn::Set(d, 1.0F);
    for (int k = 0; k < M; ++k) {  // sweeps of Gauss and Jordan, upper triangle
        const Vec pivot = hn::Div(one, m[k][k]);
        Vec row[M];
        for (int i = 0; i < M; ++i)
            row[i] = hn::Mul(i < k ? m[i][k] : m[k][i], pivot);
        for (int i = 0; i < M; ++i) {
            for (int j = i; j < M; ++j) {
                if (i == k || j == k) continue;
                m[i][j] = hn::NegMulAdd(i < k ? m[i][k] : m[k][i], row[j], m[i][j]);
            }
        }
        // The sweep leaves -pivot; signs of the swept rows are kept so that later sweeps fit.
        for (int i = 0; i < M; ++i) {
            if (i < k) m[i][k] = row[i];
            if (i > k) m[k][i] = row[i];
        }
        m[k][k] = hn::Neg(pivot);
    }
    for (int i = 0; i < M; ++i) {
        for (int j = i; j < M; ++j)
            m[i][j] = hn::Neg(m[i][j]);
    }
}

/// Block elimination down the strips of M columns from column `first` on: keeps the inverse of each
/// row's block, upper triangle row by row, in `inverse`.
template <int M>
HWY_INLINE void eliminate(const WalkLevel& level, int first, std::ptrdiff_t lane_shift,
                          float* inverse, int s0, int s1) {
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    constexpr int kNumbers = M * (M + 1) / 2;
    const auto row = static_cast<std::ptrdiff_t>(level.row_size());
    const auto inverse_row = static_cast<std::ptrdiff_t>(kNumbers) * level.stride;
    for (int y = 1; y < level.height - 1; ++y) {
        for (int s = s0; s < s1; s += n) {
            const auto at = [&](const float* field, int line, int c) HWY_ATTR {
                return hn::LoadU(d, field + line * row + place(level, first + c) + s + lane_shift);
            };
            Vec m[M][M];
            for (int i = 0; i < M; ++i) {
                m[i][i] = at(level.diagonal, y, i);
                for (int j = i + 1; j < M; ++j)
                    m[i][j] = j == i + 1 ? hn::Neg(at(level.right, y, i)) : hn::Zero(d);
            }
            if (y > 1) {
                Vec up[M][M], inv[M][M], product[M][M];
                const float* above = inverse + (y - 1) * inverse_row + s;
                for (int i = 0; i < M; ++i) {
                    for (int j = i; j < M; ++j, above += level.stride)
                        inv[i][j] = inv[j][i] = hn::LoadU(d, above);
                }
                for (int i = 0; i < M; ++i) {  // from (y - 1, i) to (y, j)
                    up[i][i] = at(level.down, y - 1, i);
                    if (i + 1 < M) up[i][i + 1] = at(level.down_right, y - 1, i);
                    if (i > 0) up[i][i - 1] = at(level.down_left, y - 1, i);
                }
                for (int i = 0; i < M; ++i) {
                    for (int j = 0; j < M; ++j) {
                        Vec sum = hn::Mul(inv[i][j], up[j][j]);
                        if (j > 0) sum = hn::MulAdd(inv[i][j - 1], up[j - 1][j], sum);
                        if (j + 1 < M) sum = hn::MulAdd(inv[i][j + 1], up[j + 1][j], sum);
                        product[i][j] = sum;
                    }
                }
                for (int i = 0; i < M; ++i) {
                    for (int j = i; j < M; ++j) {
                        m[i][j] = hn::NegMulAdd(up[i][i], product[i][j], m[i][j]);
                        if (i > 0) m[i][j] = hn::NegMulAdd(up[i - 1][i], product[i - 1][j], m[i][j]);
                        if (i + 1 < M)
                            m[i][j] = hn::NegMulAdd(up[i + 1][i], product[i + 1][j], m[i][j]);
                    }
                }
            }
            invert<M>(m);
            float* here = inverse + y * inverse_row + s;
            for (int i = 0; i < M; ++i) {
                for (int j = i; j < M; ++j, here += level.stride)
                    hn::StoreU(m[i][j], d, here);
            }
        }
    }
}

template <int M>
HWY_INLINE void load_inverse(const WalkLevel& level, const float* inverse, int y, int s,
                             Vec (&m)[M][M]) {
    const float* from = inverse + static_cast<std::ptrdiff_t>(y) * (M * (M + 1) / 2) * level.stride + s;
    for (int i = 0; i < M; ++i) {
        for (int j = i; j < M; ++j, from += level.stride)
            m[i][j] = m[j][i] = hn::LoadU(Lanes(), from);
    }
}

template <int M>
HWY_INLINE void multiply(const Vec (&m)[M][M], const Vec (&f)[M], Vec (&out)[M]) {
    for (int i = 0; i < M; ++i) {
        out[i] = hn::Mul(m[i][0], f[0]);
        for (int j = 1; j < M; ++j)
            out[i] = hn::MulAdd(m[i][j], f[j], out[i]);
    }
}

/// f += what comes down from `above`, one row up.
template <int M, class At>
HWY_INLINE void add_from_above(const WalkLevel& level, const At& at, int y, const Vec (&above)[M],
                               Vec (&f)[M]) {
    for (int i = 0; i < M; ++i) {
        f[i] = hn::MulAdd(at(level.down, y - 1, i), above[i], f[i]);
        if (i > 0) f[i] = hn::MulAdd(at(level.down_right, y - 1, i - 1), above[i - 1], f[i]);
        if (i + 1 < M) f[i] = hn::MulAdd(at(level.down_left, y - 1, i + 1), above[i + 1], f[i]);
    }
}

/// g = what comes up from `below`, one row down.
template <int M, class At>
HWY_INLINE void from_below(const WalkLevel& level, const At& at, int y, const Vec (&below)[M],
                           Vec (&g)[M]) {
    for (int i = 0; i < M; ++i) {
        g[i] = hn::Mul(at(level.down, y, i), below[i]);
        if (i + 1 < M) g[i] = hn::MulAdd(at(level.down_right, y, i), below[i + 1], g[i]);
        if (i > 0) g[i] = hn::MulAdd(at(level.down_left, y, i), below[i - 1], g[i]);
    }
}

void factor_strips(const WalkLevel& level, int set, int s0, int s1) {
    eliminate<4>(level, 2 * set, 0, level.inverse[set], s0, s1);
}

/// The residual that a solution `t` on the other strips leaves in the two middle columns, which the
/// other strips' border separates; elsewhere it is zero. `at` counts columns of these strips.
template <class At>
HWY_INLINE void middle_residual(const WalkLevel& level, const At& at, const float* t, int y,
                                Vec& left, Vec& right) {
    left = hn::Mul(at(level.right, y, 1), at(t, y, 2));
    left = hn::MulAdd(at(level.down_right, y, 1), at(t, y + 1, 2), left);
    left = hn::MulAdd(at(level.down_left, y - 1, 2), at(t, y - 1, 2), left);
    right = hn::Mul(at(level.right, y, 1), at(t, y, 1));
    right = hn::MulAdd(at(level.down_left, y, 2), at(t, y + 1, 1), right);
    right = hn::MulAdd(at(level.down_right, y - 1, 1), at(t, y - 1, 1), right);
}

/// Solves the strips of one set into `t`, and z = t or z += t. The right-hand side is `rhs`, or,
/// where that is null, what `other` on the other set leaves.
void solve_strips(const WalkLevel& level, int set, const float* rhs, const float* other, float* t,
                  int add, int s0, int s1) {
    constexpr int kM = 4;
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    const auto row = static_cast<std::ptrdiff_t>(level.row_size());
    const float* inverse = level.inverse[set];
    std::ptrdiff_t places[kM];
    for (int c = 0; c < kM; ++c)
        places[c] = place(level, 2 * set + c);
    for (int y = 1; y < level.height - 1; ++y) {
        for (int s = s0; s < s1; s += n) {
            const auto at = [&](const float* field, int line, int c) HWY_ATTR {
                return hn::LoadU(d, field + line * row + places[c] + s);
            };
            Vec f[kM], u[kM], above[kM], m[kM][kM];
            if (rhs != nullptr) {
                for (int c = 0; c < kM; ++c)
                    f[c] = at(rhs, y, c);
            } else {
                f[0] = f[3] = hn::Zero(d);
                middle_residual(level, at, other, y, f[1], f[2]);
            }
            if (y > 1) {
                for (int c = 0; c < kM; ++c)
                    above[c] = at(t, y - 1, c);
                add_from_above<kM>(level, at, y, above, f);
            }
            load_inverse<kM>(level, inverse, y, s, m);
            multiply<kM>(m, f, u);
            for (int c = 0; c < kM; ++c)
                hn::StoreU(u[c], d, t + y * row + places[c] + s);
        }
    }
    for (int y = level.height - 2; y >= 1; --y) {
        for (int s = s0; s < s1; s += n) {
            const auto at = [&](const float* field, int line, int c) HWY_ATTR {
                return hn::LoadU(d, field + line * row + places[c] + s);
            };
            Vec z[kM];
            for (int c = 0; c < kM; ++c)
                z[c] = at(t, y, c);
            if (y < level.height - 2) {
                Vec below[kM], g[kM], u[kM], m[kM][kM];
                for (int c = 0; c < kM; ++c)
                    below[c] = at(t, y + 1, c);
                from_below<kM>(level, at, y, below, g);
                load_inverse<kM>(level, inverse, y, s, m);
                multiply<kM>(m, g, u);
                for (int c = 0; c < kM; ++c)
                    z[c] = hn::Add(z[c], u[c]);
            }
            for (int c = 0; c < kM; ++c) {
                float* to = level.z + y * row + places[c] + s;
                hn::StoreU(z[c], d, t + y * row + places[c] + s);
                hn::StoreU(add != 0 ? hn::Add(hn::LoadU(d, to), z[c]) : z[c], d, to);
            }
        }
    }
}

/// Interpolation from every fourth column to the three between: what they take when one neighbour
/// is 1 all the way down and the other 0.
void find_weights(const WalkLevel& level, int s0, int s1) {
    constexpr int kM = 3;
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    if (s1 == level.lanes) s1 += n;  // the columns right of the last fourth one
    const auto row = static_cast<std::ptrdiff_t>(level.row_size());
    float* inverse = level.inverse[0];  // free until the strips are factored
    eliminate<kM>(level, 3, -1, inverse, s0, s1);
    const int last = level.height - 2;
    for (int side = 0; side < 2; ++side) {
        float* weight = side == 0 ? level.left_weight : level.right_weight;
        const int near = side == 0 ? 0 : kM - 1;
        for (int y = 1; y <= last; ++y) {
            for (int s = s0; s < s1; s += n) {
                const auto at = [&](const float* field, int line, int c) HWY_ATTR {
                    return hn::LoadU(d, field + line * row + place(level, 3 + c) + s - 1);
                };
                Vec f[kM] = {hn::Zero(d), hn::Zero(d), hn::Zero(d)}, u[kM], above[kM], m[kM][kM];
                const int l = side == 0 ? -1 : kM - 1;  // couplings between columns l and l + 1
                f[near] = at(level.right, y, l);
                if (y > 1) {
                    f[near] = hn::Add(f[near], side == 0 ? at(level.down_right, y - 1, l)
                                                         : at(level.down_left, y - 1, l + 1));
                }
                if (y < last) {
                    f[near] = hn::Add(f[near], side == 0 ? at(level.down_left, y, l + 1)
                                                         : at(level.down_right, y, l));
                }
                if (y > 1) {
                    for (int c = 0; c < kM; ++c)
                        above[c] = at(weight, y - 1, c);
                    add_from_above<kM>(level, at, y, above, f);
                }
                load_inverse<kM>(level, inverse, y, s, m);
                multiply<kM>(m, f, u);
                for (int c = 0; c < kM; ++c)
                    hn::StoreU(u[c], d, weight + y * row + place(level, 3 + c) + s - 1);
            }
        }
        for (int y = last - 1; y >= 1; --y) {
            for (int s = s0; s < s1; s += n) {
                const auto at = [&](const float* field, int line, int c) HWY_ATTR {
                    return hn::LoadU(d, field + line * row + place(level, 3 + c) + s - 1);
                };
                Vec below[kM], g[kM], u[kM], m[kM][kM];
                for (int c = 0; c < kM; ++c)
                    below[c] = at(weight, y + 1, c);
                from_below<kM>(level, at, y, below, g);
                load_inverse<kM>(level, inverse, y, s, m);
                multiply<kM>(m, g, u);
                for (int c = 0; c < kM; ++c) {
                    float* to = weight + y * row + place(level, 3 + c) + s - 1;
                    hn::StoreU(hn::Add(hn::LoadU(d, to), u[c]), d, to);
                }
            }
        }
    }
    // Scaled to sum 1: a constant stays one, and rows of the coarse matrix sum to what they should.
    for (int y = 1; y <= last; ++y) {
        for (int s = s0; s < s1; s += n) {
            for (int c = 0; c < kM; ++c) {
                const std::ptrdiff_t at = y * row + place(level, 3 + c) + s - 1;
                const Vec l = hn::LoadU(d, level.left_weight + at);
                const Vec r = hn::LoadU(d, level.right_weight + at), sum = hn::Add(l, r);
                const Vec right = hn::IfThenElse(hn::Gt(sum, hn::Zero(d)), hn::Div(r, sum), r);
                const Vec left = hn::Sub(hn::Set(d, 1.0F), right);
                hn::StoreU(hn::IfThenElse(hn::Gt(l, hn::Zero(d)), left, l), d, level.left_weight + at);
                hn::StoreU(right, d, level.right_weight + at);
            }
        }
    }
}

/// A row of numbers, one for each fourth column, into the layout of the coarser level.
HWY_INLINE void put_coarse_row(const WalkLevel& coarse, const float* natural, float* field, int y,
                               int s0, int s1) {
    const Quarter d;
    const auto n = static_cast<int>(hn::Lanes(d));
    float* to = field + static_cast<std::ptrdiff_t>(coarse.row_size()) * y + s0 / 4;
    for (int s = 0; s < s1 - s0; s += 4 * n, to += n) {
        hn::Vec<Quarter> a, b, c, e;
        hn::LoadInterleaved4(d, natural + s, a, b, c, e);
        hn::StoreU(a, d, to);
        hn::StoreU(b, d, to + coarse.stride);
        hn::StoreU(c, d, to + 2 * coarse.stride);
        hn::StoreU(e, d, to + 3 * coarse.stride);
    }
}

/// The matrix of the coarser level: transpose of the interpolation, times matrix, times
/// interpolation.
void coarsen(const WalkLevel& level, const WalkLevel& coarse, int s0, int s1) {
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    const auto row = static_cast<std::ptrdiff_t>(level.row_size());
    const Vec one = hn::Set(d, 1.0F), zero = hn::Zero(d);
    HWY_ALIGN float out[5][kMostLanes];
    for (int y = 1; y < level.height - 1; ++y) {
        const bool has_below = y < level.height - 2;
        for (int s = s0; s < s1; s += n) {
            // Between the fourth column of lane t - 1 and that of lane t: columns 0 to 4, both
            // ends included.
            const auto at = [&](const float* field, int line, int c, int t) HWY_ATTR {
                return hn::LoadU(d, field + line * row + place(level, 2 + c) + t - 1);
            };
            const auto load = [&](Vec(&w)[5], bool from_left, int line, int t) HWY_ATTR {
                w[0] = from_left ? one : zero;
                w[4] = from_left ? zero : one;
                for (int c = 1; c < 4; ++c)
                    w[c] = at(from_left ? level.left_weight : level.right_weight, line, c, t);
            };
            const auto in_row = [&](const Vec(&a)[5], const Vec(&b)[5], int t) HWY_ATTR {
                Vec sum = zero;
                for (int c = 1; c < 4; ++c)
                    sum = hn::MulAdd(at(level.diagonal, y, c, t), hn::Mul(a[c], b[c]), sum);
                for (int c = 0; c < 4; ++c) {
                    const Vec both = hn::MulAdd(a[c], b[c + 1], hn::Mul(a[c + 1], b[c]));
                    sum = hn::NegMulAdd(at(level.right, y, c, t), both, sum);
                }
                return sum;
            };
            const auto to_below = [&](const Vec(&a)[5], const Vec(&b)[5], int t) HWY_ATTR {
                Vec sum = zero;
                for (int c = 1; c < 4; ++c)
                    sum = hn::MulAdd(at(level.down, y, c, t), hn::Mul(a[c], b[c]), sum);
                for (int c = 0; c < 4; ++c) {
                    sum = hn::MulAdd(at(level.down_right, y, c, t), hn::Mul(a[c], b[c + 1]), sum);
                    sum = hn::MulAdd(at(level.down_left, y, c + 1, t), hn::Mul(a[c + 1], b[c]), sum);
                }
                return sum;
            };
            Vec near_l[5], near_r[5], far_l[5], far_r[5];
            load(near_r, false, y, s);
            load(far_l, true, y, s + 1);
            load(far_r, false, y, s + 1);
            Vec excess = at(level.excess, y, 0, s + 1);
            for (int c = 1; c < 4; ++c) {
                excess = hn::MulAdd(near_r[c], at(level.excess, y, c, s), excess);
                excess = hn::MulAdd(far_l[c], at(level.excess, y, c, s + 1), excess);
            }
            const Vec right = hn::Neg(in_row(far_l, far_r, s + 1));
            Vec down = zero, down_right = zero, down_left = zero;
            if (has_below) {
                Vec below_l[5], below_r[5], below_near_r[5];
                load(near_l, true, y + 1, s);
                load(below_near_r, false, y + 1, s);
                load(below_l, true, y + 1, s + 1);
                load(below_r, false, y + 1, s + 1);
                down = at(level.down, y, 0, s + 1);
                down = hn::Add(down, to_below(near_r, below_near_r, s));
                down = hn::Add(down, to_below(far_l, below_l, s + 1));
                down_right = to_below(far_l, below_r, s + 1);
                down_left = to_below(near_r, near_l, s);
            }
            hn::StoreU(excess, d, out[0] + s - s0);
            hn::StoreU(down, d, out[1] + s - s0);
            hn::StoreU(right, d, out[2] + s - s0);
            hn::StoreU(down_right, d, out[3] + s - s0);
            hn::StoreU(down_left, d, out[4] + s - s0);
        }
        float* const fields[] = {coarse.excess, coarse.down, coarse.right, coarse.down_right,
                                 coarse.down_left};
        for (int i = 0; i < 5; ++i)
            put_coarse_row(coarse, out[i], fields[i], y, s0, s1);
    }
}

/// What `t` on the second set of strips leaves, brought to the coarser level.
void restrict_residual(const WalkLevel& level, const WalkLevel& coarse, const float* t, int s0,
                       int s1) {
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    const auto row = static_cast<std::ptrdiff_t>(level.row_size());
    HWY_ALIGN float out[kMostLanes];
    for (int y = 1; y < level.height - 1; ++y) {
        for (int s = s0; s < s1; s += n) {
            // The residual stands in columns 1 and 2 of each lane.
            Vec sum, left, unused;
            const auto at = [&](const float* field, int line, int c) HWY_ATTR {
                return hn::LoadU(d, field + line * row + place(level, c) + s);
            };
            middle_residual(level, at, t, y, left, sum);
            sum = hn::MulAdd(at(level.right_weight, y, 1), left, sum);
            const auto next = [&](const float* field, int line, int c) HWY_ATTR {
                return hn::LoadU(d, field + line * row + place(level, c) + s + 1);
            };
            middle_residual(level, next, t, y, left, unused);
            sum = hn::MulAdd(next(level.left_weight, y, 1), left, sum);
            hn::StoreU(sum, d, out + s - s0);
        }
        put_coarse_row(coarse, out, coarse.r, y, s0, s1);
    }
}

/// z += interpolation of the coarser level's x.
void add_coarse(const WalkLevel& level, const WalkLevel& coarse, int s0, int s1) {
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    const Quarter dq;
    const auto nq = static_cast<int>(hn::Lanes(dq));
    const auto row = static_cast<std::ptrdiff_t>(level.row_size());
    HWY_ALIGN float buffer[kMostLanes + 2 * 16] = {};
    float* natural = buffer + 16;
    for (int y = 1; y < level.height - 1; ++y) {
        const float* from = coarse.x + static_cast<std::ptrdiff_t>(coarse.row_size()) * y;
        natural[-1] = s0 > 0 ? from[3 * static_cast<std::ptrdiff_t>(coarse.stride) + s0 / 4 - 1] : 0.0F;
        natural[s1 - s0] = from[s1 / 4];
        for (int s = s0; s < s1; s += 4 * nq) {
            const float* lane = from + s / 4;
            hn::StoreInterleaved4(hn::LoadU(dq, lane), hn::LoadU(dq, lane + coarse.stride),
                                  hn::LoadU(dq, lane + 2 * coarse.stride),
                                  hn::LoadU(dq, lane + 3 * coarse.stride), dq, natural + s - s0);
        }
        for (int s = s0; s < s1; s += n) {
            const Vec left = hn::LoadU(d, natural + s - s0 - 1), middle = hn::LoadU(d, natural + s - s0);
            const Vec right = hn::LoadU(d, natural + s - s0 + 1);
            for (int c = 0; c < 4; ++c) {
                const std::ptrdiff_t i = y * row + place(level, c) + s;
                Vec z = hn::LoadU(d, level.z + i);
                if (c == 2) {
                    z = hn::Add(z, middle);
                } else {
                    z = hn::MulAdd(hn::LoadU(d, level.left_weight + i), c == 3 ? middle : left, z);
                    z = hn::MulAdd(hn::LoadU(d, level.right_weight + i), c == 3 ? right : middle, z);
                }
                hn::StoreU(z, d, level.z + i);
            }
        }
    }
}

/// out = rhs - A x (rhs may be null for none); returns sum x out. By differences, not with the
/// diagonal: where that is rounded there would be a leak, small but everywhere.
double subtract_product(const WalkLevel& level, int finest, const float* rhs, const float* x,
                        float* out, int s0, int s1) {
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    const auto row = static_cast<std::ptrdiff_t>(level.row_size());
    Vec dot = hn::Zero(d);
    double sum = 0;
    for (int y = 1; y < level.height - 1; ++y) {
        for (int s = s0; s < s1; s += n) {
            for (int c = 0; c < 4; ++c) {
                const auto at = [&](const float* field, int line, int column) HWY_ATTR {
                    return hn::LoadU(d, field + line * row + place(level, column) + s);
                };
                const Vec here = at(x, y, c);
                Vec f = rhs != nullptr ? at(rhs, y, c) : hn::Zero(d);
                const auto add = [&](Vec weight, Vec there) HWY_ATTR {
                    f = hn::MulAdd(weight, hn::Sub(there, here), f);
                };
                add(at(level.right, y, c), at(x, y, c + 1));
                add(at(level.right, y, c - 1), at(x, y, c - 1));
                add(at(level.down, y, c), at(x, y + 1, c));
                add(at(level.down, y - 1, c), at(x, y - 1, c));
                add(at(level.down_right, y, c), at(x, y + 1, c + 1));
                add(at(level.down_right, y - 1, c - 1), at(x, y - 1, c - 1));
                add(at(level.down_left, y, c), at(x, y + 1, c - 1));
                add(at(level.down_left, y - 1, c + 1), at(x, y - 1, c + 1));
                if (finest == 0) f = hn::NegMulAdd(at(level.excess, y, c), here, f);
                hn::StoreU(f, d, out + y * row + place(level, c) + s);
                dot = hn::MulAdd(here, f, dot);
            }
        }
        if (y % 16 == 0 || y == level.height - 2) {
            sum += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, dot)));
            dot = hn::Zero(d);
        }
    }
    return sum;
}

/// The diagonal: all couplings of a pixel and what it loses to the first and the last row.
void find_diagonal(const WalkLevel& level, int finest, int s0, int s1) {
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    const auto row = static_cast<std::ptrdiff_t>(level.row_size());
    for (int y = 1; y < level.height - 1; ++y) {
        for (int s = s0; s < s1; s += n) {
            for (int c = 0; c < 4; ++c) {
                const auto at = [&](const float* field, int line, int column) HWY_ATTR {
                    return hn::LoadU(d, field + line * row + place(level, column) + s);
                };
                Vec sum = hn::Add(at(level.right, y, c), at(level.right, y, c - 1));
                sum = hn::Add(sum, hn::Add(at(level.down, y, c), at(level.down, y - 1, c)));
                sum = hn::Add(sum, hn::Add(at(level.down_right, y, c), at(level.down_right, y - 1, c - 1)));
                sum = hn::Add(sum, hn::Add(at(level.down_left, y, c), at(level.down_left, y - 1, c + 1)));
                if (finest != 0) {
                    Vec lost = hn::Zero(d);
                    if (y == 1) {
                        lost = hn::Add(at(level.down, 0, c), at(level.down_right, 0, c - 1));
                        lost = hn::Add(lost, at(level.down_left, 0, c + 1));
                    }
                    if (y == level.height - 2) {
                        lost = hn::Add(lost, hn::Add(at(level.down, y, c), at(level.down_right, y, c)));
                        lost = hn::Add(lost, at(level.down_left, y, c));
                    }
                    hn::StoreU(lost, d, level.excess + y * row + place(level, c) + s);
                } else {
                    sum = hn::Add(sum, at(level.excess, y, c));
                }
                // Beyond the frame there are no edges: a row of its own.
                sum = hn::IfThenElse(hn::Gt(sum, hn::Zero(d)), sum, hn::Set(d, 1.0F));
                hn::StoreU(sum, d, level.diagonal + y * row + place(level, c) + s);
            }
        }
    }
}

/// The coarsest level, a row of unknowns after the other: natural order, `dense_stride` apart,
/// with room of a vector on both sides.
struct DenseRows {
    static constexpr int kMost = 48 + 2 * 16;
    HWY_ALIGN float values[kMost] = {};
    float* row() { return values + 16; }
};

HWY_INLINE void take_row(const WalkLevel& level, const float* field, int y, float* out) {
    const float* from = field + static_cast<std::ptrdiff_t>(level.row_size()) * y;
    for (int x = 0; x < level.columns; ++x)
        out[x] = from[place(level, x & 3) + x / 4];
}

/// Elimination row by row, with the inverse of each row's block kept.
void factor_dense(const WalkLevel& level) {
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    const int m = level.columns, stride = level.dense_stride;
    const auto block = static_cast<std::ptrdiff_t>(m) * stride;
    DenseRows down, down_right, down_left, diagonal, right;
    float product[48 * (48 + 16)];
    for (int y = 1; y < level.height - 1; ++y) {
        float* a = level.dense + y * block;
        take_row(level, level.diagonal, y, diagonal.row());
        take_row(level, level.right, y, right.row());
        std::fill_n(a, block, 0.0F);
        for (int i = 0; i < m; ++i) {
            a[i * stride + i] = diagonal.row()[i];
            if (i + 1 < m) {
                a[i * stride + i + 1] = -right.row()[i];
                a[(i + 1) * stride + i] = -right.row()[i];
            }
        }
        if (y > 1) {
            take_row(level, level.down, y - 1, down.row());
            take_row(level, level.down_right, y - 1, down_right.row());
            take_row(level, level.down_left, y - 1, down_left.row());
            const float* above = a - block;  // numbers outside a row meet couplings of zero
            for (int i = 0; i < m; ++i) {
                for (int j = 0; j < stride; j += n) {
                    const float* from = above + i * stride + j;
                    Vec t = hn::Mul(hn::LoadU(d, from), hn::LoadU(d, down.row() + j));
                    t = hn::MulAdd(hn::LoadU(d, from - 1), hn::LoadU(d, down_right.row() + j - 1), t);
                    t = hn::MulAdd(hn::LoadU(d, from + 1), hn::LoadU(d, down_left.row() + j + 1), t);
                    hn::StoreU(t, d, product + i * stride + j);
                }
            }
            for (int i = 0; i < m; ++i) {
                for (int j = 0; j < stride; j += n) {
                    const float* from = product + i * stride + j;
                    Vec t = hn::LoadU(d, a + i * stride + j);
                    t = hn::NegMulAdd(hn::Set(d, down.row()[i]), hn::LoadU(d, from), t);
                    if (i > 0)
                        t = hn::NegMulAdd(hn::Set(d, down_right.row()[i - 1]), hn::LoadU(d, from - stride), t);
                    if (i + 1 < m)
                        t = hn::NegMulAdd(hn::Set(d, down_left.row()[i + 1]), hn::LoadU(d, from + stride), t);
                    hn::StoreU(t, d, a + i * stride + j);
                }
            }
        }
        for (int k = 0; k < m; ++k) {  // Gauss and Jordan
            float* pivot_row = a + k * stride;
            const float pivot = 1 / pivot_row[k];
            pivot_row[k] = 1;
            for (int j = 0; j < stride; j += n)
                hn::StoreU(hn::Mul(hn::LoadU(d, pivot_row + j), hn::Set(d, pivot)), d, pivot_row + j);
            for (int i = 0; i < m; ++i) {
                if (i == k) continue;
                float* row = a + i * stride;
                const Vec f = hn::Set(d, row[k]);
                row[k] = 0;
                for (int j = 0; j < stride; j += n)
                    hn::StoreU(hn::NegMulAdd(f, hn::LoadU(d, pivot_row + j), hn::LoadU(d, row + j)), d, row + j);
            }
        }
    }
}

/// out = block of row y times f.
HWY_INLINE void multiply_dense(const WalkLevel& level, int y, const float* f, float* out) {
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    const int m = level.columns, stride = level.dense_stride;
    const float* a = level.dense + static_cast<std::ptrdiff_t>(y) * m * stride;
    for (int j = 0; j < stride; j += n) {
        Vec sum[4] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
        int k = 0;
        for (; k + 4 <= m; k += 4) {
            for (int i = 0; i < 4; ++i)
                sum[i] = hn::MulAdd(hn::LoadU(d, a + (k + i) * stride + j), hn::Set(d, f[k + i]), sum[i]);
        }
        for (; k < m; ++k)
            sum[0] = hn::MulAdd(hn::LoadU(d, a + k * stride + j), hn::Set(d, f[k]), sum[0]);
        hn::StoreU(hn::Add(hn::Add(sum[0], sum[1]), hn::Add(sum[2], sum[3])), d, out + j);
    }
}

/// out = solution for r on the coarsest level.
void solve_dense(const WalkLevel& level, float* out) {
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    const int m = level.columns, stride = level.dense_stride;
    DenseRows down, down_right, down_left, f, u;
    float* rows = level.t0;  // natural order, a vector of room between them
    const int pitch = stride + 16;
    for (int y = 1; y < level.height - 1; ++y) {
        take_row(level, level.r, y, f.row());
        if (y > 1) {
            take_row(level, level.down, y - 1, down.row());
            take_row(level, level.down_right, y - 1, down_right.row());
            take_row(level, level.down_left, y - 1, down_left.row());
            const float* above = rows + (y - 1) * pitch;
            for (int j = 0; j < stride; j += n) {
                Vec t = hn::LoadU(d, f.row() + j);
                t = hn::MulAdd(hn::LoadU(d, above + j), hn::LoadU(d, down.row() + j), t);
                t = hn::MulAdd(hn::LoadU(d, above + j - 1), hn::LoadU(d, down_right.row() + j - 1), t);
                t = hn::MulAdd(hn::LoadU(d, above + j + 1), hn::LoadU(d, down_left.row() + j + 1), t);
                hn::StoreU(t, d, f.row() + j);
            }
        }
        multiply_dense(level, y, f.row(), rows + y * pitch);
    }
    for (int y = level.height - 2; y >= 1; --y) {
        float* here = rows + y * pitch;
        if (y < level.height - 2) {
            take_row(level, level.down, y, down.row());
            take_row(level, level.down_right, y, down_right.row());
            take_row(level, level.down_left, y, down_left.row());
            const float* below = here + pitch;
            for (int j = 0; j < stride; j += n) {
                Vec t = hn::Mul(hn::LoadU(d, below + j), hn::LoadU(d, down.row() + j));
                t = hn::MulAdd(hn::LoadU(d, below + j + 1), hn::LoadU(d, down_right.row() + j), t);
                t = hn::MulAdd(hn::LoadU(d, below + j - 1), hn::LoadU(d, down_left.row() + j), t);
                hn::StoreU(t, d, f.row() + j);
            }
            multiply_dense(level, y, f.row(), u.row());
            for (int j = 0; j < stride; j += n)
                hn::StoreU(hn::Add(hn::LoadU(d, here + j), hn::LoadU(d, u.row() + j)), d, here + j);
        }
        float* to = out + static_cast<std::ptrdiff_t>(level.row_size()) * y;
        for (int x = 0; x < m; ++x)
            to[place(level, x & 3) + x / 4] = here[x];
    }
}

/// x += step p, r += step q.
void advance(const WalkLevel& level, float step, int s0, int s1) {
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    const Vec a = hn::Set(d, step);
    for (int line = 4; line < 4 * (level.height - 1); ++line) {
        const std::ptrdiff_t i = static_cast<std::ptrdiff_t>(line) * level.stride;
        for (std::ptrdiff_t s = i + s0; s < i + s1; s += n) {
            float *x = level.x + s, *r = level.r + s;
            hn::StoreU(hn::MulAdd(a, hn::LoadU(d, level.p + s), hn::LoadU(d, x)), d, x);
            hn::StoreU(hn::MulAdd(a, hn::LoadU(d, level.q + s), hn::LoadU(d, r)), d, r);
        }
    }
}

/// p = z + factor p; returns the largest |p|.
double turn(const WalkLevel& level, float factor, int s0, int s1) {
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    const Vec a = hn::Set(d, factor);
    Vec largest = hn::Zero(d);
    for (int line = 4; line < 4 * (level.height - 1); ++line) {
        const std::ptrdiff_t i = static_cast<std::ptrdiff_t>(line) * level.stride;
        for (std::ptrdiff_t s = i + s0; s < i + s1; s += n) {
            const Vec p = hn::MulAdd(a, hn::LoadU(d, level.p + s), hn::LoadU(d, level.z + s));
            largest = hn::Max(largest, hn::Abs(p));
            hn::StoreU(p, d, level.p + s);
        }
    }
    return static_cast<double>(hn::GetLane(hn::MaxOfLanes(d, largest)));
}

/// Sums of z r and z q.
void measure(const WalkLevel& level, double* sums, int s0, int s1) {
    const Lanes d;
    const auto n = static_cast<int>(hn::Lanes(d));
    Vec zr = hn::Zero(d), zq = hn::Zero(d);
    sums[0] = sums[1] = 0;
    for (int line = 4; line < 4 * (level.height - 1); ++line) {
        const std::ptrdiff_t i = static_cast<std::ptrdiff_t>(line) * level.stride;
        for (std::ptrdiff_t s = i + s0; s < i + s1; s += n) {
            const Vec z = hn::LoadU(d, level.z + s);
            zr = hn::MulAdd(z, hn::LoadU(d, level.r + s), zr);
            zq = hn::MulAdd(z, hn::LoadU(d, level.q + s), zq);
        }
        if (line % 64 == 0 || line == 4 * (level.height - 1) - 1) {
            sums[0] += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, zr)));
            sums[1] += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, zq)));
            zr = zq = hn::Zero(d);
        }
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <cstdlib>
namespace guide::filters {
static int coarse_steps(std::size_t i) { static const char* g = getenv("GW"); return i <= strlen(g) ? g[i-1]-'0' : 1; }

HWY_EXPORT(factor_strips);
HWY_EXPORT(solve_strips);
HWY_EXPORT(find_weights);
HWY_EXPORT(coarsen);
HWY_EXPORT(restrict_residual);
HWY_EXPORT(add_coarse);
HWY_EXPORT(subtract_product);
HWY_EXPORT(find_diagonal);
HWY_EXPORT(factor_dense);
HWY_EXPORT(solve_dense);
HWY_EXPORT(advance);
HWY_EXPORT(turn);
HWY_EXPORT(measure);

namespace {

constexpr int kDenseColumns = 40;  // from here on a direct solution is cheap

int block_lanes(const WalkLevel& level) { return level.lanes >= 128 ? 64 : level.lanes >= 64 ? 32 : 16; }

int block_count(const WalkLevel& level) { return (level.lanes - 1) / block_lanes(level) + 1; }

}  // namespace

void RandomWalk::resize(int width, int height) {
    if (width == width_ && height == height_) return;
    width_ = width;
    height_ = height;
    solved_ = false;
    workspace_.rewind();
    levels_.clear();
    std::size_t fields = 0;
    for (int columns = width;; columns = (columns + 3) / 4) {
        WalkLevel level;
        level.height = height;
        level.columns = columns;
        level.strips = (columns + 3) / 4;
        level.lanes = (level.strips + 15) / 16 * 16;
        level.stride = level.lanes + 16;
        const auto take = [&](float value, std::size_t quarters = 4) {
            // One vector before and one row behind: neighbours of the first and the last lane.
            // Fields begin at different places of a page, or they would meet in the same lines of
            // the nearest cache.
            const std::size_t shift = 16 * (fields++ * 13 % 64 + 1);
            const std::size_t count = level.size() / 4 * quarters + level.row_size() + shift;
            float* memory = workspace_.take<float>(count);
            std::fill_n(memory, count, value);
            return memory + shift;
        };
        level.diagonal = take(1);
        for (float** field : {&level.excess, &level.down, &level.right, &level.down_right, &level.down_left,
                              &level.left_weight, &level.right_weight, &level.x, &level.r, &level.z,
                              &level.p, &level.q, &level.t0, &level.t1})
            *field = take(0);
        for (float*& inverse : level.inverse)
            inverse = take(0, 10);
        if (columns <= kDenseColumns) {
            level.dense_stride = (columns + 15) / 16 * 16;
            const auto count = static_cast<std::size_t>(height) * static_cast<std::size_t>(columns * level.dense_stride) + 32;
            level.dense = workspace_.take<float>(count) + 16;
            std::fill_n(level.dense - 16, count, 0.0F);
        }
        levels_.push_back(level);
        if (columns <= kDenseColumns) break;
    }
    sums_.assign(3 * static_cast<std::size_t>(block_count(levels_[0])), 0.0);
}

void RandomWalk::set_row(int y, const float* down, const float* right, const float* down_right,
                         const float* down_left) {
    const WalkLevel& level = levels_[0];
    const auto row = static_cast<std::size_t>(y) * level.row_size();
    const auto put = [&](const float* from, float* field) {
        for (int j = 0; j < 4; ++j) {
            float* to = field + row + static_cast<std::size_t>(j) * static_cast<std::size_t>(level.stride);
            for (int x = j; x < width_; x += 4)
                *to++ = from[x];
        }
    };
    put(down, level.down);
    put(right, level.right);
    put(down_right, level.down_right);
    put(down_left, level.down_left);
}

void RandomWalk::copy_row(int y, float* out) const {
    const WalkLevel& level = levels_[0];
    for (int x = 0; x < width_; ++x) {
        out[x] = level.x[static_cast<std::size_t>(y) * level.row_size() +
                    static_cast<std::size_t>(x & 3) * static_cast<std::size_t>(level.stride) +
                    static_cast<std::size_t>(x >> 2)];
    }
}

template <class Work>
void RandomWalk::for_each_block(const WalkLevel& level, Workers& workers, const Work& work) {
    const int size = block_lanes(level);
    workers.for_each_band(block_count(level), 1, [&](int block, int) {
        work(block, block * size, std::min(level.lanes, (block + 1) * size));
    });
}

void RandomWalk::prepare(Workers& workers) {
    const auto diagonal = GUIDE_KERNEL(find_diagonal);
    const auto weights = GUIDE_KERNEL(find_weights);
    const auto coarse = GUIDE_KERNEL(coarsen);
    const auto factor = GUIDE_KERNEL(factor_strips);
    for (std::size_t i = 0; i < levels_.size(); ++i) {
        const WalkLevel& level = levels_[i];
        for_each_block(level, workers,
                       [&](int, int s0, int s1) { diagonal(level, i == 0 ? 1 : 0, s0, s1); });
        if (level.dense != nullptr) {
            GUIDE_KERNEL(factor_dense)(level);
            return;
        }
        for_each_block(level, workers, [&](int, int s0, int s1) { weights(level, s0, s1); });
        for_each_block(level, workers,
                       [&](int, int s0, int s1) { coarse(level, levels_[i + 1], s0, s1); });
        for_each_block(level, workers, [&](int, int s0, int s1) {
            factor(level, 0, s0, s1);
            factor(level, 1, s0, s1);
        });
    }
}

void RandomWalk::precondition(std::size_t index, Workers& workers) {
    const WalkLevel& level = levels_[index];
    if (level.dense != nullptr) {
        GUIDE_KERNEL(solve_dense)(level, level.z);
        return;
    }
    const auto strips = GUIDE_KERNEL(solve_strips);
    for_each_block(level, workers, [&](int, int s0, int s1) {
        strips(level, 0, level.r, nullptr, level.t0, 0, s0, s1);
    });
    const WalkLevel& coarse = levels_[index + 1];
    const auto down = GUIDE_KERNEL(restrict_residual);
    const auto up = GUIDE_KERNEL(add_coarse);
    for_each_block(level, workers, [&](int, int s0, int s1) {
        strips(level, 1, nullptr, level.t0, level.t1, 1, s0, s1);
    });
    for_each_block(level, workers,
                   [&](int, int s0, int s1) { down(level, coarse, level.t1, s0, s1); });
    if (coarse.dense != nullptr) {
        GUIDE_KERNEL(solve_dense)(coarse, coarse.x);
    } else {
    std::fill_n(coarse.x, coarse.size(), 0.0F);
    iterate(index + 1, 0, coarse_steps(index + 1), workers);
    }
    for_each_block(level, workers, [&](int, int s0, int s1) { up(level, coarse, s0, s1); });
}

int RandomWalk::iterate(std::size_t index, double tolerance, int most_steps, Workers& workers) {
    const WalkLevel& level = levels_[index];
    const auto subtract = GUIDE_KERNEL(subtract_product);
    const auto step_on = GUIDE_KERNEL(advance);
    const auto turn_to = GUIDE_KERNEL(turn);
    const auto look = GUIDE_KERNEL(measure);
    const auto blocks = static_cast<std::size_t>(block_count(level));
    double curvature = 1;
    std::vector<double> moves;
    for (int step = 0; step < most_steps; ++step) {
        precondition(index, workers);
        for_each_block(level, workers, [&](int block, int s0, int s1) {
            look(level, sums_.data() + 3 * block, s0, s1);
        });
        double zr = 0, zq = 0, largest = 0;
        for (std::size_t i = 0; i < blocks; ++i) {
            zr += sums_[3 * i];
            zq += sums_[3 * i + 1];
        }
        // q stands for -A p.
        const auto factor = static_cast<float>(step == 0 ? 0 : zq / curvature);
        for_each_block(level, workers, [&](int block, int s0, int s1) {
            sums_[3 * static_cast<std::size_t>(block) + 2] = turn_to(level, factor, s0, s1);
        });
        for_each_block(level, workers, [&](int block, int s0, int s1) {
            sums_[3 * static_cast<std::size_t>(block)] =
                subtract(level, index == 0 ? 1 : 0, nullptr, level.p, level.q, s0, s1);
        });
        curvature = 0;
        for (std::size_t i = 0; i < blocks; ++i) {
            curvature -= sums_[3 * i];
            largest = std::max(largest, sums_[3 * i + 2]);
        }
        if (!(curvature > 0)) return step;
        const double length = zr / curvature;
        for_each_block(level, workers, [&](int, int s0, int s1) {
            step_on(level, static_cast<float>(length), s0, s1);
        });
        if (index > 0) continue;
        if (step % 4 == 3) {  // rounding has gathered in r
            for_each_block(level, workers, [&](int, int s0, int s1) {
                subtract(level, 1, nullptr, level.x, level.r, s0, s1);
            });
        }
        // What is left is about the sum of the moves to come, if they go on shrinking as they did.
        moves.push_back(std::abs(length) * largest);
        const std::size_t n = moves.size();
        double rate = 0.9;
        if (n > 3) rate = std::clamp(std::cbrt(moves[n - 1] / moves[n - 4]), 0.4, 0.95);
        estimate_ = moves.back() * rate / (1 - rate);
        if (estimate_ <= tolerance) return step + 1;
    }
    return most_steps;
}

int RandomWalk::solve(double tolerance, int most_steps, bool warm, Workers& workers) {
    const WalkLevel& level = levels_[0];
    const auto subtract = GUIDE_KERNEL(subtract_product);
    prepare(workers);
    if (!warm || !solved_) std::fill_n(level.x, level.size(), 0.0F);
    for (int j = 0; j < 4; ++j)
        std::fill_n(level.x + static_cast<std::ptrdiff_t>(j) * level.stride, level.strips, 1.0F);
    for_each_block(level, workers, [&](int, int s0, int s1) {
        subtract(level, 1, nullptr, level.x, level.r, s0, s1);
    });
    const int steps = iterate(0, tolerance, most_steps, workers);
    solved_ = true;
    return steps;
}

}  // namespace guide::filters
#endif
