// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"

#include <guide/simulate/ultrasound.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace {

using namespace guide;
using namespace guide::simulate;

/// Layers as in front of the thigh: skin, fat, tendon, fluid, fat, bone.
std::shared_ptr<const TissueField> layers() {
    struct Floor {
        double depth_mm;
        Tissue above;
    };
    static constexpr Floor kFloors[] = {{0, Tissue::outside},
                                        {1.5, Tissue::skin},
                                        {8, Tissue::subcutaneous_fat},
                                        {15, Tissue::quadriceps_tendon},
                                        {21, Tissue::joint_fluid},
                                        {30, Tissue::prefemoral_fat_pad},
                                        {99, Tissue::femur}};
    VoxelGrid grid;
    grid.size = {161, 121, 41};
    grid.patient_from_grid.linear() *= 0.5;
    grid.patient_from_grid.translation() = Eigen::Vector3d(-40, -10, -10);
    return std::make_shared<TissueField>(
        grid, [](const Eigen::Matrix3Xd& points, TissueSample* samples) {
            for (Eigen::Index i = 0; i < points.cols(); ++i) {
                const double y = points(1, i) + 1.5 * std::sin(points(0, i) / 9);
                double above = -99;
                for (const Floor& floor : kFloors) {
                    if (y < floor.depth_mm) {
                        const double depth = std::min({5.0, y - above, floor.depth_mm - y});
                        samples[i] = {floor.above, static_cast<float>(depth)};
                        break;
                    }
                    above = floor.depth_mm;
                }
            }
        });
}

/// Frames of a needle that is pushed in, the probe still or moving.
struct Scan {
    Scan(const bench::Case& c, double step) : step_mm(step), execution{c.threads, {}} {
        UltrasoundSettings settings;
        settings.picture.width = c.width;
        settings.picture.height = c.height;
        settings.picture.spacing = {51.12 / (c.width - 1), 38.4 / c.height};
        simulator = std::make_unique<UltrasoundSimulator>(layers(), settings);
        scene.needle.emplace();
        scene.needle->direction = Eigen::Vector3d(0.8, 0.6, 0);
    }
    void run() {
        ++scene.frame_number;
        const double turn = 0.1 * static_cast<double>(scene.frame_number % 100);
        scene.needle->tip = Eigen::Vector3d(-8 + turn, 12 + 0.75 * turn, 0);
        Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
        pose.translation() = Eigen::Vector3d(0.3, 0, 1) * step_mm * turn;
        frame = simulator->frame(RigidTransform<PatientSpace, ProbeSpace>(pose), scene, execution);
    }
    std::string check() {
        run();
        Execution other = execution;
        other.threads = 3 - std::min(2, execution.threads);
        const Frame again =
            simulator->frame(RigidTransform<PatientSpace, ProbeSpace>(), scene, other);
        double sum = 0;
        for (int y = 0; y < again.intensity.height(); ++y) {
            for (int x = 0; x < again.intensity.width(); ++x)
                sum += static_cast<double>(again.intensity.at(x, y));
        }
        const double mean = sum / static_cast<double>(again.intensity.size());
        return mean > 20 && mean < 150 ? "" : "is black or white";
    }

    double step_mm;
    Execution execution;
    std::unique_ptr<UltrasoundSimulator> simulator;
    UltrasoundScene scene;
    Frame frame;
};

bench::Prepare scan(double step_mm) {
    return [step_mm](const bench::Case& c) {
        auto scan = std::make_shared<Scan>(c, step_mm);
        return bench::Entry{.run = [scan] { scan->run(); },
                            .check = [scan] { return scan->check(); },
                            .bytes = 4.0 * c.width * c.height};
    };
}

const bench::Lines kSizes{.sizes = {{320, 240}, {640, 480}}};
const bench::Contest kMovingProbe("simulate_ultrasound_probe", {{"guide", scan(1)}}, kSizes);
const bench::Contest kMovingNeedle("simulate_ultrasound_needle", {{"guide", scan(0)}}, kSizes);

}  // namespace
