// SPDX-License-Identifier: Apache-2.0
#include <guide/assess/motion.hpp>
#include <guide/core/random.hpp>

#include <Eigen/Geometry>
#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

using namespace guide;
using namespace guide::assess;
using Eigen::Vector3d;

namespace {

/// Tissue below z = 0.
double flat(const Vector3d& p) {
    return -p.z();
}

const Vector3d kDown(0, 0, -1);

std::vector<ToolSample> straight_down(int count = 2) {
    std::vector<ToolSample> samples;
    for (int i = 0; i < count; ++i) {
        const double share = static_cast<double>(i) / (count - 1);
        samples.push_back({4 * share, {0, 0, 10 - 40 * share}, kDown});
    }
    return samples;
}

/// A hand that goes in, draws back, turns and goes in again.
std::vector<ToolSample> wandering() {
    const Vector3d steep = Vector3d(0.5, 0, -1).normalized();
    return {{0, {0, 0, 10}, kDown},   {1, {0, 0, -20}, kDown}, {1.5, {0, 0, -8}, kDown},
            {2.3, {1, 2, -7}, steep}, {3, {8, 2, -21}, steep}, {3.5, {8, 2.5, -21}, steep}};
}

std::vector<ToolSample> denser(const std::vector<ToolSample>& samples, int times) {
    std::vector<ToolSample> result{samples.front()};
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const ToolSample &a = samples[i - 1], &b = samples[i];
        for (int k = 1; k <= times; ++k) {
            const double s = static_cast<double>(k) / times;
            result.push_back({a.time_s + s * (b.time_s - a.time_s), a.tip + s * (b.tip - a.tip),
                              (a.direction + s * (b.direction - a.direction)).normalized()});
        }
    }
    return result;
}

}  // namespace

TEST_CASE("motion: a needle pushed straight in") {
    const auto m = measure_motion(straight_down(), flat, WantedPath{{0, 0, 0}, {0, 0, -30}});
    REQUIRE(m);
    CHECK(m->elapsed_s == 4);
    CHECK(m->path_mm == Approx(40));
    CHECK(*m->path_inefficiency == Approx(0).margin(1e-12));
    CHECK(m->tissue_path_mm == Approx(30).margin(1e-5));  // the step is cut at the skin
    CHECK(m->tissue_time_s == Approx(3).margin(1e-5));
    CHECK(m->tissue_damage_mm2 == Approx(0).margin(1e-9));
    CHECK(m->rotation_deg == Approx(0).margin(1e-9));
    CHECK(m->punctures == 1);
    CHECK(m->redirections == 0);
    CHECK(*m->deviation_max_mm == Approx(0).margin(1e-9));
    CHECK(*m->target_error_mm == Approx(0).margin(1e-12));
    CHECK(*m->angle_error_deg == Approx(0).margin(1e-9));
}

TEST_CASE("motion: what a shaft sweeps in tissue") {
    // Sideways by 5 mm with 20 mm in tissue.
    const std::vector<ToolSample> slide{{0, {0, 0, -20}, kDown}, {1, {5, 0, -20}, kDown}};
    CHECK(measure_motion(slide, flat)->tissue_damage_mm2 == Approx(100).epsilon(1e-4));
    // Turned by 0.2 about the tip: a sector whose radius is what lies in tissue.
    const double depth = 20, angle = 0.2;
    const std::vector<ToolSample> turn{{0, {0, 0, -depth}, kDown},
                                       {1, {0, 0, -depth}, {std::sin(angle), 0, -std::cos(angle)}}};
    const double sector = depth * depth * std::tan(angle) / 2;  // cut by the skin, a triangle
    CHECK(measure_motion(turn, flat)->tissue_damage_mm2 == Approx(sector).epsilon(0.01));
    // Along itself: nothing.
    const std::vector<ToolSample> along{{0, {0, 0, -5}, kDown}, {1, {0, 0, -25}, kDown}};
    CHECK(measure_motion(along, flat)->tissue_damage_mm2 == Approx(0).margin(1e-9));
    // In the air: nothing.
    const std::vector<ToolSample> air{{0, {0, 0, 5}, kDown}, {1, {50, 0, 5}, kDown}};
    CHECK(measure_motion(air, flat)->tissue_damage_mm2 == 0);
}

TEST_CASE("motion: punctures and redirections") {
    CHECK(measure_motion(wandering(), flat)->redirections == 1);
    CHECK(measure_motion(wandering(), flat)->punctures == 1);
    std::vector<ToolSample> twice = straight_down();
    twice.push_back({5, {0, 0, 3}, kDown});
    twice.push_back({6, {2, 0, -9}, kDown});
    const auto m = measure_motion(twice, flat);
    CHECK(m->punctures == 2);
    CHECK(m->redirections == 0);  // out of the skin is another puncture
}

