// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ruler.hpp"

#include <string>

namespace guide::plan {

/// One decimal at most.
[[nodiscard]] std::string short_number(double value);

/// What a broken limit means, one sentence that stands by itself.
[[nodiscard]] std::string sentence_of(const Breach& breach, const Ruler& ruler);

/// "mm", "deg", or "px" where there is no scale.
[[nodiscard]] std::string unit_of(const Breach& breach, const Scene& scene);

}  // namespace guide::plan
