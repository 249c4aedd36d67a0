// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"

#include "bandwidth.hpp"
#include "roofline.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

namespace guide::bench {
namespace {

struct Registered {
    std::string filter;
    std::vector<std::pair<std::string, Prepare>> entries;
    Lines lines;
};

std::vector<Registered>& contests() {
    static std::vector<Registered> all;
    return all;
}

/// What the first run of a line showed.
struct Trial {
    std::string wrong;
    std::chrono::duration<double> took;
};

std::map<std::string, Trial>& trials() {
    static std::map<std::string, Trial> all;
    return all;
}

Trial tried(const Entry& entry) {
    const auto start = std::chrono::steady_clock::now();
    entry.run();
    const auto took = std::chrono::steady_clock::now() - start;
    return {entry.check ? entry.check() : "", took};
}

/// The line's entry, tried. Google Benchmark calls a line again and again until it has enough
/// iterations: the last entry is kept, so that this does not make its inputs anew each time.
const Entry& ready(const std::string& name, const Prepare& prepare, const Case& c) {
    static std::string last;
    static std::optional<Entry> entry;
    if (name == last) return *entry;
    entry.reset();  // frees its frames before others are made
    last = name;
    entry = prepare(c);
    const auto known = trials().find(name);
    if (known == trials().end()) {
        trials().emplace(name, tried(*entry));
    } else if (known->second.took < std::chrono::milliseconds(100)) {
        entry->run();  // touches new memory, which to a slow rival does not matter
    }
    return *entry;
}

void report(benchmark::State& state, const Entry& entry, const Case& c, double seconds) {
    auto& counters = state.counters;
    const double pixels = static_cast<double>(c.width) * c.height;
    counters["pixels/s"] = pixels / seconds;
    double floor_s = 0;
    if (entry.bytes > 0) {
        const auto frame_in_and_out = static_cast<std::size_t>(2 * pixels * sizeof(float));
        const double copy = copy_bandwidth(frame_in_and_out, c.threads);
        counters["bytes"] = entry.bytes;
        counters["bytes/s"] = entry.bytes / seconds;
        counters["copy_bytes/s"] = copy;
        counters["of_copy"] = entry.bytes / seconds / copy;
        floor_s = entry.bytes / copy;
    }
    if (entry.flops > 0) {
        counters["flops"] = entry.flops;
        counters["flops/s"] = entry.flops / seconds;
        counters["peak_flops/s"] = peak_flops() * c.threads;
        floor_s = std::max(floor_s, entry.flops / (peak_flops() * c.threads));
    }
    if (entry.divisions > 0) {
        counters["divisions"] = entry.divisions;
        counters["peak_divisions/s"] = peak_divisions() * c.threads;
        floor_s = std::max(floor_s, entry.divisions / (peak_divisions() * c.threads));
    }
    if (floor_s > 0) counters["of_floor"] = floor_s / seconds;
}

/// The counters are worked out here from wall time: Google Benchmark divides by the processor time
/// of the main thread, which is little where others do the work, and its own real-time mode puts a
/// suffix on every name.
void time(benchmark::State& state, const std::string& name, const Prepare& prepare, const Case& c) {
    const Entry& entry = ready(name, prepare, c);
    if (const std::string& wrong = trials().at(name).wrong; !wrong.empty()) {
        state.SkipWithError(wrong.c_str());
        return;
    }
    using clock = std::chrono::steady_clock;
    const auto start = clock::now();
    for (auto _ : state) {
        entry.run();
        benchmark::ClobberMemory();
    }
    const std::chrono::duration<double> took = clock::now() - start;
    report(state, entry, c, took.count() / static_cast<double>(state.iterations()));
}

void register_line(const std::string& filter, const std::pair<std::string, Prepare>& entry,
                   const Case& c, Extent extent) {
    const std::string name = filter + "/" + entry.first + "/" + std::to_string(c.width) + "x" +
                             std::to_string(c.height) + "/threads:" + std::to_string(c.threads);
    auto* line = benchmark::RegisterBenchmark(
        name.c_str(), [name, c, prepare = entry.second](benchmark::State& state) {
            time(state, name, prepare, c);
        });
    line->Unit(benchmark::kMillisecond);
    if (extent == Extent::once) line->Iterations(1);
}

}  // namespace

Contest::Contest(std::string filter, std::vector<std::pair<std::string, Prepare>> entries,
                 const Lines& lines) {
    contests().push_back({std::move(filter), std::move(entries), lines});
}

void register_contests(Extent extent) {
    for (const Registered& contest : contests()) {
        auto sizes = contest.lines.sizes;
        if (extent == Extent::once) {
            const auto pixels = [](auto size) { return size.first * size.second; };
            sizes = {*std::ranges::min_element(sizes, {}, pixels)};
        }
        for (const auto& [width, height] : sizes) {
            for (const int threads : contest.lines.threads) {
                for (const auto& entry : contest.entries) {
                    if (entry.first == "plain" && threads > 1) continue;
                    register_line(contest.filter, entry, {width, height, threads}, extent);
                }
            }
        }
    }
}

int wrong_lines() {
    const auto is_wrong = [](const auto& trial) { return !trial.second.wrong.empty(); };
    return static_cast<int>(std::ranges::count_if(trials(), is_wrong));
}

}  // namespace guide::bench