TEST_CASE("motion: a tremor smaller than the limits counts as nothing") {
    Random random(2);
    auto samples = straight_down(400);
    for (ToolSample& s : samples)
        s.tip.z() += 0.2 * random.normal();
    const auto m = measure_motion(samples, flat);
    CHECK(m->punctures == 1);
    CHECK(m->redirections == 0);
}

TEST_CASE("motion: a smooth push is smoother than a jerky one, however long it takes") {
    const auto push = [](double seconds, double jerks) {
        std::vector<ToolSample> samples;
        for (int i = 0; i <= 400; ++i) {
            const double s = i / 400.0;  // least jerk, and a wave upon it
            const double way =
                s * s * s * (10 + s * (6 * s - 15)) + jerks * std::sin(12 * M_PI * s) * s * (1 - s);
            samples.push_back({seconds * s, {0, 0, -30 * way}, kDown});
        }
        return *measure_motion(samples, flat)->smoothness;
    };
    CHECK(push(2, 0) > push(2, 0.03) + 0.1);
    CHECK(push(2, 0) == Approx(push(4, 0)).epsilon(0.05));
    CHECK(push(2, 0) == Approx(-1.4).margin(0.15));  // about what its authors find for one push
}

TEST_CASE("motion: neither axes, nor their origin, nor the rate of sampling matter") {
    const WantedPath path{{0, 0, 0}, {8, 2, -20}};
    const auto reference = measure_motion(wandering(), flat, path);
    REQUIRE(reference);
    const bool moved = GENERATE(true, false);
    std::vector<ToolSample> samples = moved ? wandering() : denser(wandering(), 7);
    Eigen::Isometry3d motion = Eigen::Isometry3d::Identity();
    if (moved) {
        motion.translate(Vector3d(500, -300, 80));
        motion.rotate(Eigen::AngleAxisd(1.1, Vector3d(1, 2, 3).normalized()));
    }
    for (ToolSample& s : samples) {
        s.tip = motion * s.tip;
        s.direction = motion.linear() * s.direction * 3;  // its length does not matter either
        s.time_s += 1000;
    }
    const auto depth = [&](const Vector3d& p) { return flat(motion.inverse() * p); };
    const auto m =
        measure_motion(samples, depth, WantedPath{motion * path.entry, motion * path.target});
    REQUIRE(m);
    CHECK(m->elapsed_s == Approx(reference->elapsed_s));
    CHECK(m->path_mm == Approx(reference->path_mm));
    CHECK(*m->path_inefficiency == Approx(*reference->path_inefficiency));
    CHECK(m->tissue_path_mm == Approx(reference->tissue_path_mm).epsilon(1e-4));
    CHECK(m->tissue_time_s == Approx(reference->tissue_time_s).epsilon(1e-4));
    CHECK(m->tissue_damage_mm2 == Approx(reference->tissue_damage_mm2).epsilon(0.01));
    CHECK(m->rotation_deg == Approx(reference->rotation_deg).epsilon(1e-6));
    CHECK(m->punctures == reference->punctures);
    CHECK(m->redirections == reference->redirections);
    CHECK(*m->smoothness == Approx(*reference->smoothness).epsilon(0.01));
    CHECK(*m->deviation_mean_mm == Approx(*reference->deviation_mean_mm).epsilon(0.01));
    CHECK(*m->deviation_max_mm == Approx(*reference->deviation_max_mm).epsilon(0.03));
    CHECK(*m->target_error_mm == Approx(*reference->target_error_mm));
    CHECK(*m->angle_error_deg == Approx(*reference->angle_error_deg));
}

TEST_CASE("motion: what cannot be measured says why") {
    const auto code = [](std::vector<ToolSample> samples) {
        return measure_motion(samples, flat).error().code;
    };
    auto samples = straight_down(3);
    CHECK(code({}) == "few-samples");
    CHECK(code({samples[0]}) == "few-samples");
    samples[1].time_s = 0;
    CHECK(code(samples) == "bad-sample");
    samples = straight_down(3);
    samples[1].tip.x() = NAN;
    CHECK(code(samples) == "bad-sample");
    samples = straight_down(3);
    samples[2].direction.setZero();
    CHECK(code(samples) == "bad-sample");
    samples = straight_down(3);
    CHECK(measure_motion(samples, flat, WantedPath{{1, 1, 1}, {1, 1, 1}}).error().code ==
          "bad-path");
    MotionOptions options;
    options.shaft_mm = -1;
    CHECK(measure_motion(samples, flat, {}, options).error().code == "bad-options");
    // A needle held still: no way, so nothing to divide by.
    for (ToolSample& s : samples)
        s.tip = {0, 0, -5};
    const auto still = measure_motion(samples, flat);
    REQUIRE(still);
    CHECK_FALSE(still->path_inefficiency);
    CHECK_FALSE(still->smoothness);
    CHECK(still->tissue_time_s == Approx(4));
}
