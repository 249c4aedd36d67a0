// SPDX-License-Identifier: Apache-2.0
#include "scan_geometry.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "scan_conversion.cpp"
#include "kernel.hpp"
#include "lanes-inl.hpp"  // for the name hn

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// Pixels worked at together: their neighbours are first laid side by side in a buffer that stays
/// in the nearest cache, then read back as vectors. As fast as AVX-512's gathers, and no
/// instruction set lacks it.
constexpr int kChunk = 64;

using Float = hn::ScalableTag<float>;
using Vector = hn::Vec<Float>;

/// Fractions along the two axes for the pixels of one vector.
struct Fractions {
    Vector x, y;
};

HWY_INLINE Fractions unpack(const std::uint32_t* packed) {
    const Float d;
    const hn::RebindToSigned<Float> di;
    const hn::RebindToUnsigned<Float> du;
    const auto both = hn::LoadU(du, packed);
    const auto scale = hn::Set(d, 1.0F / 65535);
    const auto x = hn::ConvertTo(d, hn::BitCast(di, hn::And(both, hn::Set(du, 0xFFFFU))));
    const auto y = hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<16>(both)));
    return {hn::Mul(x, scale), hn::Mul(y, scale)};
}

/// Runs over [0, count) in chunks: `fetch(side, begin, n)` lays neighbours side by side in one of
/// two buffers, then `value(side, i, fractions)` gives the pixels i and on of that chunk, as many
/// as a vector has. The next chunk is fetched before one is read: reading wider what was just
/// written waits until it reached the cache. The last chunk begins early and writes some pixels
/// again; only a run below one chunk goes through a copy.
template <class Fetch, class Value>
HWY_INLINE void interpolate(const std::uint32_t* fractions, float* out, int count,
                            const Fetch& fetch, const Value& value) {
    const Float d;
    const auto whole = [&](int side, const std::uint32_t* from, float* to) HWY_ATTR {
        for (std::size_t i = 0; i < kChunk; i += hn::Lanes(d))
            hn::StoreU(value(side, i, unpack(from + i)), d, to + i);
    };
    if (count < kChunk) {
        std::uint32_t packed[kChunk] = {};
        float result[kChunk];
        fetch(0, 0, count);
        std::copy_n(fractions, count, packed);
        whole(0, packed, result);
        std::copy_n(result, count, out);
        return;
    }
    const int last = count - kChunk;
    fetch(0, 0, kChunk);
    for (int x = 0, side = 0; x < count; x += kChunk, side ^= 1) {
        if (x < last) fetch(side ^ 1, HWY_MIN(x + kChunk, last), kChunk);
        const int begin = HWY_MIN(x, last);
        whole(side, fractions + begin, out + begin);
    }
}

void bilinear_run(const float* in, int, int, std::ptrdiff_t stride, const std::uint32_t* cells,
                  const std::uint32_t* fractions, float* out, int count) {
    HWY_ALIGN float quads[2][4 * kChunk];  // a short run leaves the rest as it is
    const auto fetch = [&](int side, int begin, int n) HWY_ATTR {
        for (int i = 0; i < n; ++i) {
            const std::uint32_t cell = cells[begin + i];
            const float* pair = in + static_cast<std::ptrdiff_t>(cell >> 16) * stride +
                                static_cast<std::ptrdiff_t>(cell & 0xFFFFU);
#if HWY_TARGET == HWY_SCALAR
            std::memcpy(quads[side] + 4 * i, pair, 2 * sizeof(float));
            std::memcpy(quads[side] + 4 * i + 2, pair + stride, 2 * sizeof(float));
#else
            const hn::CappedTag<float, 4> four;
            const hn::Half<decltype(four)> two;
            hn::Store(hn::Combine(four, hn::LoadU(two, pair + stride), hn::LoadU(two, pair)), four,
                      quads[side] + 4 * i);
#endif
        }
    };
    interpolate(fractions, out, count, fetch, [&](int side, std::size_t i, Fractions f) HWY_ATTR {
        const Float d;
        Vector a, b, c, e;
        hn::LoadInterleaved4(d, quads[side] + 4 * i, a, b, c, e);
        const auto above = hn::MulAdd(f.x, hn::Sub(b, a), a);
        const auto below = hn::MulAdd(f.x, hn::Sub(e, c), c);
        return hn::MulAdd(f.y, hn::Sub(below, above), above);
    });
}

