// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/frame/frame.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/plan/plan.hpp>

#include <memory>
#include <optional>
#include <string>

namespace guide::viewer {

/// The scale that the user stated for a file.
struct UserScale {
    std::optional<double> depth_mm;   ///< of the whole ultrasound picture
    std::optional<double> mm_per_px;  ///< width of a pixel, from a known length

    friend bool operator==(const UserScale&, const UserScale&) = default;
};

/// Height of a pixel over its width; square where nothing is known.
[[nodiscard]] inline double pixel_shape(const Frame& frame) {
    return frame.spacing ? frame.spacing->y_mm / frame.spacing->x_mm
                         : frame.pixel_aspect.value_or(1);
}

/// What is to be looked at, and how.
struct Request {
    int frame = 0;
    View view = View::unknown;  ///< unknown: recognised
    UserScale scale;
    plan::PlanOptions plan;
};

/// One frame with all that was found. Parts are shared between studies and never changed.
struct Study {
    std::shared_ptr<const io::SourceInfo> info;
    std::string file;  ///< that the frame comes from
    Request request;
    std::shared_ptr<const Frame> frame;
    std::shared_ptr<const Anatomy> anatomy;  ///< null while it is being looked for
    std::shared_ptr<const plan::Plan> plan;  ///< null while it is being made
};

}  // namespace guide::viewer
