// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/ultrasound.hpp>

#include <cstdint>

namespace guide::simulate {

/// A linear scanner with its knobs as somebody would have set them to look `deep_mm` (15 to 60)
/// into a limb: the next depth that shows it, frequency, focus, gain, TGC, dynamic range and
/// compounding by chance about what suits. The picture is 51.3 mm wide, its pixels 0.1 mm. Same
/// seed, same settings. Throws PreconditionError for another depth.
[[nodiscard]] GUIDE_SIMULATE_EXPORT UltrasoundSettings random_scanner(std::uint64_t seed,
                                                                      double deep_mm);

}  // namespace guide::simulate
