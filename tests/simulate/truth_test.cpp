// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/truth.hpp>

#include <catch2/catch.hpp>

#include <numbers>

using namespace guide;
using Eigen::Vector3d;
using simulate::InsertedNeedle;
using simulate::Tissue;
using simulate::TissueField;
using simulate::UltrasoundSettings;
using simulate::UltrasoundTruth;

namespace {

/// A tank, 60 x 50 x 10 mm under the probe: fat, from 15 mm on muscle, in it a rod of fluid of
/// radius 5 across the plane at (4, 25), and right of x = 10 a step of bone at 20 mm, elsewhere
/// bone at 35.
TissueField tank() {
    simulate::VoxelGrid grid;
    grid.size = {241, 211, 21};
    grid.patient_from_grid.linear() *= 0.25;
    grid.patient_from_grid.translation() = Vector3d(-30, -2.5, -2.5);
    return {
        grid, [](const Eigen::Matrix3Xd& points, simulate::TissueSample* samples) {
            for (Eigen::Index i = 0; i < points.cols(); ++i) {
                const double x = points(0, i), y = points(1, i);
                const double bone =
                    std::max(y - 35, std::min(y - 20, x - 10) < 0 ? std::min(y - 35, 0.0)
                                                                  : std::min(y - 20, x - 10));
                const double fluid = std::hypot(x - 4, y - 25) - 5;
                const double layer = y - 15;
                auto& sample = samples[i];
                if (y < 0) {
                    sample = {Tissue::outside, static_cast<float>(-y)};
                } else if (bone > 0) {
                    sample = {Tissue::femur, static_cast<float>(bone)};
                } else if (fluid < 0) {
                    sample = {Tissue::joint_fluid, static_cast<float>(-fluid)};
                } else if (layer < 0) {
                    sample = {Tissue::subcutaneous_fat, static_cast<float>(std::min(-layer, y))};
                } else {
                    const double step = std::hypot(std::max(0.0, 10 - x), std::max(0.0, 20 - y));
                    sample = {Tissue::muscle,
                              static_cast<float>(std::min({fluid, layer, step, 35 - y}))};
                }
            }
        }};
}

UltrasoundSettings scanner() {
    UltrasoundSettings s;
    s.probe.width_mm = 51.2;
    s.probe.end_mm = 40;
    s.lines = 256;
    s.samples = 800;
    s.picture = {512, 400, {0.1, 0.1}, {-25.55, 0.05}};
    return s;
}

PixelPoint pixel(const UltrasoundSettings& s, double x_mm, double y_mm) {
    return pixel_from_scan(s.picture, {x_mm, y_mm});
}

using Pose = RigidTransform<PatientSpace, ProbeSpace>;

UltrasoundTruth truth_of(const UltrasoundSettings& s,
                         const std::optional<InsertedNeedle>& needle = {},
                         const Pose& pose = Pose(), const Execution& execution = {}) {
    static const TissueField field = tank();
    return ultrasound_truth(field, s, pose, View::suprapatellar_long, needle, execution);
}

double tissue_share(const UltrasoundTruth& truth, Tissue tissue) {
    double count = 0;
    for (int y = 0; y < truth.labels.height(); ++y) {
        for (int x = 0; x < truth.labels.width(); ++x)
            count += truth.labels.view().at(x, y) == static_cast<std::uint8_t>(tissue);
    }
    return count / (truth.labels.width() * truth.labels.height());
}

}  // namespace

TEST_CASE("truth: the joint space is the fluid, with its measures") {
    const auto s = scanner();
    const UltrasoundTruth truth = truth_of(s);
    REQUIRE(truth.anatomy.joint_space);
    const JointSpace& space = *truth.anatomy.joint_space;
    REQUIRE(space.contours.size() == 1);
    const PixelPoint middle = pixel(s, 4, 25);
    for (const PixelPoint p : space.contours[0])
        CHECK(std::hypot(p.x - middle.x, p.y - middle.y) * 0.1 == Approx(5).margin(0.03));
    CHECK(*space.area_mm2 == Approx(std::numbers::pi * 25).epsilon(0.005));
    CHECK(*space.thickness_mm == Approx(10).margin(0.06));
    CHECK(*space.depth_mm == Approx(20).margin(0.06));
    CHECK(space.effusion == true);
    CHECK(std::hypot(space.target.x - middle.x, space.target.y - middle.y) < 0.5);
}

TEST_CASE("truth: bone is seen where the beam meets it first, and hidden behind") {
    const auto s = scanner();
    const UltrasoundTruth truth = truth_of(s);
    REQUIRE(truth.anatomy.bones.size() == 2);
    for (const BoneSurface& bone : truth.anatomy.bones) {
        CHECK(bone.kind == BoneKind::femur);
        for (const PixelPoint p : bone.points) {
            const double wanted = p.x < pixel(s, 10, 0).x ? 35 : 20;
            CHECK(p.y == Approx(pixel(s, 0, wanted).y).margin(0.3));
        }
    }
    REQUIRE(truth.anatomy.unseen.size() == 1);
    CHECK(truth.anatomy.unseen[0].cause == "shadow");
    CHECK(polygon_contains(truth.anatomy.unseen[0].outline, pixel(s, 20, 30)));
    CHECK_FALSE(polygon_contains(truth.anatomy.unseen[0].outline, pixel(s, 0, 30)));
}

