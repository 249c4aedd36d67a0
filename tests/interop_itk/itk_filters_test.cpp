// SPDX-License-Identifier: Apache-2.0
#include <guide/interop/itk.hpp>
#include <guide/interop/itk_filters.hpp>

#include <catch2/catch.hpp>

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

}  // namespace
