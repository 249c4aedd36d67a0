// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/frame/frame.hpp>

#include <optional>
#include <vector>

class DcmItem;

namespace guide::io {

struct Calibration {
    std::optional<Spacing> spacing;
    SpacingSource source = SpacingSource::none;
    std::optional<double> pixel_aspect;  ///< height of a pixel over its width
    std::optional<PixelBox> content_box;
    std::vector<UltrasoundRegion> regions;
    std::vector<Reason> notes;
};

/// Every statement of scale in a DICOM data set for frames of `width` x `height`, and what follows
/// from them: ultrasound regions, else PixelSpacing, else ImagerPixelSpacing; none where they are
/// absent, absurd or in conflict.
[[nodiscard]] Calibration read_calibration(DcmItem& item, int width, int height, Modality modality);

}  // namespace guide::io
