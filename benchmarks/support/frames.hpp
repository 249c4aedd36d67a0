// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>

#include <benchmark/benchmark.h>

namespace guide::bench {

/// Speckle with a bright line and a dark slit: grey values 0 to 255 whose statistics are those of
/// an ultrasound frame. Same pixels on every machine.
Image<float> speckle_frame(int width, int height);

/// `->Apply(frame_sizes)`: 320x240, 640x480, 1024x768, each on one and on two threads, as arguments
/// width, height, threads. Real time is what is reported.
void frame_sizes(benchmark::internal::Benchmark* benchmark);

}  // namespace guide::bench
