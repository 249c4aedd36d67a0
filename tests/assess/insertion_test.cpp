// SPDX-License-Identifier: Apache-2.0
#include <guide/assess/insertion.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace guide::assess;

namespace {

/// 40 mm in 4 s; the tip drifts out of the plane evenly from 0 to 4 mm and is seen on the first
/// half.
std::vector<InsertionSample> drifting(int steps) {
    std::vector<InsertionSample> samples;
    for (int i = 0; i <= steps; ++i) {
        const double share = static_cast<double>(i) / steps;
        samples.push_back({4 * share, 40 * share, 4 * share, 1, share <= 0.5, 60 + 20 * share,
                           5 - 3 * share, 10});
    }
    return samples;
}

}  // namespace

TEST_CASE("insertion: shares are of the way that was advanced") {
    const auto m = measure_insertion(drifting(400));
    REQUIRE(m);
    CHECK(m->advance_mm == Approx(40));
    CHECK(*m->in_plane_share == Approx(0.25));
    CHECK(*m->tip_visible_share == Approx(0.5).margin(0.003));
    CHECK(*m->beam_angle_deg == Approx(70));
    CHECK(m->longest_blind_mm == Approx(20).margin(0.1));
    CHECK(m->least_clearance_mm == Approx(2));
    CHECK(m->bone_contacts == 0);
}

TEST_CASE("insertion: neither the rate of sampling nor a pause matters") {
    const auto coarse = measure_insertion(drifting(8)), fine = measure_insertion(drifting(800));
    CHECK(*coarse->in_plane_share == Approx(*fine->in_plane_share));
    CHECK(*coarse->beam_angle_deg == Approx(*fine->beam_angle_deg));
    CHECK(*coarse->tip_visible_share == Approx(*fine->tip_visible_share).margin(0.07));
    auto paused = drifting(800);
    for (int i = 1; i <= 1000; ++i) {  // held still and unseen
        auto still = paused.back();
        still.time_s += 0.01;
        paused.push_back(still);
    }
    CHECK(*measure_insertion(paused)->tip_visible_share == Approx(*fine->tip_visible_share));
}

TEST_CASE("insertion: drawing back does not count as advance") {
    auto samples = drifting(40);
    auto back = samples.back();
    back.time_s += 1;
    back.advance_mm = 30;
    samples.push_back(back);
    CHECK(measure_insertion(samples)->advance_mm == Approx(40));
}

TEST_CASE("insertion: a contact with bone is one until the tip has left it") {
    auto samples = drifting(40);
    for (const int i : {10, 11, 12, 14, 30})
        samples[static_cast<std::size_t>(i)].bone_clearance_mm = 0;
    samples[13].bone_clearance_mm = 0.5;  // not far enough away
    CHECK(measure_insertion(samples)->bone_contacts == 2);
}

TEST_CASE("insertion: a needle that never advanced, bad samples, bad options") {
    auto samples = drifting(4);
    for (auto& s : samples)
        s.advance_mm = 7;
    const auto still = measure_insertion(samples);
    REQUIRE(still);
    CHECK_FALSE(still->in_plane_share);
    CHECK_FALSE(still->tip_visible_share);
    samples[1].slice_half_mm = 0;
    CHECK(measure_insertion(samples).error().code == "bad-sample");
    samples = drifting(4);
    samples[2].advance_mm = NAN;
    CHECK(measure_insertion(samples).error().code == "bad-sample");
    samples = drifting(4);
    samples[2].time_s = 0;
    CHECK(measure_insertion(samples).error().code == "bad-sample");
    samples = drifting(4);
    for (auto& s : samples)  // no bone at all
        s.bone_clearance_mm = std::numeric_limits<double>::infinity();
    CHECK(measure_insertion(samples)->bone_contacts == 0);
    CHECK(measure_insertion({}).error().code == "few-samples");
    CHECK(measure_insertion(samples, {0.5, 0.5}).error().code == "bad-options");
}

TEST_CASE("insertion: where no probe could show the tip, nobody is blamed for not seeing it") {
    // 20 mm beside the probe, then 20 mm under it, seen on the last 10.
    std::vector<InsertionSample> samples;
    for (int i = 0; i <= 400; ++i) {
        InsertionSample s;
        s.time_s = s.advance_mm = 0.1 * i;
        s.under_probe = i > 200;
        s.tip_visible = i > 300;
        samples.push_back(s);
    }
    const auto m = measure_insertion(samples);
    REQUIRE(m);
    CHECK(m->tip_visible_share.value() == Approx(0.5).margin(0.003));
    CHECK(m->longest_blind_mm == Approx(10).margin(0.1));
    CHECK(m->in_plane_share == 1);
    samples.resize(200);
    CHECK_FALSE(measure_insertion(samples)->tip_visible_share);
}
