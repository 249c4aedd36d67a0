// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/anatomy.hpp>
#include <guide/core/execution.hpp>
#include <guide/frame/frame.hpp>
#include <guide/segment/export.hpp>
#include <guide/segment/radiograph_network.hpp>
#include <guide/segment/recess_network.hpp>

#include <memory>

namespace guide::segment {

/// How to look at a frame.
struct SegmentOptions {
    /// What the frame shows; `unknown` has it recognised: by what is written on a scanner's screen
    /// ("SUPRAPAT LONG", "KNEE MED", ...), which counts as stated; else ultrasound or radiograph by
    /// the frame's modality, by content where that is unknown. Frames of another modality are not
    /// guessed at.
    View view = View::unknown;
    /// Ultrasound: has a say in where the joint space is, as much as the built-in model; the
    /// confidence falls as far as the two disagree. None: the built-in model alone.
    std::shared_ptr<const RecessNetwork> network = nullptr;
    /// The same for AP radiographs, beside the edges that are searched for.
    std::shared_ptr<const RadiographNetwork> radiograph_network = nullptr;
};

/// Finds what is seen of the knee in `frame`: bones, joint space, skin line, each with its
/// confidence; where there is no joint space `joint_space` says why.
///
/// Ultrasound views look for the picture in the scanner's screen, bone surfaces and fluid; `bone`
/// and `trochlea` for bone surfaces only. Radiograph views look for the band between femur and
/// tibia. Positions are in pixels of the frame as stored; millimetres are given where
/// `frame.spacing` is set and nowhere else. Throws PreconditionError for an empty frame, Stopped
/// when asked to stop, std::runtime_error for a fault of the library. Same result for any thread
/// count.
[[nodiscard]] GUIDE_SEGMENT_EXPORT Anatomy find_anatomy(const Frame& frame,
                                                        const SegmentOptions& options = {},
                                                        const Execution& execution = {});

/// The pixels whose centre lies in the joint space as 255 on 0, the size of the frame; all 0 when
/// there is none.
[[nodiscard]] GUIDE_SEGMENT_EXPORT Image<std::uint8_t> joint_space_mask(const Anatomy& anatomy);

}  // namespace guide::segment
