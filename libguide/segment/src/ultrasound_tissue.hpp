// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/frame/frame.hpp>
#include <guide/geometry/pixel_grid.hpp>

#include <opencv2/core.hpp>

namespace guide::segment {

/// The picture of an ultrasound frame on a grid of square cells of known size, gain evened out.
struct TissueGrid {
    cv::Mat1f echo;           ///< 1 = the frame's tissue level; black is 0
    cv::Mat1b shadow;         ///< 255 where no echo comes from here nor from anywhere below
    cv::Mat1b ground;         ///< 255 where the black ground of the screen is seen, beside tissue
    double step_mm = 0;       ///< side of a cell; of an assumed scale when not `calibrated`
    bool calibrated = false;  ///< whether `step_mm` rests on the frame's own spacing
    PixelBox box;             ///< the picture in the frame, px
    double tissue_level = 0;  ///< grey levels of 0..255

    /// Frame pixels per cell.
    [[nodiscard]] double px_per_cell_x() const {
        return static_cast<double>(box.width()) / echo.cols;
    }
    [[nodiscard]] double px_per_cell_y() const {
        return static_cast<double>(box.height()) / echo.rows;
    }
    /// A place on the grid (cell centres are integers) in pixels of the frame.
    [[nodiscard]] PixelPoint to_frame(double x, double y) const {
        return {box.x0 + (x + 0.5) * px_per_cell_x() - 0.5,
                box.y0 + (y + 0.5) * px_per_cell_y() - 0.5};
    }
};

/// Reads `picture` of `frame` at 0.2 mm (coarser for pictures of more than 120 mm). The echo is
/// 0.3 linear in the grey level, 0.7 its rank among the spots outside the shadow: so a change of
/// gain or of the scanner's compression moves it little. Without calibration a probe face of 45 mm
/// over the picture's width is assumed (depth kept within 20 to 50 mm). No answer:
/// "picture-too-small", "dark-frame", "flat-frame", "not-tissue" (noise), "no-contact".
[[nodiscard]] Expected<TissueGrid> read_tissue(const Frame& frame, PixelBox picture);

/// Gaussian blur with standard deviations in millimetres of the grid; the border is mirrored.
[[nodiscard]] cv::Mat1f blurred(const cv::Mat1f& image, double step_mm, double sigma_y_mm,
                                double sigma_x_mm);
[[nodiscard]] inline cv::Mat1f blurred(const cv::Mat1f& image, double step_mm, double sigma_mm) {
    return blurred(image, step_mm, sigma_mm, sigma_mm);
}

}  // namespace guide::segment
