// SPDX-License-Identifier: Apache-2.0
#include "volume_search.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

constexpr int kTips = 16;
constexpr std::size_t kMostTips = 24;
constexpr int kAcross = 4;  // points of a cube, along each edge, that its tip is chosen from

}  // namespace

TipTree::TipTree(const VolumeRuler& ruler, const VolumePreferences& preferences)
    : ruler_(ruler), preferences_(preferences) {
    const VolumeData& data = ruler_.data();
    const Eigen::Vector3d low = data.joint_low, size = data.joint_high - data.joint_low;
    double step = std::max(std::cbrt(data.joint_mm3 / kTips), size.maxCoeff() / 60);
    while (true) {
        // Centred in the joint space's box, so that a mirrored volume has the mirrored grid.
        nodes_.clear();
        const Eigen::Vector3d n = (size / step).array().ceil().max(1.0);
        for (int k = 0; k < n.z(); ++k) {
            for (int j = 0; j < n.y(); ++j) {
                for (int i = 0; i < n.x(); ++i) {
                    add(low + size / 2 +
                            step * (Eigen::Vector3d(i, j, k) - (n - Eigen::Vector3d::Ones()) / 2),
                        step / 2);
                }
            }
        }
        if (nodes_.size() <= kMostTips) break;
        step *= 1.15;
    }
    roots_ = nodes_.size();
}

bool TipTree::add(const Eigen::Vector3d& centre, double half) {
    Node node;
    node.centre = centre;
    node.half = half;
    VolumeMeasures m;
    ruler_.measure_target(centre, m);
    if (ruler_.target_hopeless(m, half * std::numbers::sqrt3)) return false;
    node.tip = centre;
    node.wall = m.wall;
    const double step = 2 * half / kAcross;
    for (int k = 0; k < kAcross; ++k) {
        for (int j = 0; j < kAcross; ++j) {
            for (int i = 0; i < kAcross; ++i) {
                const Eigen::Vector3d p =
                    centre + step * (Eigen::Vector3d(i, j, k) -
                                     Eigen::Vector3d::Constant((kAcross - 1) / 2.0));
                const double wall = ruler_.data().wall(p);
                if (wall > node.wall + 1e-9) node.wall = wall, node.tip = p;
            }
        }
    }
    ruler_.measure_target(node.tip, m);
    // Each point of the cube has one of the lattice within half a step along each edge.
    m.wall = node.wall;
    if (m.wall + step / 2 * std::numbers::sqrt3 < ruler_.wall_needed()) return false;
    node.depth = m.depth;
    node.ready = preferences_.ready_certainty(node.tip);
    node.reach = ((node.tip - centre).cwiseAbs() + Eigen::Vector3d::Constant(half)).norm();
    nodes_.push_back(node);
    return true;
}

std::pair<std::size_t, std::size_t> TipTree::parts_of(std::size_t i) {
    if (!nodes_[i].cut) {
        const Node node = nodes_[i];
        const std::size_t first = nodes_.size();
        const double half = node.half / 2;
        for (int corner = 0; corner < 8; ++corner) {
            add(node.centre + half * Eigen::Vector3d((corner & 1) != 0 ? 1 : -1,
                                                     (corner & 2) != 0 ? 1 : -1,
                                                     (corner & 4) != 0 ? 1 : -1),
                half);
        }
        nodes_[i].first = first;
        nodes_[i].last = nodes_.size();
        nodes_[i].cut = true;
    }
    return {nodes_[i].first, nodes_[i].last};
}

}  // namespace guide::plan
