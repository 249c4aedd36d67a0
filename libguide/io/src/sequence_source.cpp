// SPDX-License-Identifier: Apache-2.0
#include "orientation.hpp"
#include "raster.hpp"
#include "sequence_header.hpp"
#include "sources.hpp"

#include <zlib.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>

namespace guide::io {
namespace {

/// The inflated content of a zlib or gzip stream, read forwards; going back starts again. Holds no
/// more than the file buffer, so that a film of any length takes the memory of one frame.
class InflateStream {
  public:
    InflateStream(std::filesystem::path path, std::int64_t offset)
        : path_(std::move(path)), offset_(offset) {}
    ~InflateStream() { close(); }
    InflateStream(const InflateStream&) = delete;
    InflateStream& operator=(const InflateStream&) = delete;

    void read(std::int64_t position, std::span<std::uint8_t> into) {
        if (!open_ || position < position_) restart();
        std::array<std::uint8_t, 1 << 15> skipped{};
        while (position_ < position) {
            const auto step = std::min<std::int64_t>(position - position_, std::ssize(skipped));
            inflate_some(std::span(skipped).first(static_cast<std::size_t>(step)));
        }
        inflate_some(into);
    }

  private:
    [[noreturn]] void fail(const char* code, const char* why) {
        close();
        throw IoError(path_.string(), code, why);
    }
    void close() {
        if (open_) inflateEnd(&stream_);
        open_ = false;
    }
    void restart() {
        close();
        file_ = std::ifstream(path_, std::ios::binary);
        file_.seekg(offset_);
        stream_ = {};
        constexpr int kAnyHeader = 15 + 32;  // zlib or gzip, told from the data
        if (!file_ || inflateInit2(&stream_, kAnyHeader) != Z_OK)
            fail("unreadable", "cannot be opened for reading");
        open_ = true;
        position_ = 0;
    }
    void inflate_some(std::span<std::uint8_t> into) {
        stream_.next_out = into.data();
        stream_.avail_out = static_cast<uInt>(into.size());
        while (stream_.avail_out > 0) {
            if (stream_.avail_in == 0) {
                file_.read(reinterpret_cast<char*>(buffer_.data()), std::ssize(buffer_));
                stream_.next_in = buffer_.data();
                stream_.avail_in = static_cast<uInt>(file_.gcount());
                if (stream_.avail_in == 0) fail("truncated", "the compressed pixels end too early");
            }
            const int result = inflate(&stream_, Z_NO_FLUSH);
            if (result == Z_STREAM_END && stream_.avail_out > 0) {
                fail("truncated", "the compressed pixels end too early");
            }
            if (result != Z_OK && result != Z_STREAM_END)
                fail("damaged", "the compressed pixels are damaged");
        }
        position_ += static_cast<std::int64_t>(into.size());
    }

