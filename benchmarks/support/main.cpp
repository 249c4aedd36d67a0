// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"

#include <benchmark/benchmark.h>
#include <itkConfigure.h>
#include <opencv2/core/version.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

namespace {

/// "model name" of the first processor, where the system says so.
std::string processor() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return "unknown";
}

}  // namespace

/// guide_benchmarks [--once] [--benchmark_...]. With --once the smallest size of each contest is
/// called once, to see whether the results are right. Exit code 1 when one is not.
int main(int argc, char** argv) {
    using guide::bench::Extent;
    const auto is_once = [](const char* word) { return std::string_view(word) == "--once"; };
    char** const end = std::remove_if(argv + 1, argv + argc, is_once);
    const Extent extent = end < argv + argc ? Extent::once : Extent::full;
    argc = static_cast<int>(end - argv);
    argv[argc] = nullptr;

    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    guide::bench::register_contests(extent);
    benchmark::AddCustomContext("processor", processor());
    benchmark::AddCustomContext("compiler", "g++ " __VERSION__);
    benchmark::AddCustomContext("OpenCV", CV_VERSION);
    benchmark::AddCustomContext("ITK", ITK_VERSION_STRING);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    if (const int wrong = guide::bench::wrong_lines(); wrong > 0) {
        std::fprintf(stderr, "%d of the lines gave a wrong result\n", wrong);
        return 1;
    }
}
