// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "output.hpp"

#include <guide/core/error.hpp>
#include <guide/evaluate/overlap.hpp>
#include <guide/evaluate/surface_distance.hpp>
#include <guide/io/frame_source.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

namespace guide::app {
namespace {

using Json = nlohmann::ordered_json;

Image<std::uint8_t> read_mask(const std::string& file) {
    const Frame frame = io::open(file)->read(0);
    Image<std::uint8_t> mask(frame.intensity.width(), frame.intensity.height());
    // Masks are written as 0 and 255 or as 0 and 1: anything above black is set.
    for (std::size_t i = 0; i < mask.size(); ++i)
        mask.data()[i] = frame.intensity.data()[i] > 0 ? 1 : 0;
    return mask;
}

Json read_json(const std::string& file) {
    std::ifstream stream(file);
    if (!stream) throw IoError(file, "not-found", "cannot be opened");
    const Json document = Json::parse(stream, nullptr, false);
    if (document.is_discarded()) throw IoError(file, "damaged", "is no JSON document");
    return document;
}

bool in_a_picture(double coordinate) {
    constexpr double kLargest = 1e5;  // px; beyond it a file is damaged, and sampling would not end
    return std::isfinite(coordinate) && std::abs(coordinate) <= kLargest;
}

/// Bone surfaces of a segmentation document, in millimetres.
std::vector<MmPolyline> read_surfaces(const std::string& file, Spacing spacing) {
    const Json document = read_json(file);
    std::vector<MmPolyline> lines;
    try {
        for (const auto& bone : document.at("bones")) {
            MmPolyline line;
            for (const auto& p : bone.at("points_px")) {
                const PixelPoint point{p.at(0), p.at(1)};
                if (!in_a_picture(point.x) || !in_a_picture(point.y)) {
                    throw IoError(file, "damaged", "has a point that lies in no picture");
                }
                line.push_back(to_mm(point, spacing));
            }
            if (line.size() > 1) lines.push_back(std::move(line));
        }
    } catch (const Json::exception&) {
        throw IoError(file, "damaged",
                      "has no list \"bones\" with \"points_px\" as the segmentation schema wants");
    }
    return lines;
}

/// A contour as text, one "x,y" pair of pixels a line; lines that do not begin with a number are
/// passed over.
MmPolyline read_contour(const std::string& file, Spacing spacing) {
    std::ifstream stream(file);
    if (!stream) throw IoError(file, "not-found", "cannot be opened");
    MmPolyline line;
    for (std::string text; std::getline(stream, text);) {
        std::istringstream words(text);
        double x = 0, y = 0;
        char comma = 0;
        if (words >> x >> comma >> y && comma == ',' && in_a_picture(x) && in_a_picture(y)) {
            line.push_back(to_mm(PixelPoint{x, y}, spacing));
        }
    }
    if (line.size() < 2) throw IoError(file, "damaged", "has no two lines of the form x,y");
    return line;
}

struct Inputs {
    std::optional<std::string> mask, true_mask, surfaces, true_surface;
    std::optional<double> spacing_mm;
    Output output;
};

void compare_masks(const Inputs& in, Json& result) {
    const auto found = read_mask(*in.mask), truth = read_mask(*in.true_mask);
    if (found.width() != truth.width() || found.height() != truth.height()) {
        throw IoError(*in.mask, "size-differs", "is not the size of " + *in.true_mask);
    }
    const auto overlap = evaluate::overlap(found.view(), truth.view());
    result["overlap"] = {{"dice", overlap.dice},
                         {"iou", overlap.iou},
                         {"found_px", overlap.found_px},
                         {"truth_px", overlap.truth_px},
                         {"common_px", overlap.common_px}};
}

void compare_surfaces(const Inputs& in, Json& result) {
    const Spacing spacing{*in.spacing_mm, *in.spacing_mm};
    const auto d = evaluate::surface_distance(read_surfaces(*in.surfaces, spacing),
                                              {read_contour(*in.true_surface, spacing)});
    auto finite = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
    result["surface"] = {
        {"mean_mm", finite(d.mean_mm)}, {"back_mean_mm", finite(d.back_mean_mm)},
        {"rms_mm", finite(d.rms_mm)},   {"hausdorff95_mm", finite(d.hausdorff95_mm)},
        {"recall", d.recall},           {"precision", d.precision},
        {"f1_at_0_5_mm", d.f1}};
}

std::string summary_of(const Json& result) {
    std::ostringstream out;
    for (const auto& [group, values] : result.items()) {
        if (!values.is_object()) continue;
        for (const auto& [name, value] : values.items())
            out << group << ' ' << name << ' ' << value << '\n';
    }
    return out.str();
}

}  // namespace

void add_evaluate(CLI::App& app, int&) {
    auto in = std::make_shared<Inputs>();
    CLI::App* command =
        app.add_subcommand("evaluate", "Compare a mask or bone surfaces with the truth");
    auto* mask = command->add_option("--mask", in->mask, "Mask that was found")->type_name("PNG");
    auto* true_mask =
        command->add_option("--true-mask", in->true_mask, "Mask that is right")->type_name("PNG");
    auto* surfaces =
        command
            ->add_option("--surfaces", in->surfaces, "Segmentation with the bones that were found")
            ->type_name("JSON");
    auto* true_surface = command
                             ->add_option("--true-surface", in->true_surface,
                                          "Contour that is right, x,y in pixels a line")
                             ->type_name("CSV");
    auto* spacing = command
                        ->add_option("--spacing-mm", in->spacing_mm,
                                     "Millimetres from one pixel to the next, for surfaces")
                        ->check(CLI::Range(0.001, 10.0));
    mask->needs(true_mask);
    true_mask->needs(mask);
    surfaces->needs(true_surface)->needs(spacing);
    true_surface->needs(surfaces);
    command
        ->add_option("--json", in->output.json,
                     "Write the figures as JSON to this file, or - for standard output")
        ->type_name("FILE");
    command->add_flag("--quiet", in->output.quiet, "No summary");
    command->callback([in] {
        if (!in->mask && !in->surfaces) {
            throw CLI::RequiredError("--mask with --true-mask, or --surfaces with --true-surface");
        }
        Json result;
        result["schema"] = "guide.evaluation/1";
        if (in->mask) compare_masks(*in, result);
        if (in->surfaces) compare_surfaces(*in, result);
        in->output.write_json(result.dump(2) + "\n");
        in->output.say(summary_of(result));
    });
}

}  // namespace guide::app
