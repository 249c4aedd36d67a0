// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "json_values.hpp"

#include <guide/report/documents.hpp>

namespace guide::report {

/// See segmentation_json; other documents begin with it.
[[nodiscard]] Json segmentation(const SourceReference& source, const Frame& frame,
                                const Anatomy& anatomy);

}  // namespace guide::report
