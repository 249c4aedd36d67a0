// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/plan/plan.hpp>
#include <guide/report/export.hpp>

#include <string>
#include <vector>

namespace guide::report {

/// The last sentence of every explanation and the footer of every page.
inline constexpr const char* kNotice = "Training and research, not a medical device.";

/// One part of an explanation: a heading and full sentences.
struct Paragraph {
    std::string heading;
    std::vector<std::string> sentences;
};

/// The plan in sentences that need no manual: where to enter and how far, what is crossed, how sure
/// it is, why this path and not another, what was refused and by how much, what would help, what
/// to mind, what was assumed.
[[nodiscard]] GUIDE_REPORT_EXPORT std::vector<Paragraph> explain_plan(const Anatomy& anatomy,
                                                                      const plan::Plan& plan);

/// The same as plain text, wrapped at 80 columns.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string explanation_text(const Anatomy& anatomy,
                                                               const plan::Plan& plan);

}  // namespace guide::report
