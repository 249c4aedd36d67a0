// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/export.hpp>

#include <functional>
#include <memory>
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

/// The threads of one call that goes over its rows several times: started once, at the first pass
/// that has work for them, and joined by the destructor. Passes come from one thread.
class GUIDE_CORE_EXPORT Workers {
  public:
    /// Throws PreconditionError when `execution.threads` is negative.
    explicit Workers(const Execution& execution);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// Cuts [0, rows) into bands of at most `band_rows` rows and calls `work(begin, end)` once for
    /// each, on these threads; returns when all are done. The cut depends on `rows` and `band_rows`
    /// alone, so that sums kept per band are the same for any number of threads. The first
    /// exception of a band is thrown again here; a requested stop throws Stopped between bands.
    void for_each_band(int rows, int band_rows,
                       const std::function<void(int begin, int end)>& work);

  private:
    struct Pass;
    struct Team;
    void start(int threads);

    Execution execution_;
    std::unique_ptr<Team> team_;
};

/// One pass on threads of its own: see Workers::for_each_band.
GUIDE_CORE_EXPORT void for_each_band(const Execution& execution, int rows, int band_rows,
                                     const std::function<void(int begin, int end)>& work);

/// The same with a band height that suits row filters (64).
GUIDE_CORE_EXPORT void for_each_band(const Execution& execution, int rows,
                                     const std::function<void(int begin, int end)>& work);

}  // namespace guide
