// SPDX-License-Identifier: Apache-2.0
#include "dicom_codec.hpp"

#include "dicom_rle.hpp"
#include "jpeg_header.hpp"

#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmjpeg/djcparam.h>
#include <dcmtk/dcmjpeg/djdecbas.h>
#include <dcmtk/dcmjpeg/djdecext.h>
#include <dcmtk/dcmjpeg/djdeclol.h>
#include <dcmtk/dcmjpeg/djdecpro.h>
#include <dcmtk/dcmjpeg/djdecsps.h>
#include <dcmtk/dcmjpeg/djdecsv1.h>
#include <dcmtk/dcmjpls/djcodecd.h>
#include <dcmtk/dcmjpls/djcparam.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace guide::io {

static_assert(std::endian::native == std::endian::little,
              "decoded samples are kept low byte first");

namespace {

/// DCMTK's codecs, used directly: registering them would change the process for a host that uses
/// DCMTK itself.
struct Codec {
    std::unique_ptr<DcmCodec> codec;
    std::unique_ptr<DcmCodecParameter> parameter;
};

Codec codec_of(E_TransferSyntax syntax) {
    Codec c;
    switch (syntax) {
        case EXS_JPEGProcess1:
            c.codec = std::make_unique<DJDecoderBaseline>();
            break;
        case EXS_JPEGProcess2_4:
            c.codec = std::make_unique<DJDecoderExtended>();
            break;
        case EXS_JPEGProcess6_8:
            c.codec = std::make_unique<DJDecoderSpectralSelection>();
            break;
        case EXS_JPEGProcess10_12:
            c.codec = std::make_unique<DJDecoderProgressive>();
            break;
        case EXS_JPEGProcess14:
            c.codec = std::make_unique<DJDecoderLossless>();
            break;
        case EXS_JPEGProcess14SV1:
            c.codec = std::make_unique<DJDecoderP14SV1>();
            break;
        case EXS_JPEGLSLossless:
            c.codec = std::make_unique<DJLSLosslessDecoder>();
            break;
        case EXS_JPEGLSLossy:
            c.codec = std::make_unique<DJLSNearLosslessDecoder>();
            break;
        default:
            return c;
    }
    if (syntax == EXS_JPEGLSLossless || syntax == EXS_JPEGLSLossy) {
        c.parameter = std::make_unique<DJLSCodecParameter>(EJLSUC_never, EJLSPC_colorByPixel);
    } else {
        // Colours stay as they are in the stream; what they are is decided here (declared_colour).
        c.parameter = std::make_unique<DJCodecParameter>(ECC_lossyYCbCr, EDC_never, EUC_never,
                                                         EPC_colorByPixel);
    }
    return c;
}

bool is_jpeg_2000(E_TransferSyntax syntax) {
    return syntax == EXS_JPEG2000LosslessOnly || syntax == EXS_JPEG2000;
}

/// Planes to pixels.
Bytes interleaved(const Bytes& planes, std::size_t pixels, std::size_t samples, std::size_t size) {
    Bytes out(planes.size());
    for (std::size_t c = 0; c < samples; ++c) {
        for (std::size_t i = 0; i < pixels; ++i) {
            std::memcpy(out.data() + (i * samples + c) * size,
                        planes.data() + (c * pixels + i) * size, size);
        }
    }
    return out;
}

}  // namespace

/// Which fragments hold which frame. Item 0 of DCMTK's sequence is the offset table.
struct FrameDecoder::Fragments {
    Codec codec;
    DcmPixelSequence* sequence = nullptr;
    const DcmRepresentationParameter* parameter = nullptr;
    std::vector<Uint32> starts;  ///< first item of each frame, and one past the last

    [[nodiscard]] ByteView item(Uint32 index) const {
        DcmPixelItem* fragment = nullptr;
        if (sequence->getItem(fragment, index).bad() || fragment == nullptr) return {};
        Uint8* bytes = nullptr;
        if (fragment->getLength() == 0 || fragment->getUint8Array(bytes).bad() || bytes == nullptr)
            return {};
        return {bytes, fragment->getLength()};
    }
    [[nodiscard]] std::uint32_t length(Uint32 index) const {
        DcmPixelItem* fragment = nullptr;
        if (sequence->getItem(fragment, index).bad() || fragment == nullptr) return 0;
        return fragment->getLength();
    }
};

