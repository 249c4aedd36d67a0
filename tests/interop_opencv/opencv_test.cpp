// SPDX-License-Identifier: Apache-2.0
#include <guide/interop/opencv.hpp>

#include <catch2/catch.hpp>

namespace {

using guide::Image;
using guide::ImageView;
using guide::PreconditionError;
using guide::Rgb8;
namespace interop = guide::interop;

TEST_CASE("interop_opencv: a view of a matrix shares its pixels and its row distance") {
    cv::Mat1f large(20, 30, 1.0f);
    cv::Mat part = large(cv::Rect(3, 4, 10, 8));
    const ImageView<float> view = interop::view_image<float>(part);
    CHECK(view.data == &large(4, 3));
    CHECK(view.width == 10);
    CHECK(view.height == 8);
    CHECK(view.stride == 30);
    view.at(2, 1) = 7;
    CHECK(large(5, 5) == 7.0f);
}

TEST_CASE("interop_opencv: a view of a constant matrix has constant pixels") {
    const cv::Mat mat(3, 4, CV_8UC3, cv::Scalar(1, 2, 3));
    const ImageView<const Rgb8> view = interop::view_image<Rgb8>(mat);
    CHECK(view.at(3, 2) == Rgb8{1, 2, 3});
    CHECK(static_cast<const void*>(view.data) == mat.data);
}

TEST_CASE("interop_opencv: a matrix header on a view shares its pixels") {
    Image<std::uint16_t> image(9, 7);
    const ImageView<std::uint16_t> part = image.view().cropped(2, 1, 5, 4);
    cv::Mat mat = interop::view_mat(part);
    CHECK(mat.type() == CV_16UC1);
    CHECK(mat.ptr<std::uint16_t>(0) == part.data);
    CHECK(mat.step[0] == 9 * sizeof(std::uint16_t));
    mat.at<std::uint16_t>(3, 4) = 500;
    CHECK(image.at(6, 4) == 500);
}

TEST_CASE("interop_opencv: a view taken to a matrix and back is the same view") {
    Image<float> image(64, 65);
    for (const int width : {1, 2, 63, 64}) {
        const ImageView<float> view = image.view().cropped(0, 0, width, 3);
        cv::Mat mat = interop::view_mat(view);
        const ImageView<float> back = interop::view_image<float>(mat);
        CHECK(back.data == view.data);
        CHECK(back.width == view.width);
        CHECK(back.height == view.height);
        CHECK(back.stride == view.stride);
    }
}

TEST_CASE("interop_opencv: copies are independent of what they were made from") {
    Image<std::uint8_t> image(5, 4, 9);
    const cv::Mat copy = interop::copy_mat(image.view());
    image.at(1, 1) = 0;
    CHECK(copy.at<std::uint8_t>(1, 1) == 9);

    cv::Mat1d numbers(2, 2, 3.5);
    const Image<double> taken = interop::copy_image<double>(numbers);
    numbers(0, 0) = 0;
    CHECK(taken.at(0, 0) == 3.5);
}

TEST_CASE("interop_opencv: colours are turned round both ways") {
    cv::Mat mat(2, 3, CV_8UC3, cv::Scalar(10, 20, 30));  // blue, green, red
    const Image<Rgb8> rgb = interop::copy_rgb(mat);
    CHECK(rgb.at(2, 1) == Rgb8{30, 20, 10});
    const cv::Mat back = interop::copy_bgr_mat(rgb.view());
    CHECK(cv::norm(mat, back, cv::NORM_INF) == 0);

    const cv::Mat four(2, 3, CV_8UC4, cv::Scalar(10, 20, 30, 40));
    CHECK(interop::copy_rgb(four).at(0, 0) == Rgb8{30, 20, 10});
}

TEST_CASE("interop_opencv: a matrix of another type is refused") {
    cv::Mat mat(4, 4, CV_8UC1);
    CHECK_THROWS_AS(interop::view_image<float>(mat), PreconditionError);
    CHECK_THROWS_AS(interop::view_image<Rgb8>(mat), PreconditionError);
    CHECK_THROWS_AS(interop::copy_rgb(mat), PreconditionError);
    const int sizes[] = {3, 3, 3};
    cv::Mat cube(3, sizes, CV_8UC1);
    CHECK_THROWS_AS(interop::view_image<std::uint8_t>(cube), PreconditionError);
    // Rows of pixels of three bytes that lie ten bytes apart.
    std::vector<std::uint8_t> bytes(40);
    cv::Mat uneven(3, 3, CV_8UC3, bytes.data(), 10);
    CHECK_THROWS_AS(interop::view_image<Rgb8>(uneven), PreconditionError);
}

TEST_CASE("interop_opencv: nothing gives nothing") {
    cv::Mat mat(0, 0, CV_8UC1);
    CHECK(interop::view_image<std::uint8_t>(mat).empty());
    CHECK(interop::view_mat(ImageView<float>()).empty());
}

TEST_CASE("interop_opencv: a frame is made from grey, deep and colour matrices") {
    const guide::Frame grey =
        interop::frame_from(cv::Mat(4, 6, CV_8UC1, cv::Scalar(7)), guide::Spacing{0.1, 0.1},
                            guide::Modality::ultrasound);
    CHECK(grey.intensity.at(5, 3) == 7.0f);
    CHECK(grey.display_high == 255.0f);
    CHECK(grey.modality == guide::Modality::ultrasound);
    REQUIRE(grey.spacing);
    CHECK(grey.spacing->x_mm == 0.1);
    CHECK(grey.spacing_source == guide::SpacingSource::user);

    cv::Mat1w deep(3, 3, static_cast<std::uint16_t>(1000));
    deep(1, 1) = 4000;
    const guide::Frame radiograph = interop::frame_from(deep);
    CHECK(radiograph.display_low == 1000.0f);
    CHECK(radiograph.display_high == 4000.0f);
    CHECK_FALSE(radiograph.spacing);
    CHECK(radiograph.spacing_source == guide::SpacingSource::none);

    const guide::Frame colour = interop::frame_from(cv::Mat(4, 6, CV_8UC3, cv::Scalar(1, 2, 3)));
    CHECK(colour.colour.at(0, 0) == Rgb8{3, 2, 1});
}

TEST_CASE("interop_opencv: no frame is made from what cannot be one") {
    CHECK_THROWS_AS(interop::frame_from(cv::Mat()), PreconditionError);
    CHECK_THROWS_AS(interop::frame_from(cv::Mat(4, 4, CV_32FC2)), PreconditionError);
    CHECK_THROWS_AS(interop::frame_from(cv::Mat(4, 4, CV_8UC1), guide::Spacing{0, 0.1}),
                    PreconditionError);
}

}  // namespace
