// SPDX-License-Identifier: Apache-2.0
#include "raster.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guide::io {

void fit_display_range(Frame& frame) {
    float low = std::numeric_limits<float>::infinity(), high = -low;
    for (std::size_t i = 0; i < frame.intensity.size(); ++i) {
        const float v = frame.intensity.data()[i];
        if (!std::isfinite(v)) continue;
        low = std::min(low, v);
        high = std::max(high, v);
    }
    if (!(low <= high)) low = high = 0;
    frame.display_low = low;
    frame.display_high = high > low ? high : low + 1;
}

Frame frame_from_raster(const Raster& raster) {
    if (const auto* grey = std::get_if<Image<std::uint8_t>>(&raster)) {
        return frame_from_grey(grey->view());
    }
    if (const auto* rgb = std::get_if<Image<Rgb8>>(&raster)) return frame_from_rgb(rgb->view());
    const auto& deep = std::get<Image<std::uint16_t>>(raster);
    Frame frame;
    frame.intensity = Image<float>(deep.width(), deep.height());
    for (std::size_t i = 0; i < deep.size(); ++i)
        frame.intensity.data()[i] = deep.data()[i];
    fit_display_range(frame);
    return frame;
}

int raster_width(const Raster& raster) {
    return std::visit([](const auto& image) { return image.width(); }, raster);
}
int raster_height(const Raster& raster) {
    return std::visit([](const auto& image) { return image.height(); }, raster);
}

}  // namespace guide::io