FrameDecoder::FrameDecoder(DicomFile& file, const OpenOptions& options, std::vector<Reason>& notes)
    : file_(file), pixels_(file.pixel_data()), syntax_(file.syntax()) {
    if (pixels_ == nullptr)
        file.fail("no-pixels", "DICOM: the file holds no picture (no pixel data)");
    const DcmXfer syntax(syntax_);
    native_ = !syntax.isEncapsulated();
    read_layout(options, notes);
    if (native_) {
        count_native_frames(notes);
    } else {
        count_fragments(notes);
    }
}

FrameDecoder::~FrameDecoder() = default;

void FrameDecoder::read_layout(const OpenOptions& options, std::vector<Reason>& notes) {
    DcmItem& item = file_.item();
    const auto whole = [&](const DcmTagKey& tag, const char* name) {
        const auto value = dicom_integer(item, tag);
        if (!value)
            file_.fail("damaged", std::string("DICOM: ") + name + " is missing or unreadable");
        return *value;
    };
    const std::int64_t width = whole(DCM_Columns, "Columns"), height = whole(DCM_Rows, "Rows");
    const std::int64_t allocated = whole(DCM_BitsAllocated, "BitsAllocated");
    const std::int64_t stored = dicom_integer(item, DCM_BitsStored).value_or(allocated);
    const std::int64_t high = dicom_integer(item, DCM_HighBit).value_or(stored - 1);
    const std::int64_t samples = dicom_integer(item, DCM_SamplesPerPixel).value_or(1);
    if (allocated != 8 && allocated != 16 && allocated != 32) {
        file_.fail("unsupported", "DICOM: " + std::to_string(allocated) +
                                      " bits allocated a sample; 8, 16 and 32 are read");
    }
    if (stored < 1 || stored > allocated || high < stored - 1 || high >= allocated) {
        file_.fail("damaged", "DICOM: BitsStored " + std::to_string(stored) + " and HighBit " +
                                  std::to_string(high) + " do not fit BitsAllocated " +
                                  std::to_string(allocated));
    }
    if (samples != 1 && samples != 3) {
        file_.fail("unsupported",
                   "DICOM: " + std::to_string(samples) + " samples a pixel; 1 and 3 are read");
    }
    check_size(file_.path(), width, height, samples * allocated / 8 * 2 + 7, options);
    layout_.width = static_cast<int>(width);
    layout_.height = static_cast<int>(height);
    layout_.samples = static_cast<int>(samples);
    layout_.bits_allocated = static_cast<int>(allocated);
    layout_.bits_stored = static_cast<int>(stored);
    layout_.high_bit = static_cast<int>(high);
    layout_.is_signed = dicom_integer(item, DCM_PixelRepresentation).value_or(0) == 1;
    layout_.planar = samples == 3 && dicom_integer(item, DCM_PlanarConfiguration).value_or(0) == 1;
    layout_.photometric = dicom_text(item, DCM_PhotometricInterpretation);
    if (layout_.photometric.empty()) {
        layout_.photometric = samples == 3 ? "RGB" : "MONOCHROME2";
        notes.push_back({"photometric-missing", "PhotometricInterpretation is missing; " +
                                                    layout_.photometric + " was taken."});
    }
    const bool grey =
        declared_colour() == SampleColour::grey || declared_colour() == SampleColour::palette;
    if (grey != (samples == 1)) {
        file_.fail("damaged", "DICOM: " + layout_.photometric + " with " + std::to_string(samples) +
                                  " samples a pixel");
    }
    const std::int64_t frames = dicom_integer(item, DCM_NumberOfFrames).value_or(1);
    if (frames > options.max_frames) {
        file_.fail("too-large", "DICOM: " + std::to_string(frames) +
                                    " frames are more than the limit of " +
                                    std::to_string(options.max_frames));
    }
    layout_.frames = static_cast<int>(std::max<std::int64_t>(frames, 1));
}

