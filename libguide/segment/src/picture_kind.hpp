// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>

namespace guide::segment {

/// How much a picture looks like ultrasound rather than X-rays: above 0 ultrasound, below 0 X-rays,
/// 0 undecided.
///
/// Ultrasound has speckle (fine detail next to overall contrast) and layers (it changes more with
/// depth than sideways); X-rays are smooth, and a leg changes sideways at least as much. The
/// measure is the natural logarithm of (detail share) / (sideways share), against the value in the
/// middle between the two kinds. 0 for a flat picture and for one
/// below 16 pixels on a side. Cost: some milliseconds.
[[nodiscard]] double ultrasound_likeness(ImageView<const float> picture);

/// Whether a picture is coloured throughout in several hues, as photographs are. Tinted grey maps
/// have one hue, flow maps colour a part of the picture: neither counts. Any size.
[[nodiscard]] bool is_many_coloured(ImageView<const Rgb8> picture);

}  // namespace guide::segment
