// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/view.hpp>
#include <guide/frame/frame.hpp>

namespace guide::app {

/// The scale given on the command line replaces the file's own.
void scale_by_user(Frame& frame, Spacing spacing);

/// The scale that a picture `depth_mm` deep has; notes say where it is doubtful. Throws
/// CLI::ValidationError where that cannot be.
void scale_by_depth(Frame& frame, double depth_mm);

/// Takes the scale off the ruler of a scanner's screen where the file has none; a note says so.
void scale_by_ruler(Frame& frame, View view);

}  // namespace guide::app
