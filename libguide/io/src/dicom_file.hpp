// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "file.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace guide::io {

/// Values of one item, in a form that bad files cannot break: absent, empty and unreadable are the
/// same.
[[nodiscard]] std::string dicom_text(DcmItem& item, const DcmTagKey& tag);
[[nodiscard]] std::vector<double> dicom_numbers(DcmItem& item, const DcmTagKey& tag);
[[nodiscard]] std::optional<double> dicom_number(DcmItem& item, const DcmTagKey& tag);
/// Numbers written as text may be anything: nothing where `value` is not finite or is beyond 10^15.
[[nodiscard]] std::optional<std::int64_t> whole_number(double value);
[[nodiscard]] std::optional<std::int64_t> dicom_integer(DcmItem& item, const DcmTagKey& tag);

/// A parsed DICOM file; values longer than 4 KiB, pixels above all, stay in the file until asked
/// for.
class DicomFile {
  public:
    DicomFile(const std::filesystem::path& path, const OpenOptions& options);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] DcmItem& item() { return *format_.getDataset(); }
    [[nodiscard]] E_TransferSyntax syntax() { return format_.getDataset()->getOriginalXfer(); }
    [[nodiscard]] DcmPixelData* pixel_data();

    [[noreturn]] void fail(const std::string& code, const std::string& why) const {
        throw IoError(path_, code, why);
    }

  private:
    std::string path_;
    DcmFileFormat format_;
};

}  // namespace guide::io
