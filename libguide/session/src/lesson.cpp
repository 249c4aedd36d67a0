// SPDX-License-Identifier: Apache-2.0
#include "json_depth.hpp"
#include "json_fields.hpp"

#include <guide/core/error.hpp>
#include <guide/plan/approach.hpp>
#include <guide/plan/needle.hpp>
#include <guide/session/lesson.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

namespace guide::session {
namespace {

namespace fs = std::filesystem;
using report::FieldFault;
using report::Fields;
using report::Json;

constexpr const char* kSchema = "guide.lesson/1";
constexpr const char* kGoals[] = {"find-view", "reach", "inject"};

std::string content_of(const fs::path& file) {
    constexpr std::uintmax_t kLargest = 1 << 20;
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error) throw IoError(file.string(), "not-found", error.message());
    if (size > kLargest) throw IoError(file.string(), "too-large", "is larger than 1 MB");
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) throw IoError(file.string(), "not-found", "cannot be read");
    return std::move(text).str();
}

void read_offset(Fields fields, simulate::ProbeOffset& offset, const Reach& reach) {
    fields.number("along_mm", offset.along_mm, -reach.along_mm, reach.along_mm);
    fields.number("across_mm", offset.across_mm, -reach.across_mm, reach.across_mm);
    fields.number("turn_deg", offset.turn_deg, -reach.turn_deg, reach.turn_deg);
    fields.number("tilt_deg", offset.tilt_deg, -reach.tilt_deg, reach.tilt_deg);
    fields.number("rock_deg", offset.rock_deg, -reach.rock_deg, reach.rock_deg);
    fields.no_other_field("a lesson");
}

void read_reach(Fields fields, Reach& reach) {
    fields.number("along_mm", reach.along_mm, 0, 20);
    fields.number("across_mm", reach.across_mm, 0, 20);
    fields.number("turn_deg", reach.turn_deg, 0, 30);
    fields.number("tilt_deg", reach.tilt_deg, 0, 25);
    fields.number("rock_deg", reach.rock_deg, 0, 10);
    fields.no_other_field("a lesson");
}

void read_knee(Fields& fields, const fs::path& folder, report::Case& knee) {
    const Json* given = fields.find("case");
    if (given == nullptr) fields.fail("case", "is missing.");
    std::string text;
    if (given->is_string()) {
        try {
            text = content_of(folder / given->get<std::string>());
        } catch (const IoError& fault) {
            fields.fail("case", std::string("names a file that cannot be read: ") + fault.what());
        }
    } else {
        text = given->dump();
    }
    auto read = report::read_case(text);
    if (!read) fields.fail("case", "is no good case: " + read.error().text);
    knee = *std::move(read);
    if (knee.fluoroscopy || knee.scanner.curvilinear || knee.screen)
        fields.fail("case", "is not of a linear ultrasound probe without a screen about it.");
    if (knee.needle || knee.sequence.motion != report::Motion::still || knee.sequence.frames != 1)
        fields.fail("case", "has a needle or a sequence, which are the trainee's to make.");
}

std::vector<std::string> words(Fields& fields, const char* field) {
    std::vector<std::string> result;
    const Json* list = fields.find(field);
    if (list == nullptr) return result;
    if (!list->is_array() || list->size() > 16) fields.fail(field, "is not a list of 16 at most.");
    for (const Json& word : *list) {
        if (!word.is_string()) fields.fail(field, "holds what is not a text.");
        result.push_back(word.get<std::string>());
    }
    return result;
}

void read_choices(Fields& fields, Lesson& lesson) {
    lesson.approaches = words(fields, "approaches");
    lesson.needles = words(fields, "needles");
    for (const std::string& name : lesson.approaches) {
        const plan::Approach* approach = plan::find_approach(name);
        if (approach == nullptr || !approach->allows(lesson.knee.view))
            fields.fail("approaches", "names \"" + name + "\", no approach of the case's view.");
    }
    for (const std::string& name : lesson.needles) {
        if (const auto needle = plan::parse_needle(name); !needle)
            fields.fail("needles", "names \"" + name + "\": " + needle.error().text);
    }
    if (lesson.goal == Goal::find_view) return;
    if (lesson.approaches.empty()) fields.fail("approaches", "is empty.");
    if (lesson.needles.empty()) fields.fail("needles", "is empty.");
}

