// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/assess/export.hpp>
#include <guide/core/expected.hpp>

#include <optional>
#include <vector>

namespace guide::assess {

struct CusumOptions {
    double acceptable_failures = 0.05;    ///< rate, above 0, below the unacceptable one
    double unacceptable_failures = 0.15;  ///< rate, below 1
    double false_alarm = 0.1;             ///< alpha, above 0 to below 0.5
    double missed_alarm = 0.1;            ///< beta, above 0 to below 0.5

    [[nodiscard]] GUIDE_ASSESS_EXPORT Expected<void> validate() const;
};

/// How a trainee's failures add up, attempt by attempt.
struct LearningCurve {
    std::vector<double> sum;  ///< after each attempt: falls with success, rises with failure
    double step_down = 0;     ///< h0: falling by as much shows the acceptable rate
    double step_up = 0;       ///< h1: rising by as much shows the unacceptable one
    std::optional<int> proficient_at;  ///< number of the attempt, from 1, that first showed it
    bool proficient = false;           ///< the last limit that was crossed is the lower one
    double success_rate = 0;           ///< 0..1 of all attempts; 0 without any
    double success_low = 0, success_high = 1;  ///< 95 % interval (Wilson)
};

/// The cumulative sum of attempts: s below for a success, 1 - s up for a failure; after a limit is
/// crossed counting begins anew from there. Throws PreconditionError where options.validate() has
/// a complaint. Sources: docs/literature.md, 82 and 83.
[[nodiscard]] GUIDE_ASSESS_EXPORT LearningCurve learning_curve(const std::vector<bool>& successes,
                                                               const CusumOptions& options = {});

}  // namespace guide::assess
