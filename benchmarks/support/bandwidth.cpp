// SPDX-License-Identifier: Apache-2.0
#include "bandwidth.hpp"

#include <guide/core/execution.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

namespace guide::bench {

double copy_bandwidth(std::size_t bytes, int threads) {
    static std::map<std::pair<std::size_t, int>, double> known;  // benchmarks run one by one
    const auto found = known.find({bytes, threads});
    if (found != known.end()) return found->second;

    using clock = std::chrono::steady_clock;
    const auto shares = static_cast<std::size_t>(threads);
    const std::size_t share = std::max<std::size_t>(bytes / 2 / shares, 64);
    std::vector<char> from(share * shares, 1), to(share * shares, 0);
    // Enough copies for the clock to be sure of them, and for a thread's start not to count.
    const std::size_t copies = std::max<std::size_t>(1, (std::size_t{64} << 20) / share / shares);
    Workers workers({threads, {}});
    double best = 0;
    for (int run = 0; run < 7; ++run) {
        const auto start = clock::now();
        workers.for_each_band(threads, 1, [&](int thread, int) {
            const std::size_t offset = share * static_cast<std::size_t>(thread);
            for (std::size_t i = 0; i < copies; ++i) {
                std::memcpy(to.data() + offset, from.data() + offset, share);
                benchmark::DoNotOptimize(to.data());
                benchmark::ClobberMemory();
            }
        });
        const std::chrono::duration<double> took = clock::now() - start;
        best = std::max(best, 2.0 * static_cast<double>(share * shares * copies) / took.count());
    }
    known[{bytes, threads}] = best;
    return best;
}

}  // namespace guide::bench
