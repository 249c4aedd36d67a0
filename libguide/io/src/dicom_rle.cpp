// SPDX-License-Identifier: Apache-2.0
#include "dicom_rle.hpp"

#include <algorithm>

namespace guide::io {
namespace {

constexpr std::size_t kHeaderBytes = 64, kMostSegments = 15;

std::size_t u32(ByteView b, std::size_t at) {
    return b[at] | std::size_t{b[at + 1]} << 8U | std::size_t{b[at + 2]} << 16U |
           std::size_t{b[at + 3]} << 24U;
}

/// One segment of byte runs to every `step`-th byte of `out`; how many bytes there were, `count` at
/// most.
std::size_t decode_segment(ByteView segment, std::uint8_t* out, std::size_t count,
                           std::size_t step) {
    std::size_t at = 0, done = 0;
    while (at < segment.size() && done < count) {
        const std::size_t code = segment[at++];
        if (code == 128) continue;
        if (code < 128) {
            const std::size_t length = std::min({code + 1, segment.size() - at, count - done});
            for (std::size_t i = 0; i < length; ++i)
                out[(done + i) * step] = segment[at + i];
            at += code + 1;
            done += length;
        } else if (at < segment.size()) {
            const std::size_t length = std::min(257 - code, count - done);
            for (std::size_t i = 0; i < length; ++i)
                out[(done + i) * step] = segment[at];
            ++at;
            done += length;
        }
    }
    return done;
}

}  // namespace

Bytes decode_rle(const std::string& path, ByteView frame, std::size_t pixels, std::size_t samples,
                 std::size_t sample_bytes) {
    const std::size_t segments = samples * sample_bytes;
    if (frame.size() < kHeaderBytes) {
        throw IoError(path, "truncated", "DICOM: the run-length coded frame has no header");
    }
    if (u32(frame, 0) != segments || segments > kMostSegments) {
        throw IoError(path, "damaged",
                      "DICOM: the run-length coded frame has " + std::to_string(u32(frame, 0)) +
                          " segments where " + std::to_string(segments) + " are needed");
    }
    Bytes out(pixels * segments);
    for (std::size_t i = 0; i < segments; ++i) {
        const std::size_t start = u32(frame, 4 + 4 * i);
        const std::size_t end = i + 1 < segments ? u32(frame, 8 + 4 * i) : frame.size();
        if (start < kHeaderBytes || start > end || end > frame.size()) {
            throw IoError(path, "damaged", "DICOM: the run-length coded frame has wrong offsets");
        }
        // Segments are the bytes of a sample, high byte first; the samples of a colour pixel come
        // one after the other.
        const std::size_t sample = i / sample_bytes, byte = sample_bytes - 1 - i % sample_bytes;
        if (decode_segment(frame.subspan(start, end - start),
                           out.data() + sample * sample_bytes + byte, pixels, segments) != pixels) {
            throw IoError(path, "truncated", "DICOM: the run-length coded frame is incomplete");
        }
    }
    return out;
}

}  // namespace guide::io
