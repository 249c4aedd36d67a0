// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/error.hpp>
#include <guide/core/image.hpp>
#include <guide/frame/frame.hpp>

#include <opencv2/core.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

/// guide and OpenCV: `view_` aliases memory, `copy_` copies it. Header-only; needs opencv_core.
namespace guide::interop {

/// OpenCV's number for pixels of type `T`. `Rgb8` is CV_8UC3 in the order red, green, blue, while
/// OpenCV's own functions read and write blue first: copy_rgb and copy_bgr_mat turn them round.
template <class T>
[[nodiscard]] constexpr int cv_type() {
    using Pixel = std::remove_const_t<T>;
    if constexpr (std::is_same_v<Pixel, std::uint8_t>) {
        return CV_8UC1;
    } else if constexpr (std::is_same_v<Pixel, std::int8_t>) {
        return CV_8SC1;
    } else if constexpr (std::is_same_v<Pixel, std::uint16_t>) {
        return CV_16UC1;
    } else if constexpr (std::is_same_v<Pixel, std::int16_t>) {
        return CV_16SC1;
    } else if constexpr (std::is_same_v<Pixel, std::int32_t>) {
        return CV_32SC1;
    } else if constexpr (std::is_same_v<Pixel, float>) {
        return CV_32FC1;
    } else if constexpr (std::is_same_v<Pixel, double>) {
        return CV_64FC1;
    } else {
        static_assert(std::is_same_v<Pixel, Rgb8>, "OpenCV has no such pixel type");
        return CV_8UC3;
    }
}

namespace detail {

template <class T>
void require_viewable(const cv::Mat& mat) {
    require(mat.dims <= 2, "view_image(cv::Mat)", "the matrix has two dimensions");
    require(mat.type() == cv_type<T>(), "view_image(cv::Mat)",
            "the matrix holds pixels of the type that is asked for");
    require(mat.empty() || mat.step[0] % sizeof(T) == 0, "view_image(cv::Mat)",
            "rows lie a whole number of pixels apart");
}

}  // namespace detail

/// The pixels of `mat` as they lie in memory, strided parts of larger matrices included. Valid as
/// long as `mat`, or another header on the same data, lives and is not reallocated. An empty matrix
/// of the right type gives an empty view. Throws PreconditionError when type, dimensions or row
/// distance do not fit.
template <class T>
[[nodiscard]] ImageView<T> view_image(cv::Mat& mat) {
    static_assert(sizeof(Rgb8) == 3);
    detail::require_viewable<T>(mat);
    if (mat.empty()) return {};
    return {reinterpret_cast<T*>(mat.data), mat.cols, mat.rows,
            static_cast<std::ptrdiff_t>(mat.step[0] / sizeof(T))};
}
template <class T>
[[nodiscard]] ImageView<const T> view_image(const cv::Mat& mat) {
    detail::require_viewable<T>(mat);
    if (mat.empty()) return {};
    return {reinterpret_cast<const T*>(mat.data), mat.cols, mat.rows,
            static_cast<std::ptrdiff_t>(mat.step[0] / sizeof(T))};
}

/// A matrix header on the pixels of `view`; valid as long as their owner keeps them. OpenCV has no
/// matrices of constant pixels: the one made from constant pixels is not to be written to, nor
/// copied into a header that is. Throws PreconditionError for rows that run upwards or overlap.
template <class T>
requires(!std::is_const_v<T>) [[nodiscard]] cv::Mat view_mat(ImageView<T> view) {
    if (view.empty()) return {};
    require(view.height == 1 || view.stride >= view.width, "view_mat",
            "rows follow each other downwards without overlap");
    const std::size_t step = view.height == 1 ? static_cast<std::size_t>(cv::Mat::AUTO_STEP)
                                              : static_cast<std::size_t>(view.stride) * sizeof(T);
    return {view.height, view.width, cv_type<T>(), view.data, step};
}
template <class T>
[[nodiscard]] const cv::Mat view_mat(ImageView<const T> view) {
    return view_mat(ImageView<T>(const_cast<T*>(view.data), view.width, view.height, view.stride));
}

/// A matrix that owns a copy of the pixels; `Rgb8` stays in the order red, green, blue.
template <class T>
[[nodiscard]] cv::Mat copy_mat(ImageView<T> view) {
    return view_mat(ImageView<const std::remove_const_t<T>>(view)).clone();
}

/// A CV_8UC3 matrix in OpenCV's order (blue, green, red) that owns its pixels.
[[nodiscard]] inline cv::Mat copy_bgr_mat(ImageView<const Rgb8> view) {
    cv::Mat mat(view.empty() ? 0 : view.height, view.empty() ? 0 : view.width, CV_8UC3);
    for (int y = 0; y < mat.rows; ++y) {
        for (int x = 0; x < mat.cols; ++x) {
            const Rgb8 p = view.at(x, y);
            mat.at<cv::Vec3b>(y, x) = {p.b, p.g, p.r};
        }
    }
    return mat;
}

/// A copy of the pixels of `mat`. Throws PreconditionError as view_image does.
template <class T>
[[nodiscard]] Image<T> copy_image(const cv::Mat& mat) {
    return guide::copy_image(view_image<T>(mat));
}

/// A copy of a CV_8UC3 or CV_8UC4 matrix in OpenCV's order (blue first); alpha is dropped. Throws
/// PreconditionError for other types.
[[nodiscard]] inline Image<Rgb8> copy_rgb(const cv::Mat& mat) {
    require(mat.dims <= 2 && (mat.type() == CV_8UC3 || mat.type() == CV_8UC4), "copy_rgb",
            "the matrix is CV_8UC3 or CV_8UC4");
    Image<Rgb8> image(mat.cols, mat.rows);
    const auto channels = static_cast<std::ptrdiff_t>(mat.channels());
    for (int y = 0; y < mat.rows; ++y) {
        const std::uint8_t* p = mat.ptr<std::uint8_t>(y);
        for (int x = 0; x < mat.cols; ++x, p += channels)
            image.at(x, y) = {p[2], p[1], p[0]};
    }
    return image;
}

namespace detail {

template <class T>
void copy_intensity(const cv::Mat& mat, Frame& frame) {
    const ImageView<const T> view = view_image<T>(mat);
    frame.intensity = Image<float>(view.width, view.height);
    bool first = true;
    for (int y = 0; y < view.height; ++y) {
        for (int x = 0; x < view.width; ++x) {
            const auto v = static_cast<float>(view.at(x, y));
            frame.intensity.at(x, y) = v;
            if (!(v - v == 0.0f)) continue;  // infinite, or no number
            frame.display_low = first || v < frame.display_low ? v : frame.display_low;
            frame.display_high = first || v > frame.display_high ? v : frame.display_high;
            first = false;
        }
    }
}

}  // namespace detail

/// A frame with a copy of the picture in `mat`: grey (8, 16 or 32 bit, whole or floating; shown
/// from its least to its greatest value unless it is CV_8UC1) or colour in OpenCV's order (CV_8UC3,
/// CV_8UC4). Without a spacing the frame is not calibrated. Throws PreconditionError for an empty
/// matrix, another pixel type, or a spacing that cannot be one.
[[nodiscard]] inline Frame frame_from(const cv::Mat& mat,
                                      std::optional<Spacing> spacing = std::nullopt,
                                      Modality modality = Modality::unknown) {
    require(!mat.empty() && mat.dims <= 2, "frame_from(cv::Mat)",
            "the matrix has two dimensions and is not empty");
    require(!spacing || !spacing_fault(*spacing), "frame_from(cv::Mat)",
            "the spacing is that of a knee picture, in millimetres");
    Frame frame;
    switch (mat.type()) {
        case CV_8UC1:
            frame = frame_from_grey(view_image<std::uint8_t>(mat));
            break;
        case CV_8UC3:
        case CV_8UC4:
            frame = frame_from_rgb(copy_rgb(mat).view());
            break;
        case CV_16UC1:
            detail::copy_intensity<std::uint16_t>(mat, frame);
            break;
        case CV_16SC1:
            detail::copy_intensity<std::int16_t>(mat, frame);
            break;
        case CV_32SC1:
            detail::copy_intensity<std::int32_t>(mat, frame);
            break;
        case CV_32FC1:
            detail::copy_intensity<float>(mat, frame);
            break;
        default:
            throw PreconditionError("frame_from(cv::Mat)",
                                    "the matrix is grey, CV_8UC3 or CV_8UC4");
    }
    frame.modality = modality;
    frame.spacing = spacing;
    if (spacing) frame.spacing_source = SpacingSource::user;
    return frame;
}

}  // namespace guide::interop
