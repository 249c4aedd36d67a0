// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/knee.hpp>

#include <catch2/catch.hpp>

#include <numbers>

using namespace guide;
using Eigen::Vector3d;
using simulate::Knee;
using simulate::KneeParameters;
using simulate::Tissue;

namespace {

/// mm of a tissue along a line from `start`.
double thickness(const Knee& knee, Tissue tissue, const Vector3d& start, const Vector3d& direction,
                 double length) {
    constexpr double kStep = 0.01;
    double sum = 0;
    for (double t = 0; t < length; t += kStep)
        sum += knee.at(start + t * direction).tissue == tissue ? kStep : 0;
    return sum;
}

KneeParameters mean_knee() {
    KneeParameters p;
    p.shape_variation = 0;
    return p;
}

/// Smallest way between femur and tibia under one condyle, straight along the leg.
double narrowest(const Knee& knee, double from_x, double to_x) {
    double least = 100;
    for (double x = from_x; x <= to_x; x += 1) {
        for (double y = -12; y <= 20; y += 1) {
            double low = 0, z = -5;
            for (; z > -45 && knee.at({x, y, z}).tissue == Tissue::femur; z -= 0.05) {
            }
            for (low = z; low > -45 && knee.at({x, y, low}).tissue != Tissue::tibia; low -= 0.05) {
            }
            if (low > -45) least = std::min(least, z - low);
        }
    }
    return least;
}

}  // namespace

TEST_CASE("knee: the fluid in the midline of the recess is as thick as asked for") {
    const double wanted = GENERATE(0.0, 0.5, 1.3, 4.0, 10.0, 20.0);
    KneeParameters p;
    p.effusion_mm = wanted;
    const Knee knee(p);
    const double z = knee.landmarks().recess.z();
    const double found = thickness(knee, Tissue::joint_fluid, {0, -90, z}, Vector3d::UnitY(), 90);
    CHECK(found == Approx(wanted).epsilon(0.02).margin(0.02));
}

TEST_CASE("knee: an effusion is deepest laterally, then medially, then in the midline") {
    KneeParameters p = mean_knee();
    p.effusion_mm = 6;
    const Knee knee(p);
    const double z = knee.landmarks().recess.z();
    const auto at = [&](double x) {
        return thickness(knee, Tissue::joint_fluid, {x, -90, z}, Vector3d::UnitY(), 90);
    };
    // A right knee: medial is to the left, where x is positive.
    CHECK(at(-12) > 1.2 * at(0));
    CHECK(at(-12) > at(5));
}

TEST_CASE("knee: cartilage on the condyles is as thick as asked for") {
    KneeParameters p = mean_knee();
    p.flexion_deg = 0;
    const Knee knee(p);
    const double found =
        thickness(knee, Tissue::cartilage, {23, 14, -10}, -Vector3d::UnitZ(), 14.5);
    CHECK(found > 1.9);
    CHECK(found < 2.6);  // and as much of the tibia's as the line still meets
}

TEST_CASE("knee: narrowing takes the joint space away on its side alone") {
    const double loss = GENERATE(0.0, 0.5, 1.0);
    KneeParameters p = mean_knee();
    p.flexion_deg = 0;
    p.narrowing_medial = loss;
    const Knee knee(p);
    CHECK(narrowest(knee, 12, 34) == Approx(5 * (1 - loss)).margin(0.6));
    CHECK(narrowest(knee, -34, -12) == Approx(5).margin(0.6));
}

TEST_CASE("knee: the tibia bends by the flexion") {
    const double flexion = GENERATE(0.0, 20.0, 60.0, 110.0);
    KneeParameters p = mean_knee();
    p.flexion_deg = flexion;
    const auto marks = Knee(p).landmarks();
    // The joint lies level to two degrees.
    const Vector3d sagittal = Vector3d(0, marks.tibia_axis.y(), marks.tibia_axis.z()).normalized();
    const double angle = std::atan2(-sagittal.y(), sagittal.z()) * 180 / std::numbers::pi;
    CHECK(angle == Approx(flexion).margin(0.01));
    CHECK(std::abs(marks.tibia_axis.x()) < 0.05);
}

