// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/column_mean.hpp>
#include <guide/filters/confidence_map.hpp>
#include <guide/filters/dpad.hpp>
#include <guide/filters/gaussian.hpp>
#include <guide/filters/monogenic.hpp>
#include <guide/filters/non_local_means.hpp>
#include <guide/filters/oriented_lines.hpp>
#include <guide/filters/sheetness.hpp>
#include <guide/filters/speckle_statistics.hpp>
#include <guide/filters/srad.hpp>
#include <guide/filters/structure_tensor.hpp>
#include <guide/interop/vtk.hpp>
#include <guide/interop/vtk_frame_filter.hpp>

#include <catch2/catch.hpp>
#include <vtkCallbackCommand.h>
#include <vtkImageFlip.h>
#include <vtkNew.h>

#include <cstring>
#include <string>
#include <thread>

namespace {

using guide::Execution;
using guide::Image;
using guide::ImageView;
using guide::interop::VtkRows;
namespace filters = guide::filters;
namespace interop = guide::interop;

template <class T>
vtkSmartPointer<vtkImageData> speckle(int width, int height, int frames = 1) {
    auto image = vtkSmartPointer<vtkImageData>::New();
    image->SetDimensions(width, height, frames);
    image->AllocateScalars(vtkTypeTraits<T>::VTKTypeID(), 1);
    auto* pixels = static_cast<T*>(image->GetScalarPointer());
    for (int i = 0; i < width * height * frames; ++i)
        pixels[i] = static_cast<T>(i * 7919 % 251);
    return image;
}

void blur(ImageView<const float> in, const interop::VtkFrameFilter::Outputs& out,
          const Execution& execution) {
    filters::gaussian_blur(in, out[0], {1.5, 3}, execution);
}

/// What the free function gives for frame `z` of an image.
template <class T>
Image<float> direct(vtkImageData* image, int z) {
    const int* size = image->GetDimensions();
    Image<float> in(size[0], size[1]), out(size[0], size[1]);
    const auto* pixels = static_cast<const T*>(image->GetScalarPointer(0, 0, z));
    for (std::size_t i = 0; i < in.size(); ++i)
        in.data()[i] = static_cast<float>(pixels[i]);
    filters::gaussian_blur(in.view(), out.view(), {1.5, 3});
    return out;
}

bool same_bits(vtkImageData* image, int z, const Image<float>& expected) {
    const int* extent = image->GetExtent();
    return std::memcmp(image->GetScalarPointer(extent[0], extent[2], z), expected.data(),
                       expected.size() * sizeof(float)) == 0;
}

TEST_CASE("vtk_frame_filter: a frame comes out as from the free function, read where it lies") {
    const auto image = speckle<float>(65, 43);
    image->SetSpacing(0.1, 0.2, 1);
    const void* seen = nullptr;
    int calls = 0;
    const auto filter = interop::vtk_frame_filter([&](auto in, const auto& out, const auto& how) {
        seen = in.data;
        ++calls;
        blur(in, out, how);
    });
    filter->SetInputData(image);
    filter->Update();
    CHECK(seen == image->GetScalarPointer());
    CHECK(filter->GetOutput()->GetScalarType() == VTK_FLOAT);
    CHECK(filter->GetOutput()->GetSpacing()[1] == 0.2);
    CHECK(same_bits(filter->GetOutput(), 0, direct<float>(image, 0)));
    filter->Update();
    CHECK(calls == 1);  // nothing changed
    image->Modified();
    filter->SetNumberOfThreads(3);
    filter->Update();
    CHECK(calls == 2);
    CHECK(same_bits(filter->GetOutput(), 0, direct<float>(image, 0)));
}

TEST_CASE("vtk_frame_filter: each frame of an 8-bit or 16-bit loop is filtered on its own") {
    const auto bytes = speckle<unsigned char>(33, 20, 4);
    const auto filter = interop::vtk_frame_filter(blur);
    filter->SetInputData(bytes);
    filter->Update();
    for (int z = 0; z < 4; ++z)
        CHECK(same_bits(filter->GetOutput(), z, direct<unsigned char>(bytes, z)));

    const auto shorts = speckle<short>(33, 20, 2);
    filter->SetInputData(shorts);
    filter->Update();
    CHECK(same_bits(filter->GetOutput(), 1, direct<short>(shorts, 1)));
}

TEST_CASE("vtk_frame_filter: whole frames are made, of a loop only those that are requested") {
    const auto loop = speckle<float>(30, 20, 5);
    const auto filter = interop::vtk_frame_filter(blur);
    filter->SetInputData(loop);
    const int wanted[6] = {4, 6, 5, 7, 2, 3};
    filter->UpdateExtent(wanted);
    const int* extent = filter->GetOutput()->GetExtent();
    CHECK(extent[0] == 0);
    CHECK(extent[3] == 19);
    CHECK(extent[4] == 2);
    CHECK(extent[5] == 3);
    CHECK(same_bits(filter->GetOutput(), 3, direct<float>(loop, 3)));
}

using Function = interop::VtkFrameFilter::Function;

/// The main filters, each with one result; the first knows where depth is.
std::vector<std::pair<std::string, Function>> main_filters() {
    return {
        {"column_share_below",
         [](auto in, const auto& out, const auto& how) {
             filters::column_share_below(in, out[0], how);
         }},
        {"srad",
         [](auto in, const auto& out, const auto& how) { filters::srad(in, out[0], {}, how); }},
        {"dpad",
         [](auto in, const auto& out, const auto& how) { filters::dpad(in, out[0], {}, how); }},
        {"non_local_means",
         [](auto in, const auto& out, const auto& how) {
             filters::non_local_means(in, out[0], {4}, how);
         }},
        {"monogenic",
         [](auto in, const auto& out, const auto& how) {
             filters::MonogenicViews views;
             views.orientation = out[0];
             filters::monogenic(in, views, filters::MonogenicOptions{}, how);
         }},
        {"sheetness",
         [](auto in, const auto& out, const auto& how) {
             filters::sheetness(in, {out[0], {}, {}}, {}, how);
         }},
        {"confidence_map", [](auto in, const auto& out,
                              const auto& how) { filters::confidence_map(in, out[0], {}, how); }},
        {"oriented_lines",
         [](auto in, const auto& out, const auto& how) {
             filters::OrientedLinesOptions options;
             options.angles = 9;
             filters::oriented_lines(in, {out[0], {}}, options, how);
         }},
        {"local_speckle_snr",
         [](auto in, const auto& out, const auto& how) {
             filters::local_speckle_snr(in, out[0], {}, how);
         }},
        {"structure_tensor",
         [](auto in, const auto& out, const auto& how) {
             filters::structure_tensor(in, {out[0], {}, {}}, {}, how);
         }},
    };
}

/// Through the pipeline, then a copy of the result.
Image<float> piped(const Function& function, VtkRows rows, vtkImageData* image) {
    const auto filter = interop::vtk_frame_filter(function);
    filter->SetRows(rows);
    filter->SetInputData(image);
    filter->Update();
    return interop::copy_image<float>(filter->GetOutput());
}

TEST_CASE("vtk_frame_filter: every filter sees depth grow, wherever the first row lies") {
    const auto top_first = speckle<float>(65, 70);
    vtkNew<vtkImageFlip> flip;  // the same picture as VTK's readers bring it
    flip->SetFilteredAxis(1);
    flip->SetInputData(top_first);
    flip->Update();
    const auto in = interop::copy_image<float>(top_first);
    for (const auto& [name, function] : main_filters()) {
        INFO(name);
        Image<float> expected(65, 70);
        function(in.view(), {expected.view()}, {});
        const auto downward = piped(function, VtkRows::downward, top_first);
        const auto upward = piped(function, VtkRows::upward, flip->GetOutput());
        bool same = true;
        for (int y = 0; y < 70; ++y) {
            same &= std::memcmp(expected.row(y), downward.row(y), 65 * sizeof(float)) == 0;
            same &= std::memcmp(expected.row(y), upward.row(69 - y), 65 * sizeof(float)) == 0;
        }
        CHECK(same);
    }
}

TEST_CASE("vtk_frame_filter: several results come out of several ports") {
    const auto image = speckle<float>(16, 12);
    const auto filter = interop::vtk_frame_filter(
        [](auto in, const auto& out, const auto& how) {
            filters::gaussian_blur(in, out[0], {1.5, 3}, how);
            filters::gaussian_blur(in, out[1], {0, 0}, how);
        },
        2);
    filter->SetInputData(image);
    filter->Update();
    CHECK(same_bits(filter->GetOutput(0), 0, direct<float>(image, 0)));
    CHECK(std::memcmp(filter->GetOutput(1)->GetScalarPointer(), image->GetScalarPointer(),
                      16 * 12 * sizeof(float)) == 0);
}

TEST_CASE(
    "vtk_frame_filter: progress follows the frames, abort stops it, and it starts over next time") {
    int calls = 0;
    bool abort = true;
    const auto filter = interop::vtk_frame_filter([&](auto in, const auto& out, const auto& how) {
        ++calls;
        blur(in, out, how);
    });
    filter->SetInputData(speckle<float>(8, 8, 4));
    struct Watch {
        std::vector<double> seen;
        bool* abort;
    } watch{{}, &abort};
    vtkNew<vtkCallbackCommand> command;
    command->SetClientData(&watch);
    command->SetCallback([](vtkObject* caller, unsigned long, void* data, void*) {
        auto& in = *static_cast<Watch*>(data);
        auto* algorithm = static_cast<vtkAlgorithm*>(caller);
        in.seen.push_back(algorithm->GetProgress());
        if (*in.abort && algorithm->GetProgress() >= 0.5) algorithm->AbortExecuteOn();
    });
    filter->AddObserver(vtkCommand::ProgressEvent, command);
    filter->Update();
    CHECK(calls == 2);
    CHECK(filter->GetErrorCode() == vtkErrorCode::NoError);
    CHECK(filter->GetOutput()->GetNumberOfPoints() == 0);
    abort = false;
    watch.seen.clear();
    filter->Update();
    CHECK(calls == 6);
    CHECK(filter->GetOutput()->GetNumberOfPoints() == 8 * 8 * 4);
    CHECK(std::count(watch.seen.begin(), watch.seen.end(), 0.25) == 1);
}

TEST_CASE("vtk_frame_filter: another thread aborts within a frame") {
    interop::VtkFrameFilter* self = nullptr;
    const auto filter = interop::vtk_frame_filter([&](auto in, const auto& out, const auto& how) {
        std::jthread([&] { self->SetAbortExecute(1); }).join();
        CHECK(how.stop.stop_requested());
        blur(in, out, how);
    });
    self = filter;
    filter->SetInputData(speckle<float>(8, 8));
    filter->Update();
    CHECK(filter->GetOutput()->GetNumberOfPoints() == 0);
}

/// Runs the filter and gives the first error that it and its pipeline report.
std::string error_of(interop::VtkFrameFilter* filter) {
    std::string first;
    vtkNew<vtkCallbackCommand> command;
    command->SetClientData(&first);
    command->SetCallback([](vtkObject*, unsigned long, void* data, void* message) {
        auto& text = *static_cast<std::string*>(data);
        if (text.empty()) text = static_cast<const char*>(message);
    });
    const auto mine = filter->AddObserver(vtkCommand::ErrorEvent, command);
    const auto other = filter->GetExecutive()->AddObserver(vtkCommand::ErrorEvent, command);
    filter->Update();
    filter->RemoveObserver(mine);
    filter->GetExecutive()->RemoveObserver(other);
    return first;
}

TEST_CASE("vtk_frame_filter: a wrong option or input is VTK's error, and can be put right") {
    double sigma = -1;
    const auto filter = interop::vtk_frame_filter([&](auto in, const auto& out, const auto& how) {
        filters::gaussian_blur(in, out[0], {sigma, 1}, how);
    });
    filter->SetInputData(speckle<float>(8, 8));
    CHECK_THAT(error_of(filter), Catch::Contains("sigma_x"));
    CHECK(filter->GetErrorCode() == vtkErrorCode::UserError);
    CHECK(filter->GetOutput()->GetNumberOfPoints() == 0);
    sigma = 1;
    CHECK(error_of(filter).empty());
    CHECK(filter->GetErrorCode() == vtkErrorCode::NoError);
    CHECK(filter->GetOutput()->GetNumberOfPoints() == 64);

    vtkNew<vtkImageData> colour;
    colour->SetDimensions(4, 4, 1);
    colour->AllocateScalars(VTK_UNSIGNED_CHAR, 3);
    filter->SetInputData(colour);
    CHECK_THAT(error_of(filter), Catch::Contains("one component"));
    vtkNew<interop::VtkFrameFilter> idle;
    idle->SetInputData(speckle<float>(4, 4));
    CHECK_THAT(error_of(idle), Catch::Contains("SetFunction"));
}

}  // namespace
