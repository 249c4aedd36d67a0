// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/error.hpp>
#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/confidence_map.hpp>
#include <guide/filters/dpad.hpp>
#include <guide/filters/guided_filter.hpp>
#include <guide/filters/monogenic.hpp>
#include <guide/filters/non_local_means.hpp>
#include <guide/filters/oriented_lines.hpp>
#include <guide/filters/scan_conversion.hpp>
#include <guide/filters/sheetness.hpp>
#include <guide/filters/speckle_statistics.hpp>
#include <guide/filters/srad.hpp>
#include <guide/filters/structure_tensor.hpp>
#include <guide/interop/opencv.hpp>

#include <opencv2/core.hpp>

#include <concepts>
#include <initializer_list>

/// The main filters of guide on cv::Mat: each does what the free function of the same name in
/// guide::filters does, with the same bits. Header-only; needs opencv_core.
///
/// Inputs are CV_32FC1, read where they lie (parts of larger matrices too), or CV_8UC1, converted
/// first; PreconditionError for any other type, and as the filter throws. Results are CV_32FC1.
/// Threads are those of `Execution`; cv::setNumThreads has no say.
namespace guide::interop {

namespace detail {

/// `mat` itself where it holds floats.
inline cv::Mat as_float(const cv::Mat& mat) {
    require(mat.dims <= 2 && (mat.type() == CV_32FC1 || mat.type() == CV_8UC1), "filter_mat",
            "the matrix is CV_32FC1 or CV_8UC1");
    if (mat.type() == CV_32FC1) return mat;
    cv::Mat converted;
    mat.convertTo(converted, CV_32FC1);
    return converted;
}

}  // namespace detail

/// Any filter with results of `size`: calls `filter(ImageView<const float> in, ImageView<float>
/// out...)` with a view for each of `outs`. Results that have the right size and type already are
/// written over, so that a live loop allocates nothing; one that is (part of) the input gets memory
/// of its own.
template <class Filter, class... Mats>
void filter_mat(const cv::Mat& in, cv::Size size, const Filter& filter, Mats&... outs) {
    const cv::Mat from = detail::as_float(in);
    for (cv::Mat* out : std::initializer_list<cv::Mat*>{&outs...}) {
        if (out->datastart < from.dataend && from.datastart < out->dataend) out->release();
        out->create(size, CV_32FC1);
    }
    filter(view_image<float>(from), view_image<float>(outs)...);
}

/// The same with results of the size of the input.
template <class Filter, class... Mats>
requires(!std::same_as<Filter, cv::Size>) void filter_mat(const cv::Mat& in, const Filter& filter,
                                                          Mats&... outs) {
    filter_mat(in, in.size(), filter, outs...);
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

/// filters::guided_filter; `in` may be its own guidance.
[[nodiscard]] inline cv::Mat guided_filter(const cv::Mat& in, const cv::Mat& guidance,
                                           const filters::GuidedFilterOptions& options = {},
                                           const Execution& execution = {}) {
    const cv::Mat edges = detail::as_float(guidance);
    cv::Mat out;
    filter_mat(
        in,
        [&](auto from, auto to) {
            filters::guided_filter(from, view_image<float>(edges), to, options, execution);
        },
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

/// filters::confidence_map. A live picture keeps a filters::ConfidenceMap and calls it by
/// filter_mat.
[[nodiscard]] inline cv::Mat confidence_map(const cv::Mat& in,
                                            const filters::ConfidenceOptions& options = {},
                                            const Execution& execution = {}) {
    cv::Mat out;
    filter_mat(
        in, [&](auto from, auto to) { filters::confidence_map(from, to, options, execution); },
        out);
    return out;
}

/// What filters::oriented_lines gives, of the size of the input over OrientedLinesOptions::grid_px,
/// rounded up; for what each is see filters::OrientedLinesViews.
struct OrientedLinesMats {
    cv::Mat response, angle;
};

/// filters::oriented_lines.
[[nodiscard]] inline OrientedLinesMats oriented_lines(
    const cv::Mat& in, const filters::OrientedLinesOptions& options = {},
    const Execution& execution = {}) {
    options.validate();
    const int step = options.grid_px;
    OrientedLinesMats out;
    filter_mat(
        in, cv::Size((in.cols + step - 1) / step, (in.rows + step - 1) / step),
        [&](auto from, auto response, auto angle) {
            filters::oriented_lines(from, {response, angle}, options, execution);
        },
        out.response, out.angle);
    return out;
}

/// filters::local_speckle_snr.
[[nodiscard]] inline cv::Mat local_speckle_snr(const cv::Mat& in,
                                               const filters::StatisticsWindow& window = {},
                                               const Execution& execution = {}) {
    cv::Mat out;
    filter_mat(
        in, [&](auto from, auto to) { filters::local_speckle_snr(from, to, window, execution); },
        out);
    return out;
}

/// filters::ScanConverter::convert, either way.
[[nodiscard]] inline cv::Mat scan_convert(const cv::Mat& in,
                                          const filters::ScanConverter& converter,
                                          const Execution& execution = {}) {
    cv::Mat out;
    filter_mat(
        in, cv::Size(converter.out_width(), converter.out_height()),
        [&](auto from, auto to) { converter.convert(from, to, execution); }, out);
    return out;
}

}  // namespace guide::interop
