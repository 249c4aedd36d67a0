// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/core/image.hpp>
#include <guide/frame/export.hpp>
#include <guide/frame/ultrasound_region.hpp>
#include <guide/geometry/pixel_grid.hpp>

#include <Eigen/Geometry>

#include <optional>
#include <string_view>
#include <vector>

namespace guide {

/// How a frame was made. `unknown`: the file does not say (a plain picture); the view then decides.
enum class Modality { unknown, ultrasound, radiograph, fluoroscopy, other };

/// Where the millimetres of a frame come from. `none`: there are none.
enum class SpacingSource { none, dicom_regions, pixel_spacing, imager_pixel_spacing, ruler, user };

/// The words of the interface, e.g. "imager-pixel-spacing".
[[nodiscard]] GUIDE_FRAME_EXPORT std::string_view name_of(Modality modality);
[[nodiscard]] GUIDE_FRAME_EXPORT std::string_view name_of(SpacingSource source);

/// One picture in time with all that is known of it. Pixels as stored (never a crop), x right, y
/// down.
struct Frame {
    Image<float> intensity;    ///< grey value; large is bright on the screen (MONOCHROME1 comes
                               ///< already turned)
    float display_low = 0;     ///< grey value shown as black
    float display_high = 255;  ///< grey value shown as white
    Image<Rgb8> colour;        ///< as stored, for display; empty for grey frames
    Modality modality = Modality::unknown;
    std::optional<Spacing> spacing;  ///< none: not calibrated, no millimetre can be had
    SpacingSource spacing_source = SpacingSource::none;
    std::optional<double> pixel_aspect;   ///< height of a pixel over its width, also where the size
                                          ///< is unknown; none: not stated, taken for square
    std::optional<PixelBox> content_box;  ///< the picture within a scanner's screen, when known
    std::vector<UltrasoundRegion> regions;  ///< every calibrated region of a DICOM ultrasound frame
    std::vector<Reason> notes;              ///< conflicts and conversions met on reading
    std::optional<double> time_s;           ///< since the first frame
    std::optional<Eigen::Matrix4d>
        image_to_reference;  ///< per-frame transform of a tracked sequence, as stored, LPS mm

    [[nodiscard]] PixelGrid grid() const {
        return {intensity.width(), intensity.height(), spacing};
    }
};

/// Why `spacing` cannot be the scale of a knee picture (not finite, not positive, beyond 0.001 to
/// 10 mm), if so.
[[nodiscard]] GUIDE_FRAME_EXPORT std::optional<Reason> spacing_fault(Spacing spacing);

/// A frame for a picture of 8-bit grey or colour pixels.
[[nodiscard]] GUIDE_FRAME_EXPORT Frame frame_from_grey(ImageView<const std::uint8_t> grey);
[[nodiscard]] GUIDE_FRAME_EXPORT Frame frame_from_rgb(ImageView<const Rgb8> rgb);

/// A deep copy (Frame itself only moves).
[[nodiscard]] GUIDE_FRAME_EXPORT Frame clone(const Frame& frame);

}  // namespace guide
