// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/error.hpp>
#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>

#include <vtkDataArray.h>
#include <vtkErrorCode.h>
#include <vtkImageAlgorithm.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkSmartPointer.h>
#include <vtkStreamingDemandDrivenPipeline.h>

#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

namespace guide::interop {

/// Where the first row in memory lies in the picture. guide's images, and VTK images made from them
/// (vtk.hpp), begin at the top, where the probe is; those of VTK's own readers begin at the bottom,
/// because their y axis points up. Nothing in the image tells: only the caller can.
enum class VtkRows { downward, upward };

/// Any filter of guide in a VTK pipeline:
///
///     auto filter = vtk_frame_filter([](ImageView<const float> in, const auto& out,
///                                       const Execution& execution) {
///         filters::srad(in, out[0], {}, execution);
///     });
///     filter->SetInputConnection(reader->GetOutputPort());
///     filter->SetRows(VtkRows::upward);
///
/// Input: vtkImageData with one component of any type; one slice (a frame) or several (a cine loop,
/// frame after frame along z), each filtered on its own. Pixels of type float are read where they
/// lie, others are converted frame by frame. Outputs, one port each, are of type float and have the
/// geometry of the input.
///
/// - Rows: the function always sees depth grow with y. With VtkRows::upward its views begin at the
///   last row in memory and have a negative stride: no pixel is moved, in or out.
/// - Extents: a frame is needed and made as a whole, of a loop only the slices that are requested.
/// - Progress: an event after each frame. Abort: SetAbortExecute, from an observer or another
///   thread, stops within a frame; the outputs are then empty and the next Update starts over.
/// - Errors: a wrong input or an exception of the function is an ErrorEvent (which VTK prints where
///   nobody observes it) with GetErrorCode() != 0, and empty outputs. Header-only; needs
///   VTK::CommonExecutionModel.
class VtkFrameFilter : public vtkImageAlgorithm {
  public:
    using Outputs = std::vector<ImageView<float>>;
    using Function =
        std::function<void(ImageView<const float> in, const Outputs& out, const Execution&)>;

    // The macro takes no semicolon.
    vtkTypeMacro(VtkFrameFilter, vtkImageAlgorithm) static_assert(true);
    static VtkFrameFilter* New() { VTK_STANDARD_NEW_BODY(VtkFrameFilter); }

    /// `function` gets one view for each of `outputs` ports and may keep a Workspace between
    /// calls: it is called from one thread at a time.
    void SetFunction(Function function, int outputs = 1) {
        require(function != nullptr && outputs > 0, "VtkFrameFilter::SetFunction",
                "there is a function, with one output or more");
        function_ = std::move(function);
        this->SetNumberOfOutputPorts(outputs);
        this->Modified();
    }

    void SetRows(VtkRows rows) {
        if (rows_ == rows) return;
        rows_ = rows;
        this->Modified();
    }
    [[nodiscard]] VtkRows GetRows() const { return rows_; }

    /// Execution::threads: 0, the default, takes one for each core. The pixels do not depend on it.
    void SetNumberOfThreads(int threads) { threads_ = threads; }
    [[nodiscard]] int GetNumberOfThreads() const { return threads_; }

    void SetAbortExecute(vtkTypeBool abort) override {
        Superclass::SetAbortExecute(abort);
        if (abort == 0) return;
        const std::lock_guard lock(stop_mutex_);
        stop_.request_stop();
    }

  protected:
    VtkFrameFilter() = default;
    ~VtkFrameFilter() override = default;

    int RequestInformation(vtkInformation*, vtkInformationVector**,
                           vtkInformationVector* outputs) override {
        for (int port = 0; port < this->GetNumberOfOutputPorts(); ++port) {
            vtkDataObject::SetPointDataActiveScalarInfo(outputs->GetInformationObject(port),
                                                        VTK_FLOAT, 1);
        }
        return 1;
    }

    int RequestUpdateExtent(vtkInformation* request, vtkInformationVector** inputs,
                            vtkInformationVector* outputs) override {
        using Pipeline = vtkStreamingDemandDrivenPipeline;
        const int from = request->Get(Pipeline::FROM_OUTPUT_PORT());
        int whole[6], wanted[6];
        vtkInformation* input = inputs[0]->GetInformationObject(0);
        input->Get(Pipeline::WHOLE_EXTENT(), whole);
        outputs->GetInformationObject(from < 0 ? 0 : from)->Get(Pipeline::UPDATE_EXTENT(), wanted);
        const int extent[6] = {whole[0], whole[1], whole[2], whole[3], wanted[4], wanted[5]};
        input->Set(Pipeline::UPDATE_EXTENT(), extent, 6);
        return 1;
    }

