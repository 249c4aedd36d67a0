// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "volume_search.hpp"

#include <guide/plan/candidate.hpp>

namespace guide::plan {

/// A path with everything that is said of it. Its rank is left 0.
[[nodiscard]] Candidate describe(const VolumePath& path, const VolumeRuler& ruler,
                                 const VolumePreferences& preferences);

}  // namespace guide::plan
