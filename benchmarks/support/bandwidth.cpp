// SPDX-License-Identifier: Apache-2.0
#include "bandwidth.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <vector>

namespace guide::bench {

double copy_bandwidth(std::size_t bytes) {
    static std::map<std::size_t, double> known;  // benchmarks run one after the other
    const auto found = known.find(bytes);
    if (found != known.end()) return found->second;

    using clock = std::chrono::steady_clock;
    const std::size_t half = std::max<std::size_t>(bytes / 2, 64);
    std::vector<char> from(half, 1), to(half, 0);
    // Enough copies for the clock to be sure of them.
    const std::size_t copies = std::max<std::size_t>(1, (std::size_t{16} << 20) / half);
    double best = 0;
    for (int run = 0; run < 7; ++run) {
        const auto start = clock::now();
        for (std::size_t i = 0; i < copies; ++i) {
            std::memcpy(to.data(), from.data(), half);
            benchmark::DoNotOptimize(to.data());
            benchmark::ClobberMemory();
        }
        const std::chrono::duration<double> took = clock::now() - start;
        best = std::max(best, 2.0 * static_cast<double>(half * copies) / took.count());
    }
    known[bytes] = best;
    return best;
}

void report_traffic(benchmark::State& state, std::size_t bytes) {
    const auto total = static_cast<double>(bytes) * static_cast<double>(state.iterations());
    state.SetBytesProcessed(static_cast<std::int64_t>(total));
    state.counters["of_copy"] =
        benchmark::Counter(total / copy_bandwidth(bytes), benchmark::Counter::kIsRate);
}

void report_work(benchmark::State& state, double pixels, double bytes, double flops) {
    using benchmark::Counter;
    const auto runs = static_cast<double>(state.iterations());
    state.counters["pixels/s"] = Counter(pixels * runs, Counter::kIsRate);
    if (bytes > 0) {
        state.counters["bytes/s"] = Counter(bytes * runs, Counter::kIsRate);
        state.counters["copy_bytes/s"] = copy_bandwidth(static_cast<std::size_t>(bytes));
    }
    if (flops > 0) state.counters["flops/s"] = Counter(flops * runs, Counter::kIsRate);
}

}  // namespace guide::bench
