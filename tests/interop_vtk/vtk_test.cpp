// SPDX-License-Identifier: Apache-2.0
#include <guide/interop/vtk.hpp>
#include <guide/interop/vtk_scene.hpp>

#include <catch2/catch.hpp>
#include <vtkCamera.h>
#include <vtkNew.h>
#include <vtkPropCollection.h>
#include <vtkRenderer.h>

namespace {

using guide::Image;
using guide::ImageView;
using guide::PreconditionError;
using guide::Rgb8;
namespace interop = guide::interop;

TEST_CASE("interop_vtk: a view of an image shares its pixels") {
    vtkNew<vtkImageData> image;
    image->SetDimensions(6, 4, 1);
    image->AllocateScalars(VTK_FLOAT, 1);
    const ImageView<float> view = interop::view_image<float>(image);
    CHECK(static_cast<void*>(view.data) == image->GetScalarPointer());
    CHECK(view.width == 6);
    CHECK(view.height == 4);
    CHECK(view.stride == 6);
    view.at(5, 3) = 2.5f;
    CHECK(image->GetScalarComponentAsDouble(5, 3, 0, 0) == 2.5);
}

TEST_CASE("interop_vtk: an image on a view shares its pixels and leaves them to their owner") {
    Image<Rgb8> pixels(5, 7);
    {
        const auto image = interop::view_vtk(pixels.view(), guide::Spacing{0.2, 0.3});
        CHECK(image->GetScalarPointer() == static_cast<void*>(pixels.data()));
        CHECK(image->GetNumberOfScalarComponents() == 3);
        CHECK(image->GetSpacing()[1] == 0.3);
        image->SetScalarComponentFromDouble(4, 6, 0, 2, 33);
    }
    CHECK(pixels.at(4, 6) == Rgb8{0, 0, 33});
}

TEST_CASE("interop_vtk: a view taken to an image and back is the same view") {
    Image<std::uint16_t> pixels(64, 3);
    const auto image = interop::view_vtk(pixels.view());
    const auto back = interop::view_image<std::uint16_t>(image);
    CHECK(back.data == pixels.data());
    CHECK(back.width == 64);
    CHECK(back.height == 3);
}

TEST_CASE("interop_vtk: rows that lie apart are refused as a view and copied instead") {
    Image<std::uint8_t> pixels(8, 8);
    pixels.at(3, 3) = 5;
    const ImageView<std::uint8_t> part = pixels.view().cropped(2, 2, 4, 4);
    CHECK_THROWS_AS(interop::view_vtk(part), PreconditionError);
    const auto copy = interop::copy_vtk(part);
    CHECK(copy->GetScalarComponentAsDouble(1, 1, 0, 0) == 5);
    CHECK(interop::copy_image<std::uint8_t>(copy).at(1, 1) == 5);
}

TEST_CASE("interop_vtk: pixels of another type, volumes and nothing are refused") {
    vtkNew<vtkImageData> image;
    image->SetDimensions(4, 4, 1);
    image->AllocateScalars(VTK_UNSIGNED_CHAR, 3);
    CHECK_THROWS_AS(interop::view_image<float>(image), PreconditionError);
    CHECK_THROWS_AS(interop::view_image<std::uint8_t>(image), PreconditionError);
    CHECK(interop::view_image<Rgb8>(image).width == 4);
    CHECK_THROWS_AS(interop::view_image<Rgb8>(nullptr), PreconditionError);
    vtkNew<vtkImageData> volume;
    volume->SetDimensions(4, 4, 2);
    volume->AllocateScalars(VTK_UNSIGNED_CHAR, 3);
    CHECK_THROWS_AS(interop::view_image<Rgb8>(volume), PreconditionError);
    vtkNew<vtkImageData> empty;
    CHECK(interop::view_image<Rgb8>(empty).empty());
    CHECK_THROWS_AS(interop::frame_from(empty, interop::VtkSpacing::unknown), PreconditionError);
}

TEST_CASE("interop_vtk: a frame keeps rows in the order of memory") {
    Image<std::uint8_t> pixels(3, 2);
    pixels.at(0, 0) = 200;
    const auto image = interop::view_vtk(pixels.view(), guide::Spacing{0.1, 0.1});
    const guide::Frame frame = interop::frame_from(image, interop::VtkSpacing::millimetres);
    CHECK(frame.intensity.at(0, 0) == 200.0f);
    REQUIRE(frame.spacing);
    CHECK(frame.spacing->x_mm == 0.1);
}

TEST_CASE("interop_vtk: a host's renderer shows a scene, shows it once, and lets it go") {
    Image<std::uint8_t> pixels(64, 48, 90);
    guide::Anatomy anatomy;
    const guide::render::Scene scene(guide::frame_from_grey(pixels.view()), anatomy, nullptr);
    vtkNew<vtkRenderer> renderer;
    interop::show_scene(scene, renderer);
    const int count = renderer->GetViewProps()->GetNumberOfItems();
    CHECK(count > 0);
    CHECK(renderer->GetActiveCamera()->GetParallelProjection() == 1);
    interop::show_scene(scene, renderer);
    CHECK(renderer->GetViewProps()->GetNumberOfItems() == count);
    interop::hide_scene(renderer);
    CHECK(renderer->GetViewProps()->GetNumberOfItems() == 0);
    CHECK_THROWS_AS(interop::show_scene(scene, nullptr), PreconditionError);
}

}  // namespace
