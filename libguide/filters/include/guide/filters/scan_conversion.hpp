// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>
#include <guide/geometry/pixel_grid.hpp>
#include <guide/geometry/point.hpp>

#include <cstdint>
#include <vector>

namespace guide::filters {

/// Millimetres in the scan plane as pictures show it: origin at the middle of the probe's face, x
/// from the first scan line to the last (right), y away from the face (deeper).
struct ScanSpace {};
using ScanPoint = Point2<ScanSpace>;

enum class ProbeKind {
    linear,      ///< parallel lines from a flat face
    curvilinear  ///< lines from an arc; from one point for a sector (phased array)
};

/// Where the scan lines of a probe run.
struct ProbeGeometry {
    ProbeKind kind = ProbeKind::linear;
    double width_mm = 38;     ///< linear: along the face from first to last line; above 0, to 1000
    double radius_mm = 60;    ///< curvilinear: of the face, 0 to 1000; 0 for a sector
    double opening_rad = 1;   ///< curvilinear: between first and last line; above 0, to pi
    double steering_rad = 0;  ///< lines against the face's normal, -1 to 1; positive: to the right
    double start_mm = 0;      ///< depth of the first sample along its line, 0 or more
    double end_mm = 40;       ///< depth of the last sample, above start_mm, to 1000

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// A frame as the beamformer gives it: one column for each scan line, rows deeper and deeper.
struct BeamGrid {
    ProbeGeometry probe;
    int lines = 128;    ///< 2 to 65535, spread evenly over width or opening
    int samples = 512;  ///< 2 to 65535, spread evenly from start to end

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// A position in a beam frame; whole numbers are the centres of its pixels.
struct BeamPoint {
    double line = 0, sample = 0;
};

/// A picture laid over the scan plane.
struct PictureGrid {
    int width = 0, height = 0;  ///< px, 2 to 65535
    Spacing spacing;            ///< mm, above 0
    ScanPoint origin;           ///< mm, centre of pixel (0, 0)

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Where a sample lies.
[[nodiscard]] GUIDE_FILTERS_EXPORT ScanPoint scan_from_beam(const BeamGrid& beam, BeamPoint p);

/// Which sample lies there: the exact inverse of `scan_from_beam` (to 1e-9, but for the apex of a
/// sector, where all lines meet). Beyond the frame the answer goes on evenly; it is not a number
/// where no steered line passes.
[[nodiscard]] GUIDE_FILTERS_EXPORT BeamPoint beam_from_scan(const BeamGrid& beam, ScanPoint p);

[[nodiscard]] inline PixelPoint pixel_from_scan(const PictureGrid& picture, ScanPoint p) {
    return {(p.x - picture.origin.x) / picture.spacing.x_mm,
            (p.y - picture.origin.y) / picture.spacing.y_mm};
}
[[nodiscard]] inline ScanPoint scan_from_pixel(const PictureGrid& picture, PixelPoint p) {
    return {picture.origin.x + p.x * picture.spacing.x_mm,
            picture.origin.y + p.y * picture.spacing.y_mm};
}

/// The smallest picture that covers all samples, with a pixel centre on the middle of the face.
/// Throws PreconditionError when a side would have more than 65535 pixels.
[[nodiscard]] GUIDE_FILTERS_EXPORT PictureGrid picture_over(const ProbeGeometry& probe,
                                                            Spacing spacing);

enum class Interpolation {
    bilinear,  ///< between the 2 x 2 pixels around a point
    bicubic    ///< Catmull-Rom through 4 x 4, the border pixel standing beyond the border
};

struct ScanConversionOptions {
    Interpolation interpolation = Interpolation::bilinear;
    float fill = 0;  ///< for pixels that the other grid does not reach; any value, NaN too
};

/// Carries frames between beam space and picture.
///
/// For each pixel the position in the other grid is computed once (double precision, kept as a
/// whole and a 16-bit fraction: 8 bytes a pixel); `convert` fetches its neighbours and interpolates
/// in vectors. A pixel is reached when it lies between the centres of the other grid's outermost
/// pixels. Nothing is smoothed: where the target is much coarser than the source, `resample` the
/// source first. Back in beam space, the outermost lines are mixed with what the picture holds
/// outside the sector.
///
/// Positions are rounded to 1/131070 of a pixel: against the exact position a value differs by no
/// more than that times the step between neighbours. A constant stays, exactly (bilinear) or to one
/// part in 10^6. A pixel that is not finite spreads to all targets that have it among their
/// neighbours. Source: the geometry is elementary; the cubic is [33].
class GUIDE_FILTERS_EXPORT ScanConverter {
  public:
    /// A converter of beam frames into pictures. Costs about as much as 50 conversions. Throws
    /// PreconditionError for bad grids.
    [[nodiscard]] static ScanConverter to_picture(const BeamGrid& beam, const PictureGrid& picture,
                                                  const ScanConversionOptions& options = {},
                                                  const Execution& execution = {});

    /// A converter of pictures into beam frames.
    [[nodiscard]] static ScanConverter to_beam(const PictureGrid& picture, const BeamGrid& beam,
                                               const ScanConversionOptions& options = {},
                                               const Execution& execution = {});

    /// One frame. `in` and `out` have the sizes of the grids and share no memory. Allocates nothing
    /// of a frame's size; same bits for any number of threads. May run on several threads at once.
    /// Throws PreconditionError for other sizes, Stopped when asked to stop.
    void convert(ImageView<const float> in, ImageView<float> out,
                 const Execution& execution = {}) const;

    /// 255 where `convert` interpolates, 0 where it fills.
    void mask(ImageView<std::uint8_t> out) const;

    [[nodiscard]] int in_width() const { return in_width_; }
    [[nodiscard]] int in_height() const { return in_height_; }
    [[nodiscard]] int out_width() const { return cells_.width(); }
    [[nodiscard]] int out_height() const { return cells_.height(); }

  private:
    /// Reached pixels [begin, end) of a row.
    struct Run {
        int begin, end;
    };
    template <class Position>
    ScanConverter(int in_width, int in_height, int out_width, int out_height,
                  const ScanConversionOptions& options, const Execution& execution,
                  const Position& position);

    int in_width_, in_height_;
    ScanConversionOptions options_;
    Image<std::uint32_t> cells_;          ///< x + 65536 y of the upper left neighbour
    Image<std::uint32_t> fractions_;      ///< the way to the next, 65535 each: x + 65536 y
    std::vector<std::vector<Run>> runs_;  ///< by row
};

}  // namespace guide::filters
