// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dicom_file.hpp"

#include <memory>
#include <string>
#include <vector>

namespace guide::io {

/// The image pixel module, checked: every number is one that the decoders below can do with.
struct PixelLayout {
    int width = 0, height = 0, samples = 1;
    int bits_allocated = 8, bits_stored = 8, high_bit = 7;
    bool is_signed = false;
    bool planar = false;
    std::string photometric;
    int frames = 1;  ///< as many as there are pixels for
};

/// What the samples of a decoded frame are.
enum class SampleColour { grey, palette, rgb, ycbcr, partial_ycbcr };

/// One frame's samples, by pixel, in the byte order of this machine.
struct DecodedFrame {
    Bytes bytes;
    int sample_bytes = 1;
    SampleColour colour = SampleColour::grey;
    /// Decoded by a codec: the value stands in the low bits, wherever HighBit says that it stood
    /// before.
    bool justified = false;
};

/// Decodes the frames of one file, one at a time.
class FrameDecoder {
  public:
    /// Throws IoError for layouts and transfer syntaxes that cannot be read. `notes` takes what was
    /// met.
    FrameDecoder(DicomFile& file, const OpenOptions& options, std::vector<Reason>& notes);
    ~FrameDecoder();
    FrameDecoder(const FrameDecoder&) = delete;
    FrameDecoder& operator=(const FrameDecoder&) = delete;

    [[nodiscard]] const PixelLayout& layout() const { return layout_; }
    [[nodiscard]] DecodedFrame decode(int index, std::vector<Reason>& notes);

  private:
    struct Fragments;

    void read_layout(const OpenOptions& options, std::vector<Reason>& notes);
    void count_native_frames(std::vector<Reason>& notes);
    void count_fragments(std::vector<Reason>& notes);
    [[nodiscard]] bool half_chroma() const;
    [[nodiscard]] DecodedFrame decode_native(int index);
    [[nodiscard]] DecodedFrame decode_with_dcmtk(int index, std::vector<Reason>& notes);
    [[nodiscard]] Bytes stream_of(int index) const;
    [[nodiscard]] DecodedFrame decode_run_lengths(int index);
    [[nodiscard]] DecodedFrame decode_jpeg_2000(int index, std::vector<Reason>& notes);
    [[nodiscard]] SampleColour declared_colour() const;

    DicomFile& file_;
    DcmPixelData* pixels_ = nullptr;
    E_TransferSyntax syntax_;
    PixelLayout layout_;
    bool native_ = true;
    bool stored_422_ = false;  ///< native YBR_FULL_422: Y Y CB CR for two pixels
    std::unique_ptr<Fragments> fragments_;
};

/// Decodes a JPEG 2000 code stream. Throws IoError. The component transform, if the stream uses
/// one, is undone. `transformed` tells whether it does.
[[nodiscard]] DecodedFrame decode_jpeg2000(const std::string& path, ByteView stream,
                                           const PixelLayout& layout, bool& transformed);

}  // namespace guide::io
