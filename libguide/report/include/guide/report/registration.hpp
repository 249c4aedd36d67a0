// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/report/export.hpp>
#include <guide/segment/bone_registration.hpp>

#include <string>
#include <vector>

namespace guide::report {

/// Schema "guide.registration/1": the files, and the motion found or why there is none.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string registration_json(
    const std::string& volume, const std::vector<std::string>& frames,
    const Expected<segment::BoneRegistration>& found);

/// The answer as plain text, each line ended by a newline.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string registration_summary(
    const Expected<segment::BoneRegistration>& found);

}  // namespace guide::report
