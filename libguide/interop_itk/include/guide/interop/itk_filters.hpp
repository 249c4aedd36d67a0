// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/filters/confidence_map.hpp>
#include <guide/filters/dpad.hpp>
#include <guide/filters/monogenic.hpp>
#include <guide/filters/non_local_means.hpp>
#include <guide/filters/oriented_lines.hpp>
#include <guide/filters/scan_conversion.hpp>
#include <guide/filters/sheetness.hpp>
#include <guide/filters/srad.hpp>
#include <guide/filters/structure_tensor.hpp>
#include <guide/interop/itk_frame_filter.hpp>

#include <concepts>
#include <optional>

/// The main filters of guide as ITK filters: each does to the frames of its input what the free
/// function of the same name does, with the same bits. How they meet the pipeline (regions,
/// progress, abort, threads, errors) stands at FrameImageFilter; what options mean, at the
/// function. Options are set one by one or all with SetOptions.
namespace guide::interop {

// What every ITK filter states, and an option as itkSetMacro and itkGetConstMacro make it.
// Undefined at the end of this header.
#define GUIDE_ITK_FILTER(Filter, FilterOptions)                      \
  public:                                                            \
    using Self = Filter;                                             \
    using Superclass = FrameImageFilter<TInputImage, FilterOptions>; \
    using Pointer = itk::SmartPointer<Self>;                         \
    using ConstPointer = itk::SmartPointer<const Self>;              \
    using typename Superclass::OutputImageType;                      \
    using typename Superclass::Options;                              \
    using typename Superclass::Outputs;                              \
    itkNewMacro(Self) itkTypeMacro(Filter, FrameImageFilter)

#define GUIDE_ITK_OPTION(Name, field)                               \
    virtual void Set##Name(const decltype(Options::field)& value) { \
        this->SetOption(this->m_Options.field, value);              \
    }                                                               \
    virtual decltype(Options::field) Get##Name() const {            \
        return this->m_Options.field;                               \
    }                                                               \
    static_assert(true)

#define GUIDE_ITK_OUTPUT(Name, index)              \
    virtual OutputImageType* Get##Name##Output() { \
        return this->GetOutput(index);             \
    }                                              \
    static_assert(true)

/// filters::srad.
template <class TInputImage>
class SradImageFilter : public FrameImageFilter<TInputImage, filters::SradOptions> {
    GUIDE_ITK_FILTER(SradImageFilter, filters::SradOptions);
    GUIDE_ITK_OPTION(NumberOfIterations, steps);
    GUIDE_ITK_OPTION(TimeStep, step_size);
    GUIDE_ITK_OPTION(SpeckleLevel, speckle);
    GUIDE_ITK_OPTION(LogCompression, compression);

  protected:
    void FilterFrame(ImageView<const float> in, const Outputs& out,
                     const Execution& execution) override {
        filters::srad(in, out[0], this->m_Options, this->m_Workspace, execution);
    }
};

/// filters::dpad.
template <class TInputImage>
class DpadImageFilter : public FrameImageFilter<TInputImage, filters::DpadOptions> {
    GUIDE_ITK_FILTER(DpadImageFilter, filters::DpadOptions);
    GUIDE_ITK_OPTION(NumberOfIterations, steps);
    GUIDE_ITK_OPTION(TimeStep, step_size);
    GUIDE_ITK_OPTION(Window, window);
    GUIDE_ITK_OPTION(SpeckleLevel, speckle);
    GUIDE_ITK_OPTION(LogCompression, compression);

  protected:
    void FilterFrame(ImageView<const float> in, const Outputs& out,
                     const Execution& execution) override {
        filters::dpad(in, out[0], this->m_Options, this->m_Workspace, execution);
    }
};

/// filters::non_local_means.
template <class TInputImage>
class NonLocalMeansImageFilter
    : public FrameImageFilter<TInputImage, filters::NonLocalMeansOptions> {
    GUIDE_ITK_FILTER(NonLocalMeansImageFilter, filters::NonLocalMeansOptions);
    GUIDE_ITK_OPTION(SearchRadius, search_radius);
    GUIDE_ITK_OPTION(PatchRadius, patch_radius);
    GUIDE_ITK_OPTION(Gamma, gamma);
    GUIDE_ITK_OPTION(Smoothing, smoothing);
    GUIDE_ITK_OPTION(CompareSigma, compare_sigma);

  protected:
    void FilterFrame(ImageView<const float> in, const Outputs& out,
                     const Execution& execution) override {
        filters::non_local_means(in, out[0], this->m_Options, this->m_Workspace, execution);
    }
};

