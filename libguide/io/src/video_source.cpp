// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include "raster.hpp"
#include "sources.hpp"

namespace guide::io {
namespace {

/// FFmpeg prints through one process-wide level and nothing can be set per file. Taken down from
/// its default only: a host that chose a level or has its own callback and level keeps them.
void silence_ffmpeg() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (av_log_get_level() == AV_LOG_INFO) av_log_set_level(AV_LOG_QUIET);
    });
}

struct Free {
    void operator()(AVFormatContext* p) const { avformat_close_input(&p); }
    void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
    void operator()(AVPacket* p) const { av_packet_free(&p); }
    void operator()(AVFrame* p) const { av_frame_free(&p); }
    void operator()(SwsContext* p) const { sws_freeContext(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

/// MP4, AVI, Matroska. Frames are counted by their packets on opening and decoded one after the
/// other; going back starts again, so that frame n is the same picture however it is reached.
class VideoSource final : public FrameSource {
  public:
    VideoSource(const std::filesystem::path& path, const OpenOptions& options) : options_(options) {
        silence_ffmpeg();
        info_.path = path;
        info_.format = "video";
        open();
        const AVCodecParameters& stream = *format_->streams[stream_]->codecpar;
        info_.width = stream.width;
        info_.height = stream.height;
        info_.channels = 3;
        const AVRational rate = format_->streams[stream_]->avg_frame_rate;
        if (rate.num > 0 && rate.den > 0) info_.frame_rate_hz = av_q2d(rate);
        // Width over height there; 0 is unknown.
        const AVRational shape =
            av_guess_sample_aspect_ratio(format_.get(), format_->streams[stream_], nullptr);
        if (shape.num > 0 && shape.den > 0) info_.pixel_aspect = 1 / av_q2d(shape);
        count_frames();
        open();
    }

    [[nodiscard]] const SourceInfo& info() const override { return info_; }

    [[nodiscard]] Frame read(int index) override {
        check_index(info_, index);
        if (index < next_) open();
        while (next_ <= index) {
            decode_next();
            ++next_;
        }
        Frame frame = convert();
        frame.notes = info_.notes;
        frame.pixel_aspect = info_.pixel_aspect;
        if (picture_->best_effort_timestamp != AV_NOPTS_VALUE && first_stamp_) {
            frame.time_s = static_cast<double>(picture_->best_effort_timestamp - *first_stamp_) *
                           av_q2d(format_->streams[stream_]->time_base);
        } else if (info_.frame_rate_hz) {
            frame.time_s = index / *info_.frame_rate_hz;
        }
        return frame;
    }

  private:
    [[noreturn]] void fail(const char* code, const std::string& why) const {
        throw IoError(info_.path.string(), code, why);
    }

    static std::string message(int error) {
        std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
        av_strerror(error, text.data(), text.size());
        return printable(text.data());
    }

    void open() {
        codec_.reset();
        format_.reset();
        next_ = 0;
        draining_ = false;
        AVFormatContext* format = nullptr;
        AVDictionary* settings = nullptr;
        // Only plain files: a film must not make this program open other addresses.
        av_dict_set(&settings, "protocol_whitelist", "file", 0);
        av_dict_set(&settings, "format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2,avi,matroska,webm", 0);
        const std::string url = "file:" + info_.path.string();
        const int opened = avformat_open_input(&format, url.c_str(), nullptr, &settings);
        av_dict_free(&settings);
        if (opened < 0) fail("damaged", "the film cannot be opened: " + message(opened));
        format_.reset(format);
        format_->max_analyze_duration = 5 * AV_TIME_BASE;
        const int found = avformat_find_stream_info(format_.get(), nullptr);
        if (found < 0) fail("damaged", "the film cannot be read: " + message(found));
        const AVCodec* decoder = nullptr;
        const int stream =
            av_find_best_stream(format_.get(), AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
        if (stream < 0 || decoder == nullptr)
            fail("unsupported", "the file holds no film that can be decoded");
        stream_ = static_cast<unsigned>(stream);
        const AVCodecParameters& picture = *format_->streams[stream_]->codecpar;
        check_size(info_.path.string(), picture.width, picture.height, 16, options_);
        codec_.reset(avcodec_alloc_context3(decoder));
        if (!codec_ ||
            avcodec_parameters_to_context(codec_.get(), format_->streams[stream_]->codecpar) < 0) {
            fail("unsupported", "the film's decoder cannot be set up");
        }
        codec_->thread_count = 1;
        codec_->max_pixels = options_.max_pixels;
        codec_->pkt_timebase = format_->streams[stream_]->time_base;
        const int ready = avcodec_open2(codec_.get(), decoder, nullptr);
        if (ready < 0)
            fail("unsupported", "the film's decoder cannot be set up: " + message(ready));
    }

    void count_frames() {
        int count = 0;
        while (av_read_frame(format_.get(), packet_.get()) >= 0) {
            const bool shown = (packet_->flags & AV_PKT_FLAG_DISCARD) == 0 && packet_->size > 0;
            if (packet_->stream_index == static_cast<int>(stream_) && shown) {
                if (++count > options_.max_frames)
                    fail("too-large", "the film has more frames than the limit");
                if (packet_->pts != AV_NOPTS_VALUE) {
                    first_stamp_ = std::min(first_stamp_.value_or(packet_->pts), packet_->pts);
                }
            }
            av_packet_unref(packet_.get());
        }
        if (count == 0) fail("no-frames", "the film holds no frame");
        info_.frame_count = count;
    }

    /// The next picture into picture_.
    void decode_next() {
        while (true) {
            const int got = avcodec_receive_frame(codec_.get(), picture_.get());
            if (got >= 0) return;
            if (got == AVERROR_EOF) {
                fail("truncated", "the film ends at frame " + std::to_string(next_) + " of " +
                                      std::to_string(info_.frame_count));
            }
            if (got != AVERROR(EAGAIN))
                fail("damaged", "the film cannot be decoded: " + message(got));
            feed();
        }
    }

    void feed() {
        while (!draining_) {
            const int got = av_read_frame(format_.get(), packet_.get());
            if (got < 0) {
                draining_ = true;
                avcodec_send_packet(codec_.get(), nullptr);
                return;
            }
            const bool ours = packet_->stream_index == static_cast<int>(stream_);
            const int sent = ours ? avcodec_send_packet(codec_.get(), packet_.get()) : 0;
            av_packet_unref(packet_.get());
            if (!ours) continue;
            if (sent < 0 && sent != AVERROR(EAGAIN)) {
                fail("damaged",
                     "frame " + std::to_string(next_) + " cannot be decoded: " + message(sent));
            }
            return;
        }
    }

    Frame convert() {
        const int width = picture_->width, height = picture_->height;
        check_size(info_.path.string(), width, height, 16, options_);
        if (width != info_.width || height != info_.height)
            fail("unsupported", "the film changes its size");
        const auto from = static_cast<AVPixelFormat>(picture_->format);
        const AVPixFmtDescriptor* kind = av_pix_fmt_desc_get(from);
        const bool grey =
            kind != nullptr && kind->nb_components <= 2 && (kind->flags & AV_PIX_FMT_FLAG_PAL) == 0;
        const AVPixelFormat to = grey ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_RGB24;
        // Exact and the same on every machine, at the price of some speed.
        constexpr int kFlags =
            SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;
        scaler_.reset(sws_getContext(width, height, from, width, height, to, kFlags, nullptr,
                                     nullptr, nullptr));
        if (!scaler_) fail("unsupported", "the film's pixel format cannot be converted");
        const int* matrix = sws_getCoefficients(
            picture_->colorspace == AVCOL_SPC_BT709 ? SWS_CS_ITU709 : SWS_CS_ITU601);
        const bool full = picture_->color_range == AVCOL_RANGE_JPEG ||
                          from == AV_PIX_FMT_YUVJ420P || from == AV_PIX_FMT_YUVJ422P ||
                          from == AV_PIX_FMT_YUVJ444P;
        sws_setColorspaceDetails(scaler_.get(), matrix, full ? 1 : 0, matrix, 1, 0, 1 << 16,
                                 1 << 16);
        // The scaler may write past the end of a row: give it rows of its own.
        const int channels = grey ? 1 : 3;
        const int stride = (width * channels + 63) / 64 * 64 + 64;
        std::vector<std::uint8_t> rows(
            static_cast<std::size_t>(stride) * static_cast<std::size_t>(height) + 64);
        std::array<std::uint8_t*, 4> planes{rows.data(), nullptr, nullptr, nullptr};
        std::array<int, 4> strides{stride, 0, 0, 0};
        if (sws_scale(scaler_.get(), picture_->data, picture_->linesize, 0, height, planes.data(),
                      strides.data()) != height) {
            fail("damaged", "the film's pixels cannot be converted");
        }
        if (grey)
            return frame_from_grey(
                ImageView<const std::uint8_t>(rows.data(), width, height, stride));
        Image<Rgb8> rgb(width, height);
        for (int y = 0; y < height; ++y) {
            const std::uint8_t* row = rows.data() + static_cast<std::ptrdiff_t>(y) * stride;
            for (int x = 0; x < width; ++x)
                rgb.at(x, y) = {row[3 * x], row[3 * x + 1], row[3 * x + 2]};
        }
        return frame_from_rgb(rgb.view());
    }

    OpenOptions options_;
    SourceInfo info_;
    Owned<AVFormatContext> format_;
    Owned<AVCodecContext> codec_;
    Owned<AVPacket> packet_{av_packet_alloc()};
    Owned<AVFrame> picture_{av_frame_alloc()};
    Owned<SwsContext> scaler_;
    unsigned stream_ = 0;
    int next_ = 0;  ///< index of the picture that decode_next() gives
    bool draining_ = false;
    std::optional<std::int64_t> first_stamp_;
};

}  // namespace

std::unique_ptr<FrameSource> open_video_by_ffmpeg(const std::filesystem::path& path,
                                                  const OpenOptions& options) {
    return std::make_unique<VideoSource>(path, options);
}

}  // namespace guide::io
