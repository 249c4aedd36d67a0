// SPDX-License-Identifier: Apache-2.0
#include "train/hands.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace guide;
using namespace guide::viewer;
using namespace guide::session;

LessonState with_needle() {
    LessonState state;
    state.inserted.emplace();
    return state;
}

TEST_CASE("hands: a key that is tapped acts once, one that is held with each tick") {
    Hands hands;
    hands.press(Motion::probe_left);
    hands.release(Motion::probe_left);
    CHECK(hands.waiting());
    REQUIRE(hands.next({}).size() == 1);
    CHECK_FALSE(hands.waiting());
    CHECK(hands.next({}).empty());
    hands.press(Motion::needle_in);
    for (int tick = 0; tick < 3; ++tick) {
        const auto events = hands.next(with_needle());
        REQUIRE(events.size() == 1);
        CHECK(std::get<PushNeedle>(events[0]).mm == 0.25);
    }
    hands.release_all();
    CHECK(hands.next(with_needle()).empty());
}

TEST_CASE("hands: before the needle is set its motions move the line it is set along") {
    Hands hands;
    const PlaceNeedle before = hands.aim();
    for (const Motion motion :
         {Motion::needle_in, Motion::steeper, Motion::swing_right, Motion::aim_near})
        hands.press(motion);
    CHECK(hands.next({}).empty());
    CHECK(hands.aim().along_mm == before.along_mm + 0.5);
    CHECK(hands.aim().angle_deg == before.angle_deg + 1);
    CHECK(hands.aim().heading_deg == before.heading_deg + 1);
    CHECK(hands.aim().across_mm == before.across_mm + 0.5);
    hands.release_all();
    hands.aim_through(-4, 22);
    hands.set_needle();
    const auto events = hands.next({});
    REQUIRE(events.size() == 1);
    CHECK(std::get<PlaceNeedle>(events[0]).deep_mm == 22);
}

TEST_CASE("hands: from the other side, the line is a mirror's") {
    Hands hands;
    const double along = hands.aim().along_mm;
    hands.aim_from_other_side();
    CHECK(hands.aim().along_mm == -along);
    CHECK(hands.aim().heading_deg == 180);
    hands.press(Motion::needle_in);
    (void)hands.next({});
    CHECK(hands.aim().along_mm == -along - 0.5);  // inwards still
    hands.aim_from_other_side();
    CHECK(hands.aim().heading_deg == 0);
}

TEST_CASE("hands: what the mouse moved adds up, and a tick never holds too much") {
    Hands hands;
    hands.move_probe({1, 0, 0, 2, 0});
    hands.move_probe({1, 0, 0, 2, 0});
    const auto events = hands.next({});
    REQUIRE(events.size() == 1);
    CHECK(std::get<MoveProbe>(events[0]).by.along_mm == 2);
    CHECK(std::get<MoveProbe>(events[0]).by.tilt_deg == 4);
    for (int i = 0; i < static_cast<int>(Motion::count); ++i)
        hands.press(static_cast<Motion>(i));
    for (int i = 0; i < 30; ++i) {
        hands.act(Finish{});
        hands.push(9);
        hands.move_probe({1, 1, 1, 1, 1});
        hands.tilt(1, 1);
    }
    const auto most = hands.next(with_needle());
    CHECK(most.size() <= kMostEvents);
    for (const Event& event : most) {
        if (const auto* push = std::get_if<PushNeedle>(&event)) CHECK(push->mm <= 20);
    }
}

}  // namespace
