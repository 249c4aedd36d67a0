// SPDX-License-Identifier: Apache-2.0
#include <guide/interop/itk.hpp>
#include <guide/interop/itk_filters.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace {

using guide::Image;
using guide::ImageView;
namespace filters = guide::filters;
namespace interop = guide::interop;

using FrameF = itk::Image<float, 2>;

/// Grey levels 1 to 251 with a bright line across.
Image<float> frame() {
    Image<float> image(70, 50);
    for (int y = 0; y < 50; ++y) {
        for (int x = 0; x < 70; ++x) {
            const float speckle = static_cast<float>((x * 31 + y * 17 + x * y) % 97);
            image.at(x, y) = 1 + speckle + (std::abs(y - 30) < 2 ? 150.0F : 0.0F);
        }
    }
    return image;
}

/// As many images as a filter has outputs.
std::vector<Image<float>> images(int count) {
    std::vector<Image<float>> all;
    for (int i = 0; i < count; ++i)
        all.emplace_back(70, 50);
    return all;
}

template <class TFilter>
void run(TFilter& filter) {
    static const Image<float> in = frame();
    filter.SetInput(interop::copy_itk(in.view()));
    filter.SetNumberOfWorkUnits(2);
    filter.Update();
}

template <class TFilter>
void check_same_bits(TFilter& filter, const std::vector<Image<float>>& expected) {
    REQUIRE(filter.GetNumberOfIndexedOutputs() == expected.size());
    for (unsigned i = 0; i < expected.size(); ++i) {
        INFO(filter.GetNameOfClass() << ", output " << i);
        CHECK(std::memcmp(filter.GetOutput(i)->GetBufferPointer(), expected[i].data(),
                          expected[i].size() * sizeof(float)) == 0);
    }
}

TEST_CASE("itk_filters: SRAD has the bits of the free function") {
    const auto filter = interop::SradImageFilter<FrameF>::New();
    filter->SetNumberOfIterations(4);
    filter->SetTimeStep(0.25);
    filter->SetLogCompression(filters::LogCompression{50});
    run(*filter);
    auto expected = images(1);
    filters::SradOptions options{4, 0.25};
    options.compression = filters::LogCompression{50};
    filters::srad(frame().view(), expected[0].view(), options);
    check_same_bits(*filter, expected);
    CHECK(filter->GetNumberOfIterations() == 4);
    CHECK(filter->GetLogCompression()->dynamic_range_db == 50);
    CHECK_THAT(filter->GetNameOfClass(), Catch::Equals("SradImageFilter"));
}

TEST_CASE("itk_filters: DPAD has the bits of the free function") {
    const auto filter = interop::DpadImageFilter<FrameF>::New();
    filter->SetNumberOfIterations(3);
    filter->SetWindow(5);
    run(*filter);
    auto expected = images(1);
    filters::dpad(frame().view(), expected[0].view(), {.steps = 3, .window = 5});
    check_same_bits(*filter, expected);
}

TEST_CASE("itk_filters: non-local means have the bits of the free function") {
    const auto filter = interop::NonLocalMeansImageFilter<FrameF>::New();
    filter->SetSearchRadius(4);
    filter->SetSmoothing(2);
    run(*filter);
    auto expected = images(1);
    filters::NonLocalMeansOptions options;
    options.search_radius = 4;
    options.smoothing = 2;
    filters::non_local_means(frame().view(), expected[0].view(), options);
    check_same_bits(*filter, expected);
}

TEST_CASE("itk_filters: the monogenic signal has the bits of the free function") {
    const auto filter = interop::MonogenicImageFilter<FrameF>::New();
    run(*filter);
    filter->SetNumberOfScales(3);  // makes a new plan
    filter->SetPolarity(filters::Polarity::bright);
    run(*filter);
    auto expected = images(5);
    filters::MonogenicViews views;
    views.symmetry = expected[0].view();
    views.asymmetry = expected[1].view();
    views.phase = expected[2].view();
    views.orientation = expected[3].view();
    views.energy = expected[4].view();
    filters::MonogenicOptions options;
    options.scales = 3;
    options.polarity = filters::Polarity::bright;
    filters::monogenic(frame().view(), views, options);
    check_same_bits(*filter, expected);
    CHECK(filter->GetEnergyOutput() == filter->GetOutput(4));
}

TEST_CASE("itk_filters: sheetness has the bits of the free function") {
    const auto filter = interop::SheetnessImageFilter<FrameF>::New();
    filter->SetSigmaMaximum(3);
    filter->SetNumberOfSigmaSteps(2);
    run(*filter);
    auto expected = images(3);
    filters::SheetnessOptions options;
    options.sigma_max = 3;
    options.scales = 2;
    filters::sheetness(frame().view(), {expected[0].view(), expected[1].view(), expected[2].view()},
                       options);
    check_same_bits(*filter, expected);
}

