// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

namespace guide::assess {

/// Spectral arc length of a speed profile sampled at `rate_hz`: the length of its amplitude
/// spectrum, scaled to 1 at 0 Hz, up to the last frequency below `cutoff_hz` that is above a
/// twentieth. None for a profile of zeros or of fewer than a quarter of a second. Balasubramanian,
/// Melendez-Calderon, Roby-Brami, Burdet 2015.
[[nodiscard]] std::optional<double> spectral_arc_length(const std::vector<double>& speed,
                                                        double rate_hz, double cutoff_hz);

}  // namespace guide::assess
