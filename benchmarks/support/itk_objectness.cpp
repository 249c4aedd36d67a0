// SPDX-License-Identifier: Apache-2.0
#include "itk_objectness.hpp"

#include <itkHessianToObjectnessMeasureImageFilter.h>
#include <itkImage.h>
#include <itkMultiScaleHessianBasedMeasureImageFilter.h>

#include <algorithm>

namespace guide::bench {

std::function<const float*()> itk_objectness(ImageView<const float> in,
                                             const filters::SheetnessOptions& options,
                                             int threads) {
    using Picture = itk::Image<float, 2>;
    using Hessian = itk::Image<itk::SymmetricSecondRankTensor<float, 2>, 2>;
    auto picture = Picture::New();
    picture->SetRegions(Picture::SizeType{
        {static_cast<itk::SizeValueType>(in.width), static_cast<itk::SizeValueType>(in.height)}});
    picture->Allocate();
    for (int y = 0; y < in.height; ++y) {
        std::copy_n(in.row(y), in.width,
                    picture->GetBufferPointer() + std::ptrdiff_t{y} * in.width);
    }
    // The filters inside take their number of threads from here.
    itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(
        static_cast<itk::ThreadIdType>(threads));
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
    if (options.steps == filters::SigmaSteps::equispaced) filter->SetSigmaStepMethodToEquispaced();
    for (itk::ProcessObject* each : {static_cast<itk::ProcessObject*>(measure.GetPointer()),
                                     static_cast<itk::ProcessObject*>(filter.GetPointer())}) {
        each->SetNumberOfWorkUnits(static_cast<itk::ThreadIdType>(threads));
        each->GetMultiThreader()->SetMaximumNumberOfThreads(
            static_cast<itk::ThreadIdType>(threads));
    }
    return [filter, measure, picture] {
        picture->Modified();  // the filters inside keep what they have otherwise
        filter->Modified();
        filter->Update();
        return filter->GetOutput()->GetBufferPointer();
    };
}

}  // namespace guide::bench
