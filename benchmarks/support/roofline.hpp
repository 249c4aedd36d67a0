// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace guide::bench {

/// Single-precision operations a second that one thread reaches with this processor's widest fused
/// multiply-adds, each counted as two, nothing touching memory: the roof of arithmetic. The best of
/// several runs, measured once.
double peak_flops();

/// Single-precision divisions a second, likewise.
double peak_divisions();

}  // namespace guide::bench