SampleColour FrameDecoder::declared_colour() const {
    const std::string& p = layout_.photometric;
    if (p == "MONOCHROME1" || p == "MONOCHROME2") return SampleColour::grey;
    if (p == "PALETTE COLOR") return SampleColour::palette;
    if (p == "RGB" || p == "YBR_RCT" || p == "YBR_ICT") return SampleColour::rgb;
    if (p == "YBR_FULL" || p == "YBR_FULL_422") return SampleColour::ycbcr;
    if (p != "YBR_PARTIAL_422") {
        file_.fail("unsupported", "DICOM: photometric interpretation '" + p + "'");
    }
    return SampleColour::partial_ycbcr;
}

bool FrameDecoder::half_chroma() const {
    return layout_.photometric == "YBR_FULL_422" || layout_.photometric == "YBR_PARTIAL_422";
}

void FrameDecoder::count_native_frames(std::vector<Reason>& notes) {
    const std::int64_t pixels = std::int64_t{layout_.width} * layout_.height;
    const std::int64_t sample_bytes = layout_.bits_allocated / 8;
    std::int64_t frame_bytes = pixels * layout_.samples * sample_bytes;
    const std::int64_t length = pixels_->getLength(syntax_);
    if (half_chroma() && length < frame_bytes * layout_.frames) {
        if (layout_.bits_allocated != 8 || layout_.width % 2 != 0) {
            file_.fail("unsupported",
                       "DICOM: " + layout_.photometric + " with odd rows or more than 8 bits");
        }
        stored_422_ = true;
        frame_bytes = pixels * 2;
    }
    const std::int64_t available = length / frame_bytes;
    if (available == 0) {
        file_.fail("truncated", "DICOM: the pixel data holds " + std::to_string(length) +
                                    " bytes where a frame takes " + std::to_string(frame_bytes));
    }
    if (available < layout_.frames) {
        notes.push_back({"fewer-frames", "The file states " + std::to_string(layout_.frames) +
                                             " frames and holds " + std::to_string(available) +
                                             "."});
        layout_.frames = static_cast<int>(available);
    }
}

void FrameDecoder::count_fragments(std::vector<Reason>& notes) {
    fragments_ = std::make_unique<Fragments>();
    Fragments& f = *fragments_;
    f.codec = codec_of(syntax_);
    if (!f.codec.codec && !is_jpeg_2000(syntax_) && syntax_ != EXS_RLELossless) {
        file_.fail("unsupported",
                   std::string("DICOM: transfer syntax ") + DcmXfer(syntax_).getXferName());
    }
    E_TransferSyntax original = EXS_Unknown;
    pixels_->getOriginalRepresentationKey(original, f.parameter);
    if (pixels_->getEncapsulatedRepresentation(original, f.parameter, f.sequence).bad() ||
        f.sequence == nullptr) {
        file_.fail("damaged", "DICOM: the compressed pixel data is damaged");
    }
    const auto items = static_cast<std::int64_t>(f.sequence->card());
    const std::int64_t count = items - 1;
    if (count < 1) file_.fail("truncated", "DICOM: the compressed pixel data is empty");
    if (count < layout_.frames) {
        notes.push_back({"fewer-frames", "The file states " + std::to_string(layout_.frames) +
                                             " frames and holds " + std::to_string(count) + "."});
        layout_.frames = static_cast<int>(count);
    }
    const auto frames = static_cast<std::size_t>(layout_.frames);
    const auto end = static_cast<Uint32>(items);

    if (frames == 1) {
        f.starts = {1, end};
        return;
    }
    if (count == layout_.frames) {
        for (Uint32 i = 1; i <= end; ++i)
            f.starts.push_back(i);
        return;
    }
    // Several fragments a frame: the offset table, or else fragments that begin with a
    // start-of-image marker.
    const ByteView table = f.item(0);
    if (table.size() >= 4 * frames) {
        std::vector<std::uint64_t> wanted;
        for (std::size_t i = 0; i < frames; ++i) {
            std::uint32_t offset = 0;
            std::memcpy(&offset, table.data() + 4 * i, 4);
            wanted.push_back(offset);
        }
        std::uint64_t offset = 0;
        for (Uint32 i = 1; i < end && f.starts.size() < frames; ++i) {
            if (offset == wanted[f.starts.size()]) f.starts.push_back(i);
            offset += std::uint64_t{f.length(i)} + 8;
        }
    }
    if (f.starts.size() != frames) {
        f.starts.clear();
        for (Uint32 i = 1; i < end; ++i) {
            const ByteView b = f.item(i);
            const bool start = b.size() >= 2 && b[0] == 0xff && (b[1] == 0xd8 || b[1] == 0x4f);
            if (start) f.starts.push_back(i);
        }
    }
    if (f.starts.size() != frames)
        file_.fail("damaged", "DICOM: it cannot be told where the compressed frames begin");
    f.starts.push_back(end);
}

