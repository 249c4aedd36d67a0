// SPDX-License-Identifier: Apache-2.0
#include "itk_diffusion.hpp"

#include <itkGradientAnisotropicDiffusionImageFilter.h>
#include <itkImage.h>

#include <algorithm>

namespace guide::bench {

std::function<const float*()> itk_diffusion(ImageView<const float> in, int iterations,
                                            double conductance, int threads) {
    using Picture = itk::Image<float, 2>;
    auto picture = Picture::New();
    picture->SetRegions(Picture::SizeType{
        {static_cast<itk::SizeValueType>(in.width), static_cast<itk::SizeValueType>(in.height)}});
    picture->Allocate();
    for (int y = 0; y < in.height; ++y) {
        std::copy_n(in.row(y), in.width,
                    picture->GetBufferPointer() + std::ptrdiff_t{y} * in.width);
    }
    auto filter = itk::GradientAnisotropicDiffusionImageFilter<Picture, Picture>::New();
    filter->SetInput(picture);
    filter->SetNumberOfIterations(static_cast<itk::IdentifierType>(iterations));
    filter->SetTimeStep(0.125);
    filter->SetConductanceParameter(conductance);
    filter->SetNumberOfWorkUnits(static_cast<itk::ThreadIdType>(threads));
    filter->GetMultiThreader()->SetMaximumNumberOfThreads(static_cast<itk::ThreadIdType>(threads));
    return [filter] {
        filter->Modified();
        filter->Update();
        return filter->GetOutput()->GetBufferPointer();
    };
}

}  // namespace guide::bench
