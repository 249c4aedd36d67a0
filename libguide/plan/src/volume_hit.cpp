// SPDX-License-Identifier: Apache-2.0
#include "volume_hit.hpp"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

/// Normal distribution's mass below x.
double below(double x) {
    return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

constexpr double kFar = 5;  // standard deviations beyond which nothing counts

/// A function of 0 to `kTo`, between nodes on straight lines: error below 1e-5 for those here.
template <int kTo>
class Table {
  public:
    template <class Function>
    explicit Table(Function function) {
        for (std::size_t i = 0; i < values_.size(); ++i)
            values_[i] = function(static_cast<double>(i) / kEach);
    }
    [[nodiscard]] double at(double x) const {
        const double place = std::min(x, kTo - 1e-9) * kEach;
        const auto i = static_cast<std::size_t>(static_cast<int>(place));
        return values_[i] + (place - static_cast<int>(place)) * (values_[i + 1] - values_[i]);
    }

  private:
    static constexpr int kEach = 128;
    std::array<double, kTo * kEach + 2> values_{};
};

/// The upper half of below(), and exp(-x / 2).
struct Tables {
    Table<6> upper{below};
    Table<26> bell{[](double q) { return std::exp(-q / 2); }};

    [[nodiscard]] double mass_below(double x) const {
        const double mass = upper.at(std::abs(x));
        return x < 0 ? 1 - mass : mass;
    }
};

const Tables& tables() {
    static const Tables made;
    return made;
}

}  // namespace

Eigen::Matrix3d volume_tip_covariance(const Eigen::Vector3d& out, double length_mm,
                                      const Eigen::Vector3d& face, const Needle& needle,
                                      const TipErrors& e) {
    const Eigen::Matrix3d one = Eigen::Matrix3d::Identity(), axis = out * out.transpose();
    const double scale = e.model.spacing_relative * length_mm;
    const double depth = e.model.sound_speed_relative * e.depth_mm;
    // The bevel may point anywhere about the axis: half of its square lies along each direction.
    const double aside = e.model.deflection_share * deflection_mm(needle, length_mm);
    return (e.aiming_mm * e.aiming_mm + e.boundary_mm * e.boundary_mm +
            e.model.motion_mm * e.model.motion_mm) *
               one +
           scale * scale * axis + depth * depth * (face * face.transpose()) +
           aside * aside / 2 * (one - axis);
}

double volume_hit_probability(const VolumeData& data, const Eigen::Vector3d& aim,
                              const Eigen::Matrix3d& c) {
    const VoxelFrame& f = data.frame;
    const Eigen::Matrix2d across = c.block<2, 2>(1, 1);
    const Eigen::Matrix2d inverse = across.inverse();
    const Eigen::RowVector2d slope = c.block<1, 2>(0, 1) * inverse;
    const double each_x = 1 / std::sqrt(std::max(1e-12, c(0, 0) - slope * c.block<2, 1>(1, 0)));
    const double sigma_y = std::sqrt(across(0, 0)), sigma_z = std::sqrt(across(1, 1));
    // Rows are cut so that a step is at most half a deviation.
    const double least = std::sqrt(1 / std::max(inverse(0, 0), inverse(1, 1)));
    const int parts_y = std::max(1, static_cast<int>(std::ceil(f.edge.y() / (0.5 * least))));
    const int parts_z = std::max(1, static_cast<int>(std::ceil(f.edge.z() / (0.5 * least))));
    const double area = f.edge.y() * f.edge.z() / (parts_y * parts_z);
    const double scale = area / (2 * std::numbers::pi * std::sqrt(across.determinant()));
    const Tables& table = tables();
    const double yy = inverse(0, 0), yz = 2 * inverse(0, 1), zz = inverse(1, 1);
    const double far_y = kFar * sigma_y + f.edge.y(), far_z = kFar * sigma_z + f.edge.z();
    double sum = 0;
    for (const JointRow& row : data.rows) {
        const double row_y = f.low.y() + row.j * f.edge.y() - aim.y(),
                     row_z = f.low.z() + row.k * f.edge.z() - aim.z();
        if (std::abs(row_y) > far_y || std::abs(row_z) > far_z) continue;
        for (int a = 0; a < parts_y; ++a) {
            for (int b = 0; b < parts_z; ++b) {
                const double y = row_y + f.edge.y() * ((a + 0.5) / parts_y - 0.5),
                             z = row_z + f.edge.z() * ((b + 0.5) / parts_z - 0.5);
                const double away = y * (yy * y + yz * z) + zz * z * z;
                if (away > kFar * kFar) continue;
                const double middle = aim.x() + slope(0) * y + slope(1) * z;
                double mass = 0;
                for (std::size_t r = row.first; r < row.last; ++r) {
                    mass += table.mass_below((data.runs[r].to_mm - middle) * each_x) -
                            table.mass_below((data.runs[r].from_mm - middle) * each_x);
                }
                sum += table.bell.at(away) * mass;
            }
        }
    }
    return std::clamp(scale * sum, 0.0, 1.0);
}

