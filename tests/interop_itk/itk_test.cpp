// SPDX-License-Identifier: Apache-2.0
#include <guide/interop/itk.hpp>

#include <catch2/catch.hpp>

namespace {

using guide::Image;
using guide::ImageView;
using guide::PreconditionError;
using guide::Rgb8;
namespace interop = guide::interop;

template <class Pixel>
typename itk::Image<Pixel, 2>::Pointer make_image(unsigned width, unsigned height, Pixel value) {
    auto image = itk::Image<Pixel, 2>::New();
    typename itk::Image<Pixel, 2>::SizeType size;
    size[0] = width;
    size[1] = height;
    image->SetRegions(size);
    image->Allocate();
    image->FillBuffer(value);
    return image;
}

TEST_CASE("interop_itk: a view of an image shares its pixels") {
    const auto image = make_image<float>(6, 4, 1.5f);
    const ImageView<float> view = interop::view_image(*image);
    CHECK(view.data == image->GetBufferPointer());
    CHECK(view.width == 6);
    CHECK(view.height == 4);
    CHECK(view.stride == 6);
    view.at(5, 2) = 8;
    CHECK(image->GetPixel({{5, 2}}) == 8.0f);

    const itk::Image<float, 2>& constant = *image;
    const ImageView<const float> read_only = interop::view_image(constant);
    CHECK(read_only.at(5, 2) == 8.0f);
}

TEST_CASE("interop_itk: RGB pixels are seen as Rgb8") {
    itk::RGBPixel<std::uint8_t> pixel;
    pixel.Set(1, 2, 3);
    const auto image = make_image(3, 3, pixel);
    CHECK(interop::view_image(*image).at(2, 2) == Rgb8{1, 2, 3});
}

TEST_CASE("interop_itk: an image on a view shares its pixels and leaves them to their owner") {
    Image<std::int16_t> pixels(5, 7);
    {
        const auto image = interop::view_itk(pixels.view(), guide::Spacing{0.2, 0.3});
        CHECK(image->GetBufferPointer() == pixels.data());
        CHECK(image->GetSpacing()[0] == 0.2);
        CHECK(image->GetSpacing()[1] == 0.3);
        CHECK(image->GetLargestPossibleRegion().GetSize()[1] == 7);
        image->SetPixel({{4, 6}}, 77);
    }
    CHECK(pixels.at(4, 6) == 77);
}

TEST_CASE("interop_itk: a view taken to an image and back is the same view") {
    Image<Rgb8> pixels(63, 2);
    const auto image = interop::view_itk(pixels.view());
    const ImageView<Rgb8> back = interop::view_image(*image);
    CHECK(back.data == pixels.data());
    CHECK(back.width == 63);
    CHECK(back.height == 2);
}

TEST_CASE("interop_itk: rows that lie apart are refused as a view and copied instead") {
    Image<float> pixels(8, 8);
    pixels.at(3, 3) = 5;
    const ImageView<float> part = pixels.view().cropped(2, 2, 4, 4);
    CHECK_THROWS_AS(interop::view_itk(part), PreconditionError);
    const auto copy = interop::copy_itk(part);
    CHECK(copy->GetPixel({{1, 1}}) == 5.0f);
    pixels.at(3, 3) = 0;
    CHECK(copy->GetPixel({{1, 1}}) == 5.0f);
}

TEST_CASE("interop_itk: an image without pixels is refused") {
    auto image = itk::Image<float, 2>::New();
    image->SetRegions(itk::Image<float, 2>::SizeType{{4, 4}});
    CHECK_THROWS_AS(interop::view_image(*image), PreconditionError);
    CHECK_THROWS_AS(interop::frame_from(*itk::Image<float, 2>::New(), interop::ItkSpacing::unknown),
                    PreconditionError);
}

TEST_CASE("interop_itk: a frame takes spacing over where it is in millimetres") {
    const auto image = make_image<std::uint16_t>(4, 3, 100);
    image->SetPixel({{1, 1}}, 900);
    image->SetSpacing(itk::Image<std::uint16_t, 2>::SpacingType(0.25));
    const guide::Frame frame =
        interop::frame_from(*image, interop::ItkSpacing::millimetres, guide::Modality::radiograph);
    REQUIRE(frame.spacing);
    CHECK(frame.spacing->y_mm == 0.25);
    CHECK(frame.display_low == 100.0f);
    CHECK(frame.display_high == 900.0f);
    CHECK(frame.notes.empty());
    CHECK_FALSE(interop::frame_from(*image, interop::ItkSpacing::unknown).spacing);
}

TEST_CASE("interop_itk: a direction other than the identity is noted") {
    const auto image = make_image<std::uint8_t>(4, 3, 1);
    itk::Image<std::uint8_t, 2>::DirectionType direction;
    direction.SetIdentity();
    direction[1][1] = -1;
    image->SetDirection(direction);
    const guide::Frame frame = interop::frame_from(*image, interop::ItkSpacing::unknown);
    REQUIRE(frame.notes.size() == 1);
    CHECK(frame.notes.front().code == "direction");
}

}  // namespace
