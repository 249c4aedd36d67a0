// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "phantom.hpp"

#include <guide/io/dicom_write.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace guide::app {

/// Writes the frames of one case under a folder: pictures, labels, masks, truth, a C-arm's
/// calibration. A sequence in DICOM is one file, which appears with the last frame, and the truth
/// of its frames with it.
class PhantomFiles {
  public:
    /// `name`: of the only frame; frames of a sequence are numbered. Nothing is written yet.
    PhantomFiles(std::filesystem::path folder, std::string name, bool dicom, report::Case c);

    /// The next frame; the second view of a pair goes to a folder of its own. Throws IoError.
    void add(PhantomFrame& made);

  private:
    void write_one(const report::TruthOrigin& origin, PhantomFrame& made);
    void add_to_sequence(PhantomFrame& made);
    void finish_sequence();

    std::filesystem::path folder_;
    std::string name_;
    bool dicom_;
    report::Case case_;
    int index_ = 0;
    std::optional<io::DicomSequenceWriter> sequence_;
    std::unique_ptr<PhantomFiles> second_;  ///< of a biplane pair
    std::vector<std::string> truths_;       ///< of the frames of a sequence, without its hash
};

}  // namespace guide::app
