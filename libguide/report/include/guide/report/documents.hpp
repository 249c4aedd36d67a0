// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/frame/frame.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/plan/plan.hpp>
#include <guide/plan/plan_xray.hpp>
#include <guide/report/export.hpp>

#include <string>

namespace guide::report {

/// Which frame of which file a document is about.
struct SourceReference {
    std::string file;    ///< as the user named it
    std::string sha256;  ///< lower-case hex of the file's bytes; empty when it was not read
    int frame = 0;
};

/// JSON documents, two-space indented, keys in a fixed order, same values same bytes; lengths
/// rounded to 1e-4. What is not known is null: a millimetre field is null wherever the frame has no
/// calibration.

/// Schema "guide.segmentation/1".
[[nodiscard]] GUIDE_REPORT_EXPORT std::string segmentation_json(const SourceReference& source,
                                                                const Frame& frame,
                                                                const Anatomy& anatomy);

/// Schema "guide.plan/1": all of the segmentation, and the plan.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string plan_json(const SourceReference& source,
                                                        const Frame& frame, const Anatomy& anatomy,
                                                        const plan::Plan& plan);

/// The same of a plan on a C-arm's picture: what its place gives is `c_arm`.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string plan_json(const SourceReference& source,
                                                        const Frame& frame, const Anatomy& anatomy,
                                                        const plan::XrayPlan& plan);

/// Schema "guide.info/1": what a file is.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string info_json(const io::SourceInfo& info);

}  // namespace guide::report
