// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/fluoroscopy.hpp>
#include <guide/simulate/knee.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>

using namespace guide;
using Eigen::Vector3d;
using simulate::CArm;
using simulate::FluoroscopySettings;
using simulate::FluoroscopySimulator;
using simulate::Tissue;
using simulate::TissueField;
using simulate::TissueSample;

namespace {

/// A box of water, 60 x 40 x 59 mm; above and below a gap of 5 mm between z = -2.5 and 2.5 stand
/// blocks of femur and tibia, 20 x 20 mm wide. All borders are those of voxels.
TissueField phantom() {
    simulate::VoxelGrid grid;
    grid.size = {66, 46, 65};
    grid.patient_from_grid.translation() = Vector3d(-32.5, -22.5, -32);
    return {grid, [](const Eigen::Matrix3Xd& points, TissueSample* samples) {
                for (Eigen::Index i = 0; i < points.cols(); ++i) {
                    const Vector3d p = points.col(i);
                    const double box = std::max(
                        {std::abs(p.x()) - 30, std::abs(p.y()) - 20, std::abs(p.z()) - 29.5});
                    const double bone = std::max({std::abs(p.x()) - 10, std::abs(p.y()) - 10,
                                                  std::abs(p.z()) - 24.5, 2.5 - std::abs(p.z())});
                    if (box > 0) {
                        samples[i] = {Tissue::outside, static_cast<float>(box)};
                    } else if (bone < 0) {
                        samples[i] = {p.z() > 0 ? Tissue::femur : Tissue::tibia,
                                      static_cast<float>(-bone)};
                    } else {
                        samples[i] = {Tissue::water, static_cast<float>(std::min(-box, bone))};
                    }
                }
            }};
}

FluoroscopySimulator& simulator() {
    static FluoroscopySimulator instance(phantom());
    return instance;
}

FluoroscopySettings plain() {
    FluoroscopySettings s;
    s.arm.width = s.arm.height = 161;
    s.arm.pixel_mm = 0.8;
    s.scatter_to_primary = 0;
    s.blur_mm = 0;
    s.photons = 1e7;
    return s;
}

double grey(const Frame& frame, int x, int y) {
    return static_cast<double>(frame.intensity.view().at(x, y));
}

simulate::InsertedNeedle needle() {
    simulate::InsertedNeedle n;
    n.tip = Vector3d(4, 1, 0);
    n.direction = Vector3d(-1, 0, 0);
    n.inserted_mm = 40;
    return n;
}

}  // namespace

TEST_CASE("fluoroscopy: open beam, water and bone have the grey of Beer and Lambert's law") {
    const Frame frame = simulator().frame(plain());
    CHECK(grey(frame, 2, 2) == Approx(255).margin(1));
    // 40 mm of water at 40, 60 and 80 keV.
    const double left = 0.35 * std::exp(-40 * 0.02683) + 0.45 * std::exp(-40 * 0.02059) +
                        0.20 * std::exp(-40 * 0.01837);
    CHECK(grey(frame, 80, 80) == Approx(255 * (1 + std::log(left) / 3)).margin(1));
    CHECK(grey(frame, 80, 60) < grey(frame, 80, 80) - 30);
}

TEST_CASE("fluoroscopy: both polarities are each other's inverse") {
    FluoroscopySettings s = plain();
    const Frame dark = simulator().frame(s);
    s.bone_bright = true;
    const Frame bright = simulator().frame(s);
    for (int x = 0; x < 161; x += 7)
        CHECK(grey(dark, x, 70) + grey(bright, x, 70) == Approx(255).margin(1e-3));
}

TEST_CASE("fluoroscopy: noise is that of counted photons") {
    FluoroscopySettings s = plain();
    s.photons = 400;
    s.black_od = 2;
    s.white_od = -1;  // so that nothing is cut off
    const Frame frame = simulator().frame(s);
    double sum = 0, squares = 0;
    int count = 0;
    for (int y = 0; y < 20; ++y) {
        for (int x = 0; x < 161; ++x) {
            const double od = 2 - grey(frame, x, y) / 255 * 3;
            sum += od;
            squares += od * od;
            ++count;
        }
    }
    const double mean = sum / count, sigma = std::sqrt(squares / count - mean * mean);
    CHECK(sigma == Approx(1 / std::sqrt(400.0)).epsilon(0.05));
}

TEST_CASE("fluoroscopy: scatter lifts what lies behind bone") {
    FluoroscopySettings s = plain();
    const double clear = grey(simulator().frame(s), 80, 60);
    s.scatter_to_primary = 1;
    CHECK(grey(simulator().frame(s), 80, 60) > clear + 5);
}

TEST_CASE("fluoroscopy: the collimator is round and the rest is black") {
    FluoroscopySettings s = plain();
    s.collimator_mm = 40;
    const Frame frame = simulator().frame(s);
    CHECK(grey(frame, 2, 2) == 0);
    CHECK(grey(frame, 80 - 48, 80) > 100);
    CHECK(grey(frame, 80 - 52, 80) == 0);
}

