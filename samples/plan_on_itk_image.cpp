// SPDX-License-Identifier: Apache-2.0
// Plans a needle on a picture that the application holds as an itk::Image.
#include <guide/interop/itk.hpp>
#include <guide/plan/plan.hpp>
#include <guide/segment/segment.hpp>

#include <itkImage.h>
#include <itkImageFileReader.h>
#include <itkPNGImageIO.h>

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: plan_on_itk_image PICTURE.png\n";
        return 2;
    }
    try {
        auto reader = itk::ImageFileReader<itk::Image<unsigned char, 2>>::New();
        reader->SetImageIO(itk::PNGImageIO::New());
        reader->SetFileName(argv[1]);
        reader->Update();
        auto image = reader->GetOutput();
        const double spacing_mm[] = {0.1, 0.1};  // what the sample frame was made with
        image->SetSpacing(spacing_mm);
        const guide::Frame frame = guide::interop::frame_from(
            *image, guide::interop::ItkSpacing::millimetres, guide::Modality::ultrasound);

        const guide::Anatomy anatomy =
            guide::segment::find_anatomy(frame, {guide::View::suprapatellar_long});
        const guide::plan::Plan plan = guide::plan::plan_trajectories(anatomy);
        if (plan.candidates.empty()) {
            std::cout << "no plan: " << plan.reason->text << '\n';
            return 3;
        }
        const guide::plan::Candidate& best = plan.candidates.front();
        std::cout << plan.approach << ": " << best.angle_deg << " degrees, " << best.path_mm.value()
                  << " mm, tip inside with probability " << best.p_hit.value() << '\n';
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
