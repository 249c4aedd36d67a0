// SPDX-License-Identifier: Apache-2.0
#include "dicom_calibration.hpp"
#include "dicom_codec.hpp"
#include "dicom_colour.hpp"
#include "dicom_file.hpp"
#include "raster.hpp"
#include "sources.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace guide::io {
namespace {

Modality modality_of(const std::string& modality, const std::string& sop_class) {
    if (modality == "US" || modality == "IVUS") return Modality::ultrasound;
    if (modality == "XA" || modality == "RF") return Modality::fluoroscopy;
    if (modality == "CR" || modality == "DX" || modality == "RG") return Modality::radiograph;
    if (modality.empty()) {
        const auto has = [&](const char* word) {
            return sop_class.find(word) != std::string::npos;
        };
        if (has("Ultrasound")) return Modality::ultrasound;
        if (has("Angiographic") || has("RadioFluoroscopic")) return Modality::fluoroscopy;
        if (has("ComputedRadiography") || has("DigitalXRay")) return Modality::radiograph;
    }
    return Modality::other;
}

/// Stored value to grey value: the modality look-up table, or slope and intercept.
struct ModalityTransform {
    double slope = 1, intercept = 0;
    std::int64_t table_first = 0;
    std::vector<float> table;

    [[nodiscard]] float operator()(std::int64_t v) const {
        if (table.empty()) return static_cast<float>(slope * static_cast<double>(v) + intercept);
        const auto last = static_cast<std::int64_t>(table.size()) - 1;
        return table[static_cast<std::size_t>(std::clamp<std::int64_t>(v - table_first, 0, last))];
    }
};

ModalityTransform read_modality_transform(DcmItem& item, bool is_signed,
                                          std::vector<Reason>& notes) {
    ModalityTransform transform;
    DcmItem* table = nullptr;
    if (item.findAndGetSequenceItem(DCM_ModalityLUTSequence, table, 0).good() && table != nullptr) {
        const auto descriptor = dicom_numbers(*table, DCM_LUTDescriptor);
        DcmElement* data = nullptr;
        Uint16* words = nullptr;
        const auto stated_count =
            descriptor.size() >= 3 ? whole_number(descriptor[0]) : std::nullopt;
        const auto stated_first =
            descriptor.size() >= 3 ? whole_number(descriptor[1]) : std::nullopt;
        if (stated_count && stated_first && table->findAndGetElement(DCM_LUTData, data).good() &&
            data != nullptr && data->getUint16Array(words).good() && words != nullptr) {
            const auto stated = *stated_count & 0xffff;
            const std::size_t entries = stated == 0 ? 65536 : static_cast<std::size_t>(stated);
            transform.table_first = *stated_first & 0xffff;
            if (is_signed && transform.table_first >= 32768) transform.table_first -= 65536;
            const std::size_t count = std::min<std::size_t>(entries, data->getLength() / 2);
            transform.table.assign(words, words + count);
            if (transform.table.empty() || count < entries) {
                notes.push_back({"modality-lut-short",
                                 "The modality look-up table has fewer entries than stated."});
            }
        }
        if (transform.table.empty())
            notes.push_back({"modality-lut-unusable",
                             "The modality look-up table is damaged; it was not used."});
        return transform;
    }
    const double slope = dicom_number(item, DCM_RescaleSlope).value_or(1);
    const double intercept = dicom_number(item, DCM_RescaleIntercept).value_or(0);
    // The bounds keep every product within the range of a float.
    if (!(std::abs(slope) < 1e20) || !(std::abs(intercept) < 1e20) || slope == 0) {
        notes.push_back({"rescale-unusable",
                         "RescaleSlope or RescaleIntercept makes no sense; they were not used."});
        return transform;
    }
    transform.slope = slope;
    transform.intercept = intercept;
    return transform;
}

class DicomSource final : public FrameSource {
  public:
    DicomSource(const std::filesystem::path& path, const OpenOptions& options)
        : file_(path, options), decoder_(file_, options, info_.notes) {
        DcmItem& item = file_.item();
        const PixelLayout& layout = decoder_.layout();
        info_.path = path;
        info_.format = "dicom";
        info_.width = layout.width;
        info_.height = layout.height;
        info_.frame_count = layout.frames;
        info_.bits_stored = layout.bits_stored;
        info_.photometric = layout.photometric;
        info_.dicom_modality = dicom_text(item, DCM_Modality);
        const std::string uid = dicom_text(item, DCM_SOPClassUID);
        const char* name = dcmFindNameOfUID(uid.c_str());
        info_.sop_class = name != nullptr ? name : uid;
        info_.transfer_syntax = DcmXfer(file_.syntax()).getXferName();
        info_.manufacturer = dicom_text(item, DCM_Manufacturer);
        info_.model = dicom_text(item, DCM_ManufacturerModelName);
        info_.body_part = dicom_text(item, DCM_BodyPartExamined);
        info_.modality = modality_of(info_.dicom_modality, info_.sop_class);
        info_.channels = layout.samples;
        if (layout.photometric == "PALETTE COLOR") {
            palette_ = read_palette(file_, layout.is_signed);
            info_.channels = 3;
        } else if (layout.samples == 1) {
            transform_ = read_modality_transform(item, layout.is_signed, info_.notes);
        }
        read_timing();
        read_display();
        Calibration calibration =
            read_calibration(item, layout.width, layout.height, info_.modality);
        info_.spacing = calibration.spacing;
        info_.spacing_source = calibration.source;
        info_.pixel_aspect = calibration.pixel_aspect;
        info_.content_box = calibration.content_box;
        info_.regions = std::move(calibration.regions);
        for (Reason& note : calibration.notes)
            info_.notes.push_back(std::move(note));
    }

