// SPDX-License-Identifier: Apache-2.0
// Filters of guide between ITK's own: reader, SRAD, sheetness, rescaling, writer.
#include <guide/interop/itk_filters.hpp>

#include <itkCommand.h>
#include <itkImageFileReader.h>
#include <itkImageFileWriter.h>
#include <itkPNGImageIO.h>
#include <itkRescaleIntensityImageFilter.h>

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: filter_in_itk_pipeline PICTURE.png LINES.png\n";
        return 2;
    }
    try {
        using Picture = itk::Image<unsigned char, 2>;
        using Frame = itk::Image<float, 2>;

        auto reader = itk::ImageFileReader<Picture>::New();
        reader->SetImageIO(itk::PNGImageIO::New());
        reader->SetFileName(argv[1]);

        // Speckle is smoothed in linear amplitudes: the frame's grey levels span 60 dB.
        auto srad = guide::interop::SradImageFilter<Picture>::New();
        srad->SetInput(reader->GetOutput());
        srad->SetLogCompression(guide::filters::LogCompression{.dynamic_range_db = 60});

        // Bright lines: bone and fascia.
        auto sheetness = guide::interop::SheetnessImageFilter<Frame>::New();
        sheetness->SetInput(srad->GetOutput());
        sheetness->SetSigmaMinimum(1.5);
        sheetness->SetSigmaMaximum(4);
        sheetness->AddObserver(itk::EndEvent(),
                               [](const itk::EventObject&) { std::cout << "sheetness is done\n"; });

        auto rescale = itk::RescaleIntensityImageFilter<Frame, Picture>::New();
        rescale->SetInput(sheetness->GetOutput());

        auto writer = itk::ImageFileWriter<Picture>::New();
        writer->SetImageIO(itk::PNGImageIO::New());
        writer->SetInput(rescale->GetOutput());
        writer->SetFileName(argv[2]);
        writer->Update();
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
