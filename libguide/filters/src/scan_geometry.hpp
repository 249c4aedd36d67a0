// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/filters/scan_conversion.hpp>

namespace guide::filters {

inline constexpr int kMostPixels = 65535;  ///< a side, so that positions fit the converter's table

/// scan_from_beam and beam_from_scan for many points of one valid grid.
class BeamMap {
  public:
    explicit BeamMap(const BeamGrid& beam);
    [[nodiscard]] ScanPoint scan_from_beam(BeamPoint p) const;
    [[nodiscard]] BeamPoint beam_from_scan(ScanPoint p) const;

  private:
    ProbeKind kind_;
    double radius_, sin_, cos_, start_, middle_;
    double lines_per_unit_;  ///< a unit is a millimetre of the face or a radian of the opening
    double samples_per_mm_;
};

}  // namespace guide::filters
