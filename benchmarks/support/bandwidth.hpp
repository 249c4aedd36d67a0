// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

namespace guide::bench {

/// Bytes a second that copying `bytes` to another place reads and writes together on this machine,
/// by one thread; the best of several runs. Cached per size.
double copy_bandwidth(std::size_t bytes);

/// Adds what every table shows: bytes moved a second ("bytes_per_second") and their share of what a
/// plain copy of the same size reaches ("of_copy", 1 is as fast as a copy). `bytes` are those one
/// iteration reads and writes at least.
void report_traffic(benchmark::State& state, std::size_t bytes);

/// The same for entries of a contest: pixels, bytes and flops a second, and what a copy
/// of as many bytes reaches ("copy_bytes/s").
void report_work(benchmark::State& state, double pixels, double bytes, double flops);

}  // namespace guide::bench
