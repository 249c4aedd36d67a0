// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"

#include "bandwidth.hpp"

#include <benchmark/benchmark.h>

namespace guide::bench {
namespace {

struct Registered {
    std::string filter;
    std::vector<std::pair<int, int>> sizes;
    std::vector<std::pair<std::string, Prepare>> entries;
};

std::vector<Registered>& contests() {
    static std::vector<Registered> all;
    return all;
}

void time(benchmark::State& state, const Prepare& prepare, const Case& c) {
    const Entry entry = prepare(c);
    entry.run();
    const std::string wrong = entry.check ? entry.check() : "";
    if (!wrong.empty()) {
        state.SkipWithError(wrong.c_str());
        return;
    }
    for (auto _ : state) {
        entry.run();
        benchmark::ClobberMemory();
    }
    report_work(state, static_cast<double>(c.width) * c.height, entry.bytes, entry.flops);
}

}  // namespace

Contest::Contest(std::string filter, std::vector<std::pair<std::string, Prepare>> entries)
    : Contest(std::move(filter), {{320, 240}, {512, 512}, {640, 480}, {800, 600}, {1024, 768}},
              std::move(entries)) {}

Contest::Contest(std::string filter, std::vector<std::pair<int, int>> sizes,
                 std::vector<std::pair<std::string, Prepare>> entries) {
    contests().push_back({std::move(filter), std::move(sizes), std::move(entries)});
}

void register_contests() {
    for (const Registered& contest : contests()) {
        for (const auto& [width, height] : contest.sizes) {
            for (const int threads : {1, 2}) {
                for (const auto& [who, prepare] : contest.entries) {
                    const std::string name = contest.filter + "/" + who + "/" +
                                             std::to_string(width) + "x" + std::to_string(height) +
                                             "/threads:" + std::to_string(threads);
                    const Case c{width, height, threads};
                    benchmark::RegisterBenchmark(name.c_str(), [c, prepare = prepare](
                                                                   benchmark::State& state) {
                        time(state, prepare, c);
                    })->Unit(benchmark::kMillisecond);
                }
            }
        }
    }
}

}  // namespace guide::bench
