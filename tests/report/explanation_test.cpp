// SPDX-License-Identifier: Apache-2.0
#include "sample_plan.hpp"

#include <guide/plan/remedy.hpp>
#include <guide/report/explanation.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <sstream>

using namespace guide;
using namespace guide::test;
using Catch::Contains;

namespace {

std::vector<std::string> headings(const std::vector<report::Paragraph>& paragraphs) {
    std::vector<std::string> result;
    for (const auto& p : paragraphs)
        result.push_back(p.heading);
    return result;
}

/// The sentences under a heading, one a line; empty where there is no such heading.
std::string under(const std::vector<report::Paragraph>& paragraphs, const std::string& heading) {
    std::string text;
    for (const auto& p : paragraphs) {
        if (p.heading != heading) continue;
        for (const auto& s : p.sentences)
            text += s + "\n";
    }
    return text;
}

void check_prose(const std::vector<report::Paragraph>& paragraphs) {
    for (const auto& p : paragraphs) {
        CHECK_FALSE(p.sentences.empty());
        for (const auto& s : p.sentences) {
            INFO(s);
            CHECK(s.size() > 10);
            CHECK(s.back() == '.');
            CHECK((std::isupper(static_cast<unsigned char>(s[0])) ||
                   std::isdigit(static_cast<unsigned char>(s[0]))));
            for (const char* wrong : {"  ", "..", "nan", "inf", " 1 degrees", "()", " ,"})
                CHECK(s.find(wrong) == std::string::npos);
        }
    }
}

}  // namespace

TEST_CASE("explanation: a plan says where to enter, what to mind, how sure it is and why") {
    const Frame frame = black_frame(true);
    const Anatomy anatomy = recess_in(frame);
    const auto plan = plan::plan_trajectories(anatomy);
    const auto all = report::explain_plan(anatomy, plan);
    check_prose(all);
    CHECK(headings(all) == std::vector<std::string>{"The way in", "Mind", "How sure it is",
                                                    "Why this path", "What was ruled out",
                                                    "What was assumed"});
    const auto& best = plan.candidates[0];
    std::ostringstream beside;
    // The probe's face ends at the picture's left and right border.
    const bool left = best.entry.x < best.target.x;
    const double gap = left ? -best.entry_mm->x : best.entry_mm->x - 49.9;
    CHECK(gap > 0);
    beside << "Enter " << std::round(10 * gap) / 10;
    if (gap < 10) CHECK_THAT(under(all, "The way in"), Contains(beside.str()));
    CHECK_THAT(under(all, "The way in"), Contains(left ? "picture's left" : "picture's right"));
    CHECK_THAT(under(all, "The way in"),
               Contains(std::to_string(std::lround(best.angle_deg)) + " degrees"));
    CHECK_THAT(under(all, "The way in"), Contains("of the 50 mm needle"));
    CHECK_THAT(under(all, "How sure it is"),
               Contains(std::to_string(std::lround(100 * *best.p_hit)) + " of 100"));
    CHECK_THAT(under(all, "Why this path"), Contains(std::to_string(plan.tried) + " paths tried"));
    CHECK_THAT(under(all, "Mind"), Contains("quadriceps tendon"));
    CHECK_THAT(under(all, "What was assumed"), Contains("not a medical device"));
}

TEST_CASE("explanation: a refusal says why, by how much, and what would help") {
    const Frame frame = black_frame(true);
    const Anatomy anatomy = recess_in(frame);
    plan::PlanOptions options;
    options.needle = *plan::standard_needle(22, 20);
    auto plan = plan::plan_trajectories(anatomy, options);
    REQUIRE(plan.status == plan::PlanStatus::refused);
    plan.remedies = plan::find_remedies(anatomy, options);
    const auto all = report::explain_plan(anatomy, plan);
    check_prose(all);
    CHECK(headings(all) ==
          std::vector<std::string>{"Why there is no path", "What would help", "What was assumed"});
    CHECK_THAT(under(all, "Why there is no path"),
               Contains("longer than the 20 mm needle with 5 mm left outside the skin; the nearest "
                        "missed by"));
    CHECK_THAT(under(all, "What would help"), Contains("instead of 20 mm"));
    plan.remedies.clear();
    CHECK_THAT(under(report::explain_plan(anatomy, plan), "What would help"),
               Contains("another view"));
}

