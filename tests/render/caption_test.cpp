// SPDX-License-Identifier: Apache-2.0
#include "caption.hpp"

#include "palette.hpp"
#include "scenes.hpp"

namespace {

using namespace guide;
using namespace guide::render;

Content make_content(double confidence, View view = View::suprapatellar_long) {
    const Frame frame = test::make_frame(60, 40, Spacing{0.2, 0.2});
    Content content;
    content.spacing = frame.spacing;
    content.anatomy = test::make_anatomy(frame);
    content.anatomy.view = view;
    content.anatomy.joint_space->confidence = confidence;
    content.plan = test::make_plan(frame);
    return content;
}

std::string number_of(const Caption& caption, std::string_view label) {
    const auto found = std::ranges::find(caption.numbers, label, &KeyNumber::label);
    return found == caption.numbers.end() ? "missing" : found->value;
}

TEST_CASE("caption: a plan into a doubtful joint space is not shown in green") {
    const Caption sure = caption_of(make_content(0.74));
    CHECK(sure.status == "PLANNED");
    CHECK(sure.status_tone == Tone::good);
    CHECK(number_of(sure, "Joint confidence") == "0.74");

    Content content = make_content(0.699);
    const Caption doubtful = caption_of(content);
    CHECK(doubtful.status == "PLANNED - LOW CONFIDENCE");
    CHECK(doubtful.status_tone == Tone::warn);
    CHECK(number_of(doubtful, "Joint confidence") == "0.69");

    content.plan.reset();
    CHECK(caption_of(content).status_tone == Tone::warn);
    content.anatomy.joint_space->confidence = std::nan("");
    CHECK(caption_of(content).status_tone == Tone::warn);
}

TEST_CASE("caption: approaches have proper names") {
    Content content = make_content(0.9);
    for (const auto& [code, name] : {std::pair{"bakers-cyst", "Baker's cyst"},
                                     {"ap-joint-line", "AP joint line"},
                                     {"mid-medial", "Mid-medial"},
                                     {"some-other-way", "Some other way"}}) {
        content.plan->approach = code;
        CHECK(number_of(caption_of(content), "Approach") == name);
    }
}

TEST_CASE("caption: on a radiograph the path starts at the frame's edge") {
    CHECK(number_of(caption_of(make_content(0.9)), "Path from frame edge") == "missing");
    Content content = make_content(0.9, View::xray_ap);
    content.plan->candidates.front().path_mm.reset();
    const Caption caption = caption_of(content);
    CHECK(number_of(caption, "Path from frame edge").ends_with(" mm"));
    CHECK(number_of(caption, "Path length") == "missing");
}

TEST_CASE("caption: cartilage that is seen is named and measured") {
    Content content = make_content(0.9);
    const auto named = [&] {
        return std::ranges::count(caption_of(content).legend, std::string("Cartilage"),
                                  &LegendEntry::label);
    };
    CHECK(named() == 0);
    content.anatomy.cartilage =
        Cartilage{{{5, 20}, {30, 20}}, {{5, 30}, {30, 30}}, std::vector<double>{1.8, 2.4}, 0.9};
    CHECK(named() == 1);
    CHECK(number_of(caption_of(content), "Cartilage") == "2.1 mm");
    content.anatomy.cartilage->thickness_mm.reset();
    CHECK(named() == 1);
    CHECK(number_of(caption_of(content), "Cartilage") == "missing");
}

TEST_CASE("caption: a refusal's reason stands as it was given") {
    Content content = make_content(0.9);
    content.plan = test::make_refusal();
    content.plan->reason->text = "No bone throws a shadow here.";
    const Caption caption = caption_of(content);
    CHECK(caption.status == "NO PLAN");
    CHECK(caption.messages.front().text == "No bone throws a shadow here.");
}

}  // namespace
