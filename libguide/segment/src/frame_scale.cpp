// SPDX-License-Identifier: Apache-2.0

#include <guide/segment/content_box.hpp>
#include <guide/segment/depth_ruler.hpp>
#include <guide/segment/frame_scale.hpp>

#include <cmath>
#include <iomanip>
#include <sstream>

namespace guide::segment {
namespace {

// Share of the picture's columns that have to be lit down to its lower border before its height is
// trusted.
constexpr double kDoubtfulEdge = 0.25;
constexpr double kDoubtfulScale = 0.04;  // as a share, between the given depth and the ruler

Expected<PixelBox> picture_of(const Frame& frame) {
    return frame.content_box ? Expected<PixelBox>(*frame.content_box)
                             : find_content_box(frame.intensity.view());
}

std::string text_of(const DepthRuler& ruler) {
    std::ostringstream text;
    text << ruler.marks.size() << " marks, " << ruler.mm_per_mark
         << " mm from one to the next, give " << std::setprecision(4) << ruler.mm_per_px
         << " mm a pixel, within " << std::setprecision(1) << std::fixed
         << 100 * ruler.relative_error << " %.";
    return text.str();
}

}  // namespace

void scale_by_user(Frame& frame, Spacing spacing) {
    if (frame.spacing) {
        frame.notes.push_back(
            {"scale-overruled", "The file's own scale was replaced by the one that was given."});
    }
    frame.spacing = spacing;
    frame.spacing_source = SpacingSource::user;
}

Expected<void> scale_by_depth(Frame& frame, double depth_mm) {
    const auto box = picture_of(frame);
    if (!box) return tl::unexpected(box.error());
    const auto spacing = spacing_from_depth(*box, depth_mm, frame.pixel_aspect.value_or(1));
    if (!spacing) return tl::unexpected(spacing.error());
    frame.content_box = *box;
    scale_by_user(frame, *spacing);
    const auto screen = frame.intensity.view();
    if (lower_edge_support(screen, *box) < kDoubtfulEdge) {
        frame.notes.push_back({"depth-doubtful",
                               "The lower border of the picture lies in shadow: the scale taken "
                               "from its depth may be wrong; the size of a pixel is safer."});
    }
    const auto ruler = read_depth_ruler(screen, *box);
    if (ruler && std::abs(ruler->mm_per_px / spacing->y_mm - 1) > kDoubtfulScale) {
        frame.notes.push_back(
            {"depth-against-ruler",
             "The depth given does not fit the ruler on the screen: " + text_of(*ruler)});
    }
    return {};
}

void scale_by_ruler(Frame& frame) {
    const bool may_be_screen =
        frame.modality == Modality::ultrasound || frame.modality == Modality::unknown;
    if (frame.spacing || !may_be_screen) return;
    const auto box = picture_of(frame);
    if (!box) return;
    const auto ruler = read_depth_ruler(frame.intensity.view(), *box);
    if (ruler) {
        frame.spacing =
            Spacing{ruler->mm_per_px / frame.pixel_aspect.value_or(1), ruler->mm_per_px};
        frame.spacing_source = SpacingSource::ruler;
        frame.notes.push_back(
            {"scale-from-ruler",
             "The scale was read off the ruler on the screen: " + text_of(*ruler)});
    } else if (ruler.error().code != "no-ruler") {
        frame.notes.push_back(ruler.error());
    }
}

}  // namespace guide::segment
