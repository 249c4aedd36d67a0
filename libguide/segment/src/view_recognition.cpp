// SPDX-License-Identifier: Apache-2.0
#include "view_recognition.hpp"

#include "ultrasound_bone.hpp"
#include "view_model.hpp"

#include <algorithm>
#include <cmath>

namespace guide::segment {
namespace {

std::array<double, kViewClasses> probabilities(const ViewFeatures& features) {
    std::array<double, kViewClasses> odds{};
    const auto values = features.values();
    for (std::size_t c = 0; c < odds.size(); ++c) {
        odds[c] = kViewModel.constant[c];
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double scaled = (values[i] - kViewModel.mean[i]) / kViewModel.spread[i];
            odds[c] += kViewModel.weight[i][c] * std::clamp(scaled, -3.0, 3.0);
        }
    }
    const double largest = *std::ranges::max_element(odds);
    double sum = 0;
    for (double& o : odds)
        sum += o = std::exp(o - largest);
    for (double& o : odds)
        o /= sum;
    return odds;
}

}  // namespace

Expected<RecognisedView> look_for_view(const Frame& frame, PixelBox picture,
                                       const Execution& execution) {
    const auto grid = read_tissue(frame, picture);
    if (!grid) return tl::unexpected<Reason>(grid.error());
    // As in views onto the femur: the deepest line, shadow or not.
    const auto bones = find_ultrasound_bones(frame, picture, View::trochlea, {}, execution);
    RecognisedView result;
    result.features = view_features(*grid, bones);
    const auto p = probabilities(result.features);
    const auto best = static_cast<std::size_t>(std::ranges::max_element(p) - p.begin());
    result.view = kViewOfClass[best];
    result.probability = p[best];
    result.none = p[kNoKneeView];
    return result;
}

}  // namespace guide::segment
