// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/placement.hpp>

#include <catch2/catch.hpp>

using namespace guide;
using Eigen::Vector3d;
using simulate::Knee;
using simulate::KneeParameters;
using simulate::Tissue;

namespace {

constexpr View kViews[] = {View::suprapatellar_long,
                           View::suprapatellar_transverse,
                           View::medial,
                           View::lateral,
                           View::posterior,
                           View::trochlea,
                           View::bone};

KneeParameters knee_for(View view, std::uint64_t seed) {
    KneeParameters p = simulate::random_knee(seed);
    if (view == View::trochlea) p.flexion_deg = 110;
    return p;
}

/// The first tissue of those asked for that the middle beam meets.
template <class Wanted>
Tissue first_on_beam(const Knee& knee, const RigidTransform<PatientSpace, ProbeSpace>& pose,
                     double x, Wanted wanted) {
    for (double depth = 0; depth < 90; depth += 0.1) {
        const Tissue tissue = knee.at(pose * Vector3d(x, depth, 0)).tissue;
        if (wanted(tissue)) return tissue;
    }
    return Tissue::outside;
}

}  // namespace

TEST_CASE("placement: at every view of random knees the pressed skin lies on the probe's face") {
    const View view = GENERATE(from_range(std::begin(kViews), std::end(kViews)));
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const Knee knee(knee_for(view, seed));
        const auto pose = simulate::standard_pose(knee, view);
        const Knee pressed = knee.pressed({pose, 51, 12});
        INFO(name_of(view) << ", seed " << seed);
        const auto skin_at = [&](const Knee& k, double x) {
            const auto skin =
                k.skin_from(pose * Vector3d(x, -50, 0), pose.motion().linear().col(1));
            REQUIRE(skin);
            return (pose.inverse() * *skin).y();
        };
        for (double x = -24; x <= 24; x += 4) {
            // What lies more than 9 mm away stays away by the rest.
            const double rest = std::max(0.0, skin_at(knee, x) - 9);
            CHECK(skin_at(pressed, x) == Approx(rest).margin(0.5));
        }
    }
}

TEST_CASE("placement: pressing moves the skin and leaves what lies deep") {
    const Knee knee(simulate::random_knee(5));
    const auto pose = simulate::standard_pose(knee, View::suprapatellar_transverse);
    const Knee pressed = knee.pressed({pose, 51, 12});
    for (double x = -20; x <= 20; x += 5) {
        const Vector3d deep = pose * Vector3d(x, 100, 0);
        CHECK(pressed.at(deep).tissue == knee.at(deep).tissue);
    }
    CHECK_THROWS_AS(pressed.pressed({pose, 51, 12}), PreconditionError);
}

TEST_CASE("placement: pictures have the head at the left or the patient's left at the right") {
    const Knee knee(simulate::random_knee(2));
    for (const View view : kViews) {
        const auto motion = simulate::standard_pose(knee, view).motion();
        const Vector3d right = motion.linear().col(0);
        const bool across = view == View::suprapatellar_transverse || view == View::trochlea ||
                            view == View::posterior || view == View::bone;
        INFO(name_of(view));
        const auto marks = knee.landmarks();
        const Vector3d limb =
            view == View::suprapatellar_long ? marks.femur_axis : marks.tibia_axis;
        // The shin's inner face looks aside.
        const double least = view == View::bone ? 0.7 : 0.8;
        CHECK((across ? right.x() : -right.dot(limb)) > least);
        CHECK(motion.linear().determinant() == Approx(1));
    }
}

TEST_CASE("placement: a long suprapatellar view has the patella at its right, the femur below") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const Knee knee(simulate::random_knee(seed));
        const auto pose = simulate::standard_pose(knee, View::suprapatellar_long);
        CHECK(first_on_beam(knee, pose, 22, simulate::is_bone) == Tissue::patella);
        CHECK(first_on_beam(knee, pose, -15, simulate::is_bone) == Tissue::femur);
    }
}

