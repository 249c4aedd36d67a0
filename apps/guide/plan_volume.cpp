// SPDX-License-Identifier: Apache-2.0
#include "plan_volume.hpp"

#include "volume_picture.hpp"

#include <guide/core/error.hpp>
#include <guide/io/label_volume.hpp>
#include <guide/io/sha256.hpp>
#include <guide/io/write.hpp>
#include <guide/plan/plan_volume.hpp>
#include <guide/report/page.hpp>
#include <guide/report/summary.hpp>
#include <guide/report/volume.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace guide::app {

bool is_pdf(const std::string& file) {
    return std::filesystem::path(file).extension() == ".pdf";
}

namespace {

plan::LabelTable read_table(const VolumeInput& input) {
    const std::string& file = *input.labels_file;
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    if (!stream || !(text << stream.rdbuf()))
        throw IoError(file, "not-found", "cannot be opened, or is empty");
    auto table = report::read_label_table(std::move(text).str());
    if (!table) throw IoError(file, table.error().code, table.error().text);
    if (input.knee)
        table->side = *input.knee == "left" ? plan::KneeSide::left : plan::KneeSide::right;
    return *std::move(table);
}

void write_results(const std::string& file, const guide::LabelVolume& volume,
                   const plan::VolumeScene& scene, const plan::Plan& plan, const Output& output,
                   const PlanOutput& more) {
    const bool about_file = output.json || more.report;
    const report::SourceReference source{file,
                                         about_file ? io::sha256_of_file(file) : std::string(), 0};
    if (output.json) output.write_json(report::volume_plan_json(source, volume, scene, plan));
    Image<Rgb8> picture;
    if (!plan.candidates.empty() && (output.overlay || more.report))
        picture = draw_volume_path(scene, *plan.candidates.front().in_patient,
                                   plan.needle.outer_diameter_mm);
    if (more.report) {
        const bool pictured = picture.width() > 0;
        io::write_text(*more.report,
                       is_pdf(*more.report)
                           ? report::volume_plan_pdf(source, scene, plan, picture.view())
                           : report::volume_plan_html(
                                 source, scene, plan,
                                 pictured ? io::encode_png(picture.view()) : std::string()));
    }
    if (more.markups) {
        if (const auto markups = report::volume_markups_json(plan)) {
            io::write_text(*more.markups, *markups);
        } else {
            std::cerr << "guide: " << *more.markups << ": not written. " << markups.error().text
                      << '\n';
        }
    }
    if (output.overlay) {
        if (plan.candidates.empty()) {
            std::cerr << "guide: " << *output.overlay
                      << ": not written. There is no path to show.\n";
        } else {
            io::write_png(*output.overlay, picture.view());
        }
    }
}

}  // namespace

void VolumeInput::add_to(CLI::App& command) {
    auto* labels =
        command
            .add_option("--labels", labels_file,
                        "FILE is a label volume (NRRD, MetaImage); this table says what its "
                        "numbers are (guide.labels/1)")
            ->type_name("FILE");
    command.add_option("--knee", knee, "Which knee a label volume shows, in place of its table")
        ->check(CLI::IsMember({"left", "right"}))
        ->needs(labels);
    for (const char* of_frames :
         {"--view", "--frame", "--depth-mm", "--spacing-mm", "--lateral-side"}) {
        labels->excludes(command.get_option(of_frames));
    }
}

plan::PlanStatus plan_label_volume(const std::string& file, const VolumeInput& input,
                                   const plan::PlanOptions& options, const Output& output,
                                   const PlanOutput& more) {
    const plan::LabelTable table = read_table(input);
    const guide::LabelVolume volume = io::read_label_volume(file);
    const auto scene = plan::VolumeScene::make(volume, table, {.threads = 0});
    if (!scene) throw IoError(file, scene.error().code, scene.error().text);
    plan::Plan plan = plan::plan_volume(*scene, options);
    if (plan.status == plan::PlanStatus::refused) {
        if (const auto planner = plan::VolumePlanner::make(*scene, options))
            plan.remedies = planner->remedies();
    }
    write_results(file, volume, *scene, plan, output, more);
    if (more.explain) {
        output.tell(report::volume_explanation_text(scene->notes(), plan));
    } else {
        output.say(report::plan_summary(plan), more.markups || more.report);
    }
    return plan.status;
}

}  // namespace guide::app
