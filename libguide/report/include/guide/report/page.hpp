// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/report/documents.hpp>
#include <guide/report/export.hpp>
#include <guide/report/volume.hpp>

#include <span>
#include <string>
#include <string_view>

namespace guide::report {

/// One page about a plan as HTML that stands by itself: picture, numbers, reasons, checklist and
/// what was assumed. `picture_png` holds the bytes of a PNG file, none for no picture. Same input,
/// same bytes.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string plan_html(const SourceReference& source,
                                                        const Frame& frame, const Anatomy& anatomy,
                                                        const plan::Plan& plan,
                                                        std::string_view picture_png);

/// The same as a PDF (1.4, A4, built-in fonts, the picture uncompressed); text beyond the page goes
/// on the next one. Characters outside Latin-1 become "?".
[[nodiscard]] GUIDE_REPORT_EXPORT std::string plan_pdf(const SourceReference& source,
                                                       const Frame& frame, const Anatomy& anatomy,
                                                       const plan::Plan& plan,
                                                       ImageView<const Rgb8> picture);

/// The same pages about a plan in a label volume.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string volume_plan_html(const SourceReference& source,
                                                               const plan::VolumeScene& scene,
                                                               const plan::Plan& plan,
                                                               std::string_view picture_png);
[[nodiscard]] GUIDE_REPORT_EXPORT std::string volume_plan_pdf(const SourceReference& source,
                                                              const plan::VolumeScene& scene,
                                                              const plan::Plan& plan,
                                                              ImageView<const Rgb8> picture);

}  // namespace guide::report
