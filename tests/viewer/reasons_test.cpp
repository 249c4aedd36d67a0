// SPDX-License-Identifier: Apache-2.0
#include "reasons.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace {

using namespace guide;
using namespace guide::viewer;
using Kind = ReasonLine::Kind;

Study study_with(plan::Plan plan) {
    Study study;
    study.frame = std::make_shared<const Frame>();
    study.anatomy = std::make_shared<const Anatomy>();
    study.plan = std::make_shared<const plan::Plan>(std::move(plan));
    return study;
}

bool says(const std::vector<ReasonLine>& lines, Kind kind, const std::string& words) {
    return std::ranges::any_of(lines, [&](const ReasonLine& line) {
        return line.kind == kind && line.text.find(words) != std::string::npos;
    });
}

TEST_CASE("reasons: a refusal says why, how often, by how much, and what would help") {
    plan::Plan plan;
    plan.status = plan::PlanStatus::refused;
    plan.reason = Reason{"all-rejected", "Every path breaks a limit."};
    plan.tried = 40;
    plan.rejected = {{"angle", 3, 0.02, "deg", "Steeper."},
                     {"needle-length", 40, 4.24, "mm", "Longer."}};
    plan.remedies = {{"longer-needle", 80, "mm", "A needle of 80 mm reaches it."}};
    const auto lines = verdict_of(study_with(plan), std::nullopt);
    CHECK(says(lines, Kind::refused, "Every path breaks a limit."));
    CHECK(says(lines, Kind::refused,
               "Needle too short: 40 of 40 tried paths, the best of them by "
               "4.2 mm"));
    CHECK(says(lines, Kind::refused,
               "Too steep: 3 of 40 tried paths, the best of them by less "
               "than 0.1\xC2\xB0"));
    CHECK(says(lines, Kind::remedy, "80 mm"));
    // The commonest stands first.
    CHECK(lines[2].text.starts_with("Needle too short"));
}

TEST_CASE("reasons: a drawn path is judged by itself") {
    plan::Plan refused;
    refused.status = plan::PlanStatus::refused;
    refused.reason = Reason{"all-rejected", "Every path breaks a limit."};
    plan::TrajectoryCheck trial;
    trial.broken = {{"bone-clearance", 1.4, "mm", "Nearer to bone than 2 mm."}};
    const auto lines = verdict_of(study_with(refused), trial);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].kind == Kind::refused);
    CHECK(lines[0].text == "Too near to bone by 1.4 mm. Nearer to bone than 2 mm.");
    trial.broken.clear();
    trial.allowed = true;
    CHECK(says(verdict_of(study_with(refused), trial), Kind::allowed, "Keeps every limit."));
}

TEST_CASE("reasons: without a scale the window's own way to give one is named") {
    plan::Plan plan;
    plan.status = plan::PlanStatus::uncalibrated;
    plan.reason = Reason{"no-calibration", "Give --depth-mm."};
    const auto lines = verdict_of(study_with(plan), std::nullopt);
    CHECK(says(lines, Kind::warning, "mark a known length"));
    CHECK_FALSE(says(lines, Kind::warning, "--depth-mm"));
}

TEST_CASE("reasons: remarks are said once, those of the chosen path") {
    plan::Plan plan;
    plan.status = plan::PlanStatus::planned;
    plan.candidates.resize(2);
    plan.candidates[0].warnings = {{"a", "First."}};
    plan.candidates[1].warnings = {{"b", "Second."}};
    Study study = study_with(plan);
    auto frame = std::make_shared<Frame>();
    frame->notes = {{"n", "Twice."}, {"n", "Twice."}};
    study.frame = frame;
    const auto lines = remarks_on(study, std::nullopt, 1);
    CHECK(says(lines, Kind::warning, "Second."));
    CHECK_FALSE(says(lines, Kind::warning, "First."));
    CHECK(std::ranges::count(lines, "Twice.", &ReasonLine::text) == 1);
    CHECK(remarks_on(study_with({}), std::nullopt, 0).empty());
}

}  // namespace