TEST_CASE("explanation: without a joint space only the reason stands") {
    const Frame frame = black_frame(true);
    Anatomy anatomy = recess_in(frame);
    anatomy.joint_space = no_answer("no-joint-space", "There is no joint space in this frame.");
    const auto all = report::explain_plan(anatomy, plan::plan_trajectories(anatomy));
    check_prose(all);
    CHECK(under(all, "Why there is no path") == "There is no joint space in this frame.\n");
    CHECK(under(all, "What would help").empty());
}

TEST_CASE("explanation: without a scale no millimetre of the picture is named") {
    const Frame frame = black_frame(false);
    const Anatomy anatomy = recess_in(frame);
    const auto all = report::explain_plan(anatomy, plan::plan_trajectories(anatomy));
    check_prose(all);
    const std::string way = under(all, "The way in");
    CHECK_THAT(way, Contains("no scale"));
    CHECK(way.find(" mm ") == std::string::npos);
    CHECK(under(all, "How sure it is").empty());
    CHECK(under(all, "Why this path").find(" mm ") == std::string::npos);
    CHECK_THAT(under(all, "Why this path"), Contains("hold without a scale"));
}

TEST_CASE("explanation: a radiograph has no probe, no sound and no skin") {
    Frame frame = black_frame(true);
    frame.spacing = Spacing{0.5, 0.5};
    const Anatomy anatomy = gap_in(frame);
    const auto plan = plan::plan_trajectories(anatomy);
    REQUIRE(plan.status == plan::PlanStatus::planned);
    const auto all = report::explain_plan(anatomy, plan);
    check_prose(all);
    const std::string text = report::explanation_text(anatomy, plan);
    for (const char* word : {"probe", "speed of sound", "mm long", "visible of them"}) {
        INFO(word << " in " << text);
        CHECK(text.find(word) == std::string::npos);
    }
    CHECK_THAT(under(all, "The way in"), Contains("side of the picture"));
}

TEST_CASE("explanation: the side to enter from is asked for where the frame does not tell") {
    const Frame frame = black_frame(true);
    const Anatomy anatomy = recess_in(frame, View::suprapatellar_transverse);
    plan::PlanOptions options;
    auto all = report::explain_plan(anatomy, plan::plan_trajectories(anatomy, options));
    CHECK_THAT(under(all, "Mind"), Contains("lateral side of the knee"));
    options.lateral_side = plan::FrameSide::right;
    const auto plan = plan::plan_trajectories(anatomy, options);
    all = report::explain_plan(anatomy, plan);
    CHECK(under(all, "Mind").find("lateral side of the knee") == std::string::npos);
    CHECK_THAT(under(all, "The way in"), Contains("picture's right"));
}

TEST_CASE("explanation: a warning of the injection stands with the others") {
    const Frame frame = black_frame(true);
    const Anatomy anatomy = recess_in(frame);
    plan::PlanOptions options;
    options.injection.local_anaesthetic = true;
    const auto all = report::explain_plan(anatomy, plan::plan_trajectories(anatomy, options));
    CHECK_THAT(under(all, "Mind"), Contains("Injection: Local anaesthetic"));
}

TEST_CASE("explanation: as text it is wrapped at 80 columns under its headings") {
    const Frame frame = black_frame(true);
    const Anatomy anatomy = recess_in(frame);
    const auto plan = plan::plan_trajectories(anatomy);
    std::istringstream lines(report::explanation_text(anatomy, plan));
    std::size_t items = 0, sentences = 0;
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK(line.size() <= 80);
        CHECK((line.empty() || line.back() != ' '));
        if (line.rfind("- ", 0) == 0) ++items;
    }
    for (const auto& p : report::explain_plan(anatomy, plan))
        sentences += p.sentences.size();
    CHECK(items == sentences);
}
