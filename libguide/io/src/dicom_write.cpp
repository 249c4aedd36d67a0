// SPDX-License-Identifier: Apache-2.0
#include "dicom_dataset.hpp"

#include <guide/core/error.hpp>
#include <guide/io/sha256.hpp>

#include <utility>

namespace guide::io {

void write_dicom(const std::filesystem::path& path, const Frame& frame, const DicomTags& tags) {
    check_dicom_tags(frame, tags);
    std::string pixels;
    append_pixels(frame, pixels);
    // An even number, as the identifiers have always been made from.
    std::string content = pixels;
    if (content.size() % 2 != 0) content.push_back('\0');
    write_dicom_file(path, frame, tags, content, {}, pixels);
}

struct DicomSequenceWriter::State {
    std::filesystem::path path;
    DicomTags tags;
    DicomTiming timing;
    std::optional<Frame> first = {};  ///< what all frames share
    int added = 0;
    std::string pixels = {};
};

DicomSequenceWriter::DicomSequenceWriter(std::filesystem::path path, DicomTags tags, int frames,
                                         double frames_per_s) {
    require(frames >= 1, "DicomSequenceWriter", "frames is 1 or more");
    require(frames_per_s > 0 && frames_per_s <= 10000, "DicomSequenceWriter",
            "frames_per_s is above 0, to 10000");
    state_ = std::make_unique<State>(
        State{std::move(path), std::move(tags), DicomTiming{frames, frames_per_s}});
}
DicomSequenceWriter::~DicomSequenceWriter() = default;
DicomSequenceWriter::DicomSequenceWriter(DicomSequenceWriter&&) noexcept = default;
DicomSequenceWriter& DicomSequenceWriter::operator=(DicomSequenceWriter&&) noexcept = default;

void DicomSequenceWriter::add(const Frame& frame) {
    State& s = *state_;
    require(s.added < s.timing.frames, "DicomSequenceWriter::add", "no more frames than stated");
    check_dicom_tags(frame, s.tags);
    if (!s.first) {
        const std::uint64_t all = static_cast<std::uint64_t>(frame.intensity.size()) *
                                  (has_colour(frame) ? 3 : 1) *
                                  static_cast<std::uint64_t>(s.timing.frames);
        if (all > kMostBytes) {
            throw IoError(s.path.string(), "too-large",
                          "would hold " + std::to_string(all >> 20U) +
                              " MiB of pixels; a DICOM "
                              "sequence holds up to " +
                              std::to_string(kMostBytes >> 20U) +
                              ": fewer or smaller frames, or PNG");
        }
        s.first = clone(frame);
        s.pixels.reserve(all);
    }
    require(frame.intensity.width() == s.first->intensity.width() &&
                frame.intensity.height() == s.first->intensity.height() &&
                frame.modality == s.first->modality && has_colour(frame) == has_colour(*s.first) &&
                frame.spacing == s.first->spacing,
            "DicomSequenceWriter::add", "size, modality, colour and scale are the first frame's");
    append_pixels(frame, s.pixels);
    ++s.added;
}

void DicomSequenceWriter::finish() {
    State& s = *state_;
    require(s.first.has_value() && s.added == s.timing.frames, "DicomSequenceWriter::finish",
            "all frames are there");
    const std::string content = sha256(s.pixels);
    write_dicom_file(s.path, *s.first, s.tags, content, s.timing, s.pixels);
}

}  // namespace guide::io
