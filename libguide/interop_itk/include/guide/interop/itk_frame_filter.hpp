// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/error.hpp>
#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/workspace.hpp>

#include <itkImage.h>
#include <itkImageToImageFilter.h>

#include <algorithm>
#include <concepts>
#include <mutex>
#include <stop_token>
#include <type_traits>
#include <vector>

namespace guide::interop {

/// A filter of guide in an ITK pipeline: what itk_filters.hpp has for the main ones, and what a
/// wrapper of another derives from. Header-only.
///
/// Input: an itk::Image of numbers, of two dimensions (a frame) or three (a cine loop, frame after
/// frame along the third). Each frame is filtered on its own, its rows in the order of memory, the
/// first one at the probe; the direction of the image changes nothing. Pixels of type float are
/// read where they lie, others are converted frame by frame. Outputs are of type float and have the
/// geometry of the input unless the filter says otherwise.
///
/// - Regions: a frame is needed and made as a whole, of a loop only the frames that are requested.
/// - Progress: an event after each frame with the share of frames done; none within a frame, which
///   takes milliseconds and whose kernels do not know how far they are.
/// - Abort: SetAbortGenerateData, from an observer or another thread, stops within a frame (after
///   the bands of rows at work); Update then throws itk::ProcessAborted.
/// - Threads: the number of work units, but no more than the multi-threader's threads (ITK makes
///   several work units for each thread; guide starts its threads for the frame). The pixels do not
///   depend on it.
/// - A wrong option, or any other PreconditionError, is an itk::ExceptionObject from Update.
template <class TInputImage, class TOptions>
class FrameImageFilter
    : public itk::ImageToImageFilter<TInputImage, itk::Image<float, TInputImage::ImageDimension>> {
  public:
    static constexpr unsigned kDimension = TInputImage::ImageDimension;
    static_assert(kDimension == 2 || kDimension == 3, "a frame, or a loop of frames");
    static_assert(std::is_arithmetic_v<typename TInputImage::PixelType>, "pixels are numbers");

    using Self = FrameImageFilter;
    using Superclass = itk::ImageToImageFilter<TInputImage, itk::Image<float, kDimension>>;
    using InputImageType = TInputImage;
    using OutputImageType = itk::Image<float, kDimension>;
    using Options = TOptions;
    itkTypeMacro(FrameImageFilter, ImageToImageFilter);

    FrameImageFilter(const FrameImageFilter&) = delete;
    FrameImageFilter& operator=(const FrameImageFilter&) = delete;

    /// All options at once, as the free function takes them.
    virtual void SetOptions(const Options& options) {
        m_Options = options;
        this->Modified();
    }
    virtual const Options& GetOptions() const { return m_Options; }

    void SetAbortGenerateData(bool abort) override {
        Superclass::SetAbortGenerateData(abort);
        if (!abort) return;
        const std::lock_guard lock(m_StopMutex);
        m_Stop.request_stop();
    }

  protected:
    using Outputs = std::vector<ImageView<float>>;

    FrameImageFilter() = default;
    ~FrameImageFilter() override = default;

    /// For filters with several results: outputs are made as the first one is.
    void SetNumberOfFrameOutputs(unsigned count) {
        this->SetNumberOfRequiredOutputs(count);
        for (unsigned i = 1; i < count; ++i)
            this->SetNthOutput(i, this->MakeOutput(i));
    }

    /// What the setter of one option does.
    template <class Value>
    void SetOption(Value& option, const Value& value) {
        if constexpr (std::equality_comparable<Value>) {
            if (option == value) return;
        }
        option = value;
        this->Modified();
    }

    /// For filters whose results have another grid: sets the size, spacing and origin of an output
    /// along the first two axes. It comes with the input's.
    virtual void DescribeFrame(OutputImageType& /*output*/) const {}

    /// One frame; `out` has a view for each output.
    virtual void FilterFrame(ImageView<const float> in, const Outputs& out,
                             const Execution& execution) = 0;

    void GenerateOutputInformation() override {
        Superclass::GenerateOutputInformation();
        Translated([this] {
            for (unsigned i = 0; i < this->GetNumberOfIndexedOutputs(); ++i)
                DescribeFrame(*this->GetOutput(i));
        });
    }

    void GenerateInputRequestedRegion() override {
        Superclass::GenerateInputRequestedRegion();
        auto* input = const_cast<TInputImage*>(this->GetInput());
        if (input != nullptr) RequestWholeFrames(*input);
    }

    void EnlargeOutputRequestedRegion(itk::DataObject* output) override {
        Superclass::EnlargeOutputRequestedRegion(output);
        if (auto* image = dynamic_cast<OutputImageType*>(output)) RequestWholeFrames(*image);
    }

    void GenerateData() override {
        this->AllocateOutputs();
        const auto maximum = this->GetMultiThreader()->GetMaximumNumberOfThreads();
        const Execution execution{
            static_cast<int>(std::min<itk::ThreadIdType>(this->GetNumberOfWorkUnits(), maximum)),
            RenewedStop()};
        const auto region = this->GetOutput()->GetRequestedRegion();
        itk::IndexValueType first = 0, frames = 1;
        if constexpr (kDimension == 3) {
            first = region.GetIndex(2);
            frames = static_cast<itk::IndexValueType>(region.GetSize(2));
        }
        Translated([&] {
            for (itk::IndexValueType frame = 0; frame < frames; ++frame) {
                if (execution.stop.stop_requested()) throw Stopped{};
                Outputs out;
                for (unsigned i = 0; i < this->GetNumberOfIndexedOutputs(); ++i)
                    out.push_back(ViewFrame<float>(*this->GetOutput(i), first + frame));
                FilterFrame(FloatFrame(first + frame), out, execution);
                this->UpdateProgress(static_cast<float>(frame + 1) / static_cast<float>(frames));
            }
        });
    }

    Options m_Options{};
    filters::Workspace m_Workspace;  ///< kept from frame to frame and from Update to Update

  private:
    /// Does it, and throws in ITK's terms what guide throws.
    template <class Action>
    void Translated(const Action& action) const {
        try {
            action();
        } catch (const PreconditionError& error) {
            throw itk::ExceptionObject(__FILE__, __LINE__, error.what(), this->GetNameOfClass());
        } catch (const Stopped&) {
            itk::ProcessAborted aborted(__FILE__, __LINE__);
            aborted.SetDescription("aborted by AbortGenerateData");
            throw aborted;
        }
    }

    template <class TImage>
    static void RequestWholeFrames(TImage& image) {
        auto region = image.GetRequestedRegion();
        const auto whole = image.GetLargestPossibleRegion();
        for (unsigned axis = 0; axis < 2; ++axis) {
            region.SetIndex(axis, whole.GetIndex(axis));
            region.SetSize(axis, whole.GetSize(axis));
        }
        image.SetRequestedRegion(region);
    }

    std::stop_token RenewedStop() {
        const std::lock_guard lock(m_StopMutex);
        m_Stop = std::stop_source();
        return m_Stop.get_token();
    }

    template <class Pixel, class TImage>
    static ImageView<Pixel> ViewFrame(TImage& image, itk::IndexValueType frame) {
        const auto buffered = image.GetBufferedRegion();
        constexpr auto kMost = itk::SizeValueType{0x7fffffff};
        require(buffered.GetSize(0) <= kMost && buffered.GetSize(1) <= kMost, "FrameImageFilter",
                "width and height fit an int");
        const auto pixels = static_cast<std::ptrdiff_t>(buffered.GetSize(0) * buffered.GetSize(1));
        std::ptrdiff_t offset = 0;
        if constexpr (kDimension == 3) offset = (frame - buffered.GetIndex(2)) * pixels;
        return {image.GetBufferPointer() + offset, static_cast<int>(buffered.GetSize(0)),
                static_cast<int>(buffered.GetSize(1))};
    }

    ImageView<const float> FloatFrame(itk::IndexValueType frame) {
        using Pixel = typename TInputImage::PixelType;
        const auto in = ViewFrame<const Pixel>(*this->GetInput(), frame);
        if constexpr (std::is_same_v<Pixel, float>) {
            return in;
        } else {
            if (m_Converted.width() != in.width || m_Converted.height() != in.height) {
                m_Converted = Image<float>(in.width, in.height);
            }
            for (int y = 0; y < in.height; ++y) {
                std::transform(in.row(y), in.row(y) + in.width, m_Converted.row(y),
                               [](Pixel value) { return static_cast<float>(value); });
            }
            return m_Converted.view();
        }
    }

    std::mutex m_StopMutex;
    std::stop_source m_Stop;
    Image<float> m_Converted;
};

}  // namespace guide::interop
