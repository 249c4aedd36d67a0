// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "view_features.hpp"

#include <guide/anatomy/view.hpp>
#include <guide/core/execution.hpp>
#include <guide/core/expected.hpp>
#include <guide/frame/frame.hpp>

namespace guide::segment {

/// What a picture shows of a knee, as it looks.
struct RecognisedView {
    View view = View::unknown;  ///< `unknown`: none of the knee's. `medial` stands for both sides:
                                ///< the pictures do not tell them apart
    double probability = 0;     ///< 0..1
    double none = 0;            ///< 0..1, probability that it is none of the knee's
    ViewFeatures features;
};

/// Tells the views of the knee apart by thirteen measurements (view_features.hpp; view_model.hpp
/// has the weights of a multinomial logistic model). No answer: that of read_tissue. Some 10 ms for
/// 640x480.
[[nodiscard]] Expected<RecognisedView> look_for_view(const Frame& frame, PixelBox picture,
                                                     const Execution& execution = {});

}  // namespace guide::segment