/// filters::monogenic. Outputs: 0 symmetry, 1 asymmetry, 2 phase, 3 orientation, 4 energy. The plan
/// is kept as long as options and frame size stay.
template <class TInputImage>
class MonogenicImageFilter : public FrameImageFilter<TInputImage, filters::MonogenicOptions> {
    GUIDE_ITK_FILTER(MonogenicImageFilter, filters::MonogenicOptions);
    GUIDE_ITK_OPTION(MinimumWavelength, min_wavelength_px);
    GUIDE_ITK_OPTION(NumberOfScales, scales);
    GUIDE_ITK_OPTION(ScaleFactor, factor);
    GUIDE_ITK_OPTION(SigmaOnF, sigma_on_f);
    GUIDE_ITK_OPTION(LowPass, low_pass);
    GUIDE_ITK_OPTION(NoiseFactor, noise_factor);
    GUIDE_ITK_OPTION(Polarity, polarity);
    GUIDE_ITK_OUTPUT(Symmetry, 0);
    GUIDE_ITK_OUTPUT(Asymmetry, 1);
    GUIDE_ITK_OUTPUT(Phase, 2);
    GUIDE_ITK_OUTPUT(Orientation, 3);
    GUIDE_ITK_OUTPUT(Energy, 4);

  protected:
    MonogenicImageFilter() { this->SetNumberOfFrameOutputs(5); }

    void FilterFrame(ImageView<const float> in, const Outputs& out,
                     const Execution& execution) override {
        if (!m_Plan || m_PlanTime != this->GetMTime() || m_PlanWidth != in.width ||
            m_PlanHeight != in.height) {
            m_Plan.emplace(in.width, in.height, this->m_Options, execution);
            m_PlanTime = this->GetMTime();
            m_PlanWidth = in.width;
            m_PlanHeight = in.height;
        }
        filters::MonogenicViews views;
        views.symmetry = out[0];
        views.asymmetry = out[1];
        views.phase = out[2];
        views.orientation = out[3];
        views.energy = out[4];
        filters::monogenic(in, views, *m_Plan, execution);
    }

  private:
    std::optional<filters::MonogenicPlan> m_Plan;
    itk::ModifiedTimeType m_PlanTime = 0;
    int m_PlanWidth = 0, m_PlanHeight = 0;
};

/// filters::sheetness. Outputs: 0 measure, 1 orientation, 2 scale.
template <class TInputImage>
class SheetnessImageFilter : public FrameImageFilter<TInputImage, filters::SheetnessOptions> {
    GUIDE_ITK_FILTER(SheetnessImageFilter, filters::SheetnessOptions);
    GUIDE_ITK_OPTION(SigmaMinimum, sigma_min);
    GUIDE_ITK_OPTION(SigmaMaximum, sigma_max);
    GUIDE_ITK_OPTION(NumberOfSigmaSteps, scales);
    GUIDE_ITK_OPTION(SigmaStepMethod, steps);
    GUIDE_ITK_OPTION(Polarity, polarity);
    GUIDE_ITK_OPTION(Beta, beta);
    GUIDE_ITK_OPTION(Gamma, gamma);
    GUIDE_ITK_OPTION(ScaleObjectnessMeasure, times_curvature);
    GUIDE_ITK_OUTPUT(Orientation, 1);
    GUIDE_ITK_OUTPUT(Scale, 2);

  protected:
    SheetnessImageFilter() { this->SetNumberOfFrameOutputs(3); }

    void FilterFrame(ImageView<const float> in, const Outputs& out,
                     const Execution& execution) override {
        filters::sheetness(in, {out[0], out[1], out[2]}, this->m_Options, execution);
    }
};

/// filters::structure_tensor. Outputs: 0 orientation, 1 coherence, 2 energy.
template <class TInputImage>
class StructureTensorImageFilter
    : public FrameImageFilter<TInputImage, filters::StructureTensorOptions> {
    GUIDE_ITK_FILTER(StructureTensorImageFilter, filters::StructureTensorOptions);
    GUIDE_ITK_OPTION(GradientSigma, gradient_sigma);
    GUIDE_ITK_OPTION(WindowSigma, window_sigma);
    GUIDE_ITK_OUTPUT(Orientation, 0);
    GUIDE_ITK_OUTPUT(Coherence, 1);
    GUIDE_ITK_OUTPUT(Energy, 2);

  protected:
    StructureTensorImageFilter() { this->SetNumberOfFrameOutputs(3); }

    void FilterFrame(ImageView<const float> in, const Outputs& out,
                     const Execution& execution) override {
        filters::structure_tensor(in, {out[0], out[1], out[2]}, this->m_Options, execution);
    }
};

