// SPDX-License-Identifier: Apache-2.0
#include "xray_spongiosa.hpp"

#include <guide/core/error.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace guide;
using namespace guide::simulate;
using Eigen::Vector3d;

namespace {

/// How much density changes over 1 mm along a direction, root mean square.
double change_along(const SpongyBone& bone, Tissue tissue, const Vector3d& direction) {
    double squares = 0;
    int count = 0;
    for (int x = -15; x <= 15; x += 3) {
        for (int y = -15; y <= 15; y += 3) {
            for (int z = 8; z <= 20; z += 3, ++count) {
                const Vector3d p(x + 0.3, y + 0.1, z);
                squares +=
                    std::pow(bone.density(tissue, p + direction) - bone.density(tissue, p), 2);
            }
        }
    }
    return std::sqrt(squares / count);
}

}  // namespace

TEST_CASE("spongiosa: trabeculae run along the bone") {
    const SpongyBone bone({});
    const double along = change_along(bone, Tissue::femur, Vector3d::UnitZ()),
                 across = change_along(bone, Tissue::femur, Vector3d::UnitX());
    CHECK(across > 1.3 * along);
    // Those of the shank follow it when the knee is bent.
    const SpongyBone bent({.shank_axis = Vector3d::UnitY()});
    CHECK(change_along(bent, Tissue::tibia, Vector3d::UnitZ()) >
          1.3 * change_along(bent, Tissue::tibia, Vector3d::UnitY()));
}

TEST_CASE("spongiosa: denser at the joint than in the shaft, the same for the same seed") {
    const SpongyBone bone({.seed = 3}), same({.seed = 3}), other({.seed = 4});
    double near = 0, far = 0;
    int count = 0;
    bool differs = false;
    for (int x = -20; x <= 20; x += 2) {
        for (int y = -20; y <= 20; y += 2, ++count) {
            const Vector3d p(x, y, 8), q(x, y, 70);
            near += static_cast<double>(bone.density(Tissue::femur, p));
            far += static_cast<double>(bone.density(Tissue::femur, q));
            REQUIRE(bone.density(Tissue::femur, p) == same.density(Tissue::femur, p));
            REQUIRE(bone.density(Tissue::femur, p) >= 0.2F);
            REQUIRE(bone.density(Tissue::femur, p) <= 1.7F);
            differs = differs || bone.density(Tissue::femur, p) != other.density(Tissue::femur, p);
        }
    }
    CHECK(near > 1.3 * far);
    CHECK(near / count == Approx(1.15).margin(0.15));
    CHECK(differs);
}

TEST_CASE("spongiosa: without unevenness it is even, and bad options are named") {
    const SpongyBone even({.unevenness = 0});
    CHECK(even.density(Tissue::tibia, {3, 4, -20}) == 1);
    CHECK_THROWS_WITH(SpongyBone({.unevenness = 3}), Catch::Contains("unevenness"));
    CHECK_THROWS_WITH(SpongyBone({.shank_axis = Vector3d::Zero()}), Catch::Contains("shank_axis"));
    CHECK_THROWS_WITH(SpongyBone({.joint = {NAN, 0, 0}}), Catch::Contains("joint"));
}
