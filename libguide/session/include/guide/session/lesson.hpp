// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/report/case.hpp>
#include <guide/session/export.hpp>
#include <guide/simulate/placement.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace guide::session {

/// What a lesson asks for.
enum class Goal {
    find_view,  ///< hold the probe where the joint space is shown best
    reach,      ///< bring the tip into the joint space
    inject      ///< and inject there
};

/// How far the probe can be taken from the textbook's place.
struct Reach {
    double along_mm = 12;   ///< 0 to 20
    double across_mm = 10;  ///< 0 to 20
    double turn_deg = 20;   ///< 0 to 30
    double tilt_deg = 15;   ///< 0 to 25
    double rock_deg = 5;    ///< 0 to 10
};

/// One exercise on a simulated knee. Schema "guide.lesson/1".
struct Lesson {
    std::string id;     ///< file-name letters, 1 to 64: what a history goes by
    std::string title;  ///< a few words
    std::string task;   ///< what the trainee is asked for, some sentences
    report::Case knee;  ///< an ultrasound case of a linear probe, without needle and sequence
    Goal goal = Goal::inject;
    std::vector<std::string> approaches;  ///< allowed names of plan::approaches(), the usual first
    std::vector<std::string> needles;     ///< offered, "22G:50mm"; the usual first
    simulate::ProbeOffset start;          ///< where the probe stands at first, within `reach`
    Reach reach;
    double volume_ml = 5;       ///< to be injected, 0.5 to 20
    double time_limit_s = 300;  ///< 10 to 1200
    double par_s = 60;          ///< a trained hand's time; twice as long costs all points of time
    bool hints = true;          ///< hints while it runs; warnings come in any case
    double pass_score = 70;     ///< 0 to 100
};

/// A lesson from JSON; a case that it names by its file is looked for from `folder` on. The reason
/// ("bad-lesson") names the field that is wrong, unknown or out of range.
[[nodiscard]] GUIDE_SESSION_EXPORT Expected<Lesson> read_lesson(
    std::string_view json, const std::filesystem::path& folder = {});

/// The same as JSON with every field and the whole case written out, in one line; read_lesson gives
/// the lesson back.
[[nodiscard]] GUIDE_SESSION_EXPORT std::string lesson_json(const Lesson& lesson);

/// Reads a file. Throws IoError ("not-found", "too-large", "bad-lesson").
[[nodiscard]] GUIDE_SESSION_EXPORT Lesson load_lesson(const std::filesystem::path& file);

[[nodiscard]] GUIDE_SESSION_EXPORT std::string_view name_of(Goal goal);

}  // namespace guide::session
