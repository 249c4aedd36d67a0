// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/frame/frame.hpp>
#include <guide/io/export.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace guide::io {

/// Where tube and detector stood.
struct DicomXrayTags {
    double source_to_detector_mm = 1100;
    double source_to_patient_mm = 700;  ///< above 0, to source_to_detector_mm
    /// Of the detector about the patient as PS3.3 C.8.7.5 counts: -180 to 180, 0 in front, 90 at
    /// the patient's left; and towards the head, -90 to 90.
    double primary_deg = 0, secondary_deg = 0;
    double detector_pixel_mm = 0.4;  ///< 0.001 to 10
};

/// What a file says beside the pixels and their scale.
struct DicomTags {
    std::string study;        ///< frames of one study and series have the same text; not stored
    std::string description;  ///< of the series, at most 64 letters are kept
    char laterality = 0;      ///< 'L', 'R' or 0: not stated
    int instance = 1;         ///< number of the frame in its series, 1 or more
    std::optional<DicomXrayTags> xray = {};  ///< needed for X-rays
    /// Ultrasound: where the middle of the probe's face is shown, px; none: in the middle of the
    /// region's upper edge.
    std::optional<PixelPoint> face = {};
    bool curvilinear = false;  ///< of an ultrasound probe
    bool burned_in = false;    ///< words of a scanner's screen stand in the pixels
};

/// One frame as explicit little endian DICOM: Ultrasound Image Storage with its scale in a region
/// of the whole picture (or of `content_box`), or X-Ray Angiographic Image Storage with
/// ImagerPixelSpacing, distances and angles. Grey, `display_low` to `display_high` as 8 bits, or
/// RGB where an ultrasound frame has colour. Patient and
/// dates are empty, identifiers made from content: same input, same bytes. Files appear whole, see
/// write.hpp. Throws PreconditionError for another modality, tags out of range and an X-ray frame
/// without them; IoError "cannot-write".
GUIDE_IO_EXPORT void write_dicom(const std::filesystem::path& path, const Frame& frame,
                                 const DicomTags& tags);

/// The frames of a sequence as one file: Ultrasound Multi-frame Image Storage or X-Ray Angiographic
/// Image Storage, with FrameTime. They are kept in memory, 8 bits a sample, until the file is
/// written whole.
class GUIDE_IO_EXPORT DicomSequenceWriter {
  public:
    static constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;  ///< of all pixels

    /// Of `frames` (1 or more) frames, `frames_per_s` (above 0, to 10000) apart. Throws
    /// PreconditionError for others, and for tags as write_dicom does.
    DicomSequenceWriter(std::filesystem::path path, DicomTags tags, int frames,
                        double frames_per_s);
    ~DicomSequenceWriter();
    DicomSequenceWriter(DicomSequenceWriter&&) noexcept;
    DicomSequenceWriter& operator=(DicomSequenceWriter&&) noexcept;

    /// The next frame, of the first one's size, modality, colour and scale. Throws
    /// PreconditionError for another, IoError "too-large" where all frames would have more than
    /// kMostBytes.
    void add(const Frame& frame);

    /// Writes the file once all frames are there. Throws PreconditionError before, IoError
    /// "cannot-write".
    void finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace guide::io
