// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/gaussian.hpp>
#include <guide/interop/itk_frame_filter.hpp>

#include <catch2/catch.hpp>
#include <itkCommand.h>

#include <cstring>
#include <functional>
#include <thread>

namespace {

using guide::Execution;
using guide::Image;
using guide::ImageView;
namespace filters = guide::filters;
namespace interop = guide::interop;

/// How a user wraps a filter of their own; it also tells what it was called with.
template <class TInputImage>
class BlurImageFilter : public interop::FrameImageFilter<TInputImage, filters::GaussianOptions> {
  public:
    using Self = BlurImageFilter;
    using Superclass = interop::FrameImageFilter<TInputImage, filters::GaussianOptions>;
    using Pointer = itk::SmartPointer<Self>;
    itkNewMacro(Self) itkTypeMacro(BlurImageFilter, FrameImageFilter);

    int frames = 0, threads = 0;
    const void* seen = nullptr;
    std::function<void(const Execution&)> before = [](const Execution&) {};

  protected:
    void FilterFrame(ImageView<const float> in, const typename Superclass::Outputs& out,
                     const Execution& execution) override {
        ++frames;
        threads = execution.threads;
        seen = in.data;
        before(execution);
        filters::gaussian_blur(in, out[0], this->m_Options, execution);
    }
};

using FrameF = itk::Image<float, 2>;
using LoopF = itk::Image<float, 3>;
using LoopU = itk::Image<std::uint8_t, 3>;

template <class TImage>
typename TImage::Pointer speckle(typename TImage::SizeType size) {
    auto image = TImage::New();
    image->SetRegions(size);
    image->Allocate();
    std::size_t count = 1;
    for (unsigned axis = 0; axis < TImage::ImageDimension; ++axis)
        count *= size[axis];
    for (std::size_t i = 0; i < count; ++i)
        image->GetBufferPointer()[i] = static_cast<typename TImage::PixelType>(i * 7919 % 251);
    return image;
}

/// What the free function gives for the frame that begins at `pixels`.
template <class Pixel>
Image<float> direct(const Pixel* pixels, int width, int height,
                    const filters::GaussianOptions& options) {
    Image<float> in(width, height), out(width, height);
    for (std::size_t i = 0; i < in.size(); ++i)
        in.data()[i] = static_cast<float>(pixels[i]);
    filters::gaussian_blur(in.view(), out.view(), options);
    return out;
}

bool same_bits(const float* a, const Image<float>& b) {
    return std::memcmp(a, b.data(), b.size() * sizeof(float)) == 0;
}

TEST_CASE("itk_frame_filter: a frame comes out as from the free function, read where it lies") {
    const auto image = speckle<FrameF>({{65, 43}});
    image->SetSpacing(FrameF::SpacingType(0.25));
    const auto filter = BlurImageFilter<FrameF>::New();
    filter->SetInput(image);
    filter->SetOptions({1.5, 3});
    filter->Update();
    CHECK(filter->seen == image->GetBufferPointer());
    CHECK(filter->GetOutput()->GetSpacing()[1] == 0.25);
    CHECK(same_bits(filter->GetOutput()->GetBufferPointer(),
                    direct(image->GetBufferPointer(), 65, 43, {1.5, 3})));
    filter->Update();
    CHECK(filter->frames == 1);  // nothing changed
    filter->SetOptions({2, 3});
    filter->Update();
    CHECK(filter->frames == 2);
}

TEST_CASE("itk_frame_filter: each frame of an 8-bit loop comes out as from the free function") {
    const auto loop = speckle<LoopU>({{33, 20, 4}});
    const auto filter = BlurImageFilter<LoopU>::New();
    filter->SetInput(loop);
    filter->SetNumberOfWorkUnits(2);
    filter->Update();
    CHECK(filter->frames == 4);
    for (int frame = 0; frame < 4; ++frame) {
        const int offset = frame * 33 * 20;
        CHECK(same_bits(filter->GetOutput()->GetBufferPointer() + offset,
                        direct(loop->GetBufferPointer() + offset, 33, 20, {})));
    }
}

TEST_CASE("itk_frame_filter: whole frames are made, of a loop only those that are requested") {
    const auto loop = speckle<LoopF>({{30, 20, 5}});
    const auto filter = BlurImageFilter<LoopF>::New();
    filter->SetInput(loop);
    filter->UpdateOutputInformation();
    filter->GetOutput()->SetRequestedRegion(LoopF::RegionType({{4, 5, 2}}, {{3, 3, 2}}));
    filter->GetOutput()->Update();
    CHECK(filter->frames == 2);
    const auto buffered = filter->GetOutput()->GetBufferedRegion();
    CHECK(buffered == LoopF::RegionType({{0, 0, 2}}, {{30, 20, 2}}));
    CHECK(loop->GetRequestedRegion() == buffered);
    CHECK(same_bits(filter->GetOutput()->GetBufferPointer() + 30 * 20,
                    direct(loop->GetBufferPointer() + 3 * 30 * 20, 30, 20, {})));
}

TEST_CASE("itk_frame_filter: work units are threads, but no more than the multi-threader has") {
    const auto image = speckle<FrameF>({{40, 300}});
    const auto filter = BlurImageFilter<FrameF>::New();
    filter->SetInput(image);
    filter->GetMultiThreader()->SetMaximumNumberOfThreads(3);
    filter->SetNumberOfWorkUnits(2);
    filter->Update();
    CHECK(filter->threads == 2);
    filter->SetNumberOfWorkUnits(64);
    filter->Modified();
    filter->Update();
    CHECK(filter->threads == 3);
    CHECK(same_bits(filter->GetOutput()->GetBufferPointer(),
                    direct(image->GetBufferPointer(), 40, 300, {})));
}

/// Calls `then` with the progress at each progress event.
void observe(itk::ProcessObject& filter, const std::function<void(float)>& then) {
    filter.AddObserver(itk::ProgressEvent(),
                       [&filter, then](const itk::EventObject&) { then(filter.GetProgress()); });
}

TEST_CASE("itk_frame_filter: progress is the share of the frames that are done") {
    const auto filter = BlurImageFilter<LoopF>::New();
    filter->SetInput(speckle<LoopF>({{8, 8, 4}}));
    std::vector<float> seen;
    observe(*filter, [&](float progress) { seen.push_back(progress); });
    filter->Update();
    CHECK(seen == std::vector<float>{0.25F, 0.5F, 0.75F, 1});
}

TEST_CASE("itk_frame_filter: an observer aborts between frames, and the next update starts over") {
    const auto filter = BlurImageFilter<LoopF>::New();
    filter->SetInput(speckle<LoopF>({{8, 8, 4}}));
    bool abort = true;
    observe(*filter, [&](float progress) {
        if (abort && progress >= 0.5F) filter->AbortGenerateDataOn();
    });
    CHECK_THROWS_AS(filter->Update(), itk::ProcessAborted);
    CHECK(filter->frames == 2);
    abort = false;
    filter->Update();
    CHECK(filter->frames == 6);
}

TEST_CASE("itk_frame_filter: another thread aborts within a frame") {
    const auto filter = BlurImageFilter<FrameF>::New();
    filter->SetInput(speckle<FrameF>({{64, 64}}));
    filter->before = [&](const Execution& execution) {
        std::jthread([&] { filter->SetAbortGenerateData(true); }).join();
        CHECK(execution.stop.stop_requested());
    };
    CHECK_THROWS_AS(filter->Update(), itk::ProcessAborted);
}

TEST_CASE("itk_frame_filter: a wrong option is ITK's exception and names the field") {
    const auto filter = BlurImageFilter<FrameF>::New();
    filter->SetInput(speckle<FrameF>({{8, 8}}));
    filter->SetOptions({-1, 1});
    CHECK_THROWS_AS(filter->Update(), itk::ExceptionObject);
    CHECK_THROWS_WITH(filter->Update(), Catch::Contains("sigma_x"));
    filter->SetOptions({1, 1});
    CHECK_NOTHROW(filter->Update());
}

}  // namespace