TEST_CASE("fluoroscopy: beyond the collimator a bright-bone picture is black too, scatter or not") {
    FluoroscopySettings s = plain();
    s.collimator_mm = 40;
    s.scatter_to_primary = 1;
    s.bone_bright = true;
    const Frame frame = simulator().frame(s);
    CHECK(grey(frame, 2, 2) == 0);
    CHECK(grey(frame, 80 + 52, 80) == 0);
    CHECK(grey(frame, 80, 80) > 20);
}

TEST_CASE("fluoroscopy: an open beam has no scatter, and the mean is what was asked for") {
    FluoroscopySettings s = plain();
    s.scatter_mm = 5;
    const Frame without = simulator().frame(s);
    s.scatter_to_primary = 0.5;
    const Frame with = simulator().frame(s);
    // The exposure is lowered by what scatter adds on the whole.
    const auto signal = [](const Frame& f, int x, int y) {
        return std::exp(3 * (grey(f, x, y) / 255 - 1));
    };
    double primary = 0, all = 0;
    for (int y = 0; y < 161; ++y) {
        for (int x = 0; x < 161; ++x) {
            primary += signal(without, x, y);
            all += 1.5 * signal(with, x, y);
        }
    }
    CHECK(all / primary == Approx(1.5).epsilon(0.03));
    CHECK(1.5 * signal(with, 3, 3) == Approx(signal(without, 3, 3)).epsilon(0.02));
}

TEST_CASE("fluoroscopy: agent let out darkens and shows in the truth, where it is and how much") {
    simulate::VoxelGrid grid;
    grid.size = {41, 41, 41};
    grid.patient_from_grid.translation() = Vector3d(-20, -20, -20);
    FluoroscopySimulator joint(grid, [](const Vector3d& p) {
        const double fluid = p.norm() - 8.2;
        return TissueSample{fluid < 0 ? Tissue::joint_fluid : Tissue::muscle,
                            static_cast<float>(std::min(5.0, std::abs(fluid)))};
    });
    FluoroscopySettings s = plain();
    const Frame before = joint.frame(s);
    simulate::ContrastAgent agent;
    agent.from = {0, 0, 7};
    agent.most_ml = 1;
    joint.set_contrast(agent);
    CHECK(grey(joint.frame(s), 80, 70) == grey(before, 80, 70));  // nothing is out yet
    CHECK(joint.truth(s).contrast_ml == 0);
    s.contrast_ml = 0.4;
    const Frame after = joint.frame(s);
    const auto truth = joint.truth(s);
    CHECK(truth.contrast_ml == Approx(0.4).epsilon(0.02));
    CHECK(grey(after, 80, 70) < grey(before, 80, 70) - 10);  // at the tip's side
    CHECK(truth.silhouettes.at(80, 70) == 16);
    CHECK(truth.silhouettes.at(80, 94) == 0);
    CHECK(grey(after, 80, 94) == Approx(grey(before, 80, 94)).margin(0.2));
    s.contrast_ml = 101;
    CHECK_THROWS_WITH(joint.frame(s), Catch::Contains("contrast_ml"));
}

TEST_CASE("fluoroscopy: a function of space and a field of it give the same frame") {
    simulate::KneeParameters parameters;
    parameters.effusion_mm = 6;
    const simulate::Knee knee(parameters);
    const TissueField field = knee.field({{-50, -60, -30}, {50, 60, 40}}, 2.0);
    FluoroscopySimulator of_field(field);
    FluoroscopySimulator of_space(field.grid(), [&](const Vector3d& p) { return knee.at(p); });
    const FluoroscopySettings s = plain();
    const Frame one = of_field.frame(s), other = of_space.frame(s);
    double worst = 0;
    for (std::size_t i = 0; i < one.intensity.size(); ++i) {
        worst = std::max(worst, std::abs(static_cast<double>(one.intensity.data()[i]) -
                                         static_cast<double>(other.intensity.data()[i])));
    }
    CHECK(worst < 4);  // grey values; voxels are large here
}

TEST_CASE("fluoroscopy: needle and wires darken by the steel on the ray, the tip is where it is") {
    FluoroscopySettings s = plain();
    s.arm.pixel_mm = 0.2;
    s.arm.width = s.arm.height = 401;
    const Frame without = simulator().frame(s);
    s.needle = needle();
    const Frame with = simulator().frame(s);
    const auto truth = simulator().truth(s);
    REQUIRE(truth.tip);
    const double magnification = s.arm.source_to_detector_mm / (s.arm.source_to_isocentre_mm + 1);
    CHECK(truth.tip->x == Approx(200 + 4 * magnification / 0.2).margin(1e-6));
    CHECK(truth.tip->y == Approx(200).margin(1e-6));
    CHECK(*truth.tip_depth_mm == Approx(701));
    const int before = static_cast<int>(truth.tip->x) + 4, behind = before - 9;
    // It comes from the right: dark to the right of the tip, nothing to its left.
    CHECK(grey(with, before, 200) < grey(without, before, 200) - 10);
    CHECK(grey(with, behind, 200) == Approx(grey(without, behind, 200)).margin(1e-3));
    // Off the axis by more than its radius there is nothing.
    CHECK(grey(with, before, 204) == Approx(grey(without, before, 204)).margin(1e-3));

    s.needle.reset();
    s.wires = {{{{-50, 0, 20}, {50, 0, 20}}, 0.5}};
    const Frame wired = simulator().frame(s);
    const auto wire = simulator().truth(s).wires;
    REQUIRE(wire.size() == 1);
    CHECK(wire[0][0].x == Approx(200 - 50 * 1100.0 / 700 / 0.2));
    CHECK(wire[0][0].y == Approx(200 - 20 * 1100.0 / 700 / 0.2));
    const int row = 200 - static_cast<int>(std::lround(20 * 1100.0 / 700 / 0.2));
    CHECK(grey(wired, 60, row) < grey(without, 60, row) - 20);
}

