// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/report/documents.hpp>
#include <guide/report/explanation.hpp>
#include <guide/report/volume.hpp>

#include <string>
#include <utility>
#include <vector>

namespace guide::report {

/// What stands on a page, whatever it is written in.
struct PageContent {
    std::string title, verdict;
    std::string picture;                                     ///< what it shows
    std::vector<std::pair<std::string, std::string>> facts;  ///< label and value
    std::vector<Paragraph> paragraphs;
    std::vector<std::string> checklist;
    std::string footer;
};

[[nodiscard]] PageContent page_content(const SourceReference& source, const Frame& frame,
                                       const Anatomy& anatomy, const plan::Plan& plan);
[[nodiscard]] PageContent volume_page_content(const SourceReference& source,
                                              const plan::VolumeScene& scene,
                                              const plan::Plan& plan);

}  // namespace guide::report