    [[nodiscard]] const SourceInfo& info() const override { return info_; }

    [[nodiscard]] Frame read(int index) override {
        check_index(info_, index);
        std::vector<Reason> notes;
        const DecodedFrame decoded = decoder_.decode(index, notes);
        Frame frame = decoder_.layout().samples == 1 && !palette_ ? grey_frame(decoded)
                                                                  : colour_frame(decoded);
        frame.modality = info_.modality;
        frame.spacing = info_.spacing;
        frame.spacing_source = info_.spacing_source;
        frame.pixel_aspect = info_.pixel_aspect;
        frame.content_box = info_.content_box;
        frame.regions = info_.regions;
        frame.notes = info_.notes;
        for (Reason& note : notes)
            frame.notes.push_back(std::move(note));
        frame.time_s = time_of(index);
        return frame;
    }

  private:
    void read_timing() {
        DcmItem& item = file_.item();
        const auto frame_time = dicom_number(item, DCM_FrameTime);
        frame_times_ = dicom_numbers(item, DCM_FrameTimeVector);
        for (double& t : frame_times_)
            t = std::isfinite(t) && t >= 0 ? t : 0;
        std::optional<double> rate;
        if (frame_time && *frame_time > 0) rate = 1000 / *frame_time;
        if (!rate) rate = dicom_number(item, DCM_CineRate);
        if (!rate) rate = dicom_number(item, DCM_RecommendedDisplayFrameRate);
        if (rate && *rate > 0 && std::isfinite(*rate) && info_.frame_count > 1)
            info_.frame_rate_hz = rate;
    }

    [[nodiscard]] std::optional<double> time_of(int index) const {
        if (index == 0) return 0.0;
        // Entry i is the time from frame i - 1 to frame i, in ms.
        const auto i = static_cast<std::size_t>(index);
        if (frame_times_.size() > i) {
            double ms = 0;
            for (std::size_t k = 1; k <= i; ++k)
                ms += frame_times_[k];
            return ms / 1000;
        }
        if (info_.frame_rate_hz) return index / *info_.frame_rate_hz;
        return std::nullopt;
    }

    /// Range of stored values, the window, and what is left out.
    void read_display() {
        DcmItem& item = file_.item();
        const PixelLayout& layout = decoder_.layout();
        const double span = std::exp2(layout.bits_stored);
        stored_low_ = layout.is_signed ? -span / 2 : 0;
        stored_high_ = stored_low_ + span - 1;
        const auto centre = dicom_number(item, DCM_WindowCenter),
                   width = dicom_number(item, DCM_WindowWidth);
        if (centre && width && std::isfinite(*centre) && std::isfinite(*width) && *width > 1) {
            // PS3.3 C.11.2.1.2.1, linear
            window_ = {*centre - 0.5 - (*width - 1) / 2, *centre - 0.5 + (*width - 1) / 2};
        } else if (centre && width) {
            info_.notes.push_back(
                {"window-unusable", "The display window makes no sense; it was not used."});
        }
        if (!window_ && item.tagExists(DCM_VOILUTSequence)) {
            info_.notes.push_back({"voi-lut-ignored", "The display look-up table was not used."});
        }
        if (layout.photometric == "MONOCHROME1") {
            info_.notes.push_back(
                {"inverted", "MONOCHROME1: the values were turned over, so that large is bright."});
        }
        for (Uint16 group = 0x6000; group <= 0x601e; group = static_cast<Uint16>(group + 2)) {
            if (item.tagExists(DcmTagKey(group, 0x3000)) ||
                item.tagExists(DcmTagKey(group, 0x0010))) {
                info_.notes.push_back(
                    {"overlay-ignored",
                     "Graphics stored beside the pixels (overlay) were ignored."});
                break;
            }
        }
    }

