// SPDX-License-Identifier: Apache-2.0
#include "frame_input.hpp"

#include <guide/core/error.hpp>
#include <guide/io/sha256.hpp>
#include <guide/segment/frame_scale.hpp>

#include <cmath>

namespace guide::app {
namespace {

/// A finite number within [low, high], or the sentence that says why not.
CLI::Validator length_within(double low, double high) {
    return CLI::Validator(
        [low, high](std::string& text) -> std::string {
            double value = 0;
            if (!CLI::detail::lexical_cast(text, value) || !std::isfinite(value))
                return text + " is not a number";
            if (value < low || value > high) {
                return text + " is not at least " + CLI::detail::to_string(low) + " and at most " +
                       CLI::detail::to_string(high);
            }
            return {};
        },
        "MM");
}

const char* const kViews =
    "suprapatellar-long, suprapatellar-transverse, medial, lateral, posterior, trochlea, bone, "
    "xray-ap, xray-lateral, auto";

}  // namespace

void FrameInput::add_to(CLI::App& command) {
    command
        .add_option(
            "FILE", file,
            "PNG, JPEG, BMP, TIFF, DICOM, MetaImage, NRRD, MP4 or AVI file, or a folder of frames")
        ->required();
    command.add_option("--view", view, std::string("What the frame shows: ") + kViews)
        ->check(CLI::Validator(
            [](std::string& text) {
                return text == "auto" || (view_from_name(text) && text != "unknown")
                           ? std::string{}
                           : "there is no view \"" + text + "\"; known are " + kViews;
            },
            "NAME"))
        ->capture_default_str();
    command.add_option("--frame", frame, "Number of the frame, from 0")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    auto* depth =
        command
            .add_option("--depth-mm", depth_mm,
                        "Depth of the ultrasound picture, as shown on the scanner's screen")
            ->check(length_within(1, 400));
    command.add_option("--spacing-mm", spacing_mm, "Millimetres from one pixel to the next")
        ->check(length_within(0.001, 10))
        ->excludes(depth);
}

View FrameInput::chosen_view() const {
    return view_from_name(view).value_or(View::unknown);
}

std::unique_ptr<io::FrameSource> FrameInput::open() const {
    io::OpenOptions options;
    // Coordinates and masks are those of the stored frame, never of a turned one.
    options.orientation = io::Orientation::as_stored;
    return io::open(file, options);
}

void FrameInput::check_against(const Anatomy& anatomy) const {
    if (depth_mm && is_xray(anatomy.view)) {
        throw CLI::ValidationError(
            "--depth-mm", "is the depth of an ultrasound picture; for X-rays give --spacing-mm");
    }
}

Frame FrameInput::read(io::FrameSource& source) const {
    Frame result = source.read(frame);
    if (spacing_mm) {
        segment::scale_by_user(result, {*spacing_mm, *spacing_mm});
        if (std::abs(result.pixel_aspect.value_or(1) - 1) > 0.005) {
            result.notes.push_back(
                {"pixels-not-square",
                 "The file says that its pixels are not square; the scale given on the command "
                 "line was taken for both directions."});
        }
    } else if (depth_mm) {
        const auto scaled = segment::scale_by_depth(result, *depth_mm);
        if (!scaled && scaled.error().code != "no-picture")
            throw CLI::ValidationError("--depth-mm", scaled.error().text);
        if (!scaled) {
            result.notes.push_back(
                {"depth-not-used", "The depth could not be used: " + scaled.error().text});
        }
    } else if (!is_xray(chosen_view())) {
        segment::scale_by_ruler(result);
    }
    if (result.spacing) {
        if (const auto fault = spacing_fault(*result.spacing))
            throw IoError(file, fault->code, fault->text);
    }
    return result;
}

report::SourceReference FrameInput::reference(const io::FrameSource& source) const {
    return {file, io::sha256_of_file(source.file_of(frame)), frame};
}

}  // namespace guide::app
