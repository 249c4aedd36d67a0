// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "recess_model.hpp"
#include "ultrasound_tissue.hpp"

#include <guide/anatomy/view.hpp>

namespace guide::segment {

/// For every cell the probability (0..1) that it lies in fluid of the joint, from ten features of
/// echo, layers, bone shadow and place (logistic model); in suprapatellar transverse views the
/// trochlear cartilage is taken out. Mirror symmetric. About 25 ms for 50 x 33
/// mm.
[[nodiscard]] cv::Mat1f fluid_probability(const TissueGrid& grid, View view,
                                          const RecessModel& model = kRecessModel);

/// `probability` with all log-odds moved by one amount, so that the expected area of fluid goes
/// half way (in logarithm) to the typical one: a frame whose features are all off still has one
/// answer.
[[nodiscard]] cv::Mat1f evened_probability(const cv::Mat1f& probability, double step_mm,
                                           double typical_area_mm2);

}  // namespace guide::segment
