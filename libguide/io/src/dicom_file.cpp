// SPDX-License-Identifier: Apache-2.0
#include "dicom_file.hpp"

#include "dicom_nesting.hpp"
#include "sequence_header.hpp"

#include <dcmtk/oflog/oflog.h>

#include <cmath>
#include <mutex>

namespace guide::io {
namespace {

/// DCMTK logs to standard error through one process-wide hierarchy. Its root is turned off unless
/// the host has given the "dcmtk" branch a level of its own, which is the one way to tell that
/// somebody wants to read it.
void silence_dcmtk() {
    static std::once_flag once;
    std::call_once(once, [] {
        dcmtk::log4cplus::Logger logger = OFLog::getLogger("dcmtk");
        if (logger.getLogLevel() == dcmtk::log4cplus::NOT_SET_LOG_LEVEL) {
            logger.setLogLevel(dcmtk::log4cplus::OFF_LOG_LEVEL);
        }
    });
}

}  // namespace

std::string dicom_text(DcmItem& item, const DcmTagKey& tag) {
    OFString value;
    if (item.findAndGetOFStringArray(tag, value).bad()) return {};
    const std::string text = printable(std::string_view(value.c_str(), value.length()));
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? std::string() : text.substr(first);
}

std::vector<double> dicom_numbers(DcmItem& item, const DcmTagKey& tag) {
    DcmElement* element = nullptr;
    if (item.findAndGetElement(tag, element).bad() || element == nullptr) return {};
    std::vector<double> values;
    // PixelSpacing has two values, the longest of these, FrameTimeVector, one a frame.
    const unsigned long count = std::min(element->getVM(), 200'000UL);
    for (unsigned long i = 0; i < count; ++i) {
        Float64 real = 0;
        OFString text;
        if (element->ident() == EVR_FD || element->ident() == EVR_FL) {
            Float32 single = 0;
            if (element->getFloat64(real, i).good()) {
                values.push_back(real);
            } else if (element->getFloat32(single, i).good()) {
                values.push_back(static_cast<double>(single));
            }
        } else if (element->getOFString(text, i).good()) {
            const auto value = parse_number(std::string_view(text.c_str(), text.length()));
            if (value) values.push_back(*value);
        }
    }
    return values;
}

std::optional<double> dicom_number(DcmItem& item, const DcmTagKey& tag) {
    const auto values = dicom_numbers(item, tag);
    return values.empty() ? std::nullopt : std::optional(values.front());
}

std::optional<std::int64_t> whole_number(double value) {
    if (!(std::abs(value) < 1e15)) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> dicom_integer(DcmItem& item, const DcmTagKey& tag) {
    const auto value = dicom_number(item, tag);
    return value ? whole_number(*value) : std::nullopt;
}

DicomFile::DicomFile(const std::filesystem::path& path, const OpenOptions& options)
    : path_(path.string()) {
    silence_dcmtk();
    check_nesting(path_, options.max_bytes);
    OFCondition status;
    try {
        status = format_.loadFile(OFFilename(path_.c_str()), EXS_Unknown, EGL_noChange,
                                  DCM_MaxReadLength);
    } catch (const std::exception& error) {
        fail("damaged", std::string("DICOM: ") + printable(error.what()));
    }
    if (status.bad()) {
        // DCMTK's words for both are "I/O suspension or premature end of stream".
        const bool ended = status == EC_EndOfStream || status == EC_StreamNotifyClient ||
                           status == EC_InvalidStream;
        if (ended)
            fail("truncated", "DICOM: the file ends within an element, or its header is damaged");
        fail("damaged", "DICOM: " + printable(status.text()));
    }
    if (format_.getDataset()->isEmpty()) fail("damaged", "DICOM: the file holds no data set");
}

DcmPixelData* DicomFile::pixel_data() {
    DcmElement* element = nullptr;
    if (item().findAndGetElement(DCM_PixelData, element).bad() || element == nullptr)
        return nullptr;
    return dynamic_cast<DcmPixelData*>(element);
}

}  // namespace guide::io
