// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/frame/frame.hpp>
#include <guide/io/export.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guide::io {

/// How ultrasound frames whose file states the orientation are laid out. Pictures with a TIFF or
/// Exif orientation are brought upright unless `as_stored` is asked for.
enum class Orientation {
    standard,    ///< turned to marked-side-left, depth-down; `SourceInfo::turn` records what was
                 ///< turned, and stored_from_read() leads back to the file's pixels
    depth_down,  ///< turned only where depth does not run down; the mark may be on the right
    as_stored    ///< rows and columns of the file
};

/// Bounds on what a file may ask for, and how frames are to be laid out.
struct OpenOptions {
    std::int64_t max_pixels =
        50'000'000;  ///< of one frame; larger is refused before it is allocated
    std::int64_t max_bytes = std::int64_t{2}
                             << 30;  ///< of one frame decoded, and of a file that is read whole
    int max_frames = 200'000;        ///< of one file or folder
    Orientation orientation = Orientation::standard;

    /// Throws PreconditionError naming the bad field.
    void validate() const;
};

/// What was done to the stored rows and columns, in this order.
struct Turn {
    bool transposed = false;   ///< rows became columns
    bool left_right = false;   ///< then mirrored left to right
    bool upside_down = false;  ///< then mirrored top to bottom

    [[nodiscard]] bool any() const { return transposed || left_right || upside_down; }
    friend bool operator==(const Turn&, const Turn&) = default;
};

/// Where a point of the frame lies in the file. `width` and `height` are those of the frame as
/// read.
[[nodiscard]] GUIDE_IO_EXPORT PixelPoint stored_from_read(PixelPoint p, const Turn& turn, int width,
                                                          int height);

/// A named 4x4 transform of a tracked frame, as stored (e.g. "ProbeToTracker"), in the tracker's
/// own axes, mm.
struct NamedTransform {
    std::string name;
    Eigen::Matrix4d matrix = Eigen::Matrix4d::Identity();
    bool valid = false;  ///< the tracker said OK and every number is finite
};

/// What a file is. Of a folder: what its first frame is. No name or number of a patient is ever
/// read.
struct SourceInfo {
    std::filesystem::path path;
    std::string format;  ///< png, jpeg, bmp, tiff, dicom, metaimage, nrrd, video, folder
    Modality modality = Modality::unknown;
    int width = 0, height = 0;  ///< of the frames as read
    int frame_count = 0;
    std::optional<double> frame_rate_hz;
    std::optional<Spacing> spacing;
    SpacingSource spacing_source = SpacingSource::none;
    std::optional<double> pixel_aspect;  ///< height of a pixel over its width, as in Frame
    std::optional<PixelBox> content_box;
    std::vector<UltrasoundRegion> regions;
    std::vector<Reason> notes;  ///< conflicts, conversions, what was left out
    Turn turn;                  ///< of the first page where the pages of a TIFF differ
    int bits_stored = 8;
    int channels = 1;
    // DICOM only, empty elsewhere.
    std::string dicom_modality;   ///< (0008,0060) as stored
    std::string sop_class;        ///< name of the SOP class
    std::string transfer_syntax;  ///< name of the transfer syntax
    std::string photometric;      ///< as stored
    std::string manufacturer, model, body_part;
};

/// Frames of a file or a folder, decoded one by one when asked for. Not for several threads at
/// once.
class GUIDE_IO_EXPORT FrameSource {
  public:
    FrameSource() = default;
    virtual ~FrameSource();
    FrameSource(const FrameSource&) = delete;
    FrameSource& operator=(const FrameSource&) = delete;

    [[nodiscard]] virtual const SourceInfo& info() const = 0;

    /// Frame `index`, 0 first. Its notes hold those of info() that concern the pixels and its own.
    /// Throws IoError
    /// ("no-such-frame", "truncated", "damaged", "unsupported", "too-large", ...) naming the file.
    [[nodiscard]] virtual Frame read(int index) = 0;

    /// The file that frame `index` comes from: a folder's frames have their own.
    [[nodiscard]] virtual std::filesystem::path file_of(int index) const;

    /// Every transform stored with frame `index`; empty for frames that were not tracked.
    [[nodiscard]] virtual std::vector<NamedTransform> transforms(int index) const;
};

/// Opens a picture, film, DICOM file, tracked sequence or folder of frames (in name order, digits
/// compared as numbers). The kind is told by the content, never by the name. Reads headers only.
/// Throws IoError with one clear sentence: "not-found", "empty", "unknown-format", "unsupported",
/// "truncated", "damaged", "too-large", "no-frames".
///
/// Calibration: DICOM's ultrasound regions first (centimetres become millimetres, and only when the
/// tissue regions agree), then PixelSpacing, then ImagerPixelSpacing (divided by the magnification
/// where the file states it). Values that contradict each other are reported in the notes and never
/// averaged; no calibration is std::nullopt.
[[nodiscard]] GUIDE_IO_EXPORT std::unique_ptr<FrameSource> open(const std::filesystem::path& path,
                                                                const OpenOptions& options = {});

/// The unit of a DICOM region axis, (0018,6024) and (0018,6026): "cm", "s", "Hz", ...; "unknown"
/// for no such code.
[[nodiscard]] GUIDE_IO_EXPORT std::string_view region_unit_name(int code);

/// What a DICOM region shows, (0018,6014): "tissue", "colour-flow", "ecg-trace", ...
[[nodiscard]] GUIDE_IO_EXPORT std::string_view region_data_type_name(int code);

}  // namespace guide::io
