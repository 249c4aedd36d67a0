// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/simulate/tissue_field.hpp>
#include <guide/simulate/ultrasound.hpp>

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <vector>

namespace guide::test {

using namespace guide::simulate;

using Pose = RigidTransform<PatientSpace, ProbeSpace>;

/// A tank in front of the probe at rest (x -40 to 40, y -6 to 54, z -20 to 20): `first` where
/// `distance` (mm, signed) is positive, `second` where it is negative.
inline std::shared_ptr<const TissueField> tank(
    Tissue first, Tissue second, const std::function<double(const Eigen::Vector3d&)>& distance) {
    VoxelGrid grid;
    grid.size = {81, 61, 41};
    grid.patient_from_grid.translation() = Eigen::Vector3d(-40, -6, -20);
    return std::make_shared<TissueField>(grid, [=](const Eigen::Matrix3Xd& points,
                                                   TissueSample* samples) {
        for (Eigen::Index i = 0; i < points.cols(); ++i) {
            const double d = distance(points.col(i));
            samples[i] = {d >= 0 ? first : second, static_cast<float>(std::min(5.0, std::abs(d)))};
        }
    });
}

inline std::shared_ptr<const TissueField> tank_of(Tissue tissue) {
    return tank(tissue, tissue, [](const Eigen::Vector3d&) { return 5; });
}

/// `second` below a plane that is `depth_mm` deep in the middle and sinks to the right.
inline std::shared_ptr<const TissueField> tank_with_floor(Tissue first, Tissue second,
                                                          double depth_mm, double angle_rad = 0) {
    return tank(first, second, [=](const Eigen::Vector3d& p) {
        return std::cos(angle_rad) * (depth_mm - p.y()) + std::sin(angle_rad) * p.x();
    });
}

/// Nothing but what a test turns on: one look, no noise, no texture, no gain with depth.
inline UltrasoundSettings plain_settings() {
    UltrasoundSettings s;
    s.looks = 1;
    s.noise_db = -200;
    s.texture = 0;
    s.reverberation = 0;
    s.clutter_db = s.shadow_clutter_db = -200;
    s.side_lobe_db = -120;
    s.tgc_db_per_cm = 0;
    return s;
}

/// Gain that makes up for the attenuation in a tissue.
inline double fitting_tgc(const UltrasoundSettings& s, Tissue tissue) {
    return 2 * s.frequency_mhz * properties_of(tissue).attenuation_db * s.tissue_speed_m_s /
           s.assumed_speed_m_s;
}

inline Pose shifted(double x, double y, double z) {
    Eigen::Isometry3d motion = Eigen::Isometry3d::Identity();
    motion.translation() = Eigen::Vector3d(x, y, z);
    return Pose(motion);
}
inline Pose turned(double angle_rad, const Eigen::Vector3d& axis) {
    return Pose(Eigen::Isometry3d(Eigen::AngleAxisd(angle_rad, axis)));
}

inline double depth_of(const UltrasoundSettings& s, double sample) {
    return s.probe.start_mm + sample * (s.probe.end_mm - s.probe.start_mm) / (s.samples - 1);
}
inline int sample_at(const UltrasoundSettings& s, double depth_mm) {
    return static_cast<int>(std::lround((depth_mm - s.probe.start_mm) * (s.samples - 1) /
                                        (s.probe.end_mm - s.probe.start_mm)));
}
inline double decibels(double amplitude) {
    return 20 * std::log10(std::max(amplitude, 1e-12));
}

/// A part of a frame's envelope.
struct Window {
    int line0, line1, sample0, sample1;
};

inline double rms(ImageView<const float> image, const Window& w) {
    double sum = 0;
    for (int y = w.sample0; y < w.sample1; ++y) {
        for (int x = w.line0; x < w.line1; ++x)
            sum += std::pow(static_cast<double>(image.at(x, y)), 2);
    }
    return std::sqrt(sum / ((w.line1 - w.line0) * (w.sample1 - w.sample0)));
}

struct Peak {
    double line, sample, amplitude;
};

/// The largest value, between samples by a parabola through its logarithm, exact for a Gaussian.
inline Peak peak_in(ImageView<const float> image, const Window& w) {
    int best_x = w.line0, best_y = w.sample0;
    for (int y = w.sample0; y < w.sample1; ++y) {
        for (int x = w.line0; x < w.line1; ++x) {
            if (image.at(x, y) > image.at(best_x, best_y)) best_x = x, best_y = y;
        }
    }
    const auto level = [&](int x, int y) {
        x = std::clamp(x, 0, image.width - 1);
        y = std::clamp(y, 0, image.height - 1);
        return std::log(std::max(1e-12, static_cast<double>(image.at(x, y))));
    };
    const auto top = [](double a, double b, double c) {
        const double bend = a - 2 * b + c;
        return bend < 0 ? 0.5 * (a - c) / bend : 0.0;
    };
    const double here = level(best_x, best_y);
    const double dx = top(level(best_x - 1, best_y), here, level(best_x + 1, best_y));
    const double dy = top(level(best_x, best_y - 1), here, level(best_x, best_y + 1));
    const double above = -0.25 * dx * (level(best_x - 1, best_y) - level(best_x + 1, best_y)) -
                         0.25 * dy * (level(best_x, best_y - 1) - level(best_x, best_y + 1));
    return {best_x + dx, best_y + dy, std::exp(here - above)};
}

inline Window everywhere(const UltrasoundSettings& s) {
    return {0, s.lines, 0, s.samples};
}

}  // namespace guide::test
