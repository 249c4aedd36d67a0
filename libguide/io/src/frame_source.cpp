// SPDX-License-Identifier: Apache-2.0
#include "sources.hpp"

#include <guide/io/frame_source.hpp>

#include <array>
#include <system_error>

namespace guide::io {

void OpenOptions::validate() const {
    require(max_pixels > 0, "OpenOptions", "max_pixels is positive");
    require(max_bytes > 0, "OpenOptions", "max_bytes is positive");
    require(max_frames > 0, "OpenOptions", "max_frames is positive");
}

FrameSource::~FrameSource() = default;

std::filesystem::path FrameSource::file_of(int) const {
    return info().path;
}
std::vector<NamedTransform> FrameSource::transforms(int) const {
    return {};
}

std::unique_ptr<FrameSource> open_file(const std::filesystem::path& path,
                                       const OpenOptions& options) {
    const Bytes beginning = read_beginning(path, kDetectBytes);
    if (beginning.empty()) throw IoError(path.string(), "empty", "the file is empty");
    const Format format = detect(beginning);
    switch (format) {
        case Format::png:
        case Format::jpeg:
        case Format::bmp:
        case Format::tiff:
            return open_picture(path, format, options);
        case Format::dicom:
            return open_dicom(path, options);
        case Format::metaimage:
        case Format::nrrd:
            return open_sequence(path, format, options);
        case Format::video:
            return open_video(path, options);
        case Format::unknown:
            break;
    }
    throw IoError(path.string(), "unknown-format", describe_unknown(beginning));
}

std::unique_ptr<FrameSource> open(const std::filesystem::path& path, const OpenOptions& options) {
    options.validate();
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return open_folder(path, options);
    return open_file(path, options);
}

std::string_view region_unit_name(int code) {
    // PS3.3 C.8.5.5.1.15
    constexpr std::array<std::string_view, 13> kNames = {
        "none", "%", "dB", "cm", "s", "Hz", "dB/s", "cm/s", "cm2", "cm2/s", "cm3", "cm3/s", "deg"};
    if (code < 0 || code >= static_cast<int>(kNames.size())) return "unknown";
    return kNames[static_cast<std::size_t>(code)];
}

std::string_view region_data_type_name(int code) {
    // PS3.3 C.8.5.5.1.2
    constexpr std::array<std::string_view, 19> kNames = {"none",
                                                         "tissue",
                                                         "colour-flow",
                                                         "pw-spectral-doppler",
                                                         "cw-spectral-doppler",
                                                         "doppler-mean-trace",
                                                         "doppler-mode-trace",
                                                         "doppler-max-trace",
                                                         "volume-trace",
                                                         "d-volume-dt-trace",
                                                         "ecg-trace",
                                                         "pulse-trace",
                                                         "phonocardiogram-trace",
                                                         "grey-bar",
                                                         "colour-bar",
                                                         "integrated-backscatter",
                                                         "area-trace",
                                                         "d-area-dt",
                                                         "other-physiological"};
    if (code < 0 || code >= static_cast<int>(kNames.size())) return "unknown";
    return kNames[static_cast<std::size_t>(code)];
}

}  // namespace guide::io