TEST_CASE("truth: layers end where their tissue does") {
    const auto s = scanner();
    const UltrasoundTruth truth = truth_of(s);
    REQUIRE(truth.anatomy.layers.size() == 1);
    CHECK(truth.anatomy.layers[0].name == "subcutaneous-fat");
    for (const PixelPoint p : truth.anatomy.layers[0].lower)
        CHECK(p.y == Approx(pixel(s, 0, 15).y).margin(0.2));
    REQUIRE_FALSE(truth.anatomy.skin.empty());
    CHECK(truth.anatomy.skin[0].y == Approx(pixel(s, 0, 0).y).margin(0.3));
}

TEST_CASE("truth: labels are those of the pixels' middles") {
    const UltrasoundTruth truth = truth_of(scanner());
    CHECK(tissue_share(truth, Tissue::subcutaneous_fat) == Approx(15.0 / 40).margin(0.004));
    CHECK(tissue_share(truth, Tissue::joint_fluid) ==
          Approx(std::numbers::pi * 25 / (51.2 * 40)).epsilon(0.01));
}

TEST_CASE("truth: a wrong speed of sound moves what is shown, not what is there") {
    auto s = scanner();
    s.tissue_speed_m_s = 1.05 * s.assumed_speed_m_s;  // echoes come early, depths shrink
    const UltrasoundTruth truth = truth_of(s);
    for (const PixelPoint p : truth.anatomy.layers[0].lower)
        CHECK(p.y == Approx(pixel(s, 0, 15 / 1.05).y).margin(0.2));
}

TEST_CASE("truth: a curvilinear probe shows the same places") {
    auto s = scanner();
    s.probe = {};
    s.probe.kind = filters::ProbeKind::curvilinear;
    s.probe.radius_mm = 40;
    s.probe.opening_rad = 0.9;
    s.probe.end_mm = 38;
    const UltrasoundTruth truth = truth_of(s);
    REQUIRE(truth.anatomy.joint_space);
    const PixelPoint middle = pixel(s, 4, 25);
    for (const PixelPoint p : truth.anatomy.joint_space->contours[0])
        CHECK(std::hypot(p.x - middle.x, p.y - middle.y) * 0.1 == Approx(5).margin(0.03));
}

TEST_CASE("truth: needle and tip stand where they are, seen as far as the plane is thick") {
    const auto s = scanner();
    InsertedNeedle needle;
    needle.tip = Vector3d(4, 25, 0);
    needle.direction = Vector3d(std::cos(0.6), std::sin(0.6), 0);
    needle.inserted_mm = 44;
    const UltrasoundTruth truth = truth_of(s, needle);
    REQUIRE(truth.needle);
    const PixelPoint tip = pixel(s, 4, 25);
    CHECK(truth.needle->tip.x == Approx(tip.x).margin(1e-6));
    CHECK(truth.needle->tip.y == Approx(tip.y).margin(1e-6));
    CHECK(truth.needle->angle_deg == Approx(0.6 * 180 / std::numbers::pi).margin(1e-6));
    CHECK(truth.needle->tip_across_mm == 0);
    CHECK(truth.needle->visible == Approx(1));

    // Turned by 10 degrees out of the plane only the part near the tip is in the beam.
    needle.direction =
        Eigen::AngleAxisd(std::numbers::pi / 18, Vector3d::UnitY()) * needle.direction;
    const double visible = truth_of(s, needle).needle->visible;
    CHECK(visible > 0.05);
    CHECK(visible < 0.5);
}

TEST_CASE("truth: where there is no fluid it says so") {
    Eigen::Isometry3d away = Eigen::Isometry3d::Identity();
    away.translation().x() = -34;
    const UltrasoundTruth truth = truth_of(scanner(), {}, Pose(away));
    REQUIRE_FALSE(truth.anatomy.joint_space);
    CHECK(truth.anatomy.joint_space.error().code == "no-fluid");
}

TEST_CASE("truth: any number of threads gives the same") {
    const UltrasoundTruth one = truth_of(scanner()), five = truth_of(scanner(), {}, Pose(), {5});
    REQUIRE(one.anatomy.bones.size() == five.anatomy.bones.size());
    for (int y = 0; y < one.labels.height(); ++y) {
        for (int x = 0; x < one.labels.width(); ++x)
            REQUIRE(one.labels.view().at(x, y) == five.labels.view().at(x, y));
    }
    CHECK(one.anatomy.joint_space->target.x == five.anatomy.joint_space->target.x);
}

TEST_CASE("truth: bad settings are named") {
    auto s = scanner();
    s.lines = 1;
    CHECK_THROWS_AS(truth_of(s), PreconditionError);
    InsertedNeedle needle;
    needle.inserted_mm = -3;
    CHECK_THROWS_WITH(truth_of(scanner(), needle), Catch::Contains("inserted_mm"));
}
