// SPDX-License-Identifier: Apache-2.0
#include <guide/assess/cusum.hpp>
#include <guide/core/error.hpp>
#include <guide/core/random.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace guide;
using namespace guide::assess;

TEST_CASE("learning curve: steps and limits are those of the sequential test") {
    // p0 0.05, p1 0.15, alpha = beta = 0.1: worked out by hand.
    const auto curve = learning_curve({true, false});
    const double p = std::log(3.0), q = std::log(0.95 / 0.85), s = q / (p + q);
    CHECK(curve.sum[0] == Approx(-s));
    CHECK(curve.sum[1] == Approx(1 - 2 * s));
    CHECK(curve.step_down == Approx(std::log(9.0) / (p + q)));
    CHECK(curve.step_up == curve.step_down);
    CHECK(s == Approx(0.0919).margin(0.0005));
}

TEST_CASE("learning curve: unbroken success is proficiency after the limit over the step") {
    const auto curve = learning_curve(std::vector<bool>(40, true));
    REQUIRE(curve.proficient_at);
    CHECK(*curve.proficient_at == static_cast<int>(std::ceil(curve.step_down / -curve.sum[0])));
    CHECK(curve.proficient);
    CHECK(curve.success_rate == 1);
    CHECK(curve.success_high == Approx(1));
    CHECK(curve.success_low == Approx(0.912).margin(0.002));
}

TEST_CASE("learning curve: failures take proficiency back") {
    std::vector<bool> tries(30, true);
    tries.insert(tries.end(), 4, false);
    const auto curve = learning_curve(tries);
    CHECK(curve.proficient_at);
    CHECK_FALSE(curve.proficient);
}

TEST_CASE("learning curve: alarms are about as rare as asked for") {
    Random random(9);
    int wrong = 0;
    constexpr int kTrainees = 2000;
    for (int i = 0; i < kTrainees;
         ++i) {  // as bad as unacceptable: who is called proficient first?
        std::vector<bool> tries;
        for (int k = 0; k < 400; ++k)
            tries.push_back(random.uniform() >= 0.15);
        const auto curve = learning_curve(tries);
        bool first_down = false;
        for (const double sum : curve.sum) {
            if (sum >= curve.step_up) break;
            if (sum <= -curve.step_down) {
                first_down = true;
                break;
            }
        }
        wrong += first_down ? 1 : 0;
    }
    CHECK(wrong < 0.12 * kTrainees);
}

TEST_CASE("learning curve: no attempts and bad options") {
    const auto curve = learning_curve({});
    CHECK(curve.sum.empty());
    CHECK_FALSE(curve.proficient_at);
    CHECK(curve.success_low == 0);
    CHECK(curve.success_high == 1);
    CusumOptions options;
    options.acceptable_failures = 0.2;
    CHECK_THROWS_AS(learning_curve({}, options), PreconditionError);
    options = {};
    options.missed_alarm = 0;
    CHECK_THROWS_AS(learning_curve({}, options), PreconditionError);
}
