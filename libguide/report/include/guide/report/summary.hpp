// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/frame/frame.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/plan/plan.hpp>
#include <guide/report/export.hpp>

#include <string>

namespace guide::report {

/// Plain text for people, some lines, each ended by a newline; the same facts as the JSON
/// documents.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string info_summary(const io::SourceInfo& info);
[[nodiscard]] GUIDE_REPORT_EXPORT std::string segmentation_summary(const Frame& frame,
                                                                   const Anatomy& anatomy);
[[nodiscard]] GUIDE_REPORT_EXPORT std::string plan_summary(const plan::Plan& plan);

}  // namespace guide::report
