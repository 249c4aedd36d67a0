// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/report/case.hpp>
#include <guide/report/documents.hpp>
#include <guide/simulate/fluoroscopy.hpp>
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

/// Documents of schema "guide.truth/1": all of guide.segmentation/1, drawn from the phantom itself,
/// and what no frame tells: surfaces and fluid that are hidden, the needle, where the probe or the
/// C-arm stood, and the whole case. Patient millimetres are LPS.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string ultrasound_truth_json(
    const TruthOrigin& origin, const Case& c, const Frame& frame,
    const simulate::UltrasoundTruth& truth,
    const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe,
    const std::optional<simulate::InsertedNeedle>& needle);

[[nodiscard]] GUIDE_REPORT_EXPORT std::string fluoroscopy_truth_json(
    const TruthOrigin& origin, const Case& c, const Frame& frame,
    const simulate::FluoroscopyTruth& truth, const simulate::FluoroscopySettings& settings);

}  // namespace guide::report
