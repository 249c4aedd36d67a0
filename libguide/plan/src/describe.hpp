// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "search.hpp"

#include <guide/plan/candidate.hpp>

namespace guide::plan {

/// A path with everything that is said of it, measured without cutoffs. Its rank is left 0.
[[nodiscard]] Candidate describe(const Path& path, Ruler& ruler, const Preferences& preferences,
                                 const Anatomy& anatomy);

}  // namespace guide::plan