TEST_CASE("knee: a left knee is the mirror image of a right one") {
    KneeParameters p;
    p.bakers_cyst_mm = 12;
    const Knee right(p);
    p.laterality = simulate::Laterality::left;
    const Knee left(p);
    for (double x = -60; x <= 60; x += 7.3) {
        for (double y = -60; y <= 70; y += 9.1) {
            for (double z = -60; z <= 100; z += 11.7)
                REQUIRE(left.at({x, y, z}).tissue == right.at({-x, y, z}).tissue);
        }
    }
    CHECK(left.landmarks().medial_joint.x() == -right.landmarks().medial_joint.x());
}

TEST_CASE("knee: the seed makes the shape") {
    KneeParameters p;
    const auto marks = Knee(p).landmarks();
    CHECK(Knee(p).landmarks().patella_base == marks.patella_base);
    p.seed = 2;
    CHECK(Knee(p).landmarks().patella_base != marks.patella_base);
    p.shape_variation = 0;
    const auto mean = Knee(p).landmarks();
    p.seed = 3;
    CHECK(Knee(p).landmarks().patella_base == mean.patella_base);
}

TEST_CASE("knee: landmarks lie where their names say") {
    const double flexion = GENERATE(5.0, 30.0, 100.0);
    KneeParameters p;
    p.flexion_deg = flexion;
    const Knee knee(p);
    const auto marks = knee.landmarks();
    const Vector3d along = (marks.patella_base - marks.patella_apex).normalized();
    CHECK(knee.at(marks.patella_base - 2 * along).tissue == Tissue::patella);
    CHECK(knee.at(marks.patella_base + 2 * along).tissue != Tissue::patella);
    CHECK(knee.at(marks.patella_apex + 3 * along).tissue == Tissue::patella);
    CHECK(knee.at(marks.recess).tissue == Tissue::joint_fluid);
    CHECK(knee.at(marks.trochlea + Vector3d(0, 0.5, 0)).tissue == Tissue::femur);
    CHECK(knee.at(marks.trochlea - Vector3d(0, 0.5, 0)).tissue != Tissue::femur);
    CHECK(knee.at(marks.tuberosity + 4 * Vector3d::UnitY()).tissue != Tissue::outside);
}

TEST_CASE("knee: arthritis and cysts stand where they should") {
    KneeParameters p = mean_knee();
    const Knee healthy(p);
    p.bakers_cyst_mm = 20;
    p.osteophyte_mm = 5;
    const Knee sick(p);
    const Vector3d cyst(17, 42, -4);
    CHECK(healthy.at(cyst).tissue != Tissue::bakers_cyst);
    CHECK(sick.at(cyst).tissue == Tissue::bakers_cyst);
    const Vector3d edge(37, 2, -15);
    CHECK(healthy.at(edge).tissue != Tissue::femur);
    CHECK(sick.at(edge).tissue == Tissue::femur);
}

TEST_CASE("knee: parameters out of range are named") {
    const auto refused = [](auto change, const std::string& field) {
        KneeParameters p;
        change(p);
        CHECK_THROWS_WITH(Knee(p), Catch::Contains(field));
    };
    refused([](auto& p) { p.flexion_deg = 200; }, "flexion_deg");
    refused([](auto& p) { p.effusion_mm = -1; }, "effusion_mm");
    refused([](auto& p) { p.size = std::nan(""); }, "size");
    refused([](auto& p) { p.fat_mm = 0; }, "fat_mm");
    refused([](auto& p) { p.synovium_mm = 9; }, "synovium_mm");
    refused([](auto& p) { p.cartilage_mm = 5; }, "cartilage_mm");
    refused([](auto& p) { p.narrowing_medial = 1.1; }, "narrowing_medial");
    refused([](auto& p) { p.narrowing_lateral = -0.1; }, "narrowing_lateral");
    refused([](auto& p) { p.osteophyte_mm = 9; }, "osteophyte_mm");
    refused([](auto& p) { p.bakers_cyst_mm = 41; }, "bakers_cyst_mm");
    refused([](auto& p) { p.shape_variation = 3; }, "shape_variation");
}

TEST_CASE("knee: random knees are within their ranges and differ") {
    double effusions = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        const KneeParameters p = simulate::random_knee(seed);
        REQUIRE_NOTHROW(p.validate());
        effusions += p.effusion_mm >= 4 ? 1 : 0;
    }
    CHECK(effusions / 400 == Approx(0.5).margin(0.08));
    CHECK(simulate::random_knee(7).fat_mm == simulate::random_knee(7).fat_mm);
}