    std::filesystem::path path_;
    std::int64_t offset_;
    std::ifstream file_;
    z_stream stream_{};
    std::array<std::uint8_t, 1 << 15> buffer_{};
    bool open_ = false;
    std::int64_t position_ = 0;
};

template <class T>
float sample(const std::uint8_t* bytes, bool swap) {
    std::array<std::uint8_t, sizeof(T)> raw{};
    for (std::size_t i = 0; i < sizeof(T); ++i)
        raw[i] = bytes[swap ? sizeof(T) - 1 - i : i];
    return static_cast<float>(std::bit_cast<T>(raw));
}

using SampleReader = float (*)(const std::uint8_t*, bool);

SampleReader reader_of(SampleType type) {
    switch (type) {
        case SampleType::u8:
            return &sample<std::uint8_t>;
        case SampleType::i8:
            return &sample<std::int8_t>;
        case SampleType::u16:
            return &sample<std::uint16_t>;
        case SampleType::i16:
            return &sample<std::int16_t>;
        case SampleType::u32:
            return &sample<std::uint32_t>;
        case SampleType::i32:
            return &sample<std::int32_t>;
        case SampleType::f32:
            return &sample<float>;
        case SampleType::f64:
            break;
    }
    return &sample<double>;
}

/// A calibration is good to some percent; what differs by more was measured at another depth.
constexpr double kSameScale = 0.02;

/// "ImageToProbeTransform" -> "ImageToProbe"; empty for every other name.
std::string transform_name(const std::string& field) {
    constexpr std::string_view kEnd = "transform";
    if (field.size() <= kEnd.size()) return {};
    std::string tail = field.substr(field.size() - kEnd.size());
    for (char& c : tail)
        c = c == 'T' ? 't' : c;
    return tail == kEnd ? field.substr(0, field.size() - kEnd.size()) : std::string();
}

class SequenceSource final : public FrameSource {
  public:
    SequenceSource(const std::filesystem::path& path, Format format, const OpenOptions& options)
        : header_(read_sequence_header(path, format, options)), options_(options) {
        info_.path = path;
        info_.format = format == Format::nrrd ? "nrrd" : "metaimage";
        const int frames = header_.size.size() > 2 ? header_.size[2] : 1;
        if (frames > options.max_frames) {
            throw IoError(path.string(), "too-large",
                          std::to_string(frames) + " frames are more than the limit");
        }
        const std::int64_t pixel_bytes = std::int64_t{bytes_of(header_.type)} * header_.channels;
        check_size(path.string(), header_.size[0], header_.size[1], pixel_bytes + 7, options);
        frame_bytes_ = pixel_bytes * header_.size[0] * header_.size[1];
        const std::int64_t needed = frame_bytes_ * frames;
        const std::int64_t file_bytes = size_of_file(header_.data_file);
        if (header_.data_offset < 0) {
            if (header_.compressed) {
                throw IoError(path.string(), "unsupported",
                              "compressed pixels at the end of a file");
            }
            header_.data_offset = std::max<std::int64_t>(0, file_bytes - needed);
        }
        if (!header_.compressed && file_bytes - header_.data_offset < needed) {
            throw IoError(path.string(), "truncated", "the file ends before its pixels do");
        }
        if (header_.compressed) {
            stream_ = std::make_unique<InflateStream>(header_.data_file, header_.data_offset);
        }

        info_.notes = header_.notes;
        info_.frame_count = frames;
        info_.channels = header_.channels == 1 ? 1 : 3;
        info_.bits_stored = 8 * bytes_of(header_.type);
        info_.width = header_.size[0];
        info_.height = header_.size[1];
        if (header_.sequence) info_.modality = Modality::ultrasound;
        set_orientation();
        set_spacing();
        set_frame_rate();
        if (frames > 1 && !header_.sequence) {
            info_.notes.push_back(
                {"volume", "The file is a volume; its slices are read as frames."});
        }
    }

    [[nodiscard]] const SourceInfo& info() const override { return info_; }

    [[nodiscard]] Frame read(int index) override {
        check_index(info_, index);
        const std::vector<std::uint8_t> bytes = pixels(index);
        const bool swap = header_.big_endian == (std::endian::native == std::endian::little);
        const auto read_sample = reader_of(header_.type);
        const auto size = static_cast<std::size_t>(bytes_of(header_.type));
        const int width = header_.size[0], height = header_.size[1];
        const auto count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
        Frame frame;
        if (header_.channels > 1 && header_.type == SampleType::u8) {
            Image<Rgb8> rgb(width, height);
            const auto channels = static_cast<std::size_t>(header_.channels);
            for (std::size_t i = 0; i < count; ++i) {
                const std::uint8_t* p = bytes.data() + i * channels;
                rgb.data()[i] = {p[0], p[1], p[2]};
            }
            frame = frame_from_rgb(rgb.view());
        } else if (header_.channels > 1) {
            throw IoError(info_.path.string(), "unsupported",
                          "colour with more than 8 bits a channel");
        } else {
            frame.intensity = Image<float>(width, height);
            for (std::size_t i = 0; i < count; ++i) {
                const float v = read_sample(bytes.data() + i * size, swap);
                frame.intensity.data()[i] = std::isfinite(v) ? v : 0.0F;
            }
            if (header_.type != SampleType::u8) fit_display_range(frame);
        }
        frame.modality = info_.modality;
        frame.notes = info_.notes;
        frame.spacing = stored_spacing_;
        frame.spacing_source = info_.spacing_source;
        if (stored_spacing_) frame.pixel_aspect = stored_spacing_->y_mm / stored_spacing_->x_mm;
        frame.image_to_reference = image_to_reference(index);
        frame.time_s = time_of(index);
        apply_turn(frame, info_.turn);
        return frame;
    }