DecodedFrame FrameDecoder::decode(int index, std::vector<Reason>& notes) {
    try {
        if (native_) return decode_native(index);
        if (is_jpeg_2000(syntax_)) return decode_jpeg_2000(index, notes);
        if (syntax_ == EXS_RLELossless) return decode_run_lengths(index);
        return decode_with_dcmtk(index, notes);
    } catch (const IoError&) {
        throw;
    } catch (const std::exception& error) {
        file_.fail("damaged", std::string("DICOM: ") + printable(error.what()));
    }
}

DecodedFrame FrameDecoder::decode_native(int index) {
    const std::size_t pixels =
        static_cast<std::size_t>(layout_.width) * static_cast<std::size_t>(layout_.height);
    const auto samples = static_cast<std::size_t>(layout_.samples);
    const auto size = static_cast<std::size_t>(layout_.bits_allocated / 8);
    const std::size_t frame_bytes = stored_422_ ? pixels * 2 : pixels * samples * size;
    DecodedFrame frame;
    frame.sample_bytes = static_cast<int>(size);
    frame.colour = declared_colour();
    const std::size_t start = frame_bytes * static_cast<std::size_t>(index);
    // Words are brought to the order of this machine on the way, so that reading begins and ends on
    // whole words.
    const std::size_t before = start % 2;
    std::size_t length = frame_bytes + before;
    length += length % 2;
    length = std::min<std::size_t>(length, pixels_->getLength(syntax_) - (start - before));
    frame.bytes.resize(length);
    const OFCondition status = pixels_->getPartialValue(
        frame.bytes.data(), static_cast<Uint32>(start - before), static_cast<Uint32>(length));
    if (status.bad())
        file_.fail("truncated", std::string("DICOM: the pixel data cannot be read: ") +
                                    printable(status.text()));
    if (before > 0) frame.bytes.erase(frame.bytes.begin());
    frame.bytes.resize(frame_bytes);

    if (size == 4 && DcmXfer(syntax_).isBigEndian()) {
        // DICOM knows 16-bit words only and turned those; of a 32-bit sample the words have to
        // change places.
        for (std::size_t i = 0; i + 4 <= frame.bytes.size(); i += 4) {
            std::swap(frame.bytes[i], frame.bytes[i + 2]);
            std::swap(frame.bytes[i + 1], frame.bytes[i + 3]);
        }
    }
    if (stored_422_) {
        Bytes full(pixels * 3);
        for (std::size_t i = 0; i < pixels / 2; ++i) {
            const std::uint8_t* p = frame.bytes.data() + 4 * i;
            const std::uint8_t two[6] = {p[0], p[2], p[3], p[1], p[2], p[3]};
            std::memcpy(full.data() + 6 * i, two, 6);
        }
        frame.bytes = std::move(full);
    } else if (layout_.planar) {
        frame.bytes = interleaved(frame.bytes, pixels, samples, size);
    }
    return frame;
}

