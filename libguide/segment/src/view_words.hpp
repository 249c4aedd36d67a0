// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/view.hpp>
#include <guide/core/image.hpp>

#include <optional>
#include <string>

namespace guide::segment {

/// The view that whoever made a picture wrote on the screen.
struct WrittenView {
    View view = View::unknown;
    std::string words;    ///< as recognised, e.g. "SUPRAPAT LONG"
    double likeness = 0;  ///< 0..1, of the word least like what is written
};

/// Looks for English words and abbreviations in capitals that name a view of the knee: where
/// (suprapatellar, medial, lateral, posterior, trochlea) and, beside it, in which plane. None where
/// no place is written, or two are.
[[nodiscard]] std::optional<WrittenView> find_written_view(ImageView<const float> screen);

}  // namespace guide::segment
