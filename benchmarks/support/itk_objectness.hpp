// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/filters/sheetness.hpp>

#include <functional>

namespace guide::bench {

/// itk::MultiScaleHessianBasedMeasureImageFilter over itk::HessianToObjectnessMeasureImageFilter,
/// bright or dark, on so many work units: each call runs it once more and gives its output, valid
/// until the next call.
std::function<const float*()> itk_objectness(ImageView<const float> in,
                                             const filters::SheetnessOptions& options, int threads);

}  // namespace guide::bench
