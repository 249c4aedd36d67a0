// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"

#include <benchmark/benchmark.h>

int main(int argc, char** argv) {
    guide::bench::register_contests();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
