// SPDX-License-Identifier: Apache-2.0
#include "support/proof.hpp"
#include "support/random_scene.hpp"
#include "support/sample_scene.hpp"

#include <guide/core/random.hpp>
#include <guide/plan/plan.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace guide;
using namespace guide::plan;
using namespace guide::test;

namespace {

double lattice_probability(const std::vector<MmPolygon>& contours, MmPoint aim,
                           const TipCovariance& c) {
    // Cholesky of the covariance, 400 x 400 cells of +-5 standard deviations.
    const double a = std::sqrt(c.xx), b = c.xy / a, d = std::sqrt(c.yy - b * b);
    constexpr int kCells = 400;
    double inside = 0, all = 0;
    for (int j = 0; j < kCells; ++j) {
        for (int i = 0; i < kCells; ++i) {
            const double u = 10 * (i + 0.5) / kCells - 5, v = 10 * (j + 0.5) / kCells - 5;
            const double weight = std::exp(-(u * u + v * v) / 2);
            all += weight;
            for (const auto& contour : contours) {
                if (polygon_contains(contour, {aim.x + a * u, aim.y + b * u + d * v}))
                    inside += weight;
            }
        }
    }
    return inside / all;
}

}  // namespace

TEST_CASE("uncertainty: the probability of a hit is the Gaussian's mass of the outline") {
    for (std::uint64_t seed = 0; seed < 25; ++seed) {
        const auto scene = random_ultrasound_scene(seed);
        const Spacing s = *scene.anatomy.grid.spacing;
        std::vector<MmPolygon> contours;
        for (const auto& c : scene.anatomy.joint_space->contours)
            contours.push_back(polygon_to_mm(c, s));
        Random random(seed, 1);
        const double xx = random.uniform(0.3, 9), yy = random.uniform(0.3, 9);
        const TipCovariance c{xx, random.uniform(-0.8, 0.8) * std::sqrt(xx * yy), yy};
        // At the surest point, at a corner of the outline, and outside.
        for (const MmPoint aim : {to_mm(scene.anatomy.joint_space->target, s), contours[0][0],
                                  MmPoint{contours[0][0].x + 2, contours[0][0].y - 3}}) {
            INFO("seed " << seed);
            CHECK(hit_probability(contours, aim, c) ==
                  Approx(lattice_probability(contours, aim, c)).margin(3e-3));
        }
    }
}

TEST_CASE("uncertainty: the figures of the sources come out") {
    CHECK(aiming_sigma_mm(Operator::trained) == Approx(2.07).margin(0.01));
    CHECK(aiming_sigma_mm(Operator::novice) > aiming_sigma_mm(Operator::trained));
    CHECK(aiming_sigma_mm(Operator::guided) == Approx(1.2).margin(0.01));
    const Needle quincke = *standard_needle(22, 80);
    CHECK(deflection_mm(quincke, 30) == Approx(1.24).margin(0.01));
    CHECK(deflection_mm(quincke, 40) == Approx(2.20).margin(0.01));
    CHECK(deflection_mm(quincke, 50) == Approx(3.45).margin(0.03));
    CHECK(deflection_mm(*standard_needle(25, 80), 40) > deflection_mm(quincke, 40));
    Needle pencil = quincke;
    pencil.bevel = Bevel::pencil_point;
    CHECK(deflection_mm(pencil, 80) < 0.1 * deflection_mm(quincke, 80));
    for (const Operator person : {Operator::novice, Operator::trained, Operator::guided})
        CHECK(operator_from_name(name_of(person)) == person);
    CHECK_FALSE(operator_from_name("surgeon"));
}

TEST_CASE("uncertainty: the ellipse lies along the path for scale, across it for the bevel") {
    TipErrors errors;
    errors.aiming_mm = 1;
    errors.model = {0.1, 0, 0, 0};
    const Needle needle = *standard_needle(22, 50);
    const MmPoint entry{0, 0}, target{40, 23.094};  // 30 degrees
    auto e = ellipse_of(tip_covariance(entry, target, needle, errors));
    CHECK(e.angle_deg == Approx(30).margin(0.01));
    CHECK(e.minor_mm == Approx(1));
    CHECK(e.major_mm == Approx(std::hypot(1.0, 4.6188)).margin(1e-3));
    errors.model = {0, 0, 0, 1};
    e = ellipse_of(tip_covariance(entry, target, needle, errors));
    CHECK(e.angle_deg == Approx(-60).margin(0.01));
    errors.model = {0, 0, 0, 0};
    e = ellipse_of(tip_covariance(entry, target, needle, errors));
    CHECK(e.major_mm == Approx(1));
    CHECK(e.minor_mm == Approx(1));
}

TEST_CASE("uncertainty: each candidate says how its probability hangs on the assumptions") {
    const auto plan = plan_trajectories(suprapatellar());
    REQUIRE_FALSE(plan.candidates.empty());
    const auto& c = plan.candidates[0];
    REQUIRE(c.sensitivities.size() == 7);
    CHECK(c.sensitivities[0].p_hit < *c.p_hit);  // twice the aiming error
    CHECK(c.sensitivities[1].p_hit > *c.p_hit);  // half of it
    for (const auto& s : c.sensitivities)
        CHECK((s.p_hit >= 0 && s.p_hit <= 1));
    CHECK(c.tip_ellipse->major_mm >= c.tip_ellipse->minor_mm);
    CHECK(*c.tip_sigma_mm >= 2.07);
    PlanOptions options;
    options.errors.motion_mm = -1;
    CHECK_THROWS_WITH(plan_trajectories(suprapatellar(), options),
                      Catch::Contains("errors.motion_mm"));
}

TEST_CASE("uncertainty: over 5000 simulated insertions hits come as often as was said") {
    // Each insertion is drawn 40 times, since 500 a decile alone would scatter by 2 points.
    const Calibration calibration = simulate_insertions(5000, 40);
    for (const auto& decile : calibration.deciles) {
        if (decile.insertions < 50) continue;
        INFO(decile.insertions << " insertions, predicted " << decile.predicted << ", observed "
                               << decile.observed);
        CHECK(decile.observed == Approx(decile.predicted).margin(0.02));
    }
}
