// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/report/export.hpp>
#include <guide/track/needle.hpp>

#include <optional>
#include <string>
#include <vector>

namespace guide::report {

/// What was found in one frame of a sequence.
struct TrackedFrame {
    int number = 0;
    std::string source;            ///< name of the file
    std::optional<double> time_s;  ///< none: the file does not say
    Expected<track::Needle> needle = no_answer("not-searched", "The needle was not looked for.");
    std::optional<Anatomy> anatomy = {};  ///< as followed through the clip; none: not asked for
};

/// Schema "guide.track/1"; frames with `anatomy` also tell view and joint space.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string track_json(const std::vector<TrackedFrame>& frames);

}  // namespace guide::report
