// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
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
    double seconds = 1e9;  ///< no further scene is begun after so long
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
                                       double entry_mm, double seconds = 1e9);

/// How often the tip hits against how often the plan said it would, by decile of the latter.
struct Calibration {
    struct Decile {
        int insertions = 0;
        double predicted = 0, observed = 0;  ///< means, 0..1
    };
    std::array<Decile, 10> deciles;
};

/// Simulated insertions along planned paths, `draws` times each. Every error is drawn for itself;
/// nothing here knows the planner's covariance.
[[nodiscard]] Calibration simulate_insertions(int insertions, int draws);

/// Processor time of one call, which other programs on the machine lengthen little.
struct Speed {
    int scenes = 0;
    double plan_median_ms = 0, plan_p99_ms = 0, plan_worst_ms = 0;
    double check_median_ms = 0, check_p99_ms = 0, check_worst_ms = 0;
};

/// Plans, and checks of a drawn path by a ready checker, in ultrasound scenes with four obstacles.
[[nodiscard]] Speed measure_speed(std::uint64_t first, int scenes);

}  // namespace guide::test
