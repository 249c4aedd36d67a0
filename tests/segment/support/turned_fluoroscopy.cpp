// SPDX-License-Identifier: Apache-2.0
#include "turned_fluoroscopy.hpp"

#include <guide/simulate/fluoroscopy.hpp>
#include <guide/simulate/knee.hpp>

#include <cmath>
#include <numbers>

namespace guide::test {

using Eigen::Vector3d;

TurnedFluoroscopy turned_fluoroscopy(const TurnedFluoroscopySetup& setup) {
    simulate::KneeParameters parameters = simulate::random_knee(setup.seed);
    parameters.flexion_deg = setup.flexion_deg;
    const simulate::Knee knee(parameters);
    const auto marks = knee.landmarks();
    const Vector3d centre = 0.5 * (marks.medial_joint + marks.lateral_joint);
    const simulate::TissueField field =
        knee.field({centre - Vector3d(65, 65, 65), centre + Vector3d(65, 65, 65)}, 1.4);
    simulate::FluoroscopySimulator simulator(field, {1}, {.joint = centre, .seed = setup.seed});
    simulate::FluoroscopySettings s;
    s.arm.isocentre = centre;
    s.arm.pixel_mm = 0.9;
    s.arm.width = s.arm.height = 200;
    s.arm.roll_deg = setup.roll_deg;
    if (setup.from_the_side)
        s.arm.primary_deg = parameters.laterality == simulate::Laterality::right ? -90 : 90;
    s.seed = setup.seed;
    if (setup.wires) {
        s.wires.push_back({{centre + Vector3d(-60, -60, 40), centre + Vector3d(-20, -62, 5),
                            centre + Vector3d(25, -60, -10), centre + Vector3d(70, -58, 30)},
                           0.6});
        s.wires.push_back({{centre + Vector3d(60, -70, 50), centre + Vector3d(60, 0, 20),
                            centre + Vector3d(60, 70, -30)},
                           0.5});
    }
    TurnedFluoroscopy made;
    made.frame = simulator.frame(s, {1});
    made.camera = simulate::calibration_of(s.arm.geometry());
    made.centre = made.camera.project(centre);
    made.mm_per_pixel = made.camera.mm_per_pixel(centre);
    // The shin swings backwards as the knee bends.
    const double bend = setup.flexion_deg * std::numbers::pi / 180;
    const PixelPoint shin =
        made.camera.project(centre + 30 * Vector3d(0, std::sin(bend), -std::cos(bend)));
    const double length = std::hypot(shin.x - made.centre.x, shin.y - made.centre.y);
    made.distal = {(shin.x - made.centre.x) / length, (shin.y - made.centre.y) / length};
    return made;
}

}  // namespace guide::test
