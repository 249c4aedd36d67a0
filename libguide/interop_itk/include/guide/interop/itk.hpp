// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/error.hpp>
#include <guide/core/image.hpp>
#include <guide/frame/frame.hpp>

#include <itkImage.h>
#include <itkRGBPixel.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <type_traits>

/// guide and ITK: `view_` aliases memory, `copy_` copies it. Header-only; needs ITKCommon.
namespace guide::interop {

/// ITK's pixel type for `T`: itself, or itk::RGBPixel for Rgb8.
template <class T>
using ItkPixel = std::conditional_t<std::is_same_v<std::remove_const_t<T>, Rgb8>,
                                    itk::RGBPixel<std::uint8_t>, std::remove_const_t<T>>;
template <class T>
using ItkImage = itk::Image<ItkPixel<T>, 2>;

namespace detail {

template <class Pixel>
using GuidePixel =
    std::conditional_t<std::is_same_v<Pixel, itk::RGBPixel<std::uint8_t>>, Rgb8, Pixel>;

template <class T>
void set_spacing(ItkImage<T>& image, std::optional<Spacing> spacing) {
    if (!spacing) return;
    typename ItkImage<T>::SpacingType s;
    s[0] = spacing->x_mm;
    s[1] = spacing->y_mm;
    image.SetSpacing(s);
}

template <class T>
typename ItkImage<T>::Pointer empty_image(int width, int height, std::optional<Spacing> spacing) {
    auto image = ItkImage<T>::New();
    typename ItkImage<T>::SizeType size;
    size[0] = static_cast<itk::SizeValueType>(width > 0 ? width : 0);
    size[1] = static_cast<itk::SizeValueType>(height > 0 ? height : 0);
    image->SetRegions(size);
    set_spacing<T>(*image, spacing);
    return image;
}

template <class Pixel>
void require_viewable(const itk::Image<Pixel, 2>& image) {
    const auto size = image.GetBufferedRegion().GetSize();
    require(size[0] <= 0x7fffffff && size[1] <= 0x7fffffff, "view_image(itk::Image)",
            "width and height fit an int");
    require(size[0] * size[1] == 0 || image.GetBufferPointer() != nullptr, "view_image(itk::Image)",
            "the image's pixels are allocated (run the filter first)");
}

}  // namespace detail

/// The buffered pixels of `image`; the view's (0, 0) is the first buffered pixel, whatever its
/// index. Valid as long as `image` lives and its filter is not run again. Throws PreconditionError
/// when no pixels are allocated. Image types that do not match do not compile.
template <class Pixel>
[[nodiscard]] ImageView<detail::GuidePixel<Pixel>> view_image(itk::Image<Pixel, 2>& image) {
    static_assert(sizeof(Pixel) == sizeof(detail::GuidePixel<Pixel>));
    detail::require_viewable(image);
    const auto size = image.GetBufferedRegion().GetSize();
    return {reinterpret_cast<detail::GuidePixel<Pixel>*>(image.GetBufferPointer()),
            static_cast<int>(size[0]), static_cast<int>(size[1])};
}
template <class Pixel>
[[nodiscard]] ImageView<const detail::GuidePixel<Pixel>> view_image(
    const itk::Image<Pixel, 2>& image) {
    detail::require_viewable(image);
    const auto size = image.GetBufferedRegion().GetSize();
    return {reinterpret_cast<const detail::GuidePixel<Pixel>*>(image.GetBufferPointer()),
            static_cast<int>(size[0]), static_cast<int>(size[1])};
}

/// An ITK image on the pixels of `view`, which it neither copies nor frees; valid as long as their
/// owner keeps them. ITK knows no distance between rows and no images of constant pixels: throws
/// PreconditionError unless rows are contiguous; copy_itk does for the rest.
template <class T>
requires(!std::is_const_v<T>) [[nodiscard]] typename ItkImage<T>::Pointer
    view_itk(ImageView<T> view, std::optional<Spacing> spacing = {}) {
    require(view.empty() || view.height == 1 || view.stride == view.width, "view_itk",
            "the view's rows are contiguous");
    auto image = detail::empty_image<T>(view.width, view.height, spacing);
    if (!view.empty()) {
        image->GetPixelContainer()->SetImportPointer(reinterpret_cast<ItkPixel<T>*>(view.data),
                                                     view.pixel_count(), false);
    }
    return image;
}

/// An ITK image that owns a copy of the pixels.
template <class T>
[[nodiscard]] typename ItkImage<T>::Pointer copy_itk(ImageView<T> view,
                                                     std::optional<Spacing> spacing = {}) {
    auto image = detail::empty_image<T>(view.width, view.height, spacing);
    if (view.empty()) return image;
    image->Allocate();
    const auto out = view_image(*image);
    for (int y = 0; y < view.height; ++y) {
        for (int x = 0; x < view.width; ++x)
            out.at(x, y) = view.at(x, y);
    }
    return image;
}

/// A copy of the buffered pixels. Throws PreconditionError as view_image does.
template <class Pixel>
[[nodiscard]] Image<detail::GuidePixel<Pixel>> copy_image(const itk::Image<Pixel, 2>& image) {
    return guide::copy_image(view_image(image));
}

/// Whether the image's spacing is one. ITK gives every image a spacing, 1 by 1 when nobody knew
/// better: only the caller can tell.
enum class ItkSpacing { millimetres, unknown };

/// A frame with a copy of the picture in `image` (grey numbers, shown from their least to their
/// greatest value unless they are 8-bit; or RGB), its rows and columns in the order of memory. The
/// spacing is taken over where it is in millimetres. A direction other than the identity (the rows
/// run upwards, or the picture is turned in space) changes no pixel and is noted in `frame.notes`
/// ("direction"). Throws PreconditionError for an image without pixels or a spacing that cannot be
/// one.
template <class Pixel>
[[nodiscard]] Frame frame_from(const itk::Image<Pixel, 2>& image, ItkSpacing spacing,
                               Modality modality = Modality::unknown) {
    const auto view = view_image(image);
    require(!view.empty(), "frame_from(itk::Image)", "the image is not empty");
    Frame frame;
    if constexpr (std::is_same_v<detail::GuidePixel<Pixel>, Rgb8>) {
        frame = frame_from_rgb(view);
    } else if constexpr (std::is_same_v<Pixel, std::uint8_t>) {
        frame = frame_from_grey(view);
    } else {
        static_assert(std::is_arithmetic_v<Pixel>, "pixels are numbers or RGB");
        frame.intensity = Image<float>(view.width, view.height);
        bool first = true;
        for (int y = 0; y < view.height; ++y) {
            for (int x = 0; x < view.width; ++x) {
                const auto v = static_cast<float>(view.at(x, y));
                frame.intensity.at(x, y) = v;
                if (!std::isfinite(v)) continue;
                frame.display_low = first || v < frame.display_low ? v : frame.display_low;
                frame.display_high = first || v > frame.display_high ? v : frame.display_high;
                first = false;
            }
        }
    }
    frame.modality = modality;
    if (spacing == ItkSpacing::millimetres) {
        const Spacing mm{image.GetSpacing()[0], image.GetSpacing()[1]};
        require(!spacing_fault(mm), "frame_from(itk::Image)",
                "the spacing is that of a knee picture, in millimetres");
        frame.spacing = mm;
        frame.spacing_source = SpacingSource::user;
    }
    typename itk::Image<Pixel, 2>::DirectionType identity;
    identity.SetIdentity();
    if (image.GetDirection() != identity) {
        frame.notes.push_back({"direction",
                               "The image's direction is not the identity; pixels are taken in the "
                               "order they are stored."});
    }
    return frame;
}

}  // namespace guide::interop
