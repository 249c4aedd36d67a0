// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/gaussian.hpp>
#include <guide/interop/opencv_filters.hpp>

#include <catch2/catch.hpp>

#include <cstring>

namespace {

using guide::Image;
using guide::ImageView;
using guide::PreconditionError;
namespace filters = guide::filters;
namespace interop = guide::interop;

/// Whole grey levels, so that the 8-bit and the float matrix hold the same, with a bright line.
cv::Mat1f frame(int width = 70, int height = 50) {
    cv::Mat1f mat(height, width);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const bool line = y >= height / 2 && y < height / 2 + 3;
            mat(y, x) = static_cast<float>(1 + (x * 31 + y * 17 + x * y) % 97 + (line ? 150 : 0));
        }
    }
    return mat;
}

bool same_bits(const cv::Mat& a, const Image<float>& b) {
    if (a.type() != CV_32FC1 || a.cols != b.width() || a.rows != b.height()) return false;
    for (int y = 0; y < a.rows; ++y) {
        if (std::memcmp(a.ptr(y), b.row(y), sizeof(float) * static_cast<std::size_t>(a.cols)) != 0)
            return false;
    }
    return true;
}

Image<float> like(const cv::Mat& mat) {
    return {mat.cols, mat.rows};
}

ImageView<const float> view(const cv::Mat& mat) {
    return interop::view_image<float>(mat);
}

TEST_CASE("opencv_filters: float matrices and parts of them are read where they lie") {
    const cv::Mat large = frame(90, 60);
    const cv::Mat part = large(cv::Rect(7, 5, 64, 40));
    cv::Mat out;
    const void* seen = nullptr;
    interop::filter_mat(
        part,
        [&](ImageView<const float> from, ImageView<float> to) {
            seen = from.data;
            filters::gaussian_blur(from, to, {2, 2});
        },
        out);
    CHECK(seen == part.data);
    Image<float> expected = like(part);
    filters::gaussian_blur(view(part), expected.view(), {2, 2});
    CHECK(same_bits(out, expected));
}

TEST_CASE("opencv_filters: results are written over where they fit, but never the input") {
    cv::Mat in = frame();
    const auto blur = [](auto from, auto to) { filters::gaussian_blur(from, to, {2, 2}); };
    cv::Mat out(in.size(), CV_32FC1);
    const void* memory = out.data;
    interop::filter_mat(in, blur, out);
    CHECK(out.data == memory);
    const cv::Mat before = in.clone();
    cv::Mat same = in;
    interop::filter_mat(in, blur, same);
    CHECK(same.data != in.data);
    CHECK(cv::norm(same, out, cv::NORM_INF) == 0);
    CHECK(cv::norm(in, before, cv::NORM_INF) == 0);
    cv::Mat itself = before.clone();
    interop::filter_mat(itself, blur, itself);
    CHECK(cv::norm(itself, out, cv::NORM_INF) == 0);
    cv::Mat foreign(in.size(), CV_32FC1, in.data);  // memory that OpenCV does not count
    interop::filter_mat(foreign, blur, foreign);
    CHECK(foreign.data != in.data);
    CHECK(cv::norm(in, before, cv::NORM_INF) == 0);
}

TEST_CASE("opencv_filters: other pixels are refused, and what the filter refuses") {
    CHECK_THROWS_AS(interop::srad(cv::Mat(4, 4, CV_64FC1)), PreconditionError);
    CHECK_THROWS_AS(interop::srad(cv::Mat(4, 4, CV_8UC3)), PreconditionError);
    const int sizes[] = {3, 3, 3};
    CHECK_THROWS_AS(interop::srad(cv::Mat(3, sizes, CV_32FC1)), PreconditionError);
    CHECK_THROWS_WITH(interop::srad(frame(), {-1}), Catch::Contains("steps"));
}

TEST_CASE("opencv_filters: SRAD has the bits of the free function, from floats and from bytes") {
    const cv::Mat in = frame();
    Image<float> expected = like(in);
    filters::srad(view(in), expected.view(), {4});
    CHECK(same_bits(interop::srad(in, {4}, {2, {}}), expected));
    cv::Mat bytes;
    in.convertTo(bytes, CV_8UC1);
    CHECK(same_bits(interop::srad(bytes, {4}), expected));
}

TEST_CASE("opencv_filters: DPAD has the bits of the free function") {
    const cv::Mat in = frame();
    Image<float> expected = like(in);
    filters::dpad(view(in), expected.view(), {3});
    CHECK(same_bits(interop::dpad(in, {3}), expected));
}

