// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "frame_input.hpp"
#include "output.hpp"

#include <guide/core/error.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/segment/contrast_check.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <memory>
#include <optional>
#include <sstream>
#include <vector>

namespace guide::app {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value) {
    return std::round(value * 1e4) / 1e4;
}

Json number(const std::optional<double>& value) {
    return value ? Json(rounded(*value)) : Json();
}

Json point(PixelPoint p) {
    return {rounded(p.x), rounded(p.y)};
}

std::string document_of(const report::SourceReference& before, const report::SourceReference& after,
                        const segment::ContrastCheckOptions& options,
                        const Expected<segment::ContrastCheck>& check) {
    const auto source = [](const report::SourceReference& s) {
        return Json{{"file", s.file}, {"sha256", s.sha256}, {"frame", s.frame}};
    };
    Json json;
    json["schema"] = "guide.contrast/1";
    json["before"] = source(before);
    json["after"] = source(after);
    json["view"] = std::string(name_of(options.view));
    json["tip_px"] = options.tip ? point(*options.tip) : Json();
    json["injected_ml"] = number(options.injected_ml);
    if (check) {
        json["place"] = std::string(name_of(check->place));
        json["probability_inside"] = rounded(check->probability_inside);
        json["reason"] = nullptr;
        const segment::ContrastShape& s = check->shape;
        json["agent"] = {
            {"centre_px", point(check->centre)}, {"area_px", rounded(check->area_px)},
            {"pooled", number(s.pooled)},        {"offset", number(s.offset)},
            {"spread", number(s.spread)},        {"slenderness", rounded(s.slenderness)},
            {"streaks", rounded(s.streaks)},     {"dents", rounded(s.dents)},
            {"sharpness", rounded(s.sharpness)}};
        json["moved_px"] = point(check->moved);
        json["notes"] = Json::array();
        for (const Reason& note : check->notes)
            json["notes"].push_back({{"code", note.code}, {"text", note.text}});
    } else {
        json["place"] = "unsure";
        json["probability_inside"] = nullptr;
        json["reason"] = {{"code", check.error().code}, {"text", check.error().text}};
        json["agent"] = nullptr;
        json["moved_px"] = nullptr;
        json["notes"] = Json::array();
    }
    return json.dump(2) + "\n";
}

std::string summary_of(const Expected<segment::ContrastCheck>& check) {
    if (!check) return "no answer: " + check.error().text + '\n';
    std::ostringstream text;
    text.setf(std::ios::fixed);
    text.precision(0);
    switch (check->place) {
        case segment::ContrastPlace::inside:
            text << "contrast runs away as in the joint";
            break;
        case segment::ContrastPlace::outside:
            text << "contrast pools as outside the joint";
            break;
        default:
            text << "unsure where contrast went";
    }
    text << " (probability of inside " << 100 * check->probability_inside
         << " %). Look at the frames; this is no medical device.\n";
    for (const Reason& note : check->notes)
        text << "note: " << note.text << '\n';
    return text.str();
}

}  // namespace

void add_contrast(CLI::App& app, int& exit_code) {
    struct State {
        FrameInput before, after;
        std::string view = "auto";
        std::vector<double> tip;
        std::optional<double> injected_ml;
        Output output;
    };
    auto state = std::make_shared<State>();
    CLI::App* command = app.add_subcommand(
        "contrast", "Whether contrast agent ran into the joint or pooled at the needle's tip");
    command->add_option("BEFORE", state->before.file, "Frame before the injection")->required();
    command->add_option("AFTER", state->after.file, "Frame of the same view after it")->required();
    command->add_option("--before-frame", state->before.frame, "Number of that frame in its file")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command->add_option("--after-frame", state->after.frame, "Number of that frame in its file")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command
        ->add_option("--view", state->view,
                     "From where the knee is seen: xray-ap, xray-lateral, auto (not known)")
        ->check(CLI::IsMember({"xray-ap", "xray-lateral", "auto"}))
        ->capture_default_str();
    command->add_option("--tip", state->tip, "The needle's tip in the first frame, pixels: X,Y")
        ->delimiter(',')
        ->expected(2)
        ->type_name("X,Y");
    command->add_option("--contrast-ml", state->injected_ml, "Agent let out between the frames, ml")
        ->check(CLI::Range(0.01, 100.0))
        ->type_name("ML");
    command
        ->add_option("--spacing-mm", state->before.spacing_mm,
                     "Millimetres from one pixel to the next, at the knee")
        ->check(CLI::Range(0.001, 10.0))
        ->type_name("MM");
    command
        ->add_option("--json,--output", state->output.json,
                     "Write the result here; - for standard output")
        ->type_name("FILE");
    command->add_flag("--quiet", state->output.quiet, "No summary");
    command->callback([state, &exit_code] {
        // Both may be frames of one file.
        state->output.check_apart(state->before.file);
        state->output.check_apart(state->after.file);
        // Read as X-rays: no scanner's ruler is looked for.
        state->before.view = state->after.view = std::string(name_of(View::xray_ap));
        const auto source = state->before.open(), other = state->after.open();
        const Frame before = state->before.read(*source), after = state->after.read(*other);
        segment::ContrastCheckOptions options;
        options.view = view_from_name(state->view).value_or(View::unknown);
        options.injected_ml = state->injected_ml;
        if (!state->tip.empty()) {
            options.tip = PixelPoint{state->tip[0], state->tip[1]};
            const auto within = [](double v, int size) { return v >= 0 && v <= size - 1; };
            if (!within(options.tip->x, before.intensity.width()) ||
                !within(options.tip->y, before.intensity.height()))
                throw CLI::ValidationError("--tip", "does not lie in the frame");
        }
        const auto check = segment::check_contrast(before, after, options);
        if (state->output.json) {
            state->output.write_json(document_of(state->before.reference(*source),
                                                 state->after.reference(*other), options, check));
        }
        state->output.say(summary_of(check));
        exit_code = check && check->place != segment::ContrastPlace::unsure ? kDone : kNoAnswer;
    });
}

}  // namespace guide::app
