// SPDX-License-Identifier: Apache-2.0
#include "../plan/support/sample_volume.hpp"
#include "sample_plan.hpp"

#include <guide/report/explanation.hpp>
#include <guide/report/page.hpp>

#include <catch2/catch.hpp>

#include <cctype>
#include <cstdlib>
#include <string>
#include <vector>

using namespace guide;
using namespace guide::test;
using Catch::Contains;

namespace {

const report::SourceReference kSource{"folder/a <b> & c.png", std::string(64, 'f'), 3};

/// Counts of a text that do not overlap.
int count_of(const std::string& text, const std::string& part) {
    int count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

/// What the strings of a PDF's text operators say, one a line.
std::string shown_text(const std::string& pdf) {
    std::string text;
    for (auto at = pdf.find(" Td ("); at != std::string::npos; at = pdf.find(" Td (", at)) {
        for (at += 5; pdf[at] != ')'; ++at) {
            if (pdf[at] == '\\' && std::isdigit(pdf[++at])) {  // an octal letter
                text += static_cast<char>(std::stoi(pdf.substr(at, 3), nullptr, 8));
                at += 2;
                continue;
            }
            text += pdf[at];
        }
        text += '\n';
    }
    return text;
}

/// Where the cross-reference table says that the objects begin.
std::vector<std::size_t> offsets_of(const std::string& pdf) {
    const auto start = pdf.rfind("startxref\n");
    const auto table = static_cast<std::size_t>(std::atoll(pdf.c_str() + start + 10));
    REQUIRE(pdf.compare(table, 7, "xref\n0 ") == 0);
    const auto size = static_cast<std::size_t>(std::atoll(pdf.c_str() + table + 7));
    auto row = pdf.find('\n', table + 5) + 1;
    std::vector<std::size_t> offsets;
    for (std::size_t i = 0; i < size; ++i, row += 20) {
        CHECK(pdf[row + 17] == (i == 0 ? 'f' : 'n'));
        if (i > 0) offsets.push_back(static_cast<std::size_t>(std::atoll(pdf.c_str() + row)));
    }
    return offsets;
}

void check_pdf(const std::string& pdf) {
    CHECK(pdf.compare(0, 9, "%PDF-1.4\n") == 0);
    CHECK(pdf.compare(pdf.size() - 6, 6, "%%EOF\n") == 0);
    const auto offsets = offsets_of(pdf);
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        const std::string head = std::to_string(i + 1) + " 0 obj\n";
        CHECK(pdf.compare(offsets[i], head.size(), head) == 0);
    }
    // Every stream is as long as it says.
    for (auto at = pdf.find("/Length "); at != std::string::npos; at = pdf.find("/Length ", at)) {
        const auto length = static_cast<std::size_t>(std::atoll(pdf.c_str() + at + 8));
        at = pdf.find("stream\n", at) + 7;
        CHECK(pdf.compare(at + length, 10, "\nendstream") == 0);
        at += length;
    }
}

struct Planned {
    Frame frame = black_frame(true);
    Anatomy anatomy = recess_in(frame);
    plan::Plan plan = plan::plan_trajectories(anatomy);
};

}  // namespace

TEST_CASE("page: HTML stands by itself, with picture, numbers, reasons and checklist") {
    const Planned p;
    const std::string html = report::plan_html(kSource, p.frame, p.anatomy, p.plan, "Man");
    CHECK_THAT(html, Catch::StartsWith("<!DOCTYPE html>") && Catch::EndsWith("</html>\n"));
    CHECK_THAT(html, Contains("data:image/png;base64,TWFu\""));
    CHECK_THAT(html, Contains("a &lt;b&gt; &amp; c.png, frame 3"));
    CHECK(html.find("<b>") == std::string::npos);
    for (const char* text : {"A path was planned.", "Checklist", "local anaesthetic", "22 G, 50 mm",
                             "wall shear 9.6 Pa", "0.1000 mm a pixel", "not a medical device"})
        CHECK_THAT(html, Contains(text));
    CHECK(count_of(html, report::kNotice) == 1);
    for (const char* tag : {"html", "head", "body", "div", "table", "ul", "li", "h2", "tr", "td"}) {
        INFO(tag);
        const std::string name = tag;
        CHECK(count_of(html, "<" + name + ">") + count_of(html, "<" + name + " ") ==
              count_of(html, "</" + name + ">"));
    }
    // Nothing is fetched from elsewhere and nothing runs.
    for (const char* outside : {"http", "<script", "<link", "@import"})
        CHECK(html.find(outside) == std::string::npos);
    for (const auto& paragraph : report::explain_plan(p.anatomy, p.plan))
        CHECK_THAT(html, Contains("<h2>" + paragraph.heading + "</h2>"));
}

TEST_CASE("page: bytes of every length are written as base64 has it") {
    const Planned p;
    const std::pair<const char*, const char*> known[] = {
        {"M", "TQ=="}, {"Ma", "TWE="}, {"Man", "TWFu"}, {"\xff\xfe\xfd\xfc", "//79/A=="}};
    for (const auto& [bytes, text] : known) {
        CHECK_THAT(report::plan_html(kSource, p.frame, p.anatomy, p.plan, bytes),
                   Contains("base64," + std::string(text) + "\""));
    }
    CHECK(report::plan_html(kSource, p.frame, p.anatomy, p.plan, "").find("<img") ==
          std::string::npos);
}