/// Catmull-Rom weights of the pixels at -1, 0, 1, 2 for a point at t.
struct Cubic {
    Vector w0, w1, w2, w3;

    explicit HWY_INLINE Cubic(Vector t) {
        const Float d;
        const auto rest = hn::Sub(hn::Set(d, 1.0F), t);
        const auto ends = hn::Mul(hn::Mul(t, rest), hn::Set(d, -0.5F));
        w0 = hn::Mul(ends, rest);
        w1 = inner(t);
        w2 = inner(rest);
        w3 = hn::Mul(ends, t);
    }
    /// 1 + t^2 (1.5 t - 2.5): the pixel that is t away.
    static HWY_INLINE Vector inner(Vector t) {
        const Float d;
        const auto slope = hn::MulAdd(hn::Set(d, 1.5F), t, hn::Set(d, -2.5F));
        return hn::MulAdd(hn::Mul(t, t), slope, hn::Set(d, 1.0F));
    }
    HWY_INLINE Vector sum(Vector a, Vector b, Vector c, Vector e) const {
        return hn::MulAdd(w3, e, hn::MulAdd(w0, a, hn::MulAdd(w1, b, hn::Mul(w2, c))));
    }
};

void bicubic_run(const float* in, int width, int height, std::ptrdiff_t stride,
                 const std::uint32_t* cells, const std::uint32_t* fractions, float* out,
                 int count) {
    HWY_ALIGN float quads[2][4][4 * kChunk];
    const auto fetch = [&](int side, int begin, int n) {
        for (int i = 0; i < n; ++i) {
            const int x = static_cast<int>(cells[begin + i] & 0xFFFFU) - 1;
            const int y = static_cast<int>(cells[begin + i] >> 16) - 1;
            if (x >= 0 && y >= 0 && x + 3 < width && y + 3 < height) {
                const float* corner = in + y * stride + x;
                for (int j = 0; j < 4; ++j)
                    std::memcpy(quads[side][j] + 4 * i, corner + j * stride, 4 * sizeof(float));
                continue;
            }
            for (int j = 0; j < 4; ++j) {
                const float* row = in + HWY_MIN(HWY_MAX(y + j, 0), height - 1) * stride;
                for (int k = 0; k < 4; ++k)
                    quads[side][j][4 * i + k] = row[HWY_MIN(HWY_MAX(x + k, 0), width - 1)];
            }
        }
    };
    interpolate(fractions, out, count, fetch, [&](int side, std::size_t i, Fractions f) HWY_ATTR {
        const Float d;
        const Cubic across(f.x), down(f.y);
        Vector rows[4];
        for (int j = 0; j < 4; ++j) {
            Vector a, b, c, e;
            hn::LoadInterleaved4(d, quads[side][j] + 4 * i, a, b, c, e);
            rows[j] = across.sum(a, b, c, e);
        }
        return down.sum(rows[0], rows[1], rows[2], rows[3]);
    });
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(bilinear_run);
HWY_EXPORT(bicubic_run);

namespace {

/// A coordinate as the pixel before it and the way to the next.
struct Split {
    std::uint32_t whole, fraction;
};

Split split(double coordinate, int size) {
    const double inside = std::clamp(coordinate, 0.0, size - 1.0);
    const double whole = std::min(std::floor(inside), size - 2.0);
    return {static_cast<std::uint32_t>(whole),
            static_cast<std::uint32_t>(std::lround(65535 * (inside - whole)))};
}

/// On the grid, or off by no more than rounding.
bool reached(double coordinate, int size) {
    constexpr double little = 1e-6;
    return coordinate >= -little && coordinate <= size - 1 + little;
}

}  // namespace

/// `position(x, y)` is where a target pixel lies in the source.
template <class Position>
ScanConverter::ScanConverter(int in_width, int in_height, int out_width, int out_height,
                             const ScanConversionOptions& options, const Execution& execution,
                             const Position& position)
    : in_width_(in_width),
      in_height_(in_height),
      options_(options),
      cells_(out_width, out_height),
      fractions_(out_width, out_height),
      runs_(static_cast<std::size_t>(out_height)) {
    require(options.interpolation == Interpolation::bilinear ||
                options.interpolation == Interpolation::bicubic,
            "ScanConversionOptions", "interpolation is bilinear or bicubic");
    for_each_band(execution, out_height, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            auto& runs = runs_[static_cast<std::size_t>(y)];
            for (int x = 0; x < out_width; ++x) {
                const PixelPoint p = position(x, y);
                if (!reached(p.x, in_width) || !reached(p.y, in_height)) continue;
                const Split column = split(p.x, in_width), row = split(p.y, in_height);
                cells_.at(x, y) = column.whole + (row.whole << 16);
                fractions_.at(x, y) = column.fraction + (row.fraction << 16);
                if (runs.empty() || runs.back().end != x) runs.push_back({x, x});
                ++runs.back().end;
            }
        }
    });
}