    [[nodiscard]] std::vector<NamedTransform> transforms(int index) const override {
        check_index(info_, index);
        std::vector<NamedTransform> found;
        if (const auto* fields = fields_of(index)) collect(*fields, found);
        collect(header_.fields, found);
        return found;
    }

  private:
    using Fields = std::map<std::string, std::string>;

    [[nodiscard]] const Fields* fields_of(int index) const {
        const auto i = static_cast<std::size_t>(index);
        return i < header_.frames.size() ? &header_.frames[i] : nullptr;
    }

    [[nodiscard]] std::vector<std::uint8_t> pixels(int index) {
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(frame_bytes_));
        const std::int64_t position = frame_bytes_ * index;
        if (stream_) {
            stream_->read(position, bytes);
        } else {
            read_at(header_.data_file, header_.data_offset + position, bytes);
        }
        return bytes;
    }

    static void collect(const Fields& fields, std::vector<NamedTransform>& found) {
        for (const auto& [field, value] : fields) {
            const std::string name = transform_name(field);
            if (name.empty()) continue;
            const auto matrix = parse_matrix(value);
            if (!matrix) continue;
            const auto status = fields.find(field + "Status");
            const bool ok = status == fields.end() || status->second == "OK";
            found.push_back({name, *matrix, ok && matrix->allFinite()});
        }
    }

    void set_orientation() {
        const auto field = header_.fields.find("UltrasoundImageOrientation");
        if (field == header_.fields.end()) return;
        const std::string letters = printable(field->second);
        auto turn = turn_of_orientation(letters);
        if (!turn) {
            info_.notes.push_back(
                {"orientation-unknown", "The stated orientation '" + letters +
                                            "' is not known; the frames are as stored."});
            return;
        }
        const bool mark_on_right = turn->left_right;
        if (options_.orientation == Orientation::as_stored) {
            if (turn->transposed || turn->upside_down) {
                info_.notes.push_back(
                    {"orientation-not-applied", "The file states the orientation " + letters +
                                                    "; the frames are as stored, and depth does "
                                                    "not run down."});
            }
            turn = Turn{};
        }
        if (options_.orientation == Orientation::depth_down) turn->left_right = false;
        info_.turn = *turn;
        if (turn->transposed) std::swap(info_.width, info_.height);
        if (turn->any()) {
            info_.notes.push_back({"turned", "The file states the orientation " + letters +
                                                 "; the frames were" + words_of(*turn) +
                                                 " so that depth runs down."});
        }
        if (mark_on_right && !turn->left_right) {
            info_.notes.push_back(
                {"mark-not-left",
                 "The file states the orientation " + letters +
                     "; the marked side of the probe is not brought to the left."});
        }
    }

    /// The scale is that of the image-to-probe calibration when there is one, else the header's
    /// spacing, but for 1 x 1, which writers put there when they know nothing. Other transforms of
    /// the image (to a part of it, say) are no calibration.
    void set_spacing() {
        std::vector<NamedTransform> stated;
        collect(header_.fields, stated);
        for (const auto& [name, transform, valid] : stated) {
            if (name != "ImageToProbe" && name != "ImageToTransducer") continue;
            if (!valid) {
                info_.notes.push_back({"calibration-invalid",
                                       "The image-to-probe calibration is marked as invalid or is "
                                       "not finite; it was not used."});
                continue;
            }
            const auto* matrix = &transform;
            const double x = matrix->block<3, 1>(0, 0).norm(), y = matrix->block<3, 1>(0, 1).norm();
            // One millimetre a pixel, exactly: nothing was calibrated.
            if (std::abs(x - 1) < 1e-9 && std::abs(y - 1) < 1e-9) continue;
            const double skew =
                std::abs(matrix->block<3, 1>(0, 0).dot(matrix->block<3, 1>(0, 1))) / (x * y);
            if (!(skew < 0.02)) {
                info_.notes.push_back(
                    {"calibration-skewed",
                     "The image-to-probe calibration is not rectangular; it was not used."});
                continue;
            }
            use_spacing({x, y}, "The scale is that of the image-to-probe calibration.");
            const auto differs = [](double a, double b) {
                return !(std::abs(a - b) <= kSameScale * std::abs(b));
            };
            if (header_.spacing && !default_spacing() &&
                (differs(header_.spacing->x_mm, x) || differs(header_.spacing->y_mm, y))) {
                info_.notes.push_back(
                    {"spacing-conflict",
                     "The spacing of the header (" + number(header_.spacing->x_mm) + " x " +
                         number(header_.spacing->y_mm) + " mm) differs from the calibration (" +
                         number(x) + " x " + number(y) + " mm); the calibration is used."});
            }
            image_calibration_ = *matrix;
            calibration_target_ = name.substr(std::string_view("ImageTo").size());
            return;
        }
        if (!header_.spacing) return;
        if (default_spacing()) {
            info_.notes.push_back({"spacing-default",
                                   "The spacing 1 x 1 of the header is what writers put where "
                                   "nothing is known; it was not used."});
            return;
        }
        use_spacing(*header_.spacing, "");
    }

