// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/error.hpp>
#include <guide/core/execution.hpp>
#include <guide/frame/frame.hpp>
#include <guide/io/dicom_write.hpp>
#include <guide/io/mayacam.hpp>
#include <guide/report/case.hpp>
#include <guide/report/truth.hpp>
#include <guide/simulate/knee.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace guide::app {

/// A case that cannot be: each field is in its range, but not together.
class ImpossibleCase : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What was broken, without the name of the function that says so.
inline std::string rule_of(const PreconditionError& fault) {
    constexpr std::string_view kMark = "required: ";
    const std::string text = fault.what();
    const std::size_t at = text.find(kMark);
    return at == std::string::npos ? text : text.substr(at + kMark.size());
}

/// One frame with its truth.
struct PhantomFrame {
    Frame frame;
    Image<std::uint8_t> labels, mask;
    io::DicomTags tags;
    std::function<std::string(const report::TruthOrigin&)> truth_json;
    std::optional<io::MayaCam> camera = {};     ///< of a C-arm
    std::unique_ptr<PhantomFrame> second = {};  ///< of a biplane pair: of the same moment
};

/// The folder of a biplane pair's second view, in that of the first.
inline constexpr const char* kSecondView = "second";

/// Makes the frames of one case, in any order.
class Phantom {
  public:
    virtual ~Phantom() = default;
    /// Throws ImpossibleCase, PreconditionError.
    [[nodiscard]] virtual PhantomFrame make(int index, const Execution& execution) = 0;
};

/// `folder` is the case's: files that it names are there. Throws ImpossibleCase, IoError.
[[nodiscard]] std::unique_ptr<Phantom> make_phantom(const report::Case& c,
                                                    const std::filesystem::path& folder,
                                                    const Execution& execution);
[[nodiscard]] std::unique_ptr<Phantom> make_ultrasound_phantom(const report::Case& c);
[[nodiscard]] std::unique_ptr<Phantom> make_fluoroscopy_phantom(const report::Case& c,
                                                                const std::filesystem::path& folder,
                                                                const Execution& execution);

/// Where the words of a case's target point to; none for "joint-space".
[[nodiscard]] std::optional<Eigen::Vector3d> place_of(const simulate::Knee& knee,
                                                      const std::string& target);

/// The needle with its tip there. The reason says what is in its way: bone, a hub that would lie
/// in the body, a tip in bone or outside. `aside` is where a bent tip turns to.
[[nodiscard]] Expected<simulate::InsertedNeedle> insert_needle(const simulate::TissueSampler& body,
                                                               const report::CaseNeedle& wanted,
                                                               const Eigen::Vector3d& tip,
                                                               const Eigen::Vector3d& direction,
                                                               const Eigen::Vector3d& aside);
[[nodiscard]] Expected<simulate::InsertedNeedle> insert_needle(const simulate::Knee& knee,
                                                               const report::CaseNeedle& wanted,
                                                               const Eigen::Vector3d& tip,
                                                               const Eigen::Vector3d& direction,
                                                               const Eigen::Vector3d& aside);

/// The same needle before it is all in: `share` of its way, above 0 to 1.
[[nodiscard]] simulate::InsertedNeedle drawn_back(const simulate::InsertedNeedle& needle,
                                                  double share);

/// The share of its way that a needle has gone in a frame of an insertion: from a tenth to all.
[[nodiscard]] double share_of(const report::CaseSequence& sequence, int index);

}  // namespace guide::app
