// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/log_compression.hpp>

#include <cmath>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "log_compression.cpp"
#include "compressed_rows.hpp"
#include "kernel.hpp"
#include "lanes-inl.hpp"
#include "log_exp-inl.hpp"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

void decompress(const CompressedRows& rows, const float* in, float* out, int width) {
    for_each_lanes(width, [&](auto d, int x) HWY_ATTR {
        const auto black = hn::Set(d, rows.black), grey = hn::LoadU(d, in + x);
        // What is not a number is not above black either.
        const auto held =
            hn::IfThenElse(hn::Gt(grey, black), hn::Min(grey, hn::Set(d, rows.white)), black);
        const auto bits = hn::MulAdd(hn::Sub(held, black), hn::Set(d, rows.bits_a_grey),
                                     hn::Set(d, rows.bits_at_black));
        hn::StoreU(power_of_two(d, bits), d, out + x);
    });
}

void compress(const CompressedRows& rows, const float* in, float* out, int width) {
    for_each_lanes(width, [&](auto d, int x) HWY_ATTR {
        const auto black = hn::Set(d, rows.black), amplitude = hn::LoadU(d, in + x);
        const auto least = hn::Set(d, 1e-37F);
        const auto held =
            hn::IfThenElse(hn::Gt(amplitude, least), hn::Min(amplitude, hn::Set(d, 1e37F)), least);
        const auto above = hn::Sub(log_two(d, held), hn::Set(d, rows.bits_at_black));
        const auto grey = hn::MulAdd(above, hn::Set(d, 1 / rows.bits_a_grey), black);
        hn::StoreU(hn::Min(hn::Max(grey, black), hn::Set(d, rows.white)), d, out + x);
    });
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(decompress);
HWY_EXPORT(compress);

CompressedRows::CompressedRows(const LogCompression& c)
    : black(static_cast<float>(c.black)), white(static_cast<float>(c.white)) {
    const double bits = c.dynamic_range_db / (20 * std::log10(2.0));
    bits_a_grey = static_cast<float>(bits / (c.white - c.black));
    bits_at_black = static_cast<float>(std::log2(c.reference) - bits);
}

void decompress_row(const CompressedRows& rows, const float* in, float* out, int width) {
    GUIDE_KERNEL(decompress)(rows, in, out, width);
}

void compress_row(const CompressedRows& rows, const float* in, float* out, int width) {
    GUIDE_KERNEL(compress)(rows, in, out, width);
}

void LogCompression::validate() const {
    const auto rule = [](bool condition, const char* text) {
        require(condition, "LogCompression", text);
    };
    rule(dynamic_range_db >= 1 && dynamic_range_db <= 200, "dynamic_range_db is 1 to 200 dB");
    rule(black >= -1e6 && black <= 1e6, "black is -1e6 to 1e6");
    rule(white > black && white <= 1e6, "white is above black, to 1e6");
    rule(reference >= 1e-12 && reference <= 1e12, "reference is 1e-12 to 1e12");
}

void log_compress(ImageView<const float> in, ImageView<float> out,
                  const LogCompression& compression, const Execution& execution) {
    compression.validate();
    require(in.width == out.width && in.height == out.height, "log_compress",
            "in and out are of one size");
    const CompressedRows rows(compression);
    for_each_band(execution, in.height, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            compress_row(rows, in.row(y), out.row(y), in.width);
    });
}

void log_decompress(ImageView<const float> in, ImageView<float> out,
                    const LogCompression& compression, const Execution& execution) {
    compression.validate();
    require(in.width == out.width && in.height == out.height, "log_decompress",
            "in and out are of one size");
    const CompressedRows rows(compression);
    for_each_band(execution, in.height, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            decompress_row(rows, in.row(y), out.row(y), in.width);
    });
}

}  // namespace guide::filters
#endif
