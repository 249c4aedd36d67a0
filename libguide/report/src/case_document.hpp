// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "json_values.hpp"

#include <guide/report/case.hpp>

namespace guide::report {

/// See case_json.
[[nodiscard]] Json case_document(const Case& c);

}  // namespace guide::report