TEST_CASE("placement: medial and lateral views have femur and tibia side by side") {
    const View view = GENERATE(View::medial, View::lateral);
    const Knee knee(simulate::random_knee(3));
    const auto pose = simulate::standard_pose(knee, view);
    CHECK(first_on_beam(knee, pose, -15, simulate::is_bone) == Tissue::femur);
    CHECK(first_on_beam(knee, pose, 12, simulate::is_bone) == Tissue::tibia);
}

TEST_CASE("placement: across the shin the tibia lies right under the skin, muscle beside it") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        KneeParameters parameters = simulate::random_knee(seed);
        parameters.fat_mm = 6;
        const Knee knee(parameters);
        const auto pose = simulate::standard_pose(knee, View::bone);
        const Knee pressed = knee.pressed({pose, 51, 12});
        const auto bone_at = [&](double x) {
            double depth = 0;
            while (depth < 40 && pressed.at(pose * Vector3d(x, depth, 0)).tissue != Tissue::tibia)
                depth += 0.1;
            return depth;
        };
        INFO("seed " << seed);
        CHECK(bone_at(0) < 11);
        CHECK(bone_at(-24) == Approx(40).margin(0.2));
        CHECK(bone_at(24) == Approx(40).margin(0.2));
    }
}

TEST_CASE("placement: legs narrower than the face and knees bent far still take a probe") {
    KneeParameters thin;
    thin.size = 0.8;
    thin.fat_mm = 1;
    thin.flexion_deg = 110;
    thin.shape_variation = 0;
    for (const View view : {View::trochlea, View::bone, View::suprapatellar_transverse}) {
        const Knee knee(thin);
        INFO(name_of(view));
        REQUIRE_NOTHROW(knee.pressed({simulate::standard_pose(knee, view, {}, 59), 59, 12}));
    }
    thin.flexion_deg = 60;
    const Knee bent(thin);
    REQUIRE_NOTHROW(
        bent.pressed({simulate::standard_pose(bent, View::posterior, {}, 48, 49), 48, 12, 49}));
}

TEST_CASE("placement: offsets move the probe as named") {
    const Knee knee(simulate::random_knee(3));
    const auto pose = simulate::standard_pose(knee, View::suprapatellar_long);
    simulate::ProbeOffset offset;
    offset.along_mm = -8;
    const auto moved = simulate::standard_pose(knee, View::suprapatellar_long, offset);
    CHECK((pose.inverse() * (moved * Vector3d::Zero())).x() == Approx(-8).margin(1));
    offset = {};
    offset.tilt_deg = 10;
    const auto tilted = simulate::standard_pose(knee, View::suprapatellar_long, offset);
    const Vector3d beam = tilted.motion().linear().col(1);
    CHECK(std::acos(beam.dot(pose.motion().linear().col(1))) == Approx(0.17453).margin(1e-4));
    CHECK(std::abs(beam.dot(pose.motion().linear().col(0))) < 1e-9);
}

TEST_CASE("placement: what cannot be is refused") {
    const Knee knee(simulate::random_knee(3));
    CHECK_THROWS_WITH(simulate::standard_pose(knee, View::xray_ap), Catch::Contains("xray-ap"));
    CHECK_THROWS_AS(simulate::standard_pose(knee, View::medial, {}, 500), PreconditionError);
    simulate::ProbeOffset far;
    far.along_mm = 900;
    CHECK_THROWS_AS(simulate::standard_pose(knee, View::suprapatellar_transverse, far),
                    PreconditionError);
    // Off the body, and inside of it.
    Eigen::Isometry3d pose = simulate::standard_pose(knee, View::medial).motion();
    pose.translation() -= 40 * pose.linear().col(1);
    CHECK_THROWS_AS(knee.pressed({RigidTransform<PatientSpace, ProbeSpace>(pose), 51, 12}),
                    PreconditionError);
    pose.translation() += 80 * pose.linear().col(1);
    CHECK_THROWS_AS(knee.pressed({RigidTransform<PatientSpace, ProbeSpace>(pose), 51, 12}),
                    PreconditionError);
}