    int RequestData(vtkInformation*, vtkInformationVector** inputs,
                    vtkInformationVector* outputs) override {
        this->SetErrorCode(vtkErrorCode::NoError);
        try {
            FilterFrames(*inputs[0]->GetInformationObject(0), *outputs);
            return 1;
        } catch (const Stopped&) {
            DropOutputs(*outputs);
            return 1;  // what was asked for is no error
        } catch (const std::exception& error) {
            DropOutputs(*outputs);
            this->SetErrorCode(vtkErrorCode::UserError);
            vtkErrorMacro(<< error.what());
            return 0;
        }
    }

  private:
    void FilterFrames(vtkInformation& input_information, vtkInformationVector& outputs) {
        require(function_ != nullptr, "VtkFrameFilter", "SetFunction was called");
        vtkImageData* input = vtkImageData::GetData(&input_information);
        require(input != nullptr && input->GetPointData()->GetScalars() != nullptr,
                "VtkFrameFilter", "the input has pixels");
        require(input->GetNumberOfScalarComponents() == 1 &&
                    input->GetPointData()->GetScalars()->HasStandardMemoryLayout(),
                "VtkFrameFilter", "the input has one component, pixel by pixel in memory");
        int extent[6];
        input_information.Get(vtkStreamingDemandDrivenPipeline::UPDATE_EXTENT(), extent);
        std::vector<vtkImageData*> images;
        for (int port = 0; port < this->GetNumberOfOutputPorts(); ++port) {
            images.push_back(vtkImageData::GetData(&outputs, port));
            images.back()->SetExtent(extent);
            images.back()->AllocateScalars(VTK_FLOAT, 1);
        }
        const Execution execution{threads_, RenewedStop()};
        const double frames = extent[5] - extent[4] + 1;
        for (int z = extent[4]; z <= extent[5]; ++z) {
            if (execution.stop.stop_requested()) throw Stopped{};
            Outputs out;
            for (vtkImageData* image : images)
                out.push_back(InDepth(ViewSlice<float>(*image, z, extent)));
            function_(InDepth(FloatSlice(*input, z, extent)), out, execution);
            this->UpdateProgress((z - extent[4] + 1) / frames);
        }
    }

    /// Outputs without pixels, which the next Update makes anew.
    static void DropOutputs(vtkInformationVector& outputs) {
        for (int port = 0; port < outputs.GetNumberOfInformationObjects(); ++port) {
            vtkInformation* information = outputs.GetInformationObject(port);
            vtkImageData::GetData(information)->ReleaseData();
            information->Set(vtkDemandDrivenPipeline::DATA_NOT_GENERATED(), 1);
        }
    }

    std::stop_token RenewedStop() {
        const std::lock_guard lock(stop_mutex_);
        stop_ = std::stop_source();
        return stop_.get_token();
    }

    /// The part `extent` of a slice as it lies in memory.
    template <class T>
    static ImageView<T> ViewSlice(vtkImageData& image, int z, const int (&extent)[6]) {
        const int* held = image.GetExtent();
        return {static_cast<T*>(image.GetScalarPointer(extent[0], extent[2], z)),
                extent[1] - extent[0] + 1, extent[3] - extent[2] + 1,
                std::ptrdiff_t{held[1]} - held[0] + 1};
    }

    template <class T>
    ImageView<T> InDepth(ImageView<T> view) const {
        if (rows_ == VtkRows::downward || view.empty()) return view;
        return {view.row(view.height - 1), view.width, view.height, -view.stride};
    }

    ImageView<const float> FloatSlice(vtkImageData& image, int z, const int (&extent)[6]) {
        if (image.GetScalarType() == VTK_FLOAT) return ViewSlice<const float>(image, z, extent);
        switch (image.GetScalarType()) {
            vtkTemplateMacro(Convert(ViewSlice<const VTK_TT>(image, z, extent)));
            default:
                throw PreconditionError("VtkFrameFilter", "the input's pixels are numbers");
        }
        return converted_.view();
    }

    template <class T>
    void Convert(ImageView<const T> in) {
        if (converted_.width() != in.width || converted_.height() != in.height) {
            converted_ = Image<float>(in.width, in.height);
        }
        for (int y = 0; y < in.height; ++y) {
            for (int x = 0; x < in.width; ++x)
                converted_.at(x, y) = static_cast<float>(in.at(x, y));
        }
    }

    Function function_;
    VtkRows rows_ = VtkRows::downward;
    int threads_ = 0;
    std::mutex stop_mutex_;
    std::stop_source stop_;
    Image<float> converted_;
};

/// A new filter with this function.
[[nodiscard]] inline vtkSmartPointer<VtkFrameFilter> vtk_frame_filter(
    VtkFrameFilter::Function function, int outputs = 1) {
    auto filter = vtkSmartPointer<VtkFrameFilter>::New();
    filter->SetFunction(std::move(function), outputs);
    return filter;
}

}  // namespace guide::interop
