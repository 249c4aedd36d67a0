// SPDX-License-Identifier: Apache-2.0
#include "images.hpp"

#include <guide/filters/gaussian.hpp>
#include <guide/filters/sheetness.hpp>

#include <catch2/catch.hpp>
#include <itkHessianToObjectnessMeasureImageFilter.h>
#include <itkImage.h>
#include <itkMultiScaleHessianBasedMeasureImageFilter.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace guide;
using filters::SheetnessOptions;
using filters::SigmaSteps;

namespace {

Image<float> itk_objectness(const Image<float>& in, const SheetnessOptions& options) {
    using Picture = itk::Image<float, 2>;
    using Hessian = itk::Image<itk::SymmetricSecondRankTensor<double, 2>, 2>;
    auto picture = Picture::New();
    picture->SetRegions(Picture::SizeType{{static_cast<itk::SizeValueType>(in.width()),
                                           static_cast<itk::SizeValueType>(in.height())}});
    picture->Allocate();
    std::copy_n(in.data(), in.size(), picture->GetBufferPointer());
    auto measure = itk::HessianToObjectnessMeasureImageFilter<Hessian, Picture>::New();
    measure->SetObjectDimension(1);
    measure->SetBrightObject(options.polarity == filters::Polarity::bright);
    measure->SetBeta(options.beta);
    measure->SetGamma(options.gamma);
    measure->SetScaleObjectnessMeasure(options.times_curvature);
    auto filter = itk::MultiScaleHessianBasedMeasureImageFilter<Picture, Hessian, Picture>::New();
    filter->SetInput(picture);
    filter->SetHessianToMeasureFilter(measure);
    filter->SetSigmaMinimum(options.sigma_min);
    filter->SetSigmaMaximum(options.sigma_max);
    filter->SetNumberOfSigmaSteps(static_cast<unsigned>(options.scales));
    if (options.steps == SigmaSteps::equispaced) filter->SetSigmaStepMethodToEquispaced();
    filter->Update();
    Image<float> out(in.width(), in.height());
    std::copy_n(filter->GetOutput()->GetBufferPointer(), out.size(), out.data());
    return out;
}

/// The difference that one pixel in 500 exceeds, as a share of ITK's largest measure. At
/// eigenvalues of equal size and opposite sign the measure jumps to 0, and the two jump at
/// different pixels.
double difference(const Image<float>& in, const SheetnessOptions& options) {
    Image<float> ours(in.width(), in.height());
    filters::sheetness(in.view(), {ours.view(), {}, {}}, options);
    const auto theirs = itk_objectness(in, options);
    const float peak = *std::max_element(theirs.data(), theirs.data() + theirs.size());
    REQUIRE(peak > 0);
    std::vector<double> apart;
    for (std::size_t i = 0; i < in.size(); ++i)
        apart.push_back(std::abs(ours.data()[i] - theirs.data()[i]) / peak);
    std::sort(apart.begin(), apart.end());
    return apart[apart.size() - 1 - apart.size() / 500];
}

/// Speckle of a few pixels' size.
Image<float> speckle(int width, int height) {
    const auto noise = test::random_image(width, height);
    Image<float> out(width, height);
    filters::gaussian_blur(noise.view(), out.view(), {1.2, 1.2});
    return out;
}

}  // namespace

TEST_CASE("sheetness: equals ITK's multi-scale objectness but for ITK's recursive Gaussians") {
    const auto in = speckle(201, 160);
    for (const auto& options :
         {SheetnessOptions{}, SheetnessOptions{1, 4, 4, SigmaSteps::equispaced},
          SheetnessOptions{2, 6, 3, SigmaSteps::logarithmic, filters::Polarity::dark, 0.8, 10},
          SheetnessOptions{1.5, 3, 2, SigmaSteps::logarithmic, filters::Polarity::bright, 0.5, 5,
                           false}}) {
        INFO("sigma " << options.sigma_min << " to " << options.sigma_max);
        CHECK(difference(in, options) < 0.015);
    }
}

TEST_CASE("sheetness: nearer to the true derivative of a wave than ITK") {
    // sigma^2 times the second derivative of cos(w x) smoothed by sigma, known in closed form.
    for (const double sigma : {1.0, 2.0, 4.0}) {
        INFO("sigma " << sigma);
        const double w = 1 / sigma;
        Image<float> in(128, 128);
        for (int y = 0; y < 128; ++y) {
            for (int x = 0; x < 128; ++x)
                in.at(x, y) = static_cast<float>(128 + 100 * std::cos(w * (x - 64)));
        }
        SheetnessOptions options{sigma, sigma, 1};
        options.gamma = 0;
        Image<float> ours(128, 128);
        filters::sheetness(in.view(), {ours.view(), {}, {}}, options);
        const auto theirs = itk_objectness(in, options);
        const double truth = 100 * std::exp(-0.5);
        const double us = std::abs(ours.at(64, 64) / truth - 1),
                     itk = std::abs(theirs.at(64, 64) / truth - 1);
        CHECK(us < 1e-3);
        CHECK(us < 0.5 * itk);
    }
}
