// SPDX-License-Identifier: Apache-2.0
// The truth of pictures of a curvilinear probe, which are sectors.
#include "phantoms.hpp"

#include <guide/simulate/knee.hpp>
#include <guide/simulate/placement.hpp>
#include <guide/simulate/truth.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace guide;
using namespace guide::test;
using Eigen::Vector3d;

namespace {

UltrasoundSettings curved_settings() {
    UltrasoundSettings s = plain_settings();
    s.probe = {filters::ProbeKind::curvilinear, 38, 50, 0.7, 0, 0, 45};
    s.frequency_mhz = 5;
    s.lines = 360;
    s.samples = 1024;
    s.picture = filters::picture_over(s.probe, {0.1, 0.1});
    return s;
}

PixelPoint brightest_near(const Frame& frame, PixelPoint p, int reach) {
    const int x0 = static_cast<int>(std::lround(p.x)), y0 = static_cast<int>(std::lround(p.y));
    PixelPoint best = p;
    float most = -1;
    for (int y = std::max(0, y0 - reach); y <= std::min(frame.intensity.height() - 1, y0 + reach);
         ++y) {
        for (int x = std::max(0, x0 - reach);
             x <= std::min(frame.intensity.width() - 1, x0 + reach); ++x) {
            if (frame.intensity.at(x, y) <= most) continue;
            most = frame.intensity.at(x, y);
            best = {static_cast<double>(x), static_cast<double>(y)};
        }
    }
    return best;
}

}  // namespace

TEST_CASE("curvilinear: wires are brightest where the truth shows them, at any speed of sound") {
    for (const double speed : {1540.0, 1480.0}) {
        UltrasoundSettings s = curved_settings();
        s.tissue_speed_m_s = speed;
        UltrasoundSimulator simulator(tank_of(Tissue::water), s);
        UltrasoundScene scene;
        for (const Vector3d& wire : {Vector3d(0, 12, 0), Vector3d(-12, 20, 0), Vector3d(16, 31, 0),
                                     Vector3d(-20, 37, 0), Vector3d(3, 40, 0)})
            scene.targets.push_back({wire, 45});
        const Pose pose = shifted(0, 0, 0);
        const Frame frame = simulator.frame(pose, scene);
        for (const PointTarget& wire : scene.targets) {
            const PixelPoint p = shown_point(s, pose, wire.position).pixel;
            const PixelPoint found = brightest_near(frame, p, 12);
            CHECK(std::hypot(found.x - p.x, found.y - p.y) < 1.5);
            CHECK((patient_point(s, pose, p) - wire.position).norm() < 1e-9);
        }
    }
}

TEST_CASE("curvilinear: bone is brightest at its true surface and dark beside the sector") {
    UltrasoundSettings s = curved_settings();
    s.dynamic_range_db = 60;
    const auto field = tank_with_floor(Tissue::muscle, Tissue::femur, 25, 0.12);
    UltrasoundSimulator simulator(field, s);
    const Pose pose = shifted(0, 0, 0);
    const Frame frame = simulator.frame(pose);
    const UltrasoundTruth truth = ultrasound_truth(*field, s, pose, View::bone);
    REQUIRE(truth.anatomy.bones.size() == 1);
    const PixelPolyline& bone = truth.anatomy.bones.front().points;
    REQUIRE(bone.size() > 300);
    std::vector<double> off;
    for (std::size_t i = 20; i + 20 < bone.size(); i += 10) {
        // The plane that the tank was made with.
        const Vector3d p = patient_point(s, pose, bone[i]);
        CHECK(std::cos(0.12) * (25 - p.y()) + std::sin(0.12) * p.x() == Approx(0).margin(0.05));
        // Straight through the surface, the brightest place.
        double best = 0;
        float most = -1;
        for (int d = -15; d <= 15; ++d) {
            const int x = static_cast<int>(std::lround(bone[i].x)),
                      y = static_cast<int>(std::lround(bone[i].y)) + d;
            if (frame.intensity.at(x, y) > most) {
                most = frame.intensity.at(x, y);
                best = d * s.picture.spacing.y_mm;
            }
        }
        off.push_back(std::abs(best));
    }
    std::nth_element(off.begin(), off.begin() + static_cast<std::ptrdiff_t>(off.size() / 2),
                     off.end());
    CHECK(off[off.size() / 2] < 0.35);
    REQUIRE(frame.content_box);
    CHECK(frame.content_box->width() >= frame.intensity.width() - 2);
    for (const int x : {0, frame.intensity.width() - 1}) {
        CHECK(frame.intensity.at(x, 0) == 0);
        CHECK(truth.labels.at(x, 0) == static_cast<std::uint8_t>(Tissue::outside));
    }
}

TEST_CASE("curvilinear: a curved face is pressed until all of it touches") {
    KneeParameters parameters;
    parameters.fat_mm = 15;
    const Knee knee(parameters);
    ProbeContact contact;
    contact.width_mm = 50;
    contact.radius_mm = 50;
    contact.patient_from_probe = standard_pose(knee, View::posterior, {}, 50, 50);
    const Knee pressed = knee.pressed(contact);
    const auto tissue_at = [&](double x, double deeper) {
        return pressed.at(contact.patient_from_probe * Vector3d(x, deeper - contact.rise_mm(x), 0))
            .tissue;
    };
    CHECK(contact.rise_mm(0) == 0);
    CHECK(contact.rise_mm(25) == Approx(50 - std::sqrt(2500.0 - 625)));
    for (double x = -24; x <= 24; x += 4) {
        INFO(x);
        CHECK(tissue_at(x, 0.7) != Tissue::outside);
        CHECK(tissue_at(x, -0.7) == Tissue::outside);
    }
}
