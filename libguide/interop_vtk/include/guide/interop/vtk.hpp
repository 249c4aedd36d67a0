// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/error.hpp>
#include <guide/core/image.hpp>
#include <guide/frame/frame.hpp>

#include <vtkAOSDataArrayTemplate.h>
#include <vtkDataArray.h>
#include <vtkImageData.h>
#include <vtkPointData.h>
#include <vtkSmartPointer.h>
#include <vtkTypeTraits.h>

#include <cstdint>
#include <optional>
#include <type_traits>

/// guide and VTK: `view_` aliases memory, `copy_` copies it. Header-only; needs
/// VTK::CommonDataModel. The first row in memory is the first row on both sides. VTK's cameras look
/// at images with rows upwards unless told otherwise: a camera whose up is minus y (see
/// render::Scene) shows frames the right way up.
namespace guide::interop {

namespace detail {

template <class T>
using VtkScalar = std::conditional_t<std::is_same_v<std::remove_const_t<T>, Rgb8>, std::uint8_t,
                                     std::remove_const_t<T>>;
template <class T>
constexpr int kVtkComponents = std::is_same_v<std::remove_const_t<T>, Rgb8> ? 3 : 1;

template <class T>
[[nodiscard]] ImageView<T> viewed(vtkImageData& image) {
    const int* size = image.GetDimensions();
    require(size[2] <= 1, "view_image(vtkImageData)", "the image is one slice");
    vtkDataArray* scalars = image.GetPointData()->GetScalars();
    if (scalars == nullptr || scalars->GetNumberOfTuples() == 0) return {};
    require(scalars->GetDataType() == vtkTypeTraits<VtkScalar<T>>::VTKTypeID() &&
                scalars->GetNumberOfComponents() == kVtkComponents<T>,
            "view_image(vtkImageData)", "the image holds pixels of the type that is asked for");
    require(scalars->HasStandardMemoryLayout() &&
                scalars->GetNumberOfTuples() == vtkIdType{size[0]} * size[1],
            "view_image(vtkImageData)", "the scalars lie in memory pixel by pixel");
    return {static_cast<T*>(scalars->GetVoidPointer(0)), size[0], size[1]};
}

}  // namespace detail

/// The pixels of a two-dimensional image. Valid as long as `image` keeps its scalars. An image
/// without scalars gives an empty view. Throws PreconditionError when the image has several slices,
/// or pixels of another type or number of components.
template <class T>
[[nodiscard]] ImageView<T> view_image(vtkImageData* image) {
    static_assert(sizeof(Rgb8) == 3);
    if (image == nullptr) {
        throw PreconditionError("view_image(vtkImageData)", "the image is not null");
    }
    return detail::viewed<T>(*image);
}

/// A VTK image on the pixels of `view`, which it neither copies nor frees; valid as long as their
/// owner keeps them. Call Modified() after changing pixels. Throws PreconditionError unless rows
/// are contiguous; copy_vtk does for the rest, and for constant pixels, which VTK does not know.
template <class T>
requires(!std::is_const_v<T>)
    [[nodiscard]] vtkSmartPointer<vtkImageData> view_vtk(ImageView<T> view,
                                                         std::optional<Spacing> spacing = {}) {
    using Scalar = detail::VtkScalar<T>;
    require(view.empty() || view.height == 1 || view.stride == view.width, "view_vtk",
            "the view's rows are contiguous");
    auto image = vtkSmartPointer<vtkImageData>::New();
    if (spacing) image->SetSpacing(spacing->x_mm, spacing->y_mm, 1);
    if (view.empty()) return image;
    auto scalars = vtkSmartPointer<vtkAOSDataArrayTemplate<Scalar>>::New();
    constexpr int kComponents = detail::kVtkComponents<T>;
    constexpr int kKeep = 1;  // the array is not VTK's to free
    scalars->SetNumberOfComponents(kComponents);
    scalars->SetArray(reinterpret_cast<Scalar*>(view.data),
                      static_cast<vtkIdType>(view.pixel_count()) * kComponents, kKeep);
    image->SetDimensions(view.width, view.height, 1);
    image->GetPointData()->SetScalars(scalars);
    return image;
}

/// A VTK image that owns a copy of the pixels.
template <class T>
[[nodiscard]] vtkSmartPointer<vtkImageData> copy_vtk(ImageView<T> view,
                                                     std::optional<Spacing> spacing = {}) {
    using Pixel = std::remove_const_t<T>;
    auto image = vtkSmartPointer<vtkImageData>::New();
    if (spacing) image->SetSpacing(spacing->x_mm, spacing->y_mm, 1);
    if (view.empty()) return image;
    image->SetDimensions(view.width, view.height, 1);
    image->AllocateScalars(vtkTypeTraits<detail::VtkScalar<Pixel>>::VTKTypeID(),
                           detail::kVtkComponents<Pixel>);
    const auto out = view_image<Pixel>(image.GetPointer());
    for (int y = 0; y < view.height; ++y) {
        for (int x = 0; x < view.width; ++x)
            out.at(x, y) = view.at(x, y);
    }
    return image;
}

/// A copy of the pixels. Throws PreconditionError as view_image does.
template <class T>
[[nodiscard]] Image<T> copy_image(vtkImageData* image) {
    return guide::copy_image(view_image<T>(image));
}

/// Whether the image's spacing is one. VTK gives every image a spacing, 1 by 1 when nobody knew
/// better: only the caller can tell.
enum class VtkSpacing { millimetres, unknown };

/// A frame with a copy of an 8-bit grey or RGB image whose first row is the top one. Throws
/// PreconditionError for an empty image, other pixels, or a spacing that cannot be one.
[[nodiscard]] inline Frame frame_from(vtkImageData* image, VtkSpacing spacing,
                                      Modality modality = Modality::unknown) {
    require(image != nullptr && image->GetPointData()->GetScalars() != nullptr,
            "frame_from(vtkImageData)", "the image has pixels");
    Frame frame = image->GetNumberOfScalarComponents() == 3
                      ? frame_from_rgb(view_image<Rgb8>(image))
                      : frame_from_grey(view_image<std::uint8_t>(image));
    frame.modality = modality;
    if (spacing == VtkSpacing::millimetres) {
        const Spacing mm{image->GetSpacing()[0], image->GetSpacing()[1]};
        require(!spacing_fault(mm), "frame_from(vtkImageData)",
                "the spacing is that of a knee picture, in millimetres");
        frame.spacing = mm;
        frame.spacing_source = SpacingSource::user;
    }
    return frame;
}

}  // namespace guide::interop