ScanConverter ScanConverter::to_picture(const BeamGrid& beam, const PictureGrid& picture,
                                        const ScanConversionOptions& options,
                                        const Execution& execution) {
    beam.validate();
    picture.validate();
    const BeamMap map(beam);
    return {beam.lines,
            beam.samples,
            picture.width,
            picture.height,
            options,
            execution,
            [&](int x, int y) -> PixelPoint {
                const BeamPoint p = map.beam_from_scan(
                    scan_from_pixel(picture, {static_cast<double>(x), static_cast<double>(y)}));
                return {p.line, p.sample};
            }};
}

ScanConverter ScanConverter::to_beam(const PictureGrid& picture, const BeamGrid& beam,
                                     const ScanConversionOptions& options,
                                     const Execution& execution) {
    picture.validate();
    beam.validate();
    const BeamMap map(beam);
    return {picture.width,
            picture.height,
            beam.lines,
            beam.samples,
            options,
            execution,
            [&](int line, int sample) {
                return pixel_from_scan(picture, map.scan_from_beam({static_cast<double>(line),
                                                                    static_cast<double>(sample)}));
            }};
}

void ScanConverter::convert(ImageView<const float> in, ImageView<float> out,
                            const Execution& execution) const {
    require(in.width == in_width_ && in.height == in_height_, "ScanConverter::convert",
            "in has the size of its grid");
    require(out.width == out_width() && out.height == out_height(), "ScanConverter::convert",
            "out has the size of its grid");
    const auto kernel = options_.interpolation == Interpolation::bilinear
                            ? GUIDE_KERNEL(bilinear_run)
                            : GUIDE_KERNEL(bicubic_run);
    for_each_band(execution, out.height, 32, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            float* row = out.row(y);
            int done = 0;
            for (const Run run : runs_[static_cast<std::size_t>(y)]) {
                std::fill(row + done, row + run.begin, options_.fill);
                kernel(in.data, in.width, in.height, in.stride, cells_.row(y) + run.begin,
                       fractions_.row(y) + run.begin, row + run.begin, run.end - run.begin);
                done = run.end;
            }
            std::fill(row + done, row + out.width, options_.fill);
        }
    });
}

void ScanConverter::mask(ImageView<std::uint8_t> out) const {
    require(out.width == out_width() && out.height == out_height(), "ScanConverter::mask",
            "out has the size of its grid");
    for (int y = 0; y < out.height; ++y) {
        std::fill_n(out.row(y), out.width, std::uint8_t{0});
        for (const Run run : runs_[static_cast<std::size_t>(y)])
            std::fill(out.row(y) + run.begin, out.row(y) + run.end, std::uint8_t{255});
    }
}

}  // namespace guide::filters
#endif
