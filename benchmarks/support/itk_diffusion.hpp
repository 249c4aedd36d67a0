// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>

#include <functional>

namespace guide::bench {

/// itk::GradientAnisotropicDiffusionImageFilter (Perona and Malik) over a copy of `in`, on so many
/// work units: each call runs it once more and gives its output, valid until the next call.
std::function<const float*()> itk_diffusion(ImageView<const float> in, int iterations,
                                            double conductance, int threads);

}  // namespace guide::bench
