// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contest.hpp"

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/workspace.hpp>

#include <functional>

namespace guide::bench {

/// Steps that every diffusion of the table takes.
inline constexpr int kDiffusionSteps = 10;

/// What a user finds instead of SRAD or DPAD: gradient diffusion of Perona and Malik, which knows
/// nothing of speckle. ITK on float, OpenCV on 8-bit colour, the one type it takes.
Entry itk_gradient_diffusion(const Case& c);
Entry opencv_anisotropic_diffusion(const Case& c);

/// Coefficient of the pixel x, y of `pixels` (a row is `stride` long, and two pixels around may be
/// read) at a speckle level.
using PlainCoefficient = float (*)(const float* pixels, int stride, float level);

/// The definition in simple loops, one step after the other over the whole frame, with the default
/// options of `SradOptions` and `DpadOptions`; threads do not help it.
Entry plain_diffusion(const Case& c, PlainCoefficient coefficient);

/// One of ours, checked against the definition; `flops` of a pixel and step, beside one division.
using Diffusion = std::function<void(ImageView<const float> in, ImageView<float> out,
                                     filters::Workspace& workspace, const Execution& execution)>;
Entry guide_diffusion(const Case& c, const Diffusion& diffusion, PlainCoefficient coefficient,
                      double flops);

}  // namespace guide::bench