TEST_CASE("page: the PDF's objects, streams and table agree, and it says what the HTML says") {
    const Planned p;
    const Image<Rgb8> picture(64, 48, Rgb8{10, 20, 30});
    const std::string pdf = report::plan_pdf(kSource, p.frame, p.anatomy, p.plan, picture.view());
    check_pdf(pdf);
    CHECK(count_of(pdf, "/Type /Page ") == 1);
    CHECK_THAT(pdf, Contains("/Width 64 /Height 48"));
    const std::string text = shown_text(pdf);
    for (const char* words : {"Knee injection: needle plan", "A path was planned.", "Checklist",
                              "22 G, 50 mm", "The way in", "a <b> & c.png, frame 3"})
        CHECK_THAT(text, Contains(words));
    check_pdf(report::plan_pdf(kSource, p.frame, p.anatomy, p.plan, {}));
}

TEST_CASE("page: brackets, long words and foreign letters do not break the PDF") {
    const Planned p;
    const report::SourceReference odd{
        "(a\\b) \xc3\xa4\xe6\xb0\xb4" + std::string(300, 'x') + ".png", "", 0};
    const std::string pdf = report::plan_pdf(odd, p.frame, p.anatomy, p.plan, {});
    check_pdf(pdf);
    const std::string text = shown_text(pdf);
    CHECK_THAT(text, Contains("(a\\b)"));
    // Latin letters as they are, others replaced.
    CHECK_THAT(text, Contains("\xe4?xxx"));
    CHECK(count_of(text, "x") >= 300);
}

TEST_CASE("page: text beyond one sheet goes on the next") {
    Planned p;
    for (int i = 0; i < 120; ++i)
        p.plan.candidates[0].warnings.push_back({"x", "Warning number " + std::to_string(i) + "."});
    const std::string pdf = report::plan_pdf(kSource, p.frame, p.anatomy, p.plan, {});
    check_pdf(pdf);
    CHECK(count_of(pdf, "/Type /Page ") >= 2);
    CHECK_THAT(shown_text(pdf), Contains("Warning number 119."));
}

TEST_CASE("page: a refusal and a frame without a scale have pages too") {
    const Frame frame = black_frame(true);
    const Anatomy anatomy = recess_in(frame);
    plan::PlanOptions options;
    options.needle = *plan::standard_needle(22, 20);
    const auto refused = plan::plan_trajectories(anatomy, options);
    CHECK_THAT(report::plan_html(kSource, frame, anatomy, refused, ""),
               Contains("No path is offered.") && Contains("Why there is no path"));
    const Frame bare = black_frame(false);
    const Anatomy unscaled = recess_in(bare);
    const auto plan = plan::plan_trajectories(unscaled);
    const std::string html = report::plan_html(kSource, bare, unscaled, plan, "");
    CHECK_THAT(html, Contains("nothing could be checked in millimetres"));
    CHECK_THAT(html, Contains("<th>Scale</th><td>none</td>"));
    check_pdf(report::plan_pdf(kSource, bare, unscaled, plan, {}));
}

TEST_CASE("page: same input, same bytes") {
    const Planned p;
    const Image<Rgb8> picture(64, 48, Rgb8{10, 20, 30});
    CHECK(report::plan_pdf(kSource, p.frame, p.anatomy, p.plan, picture.view()) ==
          report::plan_pdf(kSource, p.frame, p.anatomy, p.plan, picture.view()));
    CHECK(report::plan_html(kSource, p.frame, p.anatomy, p.plan, "x") ==
          report::plan_html(kSource, p.frame, p.anatomy, p.plan, "x"));
}

TEST_CASE("page: plans in label volumes have pages, with and without a path") {
    const SampleVolume sample;
    const auto scene = sample.scene();
    const Image<Rgb8> picture(64, 48, Rgb8{10, 20, 30});
    plan::PlanOptions options = superolateral();
    const auto planned = plan::plan_volume(scene, options);
    REQUIRE(planned.status == plan::PlanStatus::planned);
    const std::string html = report::volume_plan_html(kSource, scene, planned, "png");
    CHECK_THAT(html, Contains("A path was planned.") && Contains("<th>Knee</th><td>right</td>") &&
                         Contains("2.4 mL") && Contains("Three cuts") && Contains("The way in"));
    const std::string pdf = report::volume_plan_pdf(kSource, scene, planned, picture.view());
    check_pdf(pdf);
    CHECK_THAT(shown_text(pdf), Contains("Knee: right"));
    options.needle = *plan::standard_needle(22, 20);
    const auto refused = plan::plan_volume(scene, options);
    REQUIRE(refused.status == plan::PlanStatus::refused);
    CHECK_THAT(report::volume_plan_html(kSource, scene, refused, ""),
               Contains("No path is offered.") && Contains("Why there is no path"));
    check_pdf(report::volume_plan_pdf(kSource, scene, refused, {}));
}
