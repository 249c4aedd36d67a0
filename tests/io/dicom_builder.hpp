// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace guide::test {

/// The numbers of a DICOM image pixel module.
struct Pixels {
    int width = 4, height = 3, samples = 1, frames = 1;
    int bits_allocated = 8, bits_stored = 8, high_bit = 7;
    bool is_signed = false;
    int planar = 0;
    std::string photometric = "MONOCHROME2";
};

/// One item of the Sequence of Ultrasound Regions.
struct Region {
    int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    double delta_x = 0.01, delta_y = 0.01;
    int unit_x = 3, unit_y = 3, spatial_format = 1, data_type = 1;
};

/// Small DICOM files made by DCMTK, for tests.
class DicomBuilder {
  public:
    explicit DicomBuilder(const Pixels& pixels, const std::string& modality = "US");

    DicomBuilder& text(const DcmTagKey& tag, const std::string& value);
    DicomBuilder& word(const DcmTagKey& tag, int value);
    DicomBuilder& words(const DcmTagKey& tag, const std::vector<std::uint16_t>& values);
    DicomBuilder& region(const Region& region);
    DicomBuilder& bytes(const std::vector<std::uint8_t>& samples);
    DicomBuilder& shorts(const std::vector<std::uint16_t>& samples);
    /// Encapsulated pixel data of the given fragments, without an offset table.
    DicomBuilder& fragments(const std::vector<std::string>& streams, E_TransferSyntax syntax);
    [[nodiscard]] DcmDataset& dataset() { return *file_.getDataset(); }

    /// Compresses with DCMTK where `syntax` asks for it.
    void save(const std::filesystem::path& path,
              E_TransferSyntax syntax = EXS_LittleEndianExplicit);

  private:
    DcmFileFormat file_;
    E_TransferSyntax syntax_ = EXS_LittleEndianExplicit;
};

/// A lossless JPEG 2000 stream of interleaved 8 or 16 bit samples.
[[nodiscard]] std::string jpeg2000_stream(const std::vector<int>& samples, int width, int height,
                                          int components, int bits);

}  // namespace guide::test
