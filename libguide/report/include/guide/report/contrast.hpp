// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/report/documents.hpp>
#include <guide/report/export.hpp>
#include <guide/segment/contrast_check.hpp>

#include <string>

namespace guide::report {

/// Schema "guide.contrast/1": what was asked of which frames, and the answer or why there is none.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string contrast_json(
    const SourceReference& before, const SourceReference& after,
    const segment::ContrastCheckOptions& options, const Expected<segment::ContrastCheck>& check);

/// The answer as plain text, each line ended by a newline.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string contrast_summary(
    const Expected<segment::ContrastCheck>& check);

}  // namespace guide::report
