// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/frame/frame.hpp>
#include <guide/plan/plan.hpp>
#include <guide/report/export.hpp>

#include <string>

namespace guide::report {

/// The best path as 3D Slicer markups (.mrk.json, schema 1.0.3): a line from entry to target and a
/// list of these two points, LPS, millimetres. A tracked frame's points go through its transform;
/// others stand in the image plane (x right, y down, z 0), which the file says. The reason when
/// there is no path, or no scale.
[[nodiscard]] GUIDE_REPORT_EXPORT Expected<std::string> markups_json(const Frame& frame,
                                                                     const plan::Plan& plan);

}  // namespace guide::report
