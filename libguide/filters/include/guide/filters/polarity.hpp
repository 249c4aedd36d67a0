// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace guide::filters {

/// Which lines count: those brighter than what lies beside them, darker ones, or either.
enum class Polarity { bright, dark, both };

}  // namespace guide::filters