void read_id(Fields& fields, std::string& id) {
    fields.text("id", id);
    const bool letters = std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (id.empty() || id.size() > 64 || !letters)
        fields.fail("id", "is not 1 to 64 of a-z, 0-9, - and _.");
}

Json json_of(const simulate::ProbeOffset& p) {
    return {{"along_mm", p.along_mm},
            {"across_mm", p.across_mm},
            {"turn_deg", p.turn_deg},
            {"tilt_deg", p.tilt_deg},
            {"rock_deg", p.rock_deg}};
}

Json json_of(const Reach& r) {
    return {{"along_mm", r.along_mm},
            {"across_mm", r.across_mm},
            {"turn_deg", r.turn_deg},
            {"tilt_deg", r.tilt_deg},
            {"rock_deg", r.rock_deg}};
}

}  // namespace

std::string_view name_of(Goal goal) {
    return kGoals[static_cast<int>(goal)];
}

Expected<Lesson> read_lesson(std::string_view json, const fs::path& folder) {
    const Json document = parse_shallow(json);
    if (!document.is_object()) return no_answer("bad-lesson", "It is no JSON object.");
    Lesson lesson;
    try {
        Fields fields(document, "");
        std::string schema;
        fields.text("schema", schema);
        if (schema != kSchema) fields.fail("schema", std::string("is not \"") + kSchema + "\".");
        read_id(fields, lesson.id);
        fields.text("title", lesson.title);
        fields.text("task", lesson.task);
        int goal = static_cast<int>(lesson.goal);
        fields.word("goal", goal, kGoals);
        lesson.goal = static_cast<Goal>(goal);
        read_knee(fields, folder, lesson.knee);
        read_choices(fields, lesson);
        if (const Json* reach = fields.find("reach")) read_reach({*reach, "reach"}, lesson.reach);
        if (const Json* start = fields.find("start"))
            read_offset({*start, "start"}, lesson.start, lesson.reach);
        fields.number("volume_ml", lesson.volume_ml, 0.5, 20);
        fields.number("time_limit_s", lesson.time_limit_s, 10, 1200);
        fields.number("par_s", lesson.par_s, 1, 1200);
        fields.flag("hints", lesson.hints);
        fields.number("pass_score", lesson.pass_score, 0, 100);
        fields.no_other_field("a lesson");
    } catch (const FieldFault& fault) {
        return no_answer("bad-lesson", fault.text);
    }
    return lesson;
}

std::string lesson_json(const Lesson& lesson) {
    Json result;
    result["schema"] = kSchema;
    result["id"] = lesson.id;
    result["title"] = lesson.title;
    result["task"] = lesson.task;
    result["goal"] = kGoals[static_cast<int>(lesson.goal)];
    result["case"] = Json::parse(report::case_json(lesson.knee));
    result["approaches"] = lesson.approaches;
    result["needles"] = lesson.needles;
    result["reach"] = json_of(lesson.reach);
    result["start"] = json_of(lesson.start);
    result["volume_ml"] = lesson.volume_ml;
    result["time_limit_s"] = lesson.time_limit_s;
    result["par_s"] = lesson.par_s;
    result["hints"] = lesson.hints;
    result["pass_score"] = lesson.pass_score;
    return result.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Lesson load_lesson(const fs::path& file) {
    auto lesson = read_lesson(content_of(file), file.parent_path());
    if (!lesson) throw IoError(file.string(), lesson.error().code, lesson.error().text);
    return *std::move(lesson);
}

}  // namespace guide::session
