// SPDX-License-Identifier: Apache-2.0
#include "plan_input.hpp"

#include <guide/core/error.hpp>
#include <guide/plan/uncertainty.hpp>
#include <guide/report/tables.hpp>

#include <fstream>
#include <sstream>
#include <utility>

namespace guide::app {
namespace {

std::string known_approaches(const std::vector<plan::Approach>& own = {}) {
    std::string names = "auto";
    for (const plan::Approach& approach : own)
        names += ", " + approach.name;
    for (const plan::Approach& approach : plan::approaches())
        names += ", " + approach.name;
    return names;
}

std::string content_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    if (!stream || !(text << stream.rdbuf()))
        throw IoError(file, "not-found", "cannot be opened, or is empty");
    return std::move(text).str();
}

template <class T>
std::vector<T> table_of(const std::optional<std::string>& file,
                        Expected<std::vector<T>> (*read)(std::string_view)) {
    if (!file) return {};
    auto table = read(content_of(*file));
    if (!table) throw IoError(*file, table.error().code, table.error().text);
    return *std::move(table);
}

}  // namespace

void PlanInput::add_to(CLI::App& command) {
    command.add_option("--approach", approach, "The way in: " + known_approaches())
        ->type_name("NAME")
        ->capture_default_str();
    command
        .add_option("--approaches", approaches_file,
                    "Own approaches, a JSON table (guide.approaches/1); auto tries them first")
        ->type_name("FILE");
    command
        .add_option("--needle", needle,
                    "Gauge and length, e.g. 22G:50mm, or the name of one of --needles")
        ->type_name("GAUGE:LENGTH|NAME")
        ->capture_default_str();
    command.add_option("--needles", needles_file, "Own needles, a JSON table (guide.needles/1)")
        ->type_name("FILE");
    command
        .add_option("--operator", operator_name,
                    "Who holds the needle, for how far the tip strays: novice, trained, guided")
        ->type_name("NAME")
        ->capture_default_str();
    command
        .add_option("--lateral-side", lateral_side,
                    "Which side of an ultrasound frame across the thigh is lateral")
        ->check(CLI::IsMember({"left", "right"}));
    add_injection(command);
}

void PlanInput::add_injection(CLI::App& command) {
    std::string names;
    for (const plan::Product& product : plan::products())
        names += (names.empty() ? "" : ", ") + product.name;
    command.add_option("--product", injection.product, "What is injected: " + names)
        ->type_name("NAME")
        ->capture_default_str();
    command.add_option("--volume-ml", injection.volume_ml, "How much of it")->capture_default_str();
    command.add_option("--flow-ml-min", injection.flow_ml_min, "How fast")->capture_default_str();
    command.add_option("--viscosity-mpa-s", injection.viscosity_mpa_s,
                       "Viscosity in the needle, where it is not the product's");
    command.add_option("--contrast-ml", injection.contrast_ml, "Iodinated contrast with it")
        ->capture_default_str();
    command.add_flag("--local-anaesthetic", injection.local_anaesthetic,
                     "Local anaesthetic is in the syringe");
}

plan::PlanOptions PlanInput::read() const {
    plan::PlanOptions options;
    options.own_approaches = table_of<plan::Approach>(approaches_file, report::read_approaches);
    options.approach = approach;
    if (approach != "auto" && plan::find_approach(approach, options.own_approaches) == nullptr) {
        throw CLI::ValidationError("--approach", "there is no approach \"" + approach +
                                                     "\"; known are " +
                                                     known_approaches(options.own_approaches));
    }
    const auto needles = table_of<plan::Needle>(needles_file, report::read_needles);
    const auto chosen = plan::parse_needle(needle, needles);
    if (!chosen) throw CLI::ValidationError("--needle", chosen.error().text);
    options.needle = *chosen;
    const auto person = plan::operator_from_name(operator_name);
    if (!person) {
        throw CLI::ValidationError("--operator", "there is no operator \"" + operator_name +
                                                     "\"; known are novice, trained and guided");
    }
    options.aiming_sigma_mm = plan::aiming_sigma_mm(*person);
    if (lateral_side) {
        options.lateral_side =
            *lateral_side == "left" ? plan::FrameSide::left : plan::FrameSide::right;
    }
    options.injection = injection;
    if (const auto valid = options.validate(); !valid)
        throw CLI::ValidationError("plan", valid.error().text);
    return options;
}

}  // namespace guide::app