TEST_CASE("itk_filters: the structure tensor has the bits of the free function") {
    const auto filter = interop::StructureTensorImageFilter<FrameF>::New();
    filter->SetWindowSigma(2);
    run(*filter);
    auto expected = images(3);
    filters::structure_tensor(frame().view(),
                              {expected[0].view(), expected[1].view(), expected[2].view()}, {1, 2});
    check_same_bits(*filter, expected);
}

TEST_CASE(
    "itk_filters: oriented lines have the bits of the free function and the spacing of the grid") {
    const auto filter = interop::OrientedLinesImageFilter<FrameF>::New();
    filter->SetLineLength(20);
    filter->SetNumberOfAngles(12);
    filter->SetGridSpacing(2);
    run(*filter);
    std::vector<Image<float>> expected;
    expected.emplace_back(35, 25);
    expected.emplace_back(35, 25);
    filters::OrientedLinesOptions options;
    options.length_px = 20;
    options.angles = 12;
    options.grid_px = 2;
    filters::oriented_lines(frame().view(), {expected[0].view(), expected[1].view()}, options);
    check_same_bits(*filter, expected);
    CHECK(filter->GetAngleOutput()->GetSpacing()[1] == 2);
    CHECK(filter->GetOutput()->GetLargestPossibleRegion().GetSize(0) == 35);
    filter->SetGridSpacing(9);
    CHECK_THROWS_AS(filter->Update(), itk::ExceptionObject);
    CHECK_THROWS_WITH(filter->Update(), Catch::Contains("grid_px"));
}

TEST_CASE("itk_filters: the confidence map has the bits of the free function") {
    const auto filter = interop::ConfidenceMapImageFilter<FrameF>::New();
    filter->SetBeta(60);
    filter->SetSteepest(150);
    run(*filter);
    run(*filter);  // the second frame starts from the first
    auto expected = images(1);
    filters::ConfidenceOptions options;
    options.beta = 60;
    options.steepest = 150;
    filters::confidence_map(frame().view(), expected[0].view(), options);
    check_same_bits(*filter, expected);
}

TEST_CASE("itk_filters: scan conversion has the bits of the converter, in millimetres") {
    filters::BeamGrid beam;
    beam.probe.kind = filters::ProbeKind::curvilinear;
    beam.lines = 70;
    beam.samples = 50;
    const filters::PictureGrid picture = filters::picture_over(beam.probe, {0.8, 0.5});
    const auto filter = interop::ScanConversionImageFilter<FrameF>::New();
    filter->SetBeamGrid(beam);
    filter->SetPictureGrid(picture);
    run(*filter);
    std::vector<Image<float>> expected;
    expected.emplace_back(picture.width, picture.height);
    filters::ScanConverter::to_picture(beam, picture).convert(frame().view(), expected[0].view());
    check_same_bits(*filter, expected);
    CHECK(filter->GetOutput()->GetSpacing()[1] == 0.5);
    CHECK(filter->GetOutput()->GetOrigin()[0] == picture.origin.x);

    beam.lines = 60;  // not what the input has
    filter->SetBeamGrid(beam);
    CHECK_THROWS_AS(filter->Update(), itk::ExceptionObject);
}

TEST_CASE("itk_filters: a cine loop is scan-converted frame by frame, as far as it is asked for") {
    using Loop = itk::Image<unsigned char, 3>;
    const auto loop = Loop::New();
    loop->SetRegions(Loop::SizeType{{8, 20, 3}});
    loop->Allocate();
    for (int i = 0; i < 8 * 20 * 3; ++i)
        loop->GetBufferPointer()[i] = static_cast<unsigned char>(i * 31 % 251);
    filters::BeamGrid beam;
    beam.lines = 8;
    beam.samples = 20;
    const filters::PictureGrid picture = filters::picture_over(beam.probe, {2, 2});
    const auto filter = interop::ScanConversionImageFilter<Loop>::New();
    filter->SetOptions({beam, picture});
    filter->SetInput(loop);
    filter->UpdateOutputInformation();
    auto wanted = filter->GetOutput()->GetLargestPossibleRegion();
    CHECK(wanted.GetSize(2) == 3);
    wanted.SetIndex(2, 2);
    wanted.SetSize(2, 1);
    filter->GetOutput()->SetRequestedRegion(wanted);
    filter->GetOutput()->Update();
    CHECK(loop->GetRequestedRegion().GetSize(2) == 1);

    Image<float> in(8, 20), expected(picture.width, picture.height);
    std::copy_n(loop->GetBufferPointer() + 2 * 8 * 20, 8 * 20, in.data());
    filters::ScanConverter::to_picture(beam, picture).convert(in.view(), expected.view());
    CHECK(std::memcmp(filter->GetOutput()->GetBufferPointer(), expected.data(),
                      expected.size() * sizeof(float)) == 0);
}

}  // namespace