TEST_CASE("opencv_filters: non-local means have the bits of the free function") {
    const cv::Mat in = frame();
    Image<float> expected = like(in);
    filters::non_local_means(view(in), expected.view(), {4});
    CHECK(same_bits(interop::non_local_means(in, {4}), expected));
}

TEST_CASE("opencv_filters: the guided filter has the bits of the free function") {
    const cv::Mat in = frame();
    cv::Mat guidance, floats;
    cv::flip(in, floats, 1);
    floats.convertTo(guidance, CV_8UC1);
    Image<float> expected = like(in);
    filters::guided_filter(view(in), view(floats), expected.view(), {3, 100});
    CHECK(same_bits(interop::guided_filter(in, guidance, {3, 100}), expected));
}

TEST_CASE("opencv_filters: the monogenic signal has the bits of the free function") {
    const cv::Mat in = frame();
    const interop::MonogenicMats out = interop::monogenic(in);
    Image<float> symmetry = like(in), phase = like(in);
    filters::MonogenicViews views;
    views.symmetry = symmetry.view();
    views.phase = phase.view();
    const double threshold = filters::monogenic(view(in), views);
    CHECK(same_bits(out.symmetry, symmetry));
    CHECK(same_bits(out.phase, phase));
    CHECK(out.noise_threshold == threshold);
    CHECK(out.energy.size() == in.size());
}

TEST_CASE("opencv_filters: sheetness has the bits of the free function") {
    const cv::Mat in = frame();
    const interop::SheetnessMats out = interop::sheetness(in);
    Image<float> measure = like(in), orientation = like(in), scale = like(in);
    filters::sheetness(view(in), {measure.view(), orientation.view(), scale.view()}, {});
    CHECK(same_bits(out.measure, measure));
    CHECK(same_bits(out.orientation, orientation));
    CHECK(same_bits(out.scale, scale));
}

TEST_CASE("opencv_filters: the structure tensor has the bits of the free function") {
    const cv::Mat in = frame();
    const interop::StructureTensorMats out = interop::structure_tensor(in);
    Image<float> orientation = like(in), coherence = like(in), energy = like(in);
    filters::structure_tensor(view(in), {orientation.view(), coherence.view(), energy.view()}, {});
    CHECK(same_bits(out.orientation, orientation));
    CHECK(same_bits(out.coherence, coherence));
    CHECK(same_bits(out.energy, energy));
}

TEST_CASE("opencv_filters: the confidence map has the bits of the free function") {
    const cv::Mat in = frame();
    Image<float> expected = like(in);
    filters::confidence_map(view(in), expected.view());
    CHECK(same_bits(interop::confidence_map(in), expected));
}

TEST_CASE("opencv_filters: oriented lines have the bits of the free function, on its grid") {
    const cv::Mat in = frame(71, 50);
    filters::OrientedLinesOptions options;
    options.length_px = 20;
    options.grid_px = 2;
    options.angles = 12;
    const interop::OrientedLinesMats out = interop::oriented_lines(in, options);
    Image<float> response(36, 25), angle(36, 25);
    filters::oriented_lines(view(in), {response.view(), angle.view()}, options);
    CHECK(same_bits(out.response, response));
    CHECK(same_bits(out.angle, angle));
    options.grid_px = 0;
    CHECK_THROWS_WITH(interop::oriented_lines(in, options), Catch::Contains("grid_px"));
}

TEST_CASE("opencv_filters: the speckle's SNR has the bits of the free function") {
    const cv::Mat in = frame();
    Image<float> expected = like(in);
    filters::local_speckle_snr(view(in), expected.view(), {3, 2});
    CHECK(same_bits(interop::local_speckle_snr(in, {3, 2}), expected));
}

TEST_CASE("opencv_filters: scan conversion has the bits of the converter, there and back") {
    filters::BeamGrid beam;
    beam.lines = 70;
    beam.samples = 50;
    const filters::PictureGrid picture = filters::picture_over(beam.probe, {1, 1});
    const auto there = filters::ScanConverter::to_picture(beam, picture);
    const auto back = filters::ScanConverter::to_beam(picture, beam);
    const cv::Mat in = frame();
    Image<float> shown(picture.width, picture.height), again(70, 50);
    there.convert(view(in), shown.view());
    back.convert(shown.view(), again.view());
    const cv::Mat out = interop::scan_convert(in, there);
    CHECK(same_bits(out, shown));
    CHECK(same_bits(interop::scan_convert(out, back), again));
    CHECK_THROWS_AS(interop::scan_convert(frame(60), there), PreconditionError);
}

}  // namespace