    [[nodiscard]] std::uint32_t raw_sample(const DecodedFrame& d, std::size_t i) const {
        std::uint32_t v = 0;
        std::memcpy(&v, d.bytes.data() + i * static_cast<std::size_t>(d.sample_bytes),
                    static_cast<std::size_t>(d.sample_bytes));
        const PixelLayout& layout = decoder_.layout();
        if (!d.justified) v >>= static_cast<unsigned>(layout.high_bit + 1 - layout.bits_stored);
        const auto bits = static_cast<unsigned>(layout.bits_stored);
        return bits >= 32 ? v : v & ((1U << bits) - 1U);
    }

    [[nodiscard]] std::int64_t sample(const DecodedFrame& d, std::size_t i) const {
        const std::int64_t v = raw_sample(d, i);
        const PixelLayout& layout = decoder_.layout();
        const std::int64_t span = std::int64_t{1} << layout.bits_stored;
        return layout.is_signed && v >= span / 2 ? v - span : v;
    }

    [[nodiscard]] Frame grey_frame(const DecodedFrame& d) const {
        const PixelLayout& layout = decoder_.layout();
        Frame frame;
        frame.intensity = Image<float>(layout.width, layout.height);
        float* out = frame.intensity.data();
        const std::size_t count = frame.intensity.size();
        for (std::size_t i = 0; i < count; ++i)
            out[i] = transform_(sample(d, i));

        // What the stored range becomes; a table is bounded by its own values.
        double low = transform_(static_cast<std::int64_t>(stored_low_));
        double high = transform_(static_cast<std::int64_t>(stored_high_));
        if (!transform_.table.empty()) {
            const auto [least, most] =
                std::minmax_element(transform_.table.begin(), transform_.table.end());
            low = *least;
            high = *most;
        }
        if (low > high) std::swap(low, high);
        if (!(high > low)) high = low + 1;
        double shown_low = window_ ? window_->first : low,
               shown_high = window_ ? window_->second : high;
        if (layout.photometric == "MONOCHROME1") {
            for (std::size_t i = 0; i < count; ++i)
                out[i] = static_cast<float>(low + high - out[i]);
            std::swap(shown_low, shown_high);
            shown_low = low + high - shown_low;
            shown_high = low + high - shown_high;
        }
        if (info_.modality == Modality::ultrasound && (low != 0 || high != 255)) {
            // Echo amplitudes are 0 to 255 throughout, whatever the depth of the file.
            const double scale = 255 / (high - low);
            for (std::size_t i = 0; i < count; ++i)
                out[i] = static_cast<float>((out[i] - low) * scale);
            shown_low = (shown_low - low) * scale;
            shown_high = (shown_high - low) * scale;
        }
        frame.display_low = static_cast<float>(shown_low);
        frame.display_high = static_cast<float>(shown_high);
        const bool eight_bit_scale =
            info_.modality == Modality::ultrasound || layout.bits_stored <= 8;
        if (!window_ && !eight_bit_scale) fit_display_range(frame);
        return frame;
    }

    [[nodiscard]] Frame colour_frame(const DecodedFrame& d) const {
        const PixelLayout& layout = decoder_.layout();
        Image<Rgb8> rgb(layout.width, layout.height);
        if (palette_) {
            for (std::size_t i = 0; i < rgb.size(); ++i)
                rgb.data()[i] = palette_->colour(sample(d, i));
            return frame_from_rgb(rgb.view());
        }
        const int extra = layout.bits_stored - 8;
        const auto byte = [&](std::size_t i) {
            const std::uint32_t v = raw_sample(d, i);
            if (extra >= 0) return static_cast<std::uint8_t>(v >> static_cast<unsigned>(extra));
            return static_cast<std::uint8_t>(
                v * 255 / ((1U << static_cast<unsigned>(layout.bits_stored)) - 1U));
        };
        for (std::size_t i = 0; i < rgb.size(); ++i) {
            const std::uint8_t a = byte(3 * i), b = byte(3 * i + 1), c = byte(3 * i + 2);
            switch (d.colour) {
                case SampleColour::ycbcr:
                    rgb.data()[i] = rgb_from_ycbcr(a, b, c);
                    break;
                case SampleColour::partial_ycbcr:
                    rgb.data()[i] = rgb_from_partial_ycbcr(a, b, c);
                    break;
                default:
                    rgb.data()[i] = {a, b, c};
            }
        }
        return frame_from_rgb(rgb.view());
    }

    SourceInfo info_;  // before decoder_, which writes notes into it
    DicomFile file_;
    FrameDecoder decoder_;
    std::optional<Palette> palette_;
    ModalityTransform transform_;
    std::vector<double> frame_times_;
    std::optional<std::pair<double, double>> window_;
    double stored_low_ = 0, stored_high_ = 255;
};

}  // namespace

std::unique_ptr<FrameSource> open_dicom(const std::filesystem::path& path,
                                        const OpenOptions& options) {
    return std::make_unique<DicomSource>(path, options);
}

}  // namespace guide::io