HitField::HitField(const VolumeData& data, double sigma) {
    // Tips end in the joint space; the small errors lead this far beyond its box at most.
    constexpr double kAboutMm = 2;
    const VoxelFrame& f = data.frame;
    std::array<int, 3> from{};
    for (std::size_t a = 0; a < 3; ++a) {
        const int i = static_cast<int>(a);
        const int more = static_cast<int>(std::ceil(kAboutMm / f.edge[i]));
        from[a] =
            static_cast<int>(std::lround((data.joint_low[i] + f.edge[i] / 2) / f.edge[i])) - more;
        frame_.size[a] =
            static_cast<int>(std::lround((data.joint_high[i] - data.joint_low[i]) / f.edge[i])) +
            2 * more;
    }
    frame_.edge = f.edge;
    frame_.low = f.centre(from[0], from[1], from[2]);
    values_.assign(frame_.count(), 0);
    // Rows first, exactly: each run's mass along x.
    for (const JointRow& row : data.rows) {
        for (int i = 0; i < frame_.size[0]; ++i) {
            const double x = frame_.low.x() + i * frame_.edge.x();
            double mass = 0;
            for (std::size_t r = row.first; r < row.last; ++r)
                mass += below((data.runs[r].to_mm - x) / sigma) -
                        below((data.runs[r].from_mm - x) / sigma);
            values_[frame_.index(i, row.j - from[1], row.k - from[2])] = static_cast<float>(mass);
        }
    }
    // Then by the mass of each box along y and z.
    for (const int axis : {1, 2}) {
        const auto a = static_cast<std::size_t>(axis);
        const int n = frame_.size[a];
        const double edge = frame_.edge[axis];
        const int reach = std::min(n - 1, static_cast<int>(std::ceil(5 * sigma / edge)));
        std::vector<double> weight;
        for (int d = 0; d <= reach; ++d)
            weight.push_back(below((d + 0.5) * edge / sigma) - below((d - 0.5) * edge / sigma));
        std::vector<float> line(static_cast<std::size_t>(n));
        const int others = axis == 1 ? frame_.size[2] : frame_.size[1];
        for (int o = 0; o < others; ++o) {
            for (int i = 0; i < frame_.size[0]; ++i) {
                const auto at = [&](int m) {
                    return axis == 1 ? frame_.index(i, m, o) : frame_.index(i, o, m);
                };
                for (int m = 0; m < n; ++m)
                    line[static_cast<std::size_t>(m)] = values_[at(m)];
                for (int m = 0; m < n; ++m) {
                    double sum = 0;
                    for (int d = std::max(0, m - reach); d <= std::min(n - 1, m + reach); ++d)
                        sum += weight[static_cast<std::size_t>(std::abs(d - m))] *
                               line[static_cast<std::size_t>(d)];
                    values_[at(m)] = static_cast<float>(sum);
                }
            }
        }
    }
}

double HitField::round(const Eigen::Vector3d& aim) const {
    const Eigen::Vector3d v = frame_.in_voxels(aim);
    std::array<int, 3> low{};
    Eigen::Vector3d part;
    for (int a = 0; a < 3; ++a) {
        const auto i = static_cast<std::size_t>(a);
        low[i] = std::clamp(static_cast<int>(std::floor(v[a])), 0, frame_.size[i] - 2);
        part[a] = std::clamp(v[a] - low[i], 0.0, 1.0);
    }
    double sum = 0;
    for (int z = 0; z < 2; ++z) {
        for (int y = 0; y < 2; ++y) {
            const std::size_t at = frame_.index(low[0], low[1] + y, low[2] + z);
            const double along = (1 - part.x()) * values_[at] + part.x() * values_[at + 1];
            sum += along * (y == 0 ? 1 - part.y() : part.y()) * (z == 0 ? 1 - part.z() : part.z());
        }
    }
    return sum;
}

double HitField::at(const Eigen::Vector3d& aim, const Eigen::Vector3d& out, double along_variance,
                    double aside_variance, const Eigen::Vector3d& face,
                    double depth_variance) const {
    const double middle = round(aim);
    double sum = middle;
    const auto add = [&](const Eigen::Vector3d& direction, double variance) {
        if (!(variance > 0)) return;
        const Eigen::Vector3d step = std::sqrt(3 * variance) * direction;
        sum += (round(aim + step) + round(aim - step) - 2 * middle) / 6;
    };
    const Eigen::Vector3d aside = out.unitOrthogonal();
    add(out, along_variance);
    add(aside, aside_variance);
    add(out.cross(aside), aside_variance);
    add(face, depth_variance);
    return std::clamp(sum, 0.0, 1.0);
}

}  // namespace guide::plan