DecodedFrame FrameDecoder::decode_with_dcmtk(int index, std::vector<Reason>& notes) {
    Fragments& f = *fragments_;
    const std::size_t pixels =
        static_cast<std::size_t>(layout_.width) * static_cast<std::size_t>(layout_.height);
    const auto samples = static_cast<std::size_t>(layout_.samples);
    Uint32 start = f.starts[static_cast<std::size_t>(index)];

    DecodedFrame frame;
    frame.colour = declared_colour();
    frame.sample_bytes = layout_.bits_allocated / 8;
    const auto header = read_jpeg_header(f.item(start));
    if (!header)
        file_.fail("damaged",
                   "DICOM: the JPEG stream of frame " + std::to_string(index) + " has no header");
    if (header->width != layout_.width || header->height != layout_.height ||
        header->components != layout_.samples) {
        file_.fail("damaged", "DICOM: the JPEG stream is " + std::to_string(header->width) + " x " +
                                  std::to_string(header->height) + " with " +
                                  std::to_string(header->components) +
                                  " components, which differs from the DICOM header");
    }
    if (header->bits > layout_.bits_allocated)
        file_.fail("damaged", "DICOM: the JPEG stream has more bits than BitsAllocated");
    const bool jpeg_ls = syntax_ == EXS_JPEGLSLossless || syntax_ == EXS_JPEGLSLossy;
    if (!jpeg_ls) frame.sample_bytes = header->bits > 8 ? 2 : 1;
    frame.justified = true;
    if (samples == 3 && !header->lossless && !jpeg_ls) {
        // What the stream says is what its encoder did; the tag may have been copied from
        // elsewhere.
        const bool declared_rgb = frame.colour == SampleColour::rgb;
        if (header->colour == JpegColour::ycbcr && declared_rgb) {
            notes.push_back({"colour-corrected",
                             layout_.photometric +
                                 " is declared over a JPEG stream of YCbCr; it was converted."});
            frame.colour = SampleColour::ycbcr;
        } else if (header->colour == JpegColour::rgb && !declared_rgb) {
            notes.push_back({"colour-corrected",
                             layout_.photometric +
                                 " is declared over a JPEG stream of RGB; it was not converted."});
            frame.colour = SampleColour::rgb;
        }
    }

    const std::size_t needed = pixels * samples * static_cast<std::size_t>(frame.sample_bytes);
    frame.bytes.resize(needed + needed % 2);
    OFString model;
    const OFCondition status = f.codec.codec->decodeFrame(
        f.parameter, f.sequence, f.codec.parameter.get(), &file_.item(), static_cast<Uint32>(index),
        start, frame.bytes.data(), static_cast<Uint32>(frame.bytes.size()), model);
    if (status.bad()) {
        file_.fail("damaged", "DICOM: frame " + std::to_string(index) +
                                  " cannot be decoded: " + printable(status.text()));
    }
    frame.bytes.resize(needed);
    return frame;
}

Bytes FrameDecoder::stream_of(int index) const {
    const Fragments& f = *fragments_;
    const auto frame = static_cast<std::size_t>(index);
    Bytes stream;
    for (Uint32 i = f.starts[frame]; i < f.starts[frame + 1]; ++i) {
        const ByteView part = f.item(i);
        stream.insert(stream.end(), part.begin(), part.end());
    }
    return stream;
}

DecodedFrame FrameDecoder::decode_run_lengths(int index) {
    const auto pixels =
        static_cast<std::size_t>(layout_.width) * static_cast<std::size_t>(layout_.height);
    DecodedFrame frame;
    frame.colour = declared_colour();
    frame.sample_bytes = layout_.bits_allocated / 8;
    frame.bytes = decode_rle(file_.path(), stream_of(index), pixels,
                             static_cast<std::size_t>(layout_.samples),
                             static_cast<std::size_t>(frame.sample_bytes));
    return frame;
}

DecodedFrame FrameDecoder::decode_jpeg_2000(int index, std::vector<Reason>& notes) {
    bool transformed = false;
    DecodedFrame frame = decode_jpeg2000(file_.path(), stream_of(index), layout_, transformed);
    frame.colour = declared_colour();
    if (frame.colour == SampleColour::ycbcr && transformed) {
        notes.push_back({"colour-corrected",
                         layout_.photometric + " is declared over a JPEG 2000 stream with its own "
                                               "colour transform; it was not converted twice."});
        frame.colour = SampleColour::rgb;
    }
    return frame;
}

}  // namespace guide::io