/// filters::ConfidenceMap, which keeps what it needs from frame to frame.
template <class TInputImage>
class ConfidenceMapImageFilter : public FrameImageFilter<TInputImage, filters::ConfidenceOptions> {
    GUIDE_ITK_FILTER(ConfidenceMapImageFilter, filters::ConfidenceOptions);
    GUIDE_ITK_OPTION(Alpha, alpha);
    GUIDE_ITK_OPTION(Beta, beta);
    GUIDE_ITK_OPTION(Gamma, gamma);
    GUIDE_ITK_OPTION(Steepest, steepest);

  protected:
    void FilterFrame(ImageView<const float> in, const Outputs& out,
                     const Execution& execution) override {
        m_Map.compute(in, out[0], this->m_Options, execution);
    }

  private:
    filters::ConfidenceMap m_Map;
};

/// filters::oriented_lines. Outputs: 0 response, 1 angle, with the spacing of the grid.
template <class TInputImage>
class OrientedLinesImageFilter
    : public FrameImageFilter<TInputImage, filters::OrientedLinesOptions> {
    GUIDE_ITK_FILTER(OrientedLinesImageFilter, filters::OrientedLinesOptions);
    GUIDE_ITK_OPTION(LineWidth, width_px);
    GUIDE_ITK_OPTION(LineLength, length_px);
    GUIDE_ITK_OPTION(FirstAngle, first_angle);
    GUIDE_ITK_OPTION(LastAngle, last_angle);
    GUIDE_ITK_OPTION(NumberOfAngles, angles);
    GUIDE_ITK_OPTION(GridSpacing, grid_px);
    GUIDE_ITK_OUTPUT(Angle, 1);

  protected:
    OrientedLinesImageFilter() { this->SetNumberOfFrameOutputs(2); }

    void DescribeFrame(OutputImageType& output) const override {
        this->m_Options.validate();
        const auto step = static_cast<itk::SizeValueType>(this->m_Options.grid_px);
        auto region = output.GetLargestPossibleRegion();
        auto spacing = output.GetSpacing();
        for (unsigned axis = 0; axis < 2; ++axis) {
            region.SetSize(axis, (region.GetSize(axis) + step - 1) / step);
            spacing[axis] *= this->m_Options.grid_px;
        }
        output.SetLargestPossibleRegion(region);
        output.SetSpacing(spacing);
    }

    void FilterFrame(ImageView<const float> in, const Outputs& out,
                     const Execution& execution) override {
        filters::oriented_lines(in, {out[0], out[1]}, this->m_Options, this->m_Workspace,
                                execution);
    }
};

/// From where to where ScanConversionImageFilter converts.
struct ScanConversion {
    filters::BeamGrid beam;
    filters::PictureGrid picture;
    filters::ScanConversionOptions options{};
};

/// filters::ScanConverter::to_picture: an input of one column for each scan line becomes a picture
/// whose spacing and origin are those of ScanConversion::picture, in mm.
template <class TInputImage>
class ScanConversionImageFilter : public FrameImageFilter<TInputImage, ScanConversion> {
    GUIDE_ITK_FILTER(ScanConversionImageFilter, ScanConversion);
    GUIDE_ITK_OPTION(BeamGrid, beam);
    GUIDE_ITK_OPTION(PictureGrid, picture);
    GUIDE_ITK_OPTION(ConversionOptions, options);

  protected:
    void DescribeFrame(OutputImageType& output) const override {
        const filters::PictureGrid& picture = this->m_Options.picture;
        picture.validate();
        auto region = output.GetLargestPossibleRegion();
        auto spacing = output.GetSpacing();
        auto origin = output.GetOrigin();
        region.SetIndex(0, 0);
        region.SetIndex(1, 0);
        region.SetSize(0, static_cast<itk::SizeValueType>(picture.width));
        region.SetSize(1, static_cast<itk::SizeValueType>(picture.height));
        spacing[0] = picture.spacing.x_mm;
        spacing[1] = picture.spacing.y_mm;
        origin[0] = picture.origin.x;
        origin[1] = picture.origin.y;
        output.SetLargestPossibleRegion(region);
        output.SetSpacing(spacing);
        output.SetOrigin(origin);
    }

    void FilterFrame(ImageView<const float> in, const Outputs& out,
                     const Execution& execution) override {
        if (!m_Converter || m_ConverterTime != this->GetMTime()) {
            const ScanConversion& from = this->m_Options;
            m_Converter = filters::ScanConverter::to_picture(from.beam, from.picture, from.options,
                                                             execution);
            m_ConverterTime = this->GetMTime();
        }
        m_Converter->convert(in, out[0], execution);
    }

  private:
    std::optional<filters::ScanConverter> m_Converter;
    itk::ModifiedTimeType m_ConverterTime = 0;
};

#undef GUIDE_ITK_OUTPUT
#undef GUIDE_ITK_OPTION
#undef GUIDE_ITK_FILTER

}  // namespace guide::interop
