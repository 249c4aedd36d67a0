// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/error.hpp>
#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/dpad.hpp>
#include <guide/filters/monogenic.hpp>
#include <guide/filters/non_local_means.hpp>
#include <guide/filters/sheetness.hpp>
#include <guide/filters/srad.hpp>
#include <guide/filters/structure_tensor.hpp>
#include <guide/interop/opencv.hpp>

#include <opencv2/core.hpp>

#include <initializer_list>

/// The main filters of guide on cv::Mat: each does what the free function of the same name in
/// guide::filters does, with the same bits. Header-only; needs opencv_core.
///
/// Inputs are CV_32FC1, read where they lie (parts of larger matrices too), or CV_8UC1, converted
/// first; PreconditionError for any other type, and as the filter throws. Results are CV_32FC1.
/// Threads are those of `Execution`; cv::setNumThreads has no say.
namespace guide::interop {

/// Any filter: calls `filter(ImageView<const float> in, ImageView<float> out...)` with a view for
/// each of `outs`. Results that have the right size and type already are written over, so that a
/// live loop allocates nothing; one that is (part of) the input gets memory of its own.
template <class Filter, class... Mats>
void filter_mat(const cv::Mat& in, const Filter& filter, Mats&... outs) {
    require(in.dims <= 2 && (in.type() == CV_32FC1 || in.type() == CV_8UC1), "filter_mat",
            "the matrix is CV_32FC1 or CV_8UC1");
    cv::Mat from = in;
    if (in.type() != CV_32FC1) in.convertTo(from, CV_32FC1);
    for (cv::Mat* out : std::initializer_list<cv::Mat*>{&outs...}) {
        if (out->u != nullptr && out->u == from.u) out->release();
        out->create(from.size(), CV_32FC1);
    }
    const cv::Mat& constant = from;
    filter(view_image<float>(constant), view_image<float>(outs)...);
}

/// filters::srad.
[[nodiscard]] inline cv::Mat srad(const cv::Mat& in, const filters::SradOptions& options = {},
                                  const Execution& execution = {}) {
    cv::Mat out;
    filter_mat(
        in, [&](auto from, auto to) { filters::srad(from, to, options, execution); }, out);
    return out;
}

/// filters::dpad.
[[nodiscard]] inline cv::Mat dpad(const cv::Mat& in, const filters::DpadOptions& options = {},
                                  const Execution& execution = {}) {
    cv::Mat out;
    filter_mat(
        in, [&](auto from, auto to) { filters::dpad(from, to, options, execution); }, out);
    return out;
}

/// filters::non_local_means.
[[nodiscard]] inline cv::Mat non_local_means(const cv::Mat& in,
                                             const filters::NonLocalMeansOptions& options = {},
                                             const Execution& execution = {}) {
    cv::Mat out;
    filter_mat(
        in, [&](auto from, auto to) { filters::non_local_means(from, to, options, execution); },
        out);
    return out;
}

/// What filters::monogenic gives, for what each is see filters::MonogenicViews.
struct MonogenicMats {
    cv::Mat symmetry, asymmetry, phase, orientation, energy;
    double noise_threshold = 0;  ///< grey levels
};

/// filters::monogenic.
[[nodiscard]] inline MonogenicMats monogenic(const cv::Mat& in,
                                             const filters::MonogenicOptions& options = {},
                                             const Execution& execution = {}) {
    MonogenicMats out;
    filter_mat(
        in,
        [&](auto from, auto symmetry, auto asymmetry, auto phase, auto orientation, auto energy) {
            filters::MonogenicViews views;
            views.symmetry = symmetry;
            views.asymmetry = asymmetry;
            views.phase = phase;
            views.orientation = orientation;
            views.energy = energy;
            out.noise_threshold = filters::monogenic(from, views, options, execution);
        },
        out.symmetry, out.asymmetry, out.phase, out.orientation, out.energy);
    return out;
}

/// What filters::sheetness gives, for what each is see filters::SheetnessViews.
struct SheetnessMats {
    cv::Mat measure, orientation, scale;
};

/// filters::sheetness.
[[nodiscard]] inline SheetnessMats sheetness(const cv::Mat& in,
                                             const filters::SheetnessOptions& options = {},
                                             const Execution& execution = {}) {
    SheetnessMats out;
    filter_mat(
        in,
        [&](auto from, auto measure, auto orientation, auto scale) {
            filters::sheetness(from, {measure, orientation, scale}, options, execution);
        },
        out.measure, out.orientation, out.scale);
    return out;
}

/// What filters::structure_tensor gives, for what each is see filters::StructureTensorViews.
struct StructureTensorMats {
    cv::Mat orientation, coherence, energy;
};

/// filters::structure_tensor.
[[nodiscard]] inline StructureTensorMats structure_tensor(
    const cv::Mat& in, const filters::StructureTensorOptions& options = {},
    const Execution& execution = {}) {
    StructureTensorMats out;
    filter_mat(
        in,
        [&](auto from, auto orientation, auto coherence, auto energy) {
            filters::structure_tensor(from, {orientation, coherence, energy}, options, execution);
        },
        out.orientation, out.coherence, out.energy);
    return out;
}

}  // namespace guide::interop