    [[nodiscard]] bool default_spacing() const {
        return header_.spacing->x_mm == 1.0 && header_.spacing->y_mm == 1.0;
    }

    void use_spacing(Spacing spacing, const std::string& why) {
        if (const auto fault = spacing_fault(spacing)) {
            info_.notes.push_back(*fault);
            return;
        }
        stored_spacing_ = spacing;
        info_.spacing = spacing;
        if (info_.turn.transposed) std::swap(info_.spacing->x_mm, info_.spacing->y_mm);
        info_.pixel_aspect = info_.spacing->y_mm / info_.spacing->x_mm;
        info_.spacing_source = SpacingSource::pixel_spacing;
        if (!why.empty()) info_.notes.push_back({"calibration", why});
    }

    [[nodiscard]] std::optional<double> stamp_of(int index) const {
        const auto* fields = fields_of(index);
        if (fields == nullptr) return std::nullopt;
        const auto stamp = fields->find("Timestamp");
        if (stamp == fields->end()) return std::nullopt;
        const auto value = parse_number(stamp->second);
        return value && std::isfinite(*value) ? value : std::nullopt;
    }

    [[nodiscard]] std::optional<double> time_of(int index) const {
        const auto first = stamp_of(0), here = stamp_of(index);
        if (!first || !here) return std::nullopt;
        return *here - *first;
    }

    void set_frame_rate() {
        const auto duration = info_.frame_count > 1 ? time_of(info_.frame_count - 1) : std::nullopt;
        if (duration && *duration > 0) info_.frame_rate_hz = (info_.frame_count - 1) / *duration;
    }

    /// Image to reference where the file holds every link of the chain, else nothing. Slices of a
    /// volume have the volume's own place.
    [[nodiscard]] std::optional<Eigen::Matrix4d> image_to_reference(int index) const {
        if (!header_.sequence) {
            if (!header_.volume) return std::nullopt;
            Eigen::Matrix4d slice = *header_.volume;
            slice.col(3) += static_cast<double>(index) * header_.volume->col(2);
            return slice;
        }
        const auto found = transforms(index);
        const auto get = [&](std::string_view name) -> std::optional<Eigen::Matrix4d> {
            for (const auto& t : found) {
                if (t.name == name && t.valid) return t.matrix;
            }
            return std::nullopt;
        };
        if (const auto direct = get("ImageToReference")) return direct;
        if (!image_calibration_ || calibration_target_ != "Probe") return std::nullopt;
        if (const auto probe = get("ProbeToReference")) return *probe * *image_calibration_;
        const auto probe = get("ProbeToTracker"), reference = get("ReferenceToTracker");
        if (!probe || !reference) return std::nullopt;
        const Eigen::Matrix4d chain = reference->inverse() * *probe * *image_calibration_;
        return chain.allFinite() ? std::optional(chain) : std::nullopt;
    }

    SequenceHeader header_;
    OpenOptions options_;
    std::unique_ptr<InflateStream> stream_;
    SourceInfo info_;
    std::int64_t frame_bytes_ = 0;
    std::optional<Spacing> stored_spacing_;
    std::optional<Eigen::Matrix4d> image_calibration_;
    std::string calibration_target_;
};

}  // namespace

std::unique_ptr<FrameSource> open_sequence(const std::filesystem::path& path, Format format,
                                           const OpenOptions& options) {
    return std::make_unique<SequenceSource>(path, format, options);
}

}  // namespace guide::io
