// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/io/frame_source.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace guide::io {

/// What brings an image whose +x and +y point to the transducer axes named by `letters` to
/// marked-side-left, depth-down. Letters as in PLUS: first for x, second for y; M and U the marked
/// and unmarked side, F and N deeper and back to the probe; a third letter (elevation) is of no
/// account here. Nothing for other words.
[[nodiscard]] std::optional<Turn> turn_of_orientation(std::string_view letters);

/// What brings a picture of the given orientation (TIFF 6.0 and Exif, tag 274) upright. Nothing for
/// numbers other than 1 to 8.
[[nodiscard]] std::optional<Turn> turn_of_orientation_tag(unsigned tag);

/// What was done, for a note: " transposed, mirrored left to right,".
[[nodiscard]] std::string words_of(const Turn& turn);

/// Turns the pixels and the spacing, and composes image_to_reference so that it still takes pixels
/// of the frame.
void apply_turn(Frame& frame, const Turn& turn);

}  // namespace guide::io
