// SPDX-License-Identifier: Apache-2.0
#include "dicom_calibration.hpp"

#include "dicom_file.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guide::io {
namespace {

constexpr int kCentimetres = 3;
/// Two statements of one scale agree within this fraction: deltas are rounded when they are
/// written.
constexpr double kSameScale = 0.005;
/// A region that reaches beyond the frame on both axes by more than this fraction was made for a
/// larger picture.
constexpr double kForeignRegion = 0.05;

bool same(double a, double b) {
    return std::abs(a - b) <= kSameScale * std::max(std::abs(a), std::abs(b));
}
bool same(Spacing a, Spacing b) {
    return same(a.x_mm, b.x_mm) && same(a.y_mm, b.y_mm);
}

std::string mm(Spacing s) {
    return number(s.x_mm) + " x " + number(s.y_mm) + " mm";
}

int clamp_to_int(std::optional<std::int64_t> value, int otherwise) {
    if (!value) return otherwise;
    constexpr std::int64_t kFar = 1 << 30;
    return static_cast<int>(std::clamp(*value, -kFar, kFar));
}

/// PS3.3 C.8.5.5: the corners are those of the first and last pixel of the region.
UltrasoundRegion read_region(DcmItem& item, PixelBox frame) {
    UltrasoundRegion r;
    r.box.x0 = clamp_to_int(dicom_integer(item, DCM_RegionLocationMinX0), 0);
    r.box.y0 = clamp_to_int(dicom_integer(item, DCM_RegionLocationMinY0), 0);
    r.box.x1 = clamp_to_int(dicom_integer(item, DCM_RegionLocationMaxX1), -1) + 1;
    r.box.y1 = clamp_to_int(dicom_integer(item, DCM_RegionLocationMaxY1), -1) + 1;
    r.clipped = intersection(r.box, frame) != r.box;
    r.spatial_format = clamp_to_int(dicom_integer(item, DCM_RegionSpatialFormat), 0);
    r.data_type = clamp_to_int(dicom_integer(item, DCM_RegionDataType), 0);
    r.flags = static_cast<std::uint32_t>(dicom_integer(item, DCM_RegionFlags).value_or(0));
    r.unit_x = clamp_to_int(dicom_integer(item, DCM_PhysicalUnitsXDirection), 0);
    r.unit_y = clamp_to_int(dicom_integer(item, DCM_PhysicalUnitsYDirection), 0);
    r.delta_x = dicom_number(item, DCM_PhysicalDeltaX).value_or(0);
    r.delta_y = dicom_number(item, DCM_PhysicalDeltaY).value_or(0);
    const auto x = dicom_integer(item, DCM_ReferencePixelX0),
               y = dicom_integer(item, DCM_ReferencePixelY0);
    if (x && y) r.reference_pixel = PixelPoint{static_cast<double>(*x), static_cast<double>(*y)};
    if (r.unit_x == kCentimetres && r.unit_y == kCentimetres) {
        const Spacing spacing{10 * r.delta_x, 10 * r.delta_y};
        if (!spacing_fault(spacing)) r.spacing = spacing;
    }
    return r;
}

/// Two-dimensional pictures of the body: grey tissue or colour flow over it.
bool shows_tissue(const UltrasoundRegion& r) {
    constexpr int kTwoDimensional = 1, kTissue = 1, kColourFlow = 2;
    return r.spatial_format == kTwoDimensional &&
           (r.data_type == kTissue || r.data_type == kColourFlow);
}

class Reader {
  public:
    Reader(DcmItem& item, int width, int height, Modality modality)
        : item_(item), frame_{0, 0, width, height}, modality_(modality) {}

    Calibration read() {
        read_regions();
        const auto pixel = spacing_of(DCM_PixelSpacing, "PixelSpacing");
        const auto imager = spacing_of(DCM_ImagerPixelSpacing, "ImagerPixelSpacing");
        use_regions();
        use_pixel_spacing(pixel, imager);
        if (imager) use_imager_spacing(*imager);
        if (!dicom_numbers(item_, DCM_NominalScannedPixelSpacing).empty()) {
            note("nominal-spacing-unused",
                 "NominalScannedPixelSpacing is a size on film; it was not used.");
        }
        find_aspect(pixel);
        return std::move(found_);
    }

  private:
    void note(std::string code, std::string text) {
        found_.notes.push_back({std::move(code), std::move(text)});
    }

    void read_regions() {
        DcmSequenceOfItems* sequence = nullptr;
        if (item_.findAndGetSequence(DCM_SequenceOfUltrasoundRegions, sequence).bad() ||
            sequence == nullptr)
            return;
        const unsigned long count = std::min(sequence->card(), 1000UL);
        for (unsigned long i = 0; i < count; ++i) {
            if (DcmItem* region = sequence->getItem(i))
                found_.regions.push_back(read_region(*region, frame_));
        }
    }

