// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "study.hpp"

#include <guide/core/image.hpp>
#include <guide/plan/check.hpp>

#include <QString>
#include <optional>

namespace guide::viewer {

enum class Export { picture, json, markups, report };

/// What the file dialog asks for.
struct ExportKind {
    Export kind;
    QString title, filter, suffix;
};
[[nodiscard]] const ExportKind& kind_of(Export kind);

/// The plan as it is shown: the chosen path first; a drawn path that keeps every limit before it.
[[nodiscard]] plan::Plan plan_to_export(const Study& study, int candidate,
                                        const std::optional<plan::TrajectoryCheck>& trial);

/// Writes one file; the same documents as the guide program's. `picture` is for Export::picture and
/// Export::report. Throws IoError.
void write_export(Export kind, const QString& path, const Study& study, const plan::Plan& plan,
                  const Image<Rgb8>& picture);

}  // namespace guide::viewer
