// SPDX-License-Identifier: Apache-2.0
#include "exporter.hpp"

#include <guide/core/error.hpp>
#include <guide/io/sha256.hpp>
#include <guide/io/write.hpp>
#include <guide/report/documents.hpp>
#include <guide/report/markups.hpp>
#include <guide/report/page.hpp>

#include <algorithm>
#include <array>
#include <filesystem>

namespace guide::viewer {

const ExportKind& kind_of(Export kind) {
    static const std::array<ExportKind, 4> kKinds{
        {{Export::picture, "Save the picture", "PNG picture (*.png)", ".png"},
         {Export::json, "Save the plan", "Plan, JSON (*.json)", ".json"},
         {Export::markups, "Save the path for 3D Slicer", "Markups (*.mrk.json)", ".mrk.json"},
         {Export::report, "Save the report", "Page (*.pdf *.html)", ".pdf"}}};
    return kKinds[static_cast<std::size_t>(kind)];
}

plan::Plan plan_to_export(const Study& study, int candidate,
                          const std::optional<plan::TrajectoryCheck>& trial) {
    plan::Plan plan = *study.plan;
    auto& all = plan.candidates;
    if (candidate > 0 && static_cast<std::size_t>(candidate) < all.size())
        std::rotate(all.begin(), all.begin() + candidate, all.begin() + candidate + 1);
    if (trial && trial->allowed) {
        plan.status =
            study.frame->spacing ? plan::PlanStatus::planned : plan::PlanStatus::uncalibrated;
        all.insert(all.begin(), trial->path);
        if (plan.status == plan::PlanStatus::planned) plan.reason.reset();
    }
    return plan;
}

void write_export(Export kind, const QString& file, const Study& study, const plan::Plan& plan,
                  const Image<Rgb8>& picture) {
    const std::filesystem::path path = file.toStdString();
    if (kind == Export::picture) {
        io::write_png(path, picture.view());
        return;
    }
    if (kind == Export::markups) {
        const auto markups = report::markups_json(*study.frame, plan);
        if (!markups) throw IoError(path.string(), markups.error().code, markups.error().text);
        io::write_text(path, *markups);
        return;
    }
    const report::SourceReference source{study.info->path.string(), io::sha256_of_file(study.file),
                                         study.request.frame};
    if (kind == Export::json) {
        io::write_text(path, report::plan_json(source, *study.frame, *study.anatomy, plan));
    } else if (path.extension() == ".pdf") {
        io::write_text(
            path, report::plan_pdf(source, *study.frame, *study.anatomy, plan, picture.view()));
    } else {
        io::write_text(path, report::plan_html(source, *study.frame, *study.anatomy, plan,
                                               io::encode_png(picture.view())));
    }
}

}  // namespace guide::viewer