    /// The shape of a pixel, from the scale in use or, where there is none, from what still tells
    /// it: a scale that cannot be trusted is wrong by one factor along both axes more often than
    /// not.
    void find_aspect(const std::optional<Spacing>& pixel) {
        const auto shape = [](Spacing s) { return s.y_mm / s.x_mm; };
        if (found_.spacing) {
            found_.pixel_aspect = shape(*found_.spacing);
            return;
        }
        const auto stated = dicom_numbers(item_, DCM_PixelAspectRatio);  // vertical, horizontal
        if (stated.size() == 2 && plausible(stated[0] / stated[1])) {
            found_.pixel_aspect = stated[0] / stated[1];
        } else if (const auto regions = aspect_of_regions()) {
            found_.pixel_aspect = regions;
        } else if (pixel) {
            found_.pixel_aspect = shape(*pixel);
        }
        if (found_.pixel_aspect && !same(*found_.pixel_aspect, 1)) {
            note("pixel-aspect", "The pixels are not square: they are " +
                                     number(*found_.pixel_aspect) + " times as high as wide.");
        }
    }

    static bool plausible(double aspect) { return aspect >= 0.1 && aspect <= 10; }

    /// That of the regions which show tissue, where it is one.
    [[nodiscard]] std::optional<double> aspect_of_regions() const {
        std::optional<double> aspect;
        for (const UltrasoundRegion& r : found_.regions) {
            if (!shows_tissue(r) || !r.spacing) continue;
            const double here = r.spacing->y_mm / r.spacing->x_mm;
            if (!plausible(here) || (aspect && !same(*aspect, here))) return std::nullopt;
            aspect = here;
        }
        return aspect;
    }

    /// PixelSpacing and its kin are written row spacing first, that is y before x.
    std::optional<Spacing> spacing_of(const DcmTagKey& tag, const std::string& name) {
        DcmElement* element = nullptr;
        if (item_.findAndGetElement(tag, element).bad() || element == nullptr || element->isEmpty())
            return std::nullopt;
        const auto values = dicom_numbers(item_, tag);
        if (values.size() < 2) {
            note("spacing-unreadable", name + " is not two numbers; it was not used.");
            return std::nullopt;
        }
        const Spacing spacing{values[1], values[0]};
        if (const auto fault = spacing_fault(spacing)) {
            note(fault->code, name + ": " + fault->text);
            return std::nullopt;
        }
        return spacing;
    }

    void use_regions() {
        const UltrasoundRegion* largest = nullptr;
        std::optional<Spacing> agreed;
        bool conflict = false, foreign = false;
        int tissue = 0;
        for (std::size_t i = 0; i < found_.regions.size(); ++i) {
            const UltrasoundRegion& r = found_.regions[i];
            if (!shows_tissue(r)) continue;
            ++tissue;
            const std::string name = "Ultrasound region " + std::to_string(i + 1);
            const PixelBox inside = intersection(r.box, frame_);
            if (inside.empty()) {
                note("region-outside", name + " lies outside the frame; it was not used.");
                continue;
            }
            const auto area = [&](const UltrasoundRegion& region) {
                const PixelBox box = intersection(region.box, frame_);
                return std::int64_t{box.width()} * box.height();
            };
            if (largest == nullptr || area(r) > area(*largest)) largest = &r;
            if (r.clipped) {
                note("region-clipped", name + " reaches beyond the frame (to " +
                                           std::to_string(r.box.x1 - 1) + ", " +
                                           std::to_string(r.box.y1 - 1) + "); it was clipped.");
            }
            // Both sides too far out: the frame was made smaller after the scale was written, and
            // the scale with it is void. On one side only, rows or columns were cut off, and the
            // scale holds.
            foreign = foreign || (r.box.x1 > frame_.x1 * (1 + kForeignRegion) &&
                                  r.box.y1 > frame_.y1 * (1 + kForeignRegion));
            if (r.unit_x != kCentimetres || r.unit_y != kCentimetres) {
                note("region-not-length", name + " is not measured in centimetres (" +
                                              std::string(region_unit_name(r.unit_x)) + ", " +
                                              std::string(region_unit_name(r.unit_y)) + ").");
                continue;
            }
            if (!r.spacing) {
                const auto fault = spacing_fault({10 * r.delta_x, 10 * r.delta_y});
                note(fault ? fault->code : "spacing-absurd",
                     name + ": " + (fault ? fault->text : "unusable scale."));
                continue;
            }
            if (agreed && !same(*agreed, *r.spacing)) conflict = true;
            if (!agreed) agreed = r.spacing;
        }
        if (largest != nullptr) found_.content_box = intersection(largest->box, frame_);
        if (tissue > 1) {
            note("several-regions", std::to_string(tissue) +
                                        " regions of the frame show tissue; the largest, or the "
                                        "first of equal ones, is taken as the picture.");
        }
        if (conflict) {
            note("regions-disagree",
                 "The ultrasound regions have different scales; none is taken for the frame.");
            blocked_ = true;
        } else if (agreed && foreign) {
            note("region-of-larger-picture",
                 "The ultrasound region reaches beyond the frame on both axes: the frame was made "
                 "smaller after its "
                 "scale (" +
                     mm(*agreed) + ") was written. The scale is not used.");
            // The place of the picture within the frame is as void as its scale.
            found_.content_box.reset();
            blocked_ = true;
        } else if (agreed) {
            found_.spacing = agreed;
            found_.source = SpacingSource::dicom_regions;
        }
    }

