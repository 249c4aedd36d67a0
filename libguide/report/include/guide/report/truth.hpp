// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/report/case.hpp>
#include <guide/report/documents.hpp>
#include <guide/simulate/fluoroscopy.hpp>
#include <guide/simulate/injection.hpp>
#include <guide/simulate/screen.hpp>
#include <guide/simulate/truth.hpp>

#include <optional>
#include <string>

namespace guide::report {

/// Which frame of which case a truth belongs to.
struct TruthOrigin {
    SourceReference source;   ///< of the frame as written, beside the truth's folder
    std::string labels_file;  ///< as `source.file`
    std::string mask_file;    ///< as `source.file`
    int frames = 1;           ///< of the sequence
    double time_s = 0;        ///< since the first frame
};

/// How far an injection has come.
struct InjectionTruth {
    simulate::InjectionSite site = simulate::InjectionSite::recess;
    double injected_ml = 0, effusion_mm = 0, recess_ml = 0, pool_ml = 0;
};

/// What is drawn about an ultrasound picture, and what has changed in the knee.
struct ShownScene {
    std::optional<simulate::InsertedNeedle> needle = {};
    std::optional<simulate::ScreenTruth> screen = {};
    std::optional<InjectionTruth> injection = {};
};

/// Documents of schema "guide.truth/1": all of guide.segmentation/1, drawn from the phantom itself,
/// and what no frame tells: surfaces and fluid that are hidden, the needle, where the probe or the
/// C-arm stood, and the whole case. Patient millimetres are LPS.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string ultrasound_truth_json(
    const TruthOrigin& origin, const Case& c, const Frame& frame,
    const simulate::UltrasoundTruth& truth,
    const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe,
    const ShownScene& scene = {});

/// The other view of a biplane pair.
struct OtherView {
    std::string file;  ///< its frame, from the folder of this one's
    simulate::CArm arm;
};

[[nodiscard]] GUIDE_REPORT_EXPORT std::string fluoroscopy_truth_json(
    const TruthOrigin& origin, const Case& c, const Frame& frame,
    const simulate::FluoroscopyTruth& truth, const simulate::FluoroscopySettings& settings,
    const std::optional<OtherView>& other = {});

}  // namespace guide::report
