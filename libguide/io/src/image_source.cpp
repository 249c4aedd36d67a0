// SPDX-License-Identifier: Apache-2.0
#include "orientation.hpp"
#include "picture.hpp"
#include "sources.hpp"

namespace guide::io {
namespace {

/// PNG, JPEG, BMP: one frame. TIFF: one a page.
class PictureSource final : public FrameSource {
  public:
    PictureSource(const std::filesystem::path& path, Format format, const OpenOptions& options)
        : format_(format), options_(options) {
        info_.path = path;
        PictureHeader header;
        if (format == Format::tiff) {
            info_.format = "tiff";
            header = tiff_header(path.string(), options);
        } else {
            file_ = read_file(path, options.max_bytes);
            if (format == Format::png) {
                info_.format = "png";
                header = png_header(path.string(), file_);
            } else if (format == Format::jpeg) {
                info_.format = "jpeg";
                header = jpeg_header(path.string(), file_);
            } else {
                info_.format = "bmp";
                header = bmp_header(path.string(), file_);
            }
        }
        check_size(path.string(), header.width, header.height, 8, options);
        info_.width = header.width;
        info_.height = header.height;
        info_.channels = header.channels;
        info_.bits_stored = header.bits;
        orientation_ = header.orientation;
        info_.turn = turn_of(orientation_, info_.notes);
        if (info_.turn.transposed) std::swap(info_.width, info_.height);
        info_.frame_count = std::min(header.pages, options.max_frames);
    }

    [[nodiscard]] const SourceInfo& info() const override { return info_; }

    [[nodiscard]] Frame read(int index) override {
        check_index(info_, index);
        const std::string path = info_.path.string();
        std::vector<Reason> notes;
        unsigned orientation = orientation_;  // the pages of a TIFF have their own
        const Raster raster = [&] {
            switch (format_) {
                case Format::png:
                    return decode_png(path, file_, options_, notes);
                case Format::jpeg:
                    return decode_jpeg(path, file_, options_, notes);
                case Format::bmp:
                    return decode_bmp(path, file_, options_, notes);
                default:
                    return decode_tiff(path, index, options_, notes, orientation);
            }
        }();
        Frame frame = frame_from_raster(raster);
        apply_turn(frame, turn_of(orientation, notes));
        frame.notes = std::move(notes);
        return frame;
    }

  private:
    [[nodiscard]] Turn turn_of(unsigned orientation, std::vector<Reason>& notes) const {
        const Turn turn = turn_of_orientation_tag(orientation).value_or(Turn{});
        if (!turn.any()) return {};
        if (options_.orientation == Orientation::as_stored) {
            notes.push_back({"orientation-not-applied",
                             "The file states the orientation " + std::to_string(orientation) +
                                 "; the frame is as stored and does not stand upright."});
            return {};
        }
        notes.push_back({"turned", "The file states the orientation " +
                                       std::to_string(orientation) + "; the frame was" +
                                       words_of(turn) + " so that it stands upright."});
        return turn;
    }

    Format format_;
    OpenOptions options_;
    Bytes file_;
    SourceInfo info_;
    unsigned orientation_ = 1;
};

}  // namespace

std::unique_ptr<FrameSource> open_picture(const std::filesystem::path& path, Format format,
                                          const OpenOptions& options) {
    return std::make_unique<PictureSource>(path, format, options);
}

}  // namespace guide::io