    void use_pixel_spacing(const std::optional<Spacing>& pixel,
                           const std::optional<Spacing>& imager) {
        if (!pixel) return;
        if (found_.spacing) {
            if (!same(*pixel, *found_.spacing)) {
                note("spacing-conflict",
                     "PixelSpacing (" + mm(*pixel) + ") contradicts the ultrasound regions (" +
                         mm(*found_.spacing) + ") by the factor " +
                         number(pixel->x_mm / found_.spacing->x_mm) + "; the regions are used.");
            }
            return;
        }
        if (blocked_) {
            note("spacing-conflict", "PixelSpacing (" + mm(*pixel) +
                                         ") is not used, for the ultrasound regions cannot be.");
            return;
        }
        found_.spacing = pixel;
        found_.source = SpacingSource::pixel_spacing;
        const bool projection =
            modality_ == Modality::radiograph || modality_ == Modality::fluoroscopy;
        const std::string type = dicom_text(item_, DCM_PixelSpacingCalibrationType);
        if (!type.empty()) {
            note("pixel-spacing-calibrated",
                 "PixelSpacing was calibrated in the picture (" + type + ").");
        } else if (projection && (!imager || same(*pixel, *imager))) {
            note("spacing-at-detector",
                 "PixelSpacing states no calibration: it is the size at the detector, and the "
                 "anatomy is magnified.");
        }
        if (imager && !same(*pixel, *imager)) {
            note("spacing-conflict", "PixelSpacing (" + mm(*pixel) +
                                         ") differs from ImagerPixelSpacing (" + mm(*imager) +
                                         "); PixelSpacing is used.");
        }
    }

    void use_imager_spacing(Spacing imager) {
        if (found_.spacing || blocked_) return;
        const auto stated = dicom_number(item_, DCM_EstimatedRadiographicMagnificationFactor);
        const auto detector = dicom_number(item_, DCM_DistanceSourceToDetector);
        const auto patient = dicom_number(item_, DCM_DistanceSourceToPatient);
        std::optional<double> magnification = stated;
        std::string from = "EstimatedRadiographicMagnificationFactor";
        if (!magnification && detector && patient && *patient > 0) {
            magnification = *detector / *patient;
            from = "the distances from the source to detector and patient";
        }
        found_.source = SpacingSource::imager_pixel_spacing;
        found_.spacing = imager;
        // A patient stands between source and detector, and not at the source.
        if (magnification && *magnification >= 1 && *magnification <= 10) {
            const Spacing corrected{imager.x_mm / *magnification, imager.y_mm / *magnification};
            if (!spacing_fault(corrected)) {
                found_.spacing = corrected;
                note("magnification-applied",
                     "ImagerPixelSpacing (" + mm(imager) + ", at the detector) was divided by " +
                         "the magnification " + number(*magnification) + " from " + from + ".");
                return;
            }
        }
        note("spacing-at-detector",
             magnification
                 ? "ImagerPixelSpacing is the size at the detector; the stated magnification (" +
                       number(*magnification) + ") is impossible and was not applied."
                 : "ImagerPixelSpacing is the size at the detector; the anatomy is magnified by an "
                   "unknown factor.");
    }

    DcmItem& item_;
    PixelBox frame_;
    Modality modality_;
    Calibration found_;
    bool blocked_ =
        false;  ///< the regions contradict each other or the frame: no other scale may stand in
};

}  // namespace

Calibration read_calibration(DcmItem& item, int width, int height, Modality modality) {
    return Reader(item, width, height, modality).read();
}

}  // namespace guide::io
