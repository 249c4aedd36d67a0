// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/injection.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace guide;
using namespace guide::simulate;
using Eigen::Vector3d;

namespace {

KneeParameters slightly_filled() {
    KneeParameters p;
    p.effusion_mm = 2;
    p.seed = 5;
    return p;
}

/// ml of a tissue about the recess, by counting points.
double counted_ml(const InjectedKnee& knee, Tissue tissue) {
    constexpr double kStep = 1.25;
    const Vector3d middle = knee.knee.landmarks().recess;
    long count = 0;
    for (double z = -45; z < 60; z += kStep) {
        for (double x = -45; x < 45; x += kStep) {
            for (double y = -30; y < 12; y += kStep)
                count += knee.at(middle + Vector3d(x, y, z)).tissue == tissue ? 1 : 0;
        }
    }
    return static_cast<double>(count) * kStep * kStep * kStep / 1000;
}

}  // namespace

TEST_CASE("injection: the recess holds what was injected, counted point by point") {
    const KneeParameters p = slightly_filled();
    const Knee knee(p);
    const Injection injection(p, InjectionSite::recess, knee.landmarks().recess, Vector3d::UnitY(),
                              9);
    const InjectedKnee before = injection.after(0);
    const double held = counted_ml(before, Tissue::joint_fluid);
    for (const double ml : {2.0, 9.0}) {
        const InjectedKnee after = injection.after(ml);
        CHECK(counted_ml(after, Tissue::joint_fluid) - held == Approx(ml).epsilon(0.05));
        CHECK(after.recess_ml - before.recess_ml == Approx(ml).epsilon(0.01));
        CHECK_FALSE(after.pool);
        CHECK(after.at(knee.landmarks().recess).tissue == Tissue::joint_fluid);
    }
}

TEST_CASE("injection: fluid begins about the tip and ends as an even effusion") {
    const KneeParameters p = slightly_filled();
    const Knee knee(p);
    const Vector3d tip = knee.landmarks().recess;
    const Injection injection(p, InjectionSite::recess, tip, Vector3d::UnitY(), 12);
    const auto thickness = [](const Knee& k, double z) {
        double sum = 0;
        for (double y = -70; y < 0; y += 0.05)
            sum += k.at({0, y, z}).tissue == Tissue::joint_fluid ? 0.05 : 0;
        return sum;
    };
    const Knee early = injection.after(0.5).knee, late = injection.after(12).knee;
    CHECK(thickness(early, tip.z()) > thickness(knee, tip.z()) + 0.5);
    const double far = tip.z() + 16;
    CHECK(thickness(early, far) < thickness(knee, far) + 0.4);
    CHECK(thickness(late, far) > thickness(knee, far) + 1);
    KneeParameters even = p;
    even.effusion_mm = late.parameters().effusion_mm;
    CHECK(thickness(late, tip.z()) == Approx(thickness(Knee(even), tip.z())).margin(0.051));
}

TEST_CASE("injection: beside the joint a pool forms and the recess stays shut") {
    const KneeParameters p = slightly_filled();
    const Knee knee(p);
    const Vector3d tip = knee.landmarks().recess - Vector3d(0, 12, 0);
    REQUIRE(knee.at(tip).tissue != Tissue::joint_fluid);
    const Injection injection(p, InjectionSite::soft_tissue, tip, Vector3d::UnitY(), 4);
    const InjectedKnee after = injection.after(4);
    REQUIRE(after.pool);
    CHECK(after.at(tip).tissue == Tissue::water);
    CHECK(counted_ml(after, Tissue::water) == Approx(4).epsilon(0.05));
    CHECK(after.recess_ml == injection.after(0).recess_ml);
    // The fluid that was there is pushed aside, not added to.
    CHECK(counted_ml(after, Tissue::joint_fluid) ==
          Approx(counted_ml(injection.after(0), Tissue::joint_fluid)).margin(0.4));
    // Bone is where it was.
    const Vector3d femur = knee.landmarks().trochlea + Vector3d(0, 3, 0);
    CHECK(after.at(femur).tissue == Tissue::femur);
}

TEST_CASE("injection: what cannot be is told") {
    const KneeParameters p = slightly_filled();
    const Vector3d tip = Knee(p).landmarks().recess;
    const auto make = [&](double ml) {
        return Injection(p, InjectionSite::recess, tip, Vector3d::UnitY(), ml);
    };
    CHECK_THROWS_AS(make(0), PreconditionError);
    CHECK_THROWS_AS(make(101), PreconditionError);
    CHECK_THROWS_WITH(make(95), Catch::Contains("what the recess takes"));
    CHECK_THROWS_AS(make(3).after(4), PreconditionError);
    CHECK_THROWS_AS(Knee(p, RecessFilling{3, tip, 1}), PreconditionError);
    CHECK_THROWS_AS(Knee(p, RecessFilling{1, tip, 2}), PreconditionError);
}