TEST_CASE("fluoroscopy: truth has silhouettes and the space between the bones") {
    const FluoroscopySettings s = plain();
    const auto truth = simulator().truth(s);
    CHECK(truth.silhouettes.view().at(80, 60) == 1);
    CHECK(truth.silhouettes.view().at(80, 100) == 2);
    CHECK(truth.silhouettes.view().at(80, 80) == 0);
    REQUIRE(truth.anatomy.joint_space);
    // 20 mm wide; the gap at the front of the blocks is seen under the smallest magnification.
    const double area = *truth.anatomy.joint_space->area_mm2;
    CHECK(area == Approx(20 * 5).epsilon(0.12));
    CHECK(truth.anatomy.view == View::xray_ap);
    CHECK(truth.anatomy.bones.size() == 2);
}

TEST_CASE("fluoroscopy: a calibration puts points where rays show them") {
    CArm arm;
    arm.primary_deg = 33;
    arm.secondary_deg = -12;
    arm.roll_deg = 7;
    const auto geometry = arm.geometry();
    const auto camera = calibration_of(geometry);
    CHECK(camera.rotation.determinant() == Approx(1));
    const Vector3d far = geometry.pixel(120, 345);
    for (const double t : {0.3, 0.6, 1.0}) {
        const PixelPoint p = camera.project(geometry.source + t * (far - geometry.source));
        CHECK(p.x == Approx(120).margin(1e-6));
        CHECK(p.y == Approx(345).margin(1e-6));
    }
    CHECK(camera.project(arm.isocentre).x == Approx(255.5).margin(1e-6));
}

TEST_CASE("fluoroscopy: angles turn the arm as its console says") {
    CArm arm;
    CHECK(arm.geometry().source.isApprox(Vector3d(0, -700, 0)));
    CHECK(arm.geometry().right.x() > 0);
    CHECK(arm.geometry().down.z() < 0);
    arm.primary_deg = 90;
    CHECK(arm.geometry().source.isApprox(Vector3d(700, 0, 0)));
    arm.primary_deg = 0;
    arm.secondary_deg = 30;
    CHECK(arm.geometry().source.z() == Approx(350));
}

TEST_CASE("fluoroscopy: any number of threads and the same seed give the same bits") {
    FluoroscopySettings s = plain();
    s.photons = 300;
    s.blur_mm = 0.5;
    s.scatter_to_primary = 0.5;
    const Frame one = simulator().frame(s);
    for (const int threads : {2, 5}) {
        const Frame more = simulator().frame(s, {threads});
        REQUIRE(std::memcmp(one.intensity.data(), more.intensity.data(),
                            one.intensity.size() * sizeof(float)) == 0);
    }
    s.frame_number = 1;
    CHECK(grey(simulator().frame(s), 80, 80) != grey(one, 80, 80));
}

TEST_CASE("fluoroscopy: what cannot be is named") {
    const auto refused = [](auto change, const std::string& field) {
        FluoroscopySettings s = plain();
        change(s);
        CHECK_THROWS_WITH(simulator().frame(s), Catch::Contains(field));
    };
    refused([](auto& s) { s.photons = 0; }, "photons");
    refused([](auto& s) { s.scatter_to_primary = -1; }, "scatter_to_primary");
    refused([](auto& s) { s.scatter_mm = 0; }, "scatter_mm");
    refused([](auto& s) { s.blur_mm = std::nan(""); }, "blur_mm");
    refused([](auto& s) { s.collimator_mm = -1; }, "collimator_mm");
    refused([](auto& s) { s.black_od = s.white_od; }, "black_od");
    refused([](auto& s) { s.wires = {{{{0, 0, 0}}, 0.5}}; }, "wire");
    refused([](auto& s) { s.arm.source_to_detector_mm = 10; }, "source_to_detector_mm");
    refused([](auto& s) { s.arm.secondary_deg = 80; }, "secondary_deg");
    refused([](auto& s) { s.arm.width = 0; }, "width");
    refused([](auto& s) { s.needle = needle(), s.needle->inserted_mm = 1000; }, "inserted_mm");
}
