// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/export.hpp>

#include <functional>
#include <stop_token>

namespace guide {

/// How work is carried out: number of threads and a way to stop it. Results never depend on
/// `threads`.
struct Execution {
    int threads = 1;  ///< 1 or more; 0 takes one for each core
    std::stop_token stop{};
};

/// Work was given up because `Execution::stop` asked for it.
class GUIDE_CORE_EXPORT Stopped {};

/// Cuts [0, rows) into bands of at most `band_rows` rows and calls `work(begin, end)` once for
/// each, on the threads of `execution`. The cut depends on `rows` and `band_rows` alone, so that
/// sums kept per band are the same for any number of threads. The first exception of a band is
/// thrown again here; a requested stop throws Stopped between bands.
GUIDE_CORE_EXPORT void for_each_band(const Execution& execution, int rows, int band_rows,
                                     const std::function<void(int begin, int end)>& work);

/// The same with a band height that suits row filters (64).
GUIDE_CORE_EXPORT void for_each_band(const Execution& execution, int rows,
                                     const std::function<void(int begin, int end)>& work);

}  // namespace guide
