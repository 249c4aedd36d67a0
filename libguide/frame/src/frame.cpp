// SPDX-License-Identifier: Apache-2.0
#include <guide/frame/frame.hpp>

#include <cmath>

namespace guide {

std::string_view name_of(Modality modality) {
    switch (modality) {
        case Modality::ultrasound:
            return "ultrasound";
        case Modality::radiograph:
            return "radiograph";
        case Modality::fluoroscopy:
            return "fluoroscopy";
        case Modality::other:
            return "other";
        case Modality::unknown:
            break;
    }
    return "unknown";
}

std::string_view name_of(SpacingSource source) {
    switch (source) {
        case SpacingSource::dicom_regions:
            return "dicom-regions";
        case SpacingSource::pixel_spacing:
            return "pixel-spacing";
        case SpacingSource::imager_pixel_spacing:
            return "imager-pixel-spacing";
        case SpacingSource::ruler:
            return "ruler";
        case SpacingSource::user:
            return "user";
        case SpacingSource::none:
            break;
    }
    return "none";
}

std::optional<Reason> spacing_fault(Spacing spacing) {
    constexpr double kSmallest = 0.001,
                     kLargest = 10.0;  // mm: finer than a microscope, coarser than a knee
    for (const double s : {spacing.x_mm, spacing.y_mm}) {
        if (!std::isfinite(s))
            return Reason{"spacing-not-finite", "The pixel spacing is not a number."};
        if (s <= 0) return Reason{"spacing-not-positive", "The pixel spacing is zero or negative."};
        if (s < kSmallest || s > kLargest) {
            return Reason{"spacing-absurd", "The pixel spacing is outside 0.001 to 10 mm."};
        }
    }
    return std::nullopt;
}

Frame frame_from_grey(ImageView<const std::uint8_t> grey) {
    Frame frame;
    frame.intensity = Image<float>(grey.width, grey.height);
    for (int y = 0; y < grey.height; ++y) {
        for (int x = 0; x < grey.width; ++x)
            frame.intensity.at(x, y) = grey.at(x, y);
    }
    return frame;
}

Frame frame_from_rgb(ImageView<const Rgb8> rgb) {
    Frame frame;
    frame.intensity = Image<float>(rgb.width, rgb.height);
    bool coloured = false;
    for (int y = 0; y < rgb.height; ++y) {
        for (int x = 0; x < rgb.width; ++x) {
            const Rgb8 p = rgb.at(x, y);
            coloured = coloured || p.r != p.g || p.g != p.b;
            // ITU-R BT.601 luma, which leaves grey pixels exactly as they are.
            frame.intensity.at(x, y) =
                (299.0F * static_cast<float>(p.r) + 587.0F * static_cast<float>(p.g) +
                 114.0F * static_cast<float>(p.b)) /
                1000.0F;
        }
    }
    if (coloured) frame.colour = copy_image(rgb);
    return frame;
}

Frame clone(const Frame& frame) {
    Frame copy;
    copy.intensity = frame.intensity.clone();
    copy.display_low = frame.display_low;
    copy.display_high = frame.display_high;
    copy.colour = frame.colour.clone();
    copy.modality = frame.modality;
    copy.spacing = frame.spacing;
    copy.spacing_source = frame.spacing_source;
    copy.pixel_aspect = frame.pixel_aspect;
    copy.content_box = frame.content_box;
    copy.regions = frame.regions;
    copy.notes = frame.notes;
    copy.time_s = frame.time_s;
    copy.image_to_reference = frame.image_to_reference;
    return copy;
}

}  // namespace guide
