// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace guide::test {

/// What the second opinion says of the planner over many made-up scenes.
struct Proof {
    int scenes = 0, planned = 0, refused = 0;
    int paths = 0;                    ///< candidates looked at
    int unsafe = 0;                   ///< of those, the ones that break a limit
    int missed = 0;                   ///< refused although a path with something to spare exists
    std::vector<std::string> faults;  ///< seed and what is wrong, the first ones
};

struct ProofOptions {
    double find_target_mm = 0.5, find_entry_mm = 1;  ///< grid of the search for missed paths
    bool look_for_missed = true;
};

/// Ultrasound scenes of seeds first, first + 1, ...; every tenth is a radiograph.
[[nodiscard]] Proof prove_plans(std::uint64_t first, int count, const ProofOptions& options = {});

/// Best scores against those of a grid.
struct Optimality {
    int scenes = 0;    ///< with a plan
    int worse = 0;     ///< of those, more than 1 % below the grid's best
    double worst = 0;  ///< largest share by which the planner's best lay below
    std::vector<std::string> faults;
};

[[nodiscard]] Optimality prove_optimal(std::uint64_t first, int count, double target_mm,
                                       double entry_mm);

}  // namespace guide::test
