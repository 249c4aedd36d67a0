// SPDX-License-Identifier: Apache-2.0
#include "lessons.hpp"

#include <guide/session/record.hpp>
#include <guide/session/score.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace guide;
using namespace guide::session;

namespace {

constexpr int kTicks = 200;

/// A needle pushed 40 mm along x at 4 mm a second, its second half under the probe; seen there when
/// `seen`. `every`: how many ticks lie between samples. `shift`, um: of the whole body.
Log straight_in(bool seen, int every = 1, std::int64_t shift = 0, bool turned = false) {
    Log log{test::small_lesson(), {}};
    const auto place = [&](std::int64_t x) {
        const std::int64_t a = x + shift, b = shift, c = -3 * shift;
        return turned ? Micrometres{-b, a, c} : Micrometres{a, b, c};
    };
    const Millionths along = turned ? Millionths{0, 1000000, 0} : Millionths{1000000, 0, 0};
    log.entries.emplace_back(TimedEvent{1, ChooseApproach{"superolateral"}});
    log.entries.emplace_back(Insertion{1, place(0), along, "22G:75mm"});
    for (int tick = 1; tick <= kTicks + 1; tick += every) {
        NeedleSample n;
        n.insertion = 1;
        n.inserted_um = 200 * (tick - 1);
        n.tip = place(n.inserted_um);
        n.direction = along;
        n.beam_angle_mdeg = 65000;
        n.clearance_um = 20000;
        n.bone_um = 9000;
        n.slice_half_um = 1500;
        n.across_um = seen ? 0 : 4000;
        n.under_probe = tick > kTicks / 2;
        n.tip_visible = seen && n.under_probe;
        n.in_joint = tick > kTicks - 20;
        log.entries.emplace_back(Sample{tick, {}, n});
    }
    TipCheck check;
    check.tick = kTicks + 10;
    check.injected = true;
    check.in_joint = true;
    check.tip_visible = seen;
    if (seen) check.p_hit_ppm = 900000;
    check.wanted_entry = place(0);
    check.wanted_target = place(40000);
    log.entries.emplace_back(check);
    log.entries.emplace_back(Ended{kTicks + 10, Ending::finished});
    return log;
}

const assess::ScoredItem& item(const SessionScore& score, const std::string& code) {
    const auto& items = score.score.items;
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const auto& s) { return s.item.code == code; });
    REQUIRE(found != items.end());
    return *found;
}

}  // namespace

TEST_CASE("session score: what is done right earns all points") {
    const SessionScore good = score(straight_in(true));
    CHECK(good.score.points == 100);
    CHECK(good.score.passed);
    CHECK(good.to_change.empty());
    CHECK(good.went_well.size() == 3);
    CHECK(item(good, "tip-visible-share").item.value.value() > 0.99);
    CHECK(item(good, "path-in-tissue").item.value == 40);
    CHECK(item(good, "target-error").item.value == 0);
    CHECK(item(good, "deviation-max").item.value == 0);
    CHECK(item(good, "path-inefficiency").item.value == 0);
    CHECK(item(good, "time").item.value == (kTicks + 10) / 20.0);
}

TEST_CASE("session score: a tip that was never seen costs its points and the pass") {
    const SessionScore blind = score(straight_in(false));
    CHECK_FALSE(blind.score.passed);
    CHECK(blind.score.missing == std::vector<std::string>{"tip-visible-at-end"});
    CHECK(item(blind, "compartment-hit").lost == 0);
    CHECK(item(blind, "tip-visible-share").item.value == 0);
    CHECK(item(blind, "in-plane-share").item.value == 0);
    CHECK(item(blind, "p-hit").points == 0);
    CHECK(item(blind, "longest-blind").item.value.value() == Approx(20).margin(0.2));
    CHECK_THAT(blind.to_change.front(), Catch::Contains("decisive moment"));
}

TEST_CASE("session score: neither the origin, nor the axes, nor the rate of sampling matter") {
    const SessionScore plain = score(straight_in(true));
    for (const SessionScore& other :
         {score(straight_in(true, 1, 123456)), score(straight_in(true, 1, 0, true)),
          score(straight_in(true, 1, -98765, true))}) {
        REQUIRE(other.score.items.size() == plain.score.items.size());
        for (std::size_t i = 0; i < plain.score.items.size(); ++i) {
            INFO(plain.score.items[i].item.code);
            CHECK(other.score.items[i].item.value.value_or(-1) ==
                  Approx(plain.score.items[i].item.value.value_or(-1)).margin(1e-5));
        }
    }
    // Sparser samples hold until the next, so the hand moves in steps; its way is the same.
    const SessionScore sparse = score(straight_in(true, 5));
    CHECK(sparse.score.points == 100);
    for (const char* code : {"path-in-tissue", "in-plane-share", "beam-angle", "tissue-damage"})
        CHECK(item(sparse, code).item.value.value() ==
              Approx(item(plain, code).item.value.value()).margin(1e-6));
}

TEST_CASE("session score: the same log gives the same bytes") {
    const Log log = straight_in(true);
    const std::string first = score_json(log, score(log));
    CHECK(first == score_json(log, score(log)));
    CHECK_THAT(first, Catch::Contains("guide.score/1") && Catch::Contains("\"passed\": true"));
}

TEST_CASE("session score: a log that breaks off is not passed") {
    Log log = straight_in(true);
    log.entries.resize(log.entries.size() - 2);
    const SessionScore broken = score(log);
    CHECK_FALSE(broken.score.passed);
    CHECK(item(broken, "compartment-hit").points == 0);
    CHECK_FALSE(item(broken, "time").item.value);
    log.entries.clear();
    CHECK_FALSE(score(log).score.passed);
}

TEST_CASE("session score: a view is scored by what it shows and how the probe is held") {
    Log log{test::small_lesson(Goal::find_view), {}};
    log.entries.emplace_back(Sample{0, {0, 0, 0, 0, 0}, {}});
    log.entries.emplace_back(ViewCheck{100, 950000, 2000});
    log.entries.emplace_back(Ended{100, Ending::finished});
    CHECK(score(log).score.points == 100);
    log.entries[0] = Sample{0, {0, 9000, 0, -15000, 0}, {}};
    const SessionScore tilted = score(log);
    CHECK(tilted.score.points == Approx(70));
    CHECK(item(tilted, "view-off-place").item.value == 9);
    CHECK(item(tilted, "view-angle").item.value == 15);
    log.entries[1] = ViewCheck{100, 300000, 30000};
    const SessionScore missed = score(log);
    CHECK(missed.score.missing == std::vector<std::string>{"view-area"});
    CHECK(missed.score.points == 0);
}

TEST_CASE("session score: every recorded sample lesson scores the same bytes on any machine") {
    int records = 0;
    for (const auto& file : std::filesystem::directory_iterator(GUIDE_RECORDS)) {
        if (file.path().extension() != ".session") continue;
        ++records;
        INFO(file.path().filename().string());
        const Log log = read_session(file.path()).log;
        auto expected = file.path();
        CHECK(score_json(log, score(log)) == test::content_of(expected.replace_extension(".json")));
    }
    CHECK(records == 13);
}
