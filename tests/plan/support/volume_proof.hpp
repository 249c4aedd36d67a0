// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proof.hpp"

namespace guide::test {

/// As prove_plans, over random volumes of seeds first, first + 1, ...; `find_target_mm` is the
/// lattice of tips and `find_entry_mm` that of directions, in degrees.
[[nodiscard]] Proof prove_volume_plans(std::uint64_t first, int count,
                                       const ProofOptions& options = {});

/// As prove_optimal, against a lattice of tips and directions.
[[nodiscard]] Optimality prove_volume_optimal(std::uint64_t first, int count, double target_mm,
                                              double direction_deg, double seconds = 1e9);

/// Processor time of one call, one core.
struct VolumeSpeed {
    int scenes = 0, planned = 0;
    double prepare_median_ms = 0;  ///< of the scene and the planner
    double plan_median_ms = 0, plan_p99_ms = 0, plan_worst_ms = 0;
    double refused_median_ms = 0, refused_worst_ms = 0;
};

[[nodiscard]] VolumeSpeed measure_volume_speed(std::uint64_t first, int scenes);

}  // namespace guide::test
