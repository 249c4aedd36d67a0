// SPDX-License-Identifier: Apache-2.0
#include "contrast_spread.hpp"

#include "xray_volume.hpp"

#include <guide/core/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <queue>
#include <tuple>
#include <utility>

namespace guide::simulate {
namespace {

using Eigen::Array3i;
using Eigen::Vector3d;

/// How hard it is for agent to get on in a tissue; 0: it does not get there. `holds`: it stays
/// there, else it only passes.
struct Passage {
    double slowness;
    bool holds;
};

Passage passage_of(Tissue tissue, bool in_joint) {
    if (in_joint) {
        switch (tissue) {
            case Tissue::joint_fluid:
                return {1, true};
            case Tissue::synovium:
            case Tissue::cartilage:
            case Tissue::meniscus:
                // Films of fluid, thinner than a voxel, lie between surfaces that touch.
                return {4, false};
            default:
                return {0, false};
        }
    }
    switch (tissue) {
        case Tissue::subcutaneous_fat:
        case Tissue::suprapatellar_fat_pad:
        case Tissue::prefemoral_fat_pad:
        case Tissue::hoffa_fat_pad:
            return {1, true};
        case Tissue::muscle:
            return {1.4, true};
        case Tissue::quadriceps_tendon:
        case Tissue::patellar_tendon:
        case Tissue::ligament:
            return {4, true};
        default:
            return {0, false};
    }
}

/// Smooth noise, -1 to 1: random numbers at whole places, linear between them.
class Noise {
  public:
    explicit Noise(std::uint64_t seed) : seed_(seed) {}
    [[nodiscard]] double at(const Vector3d& p) const {
        const Vector3d low = p.array().floor();
        const Vector3d f = p - low;
        double sum = 0;
        for (int i = 0; i < 8; ++i) {
            double weight = 1;
            std::uint64_t key = seed_;
            for (int a = 0; a < 3; ++a) {
                const bool upper = (i >> a & 1) != 0;
                weight *= upper ? f[a] : 1 - f[a];
                const auto place = static_cast<std::int64_t>(low[a]) + (upper ? 1 : 0);
                key = mixed(key ^ static_cast<std::uint64_t>(place));
            }
            sum += weight * (static_cast<double>(key >> 11) * 0x1p-52 - 1);
        }
        return sum;
    }

  private:
    /// The finaliser of SplitMix64.
    static std::uint64_t mixed(std::uint64_t x) {
        x += 0x9e3779b97f4a7c15ULL;
        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
        return x ^ x >> 31;
    }
    std::uint64_t seed_;
};

/// A box of voxels of the volume.
struct Box {
    Array3i low, size;

    [[nodiscard]] bool contains(const Array3i& p) const {
        return (p >= 0).all() && (p < size).all();
    }
    [[nodiscard]] std::size_t index(const Array3i& p) const {
        return (static_cast<std::size_t>(p.z()) * static_cast<std::size_t>(size.y()) +
                static_cast<std::size_t>(p.y())) *
                   static_cast<std::size_t>(size.x()) +
               static_cast<std::size_t>(p.x());
    }
};

/// Where agent of this kind can be: about all fluid, or so far about the tip.
Box box_of(const VoxelGrid& grid, const std::vector<std::uint8_t>& codes,
           const ContrastAgent& agent) {
    const Array3i size(grid.size[0], grid.size[1], grid.size[2]);
    Array3i low = size, high = Array3i::Constant(-1);
    if (agent.in_joint) {
        const auto fluid = static_cast<std::uint8_t>(Tissue::joint_fluid);
        std::size_t i = 0;
        for (int z = 0; z < size.z(); ++z) {
            for (int y = 0; y < size.y(); ++y) {
                for (int x = 0; x < size.x(); ++x, ++i) {
                    if (codes[i] != fluid) continue;
                    low = low.min(Array3i(x, y, z));
                    high = high.max(Array3i(x, y, z));
                }
            }
        }
        low -= 4;
        high += 4;
    } else {
        constexpr double kReach = 60;  // mm
        const Vector3d tip = grid.patient_from_grid.inverse() * agent.from;
        const Vector3d reach =
            kReach * grid.patient_from_grid.linear().inverse().cwiseAbs().rowwise().maxCoeff();
        low = (tip - reach).array().floor().cast<int>();
        high = (tip + reach).array().ceil().cast<int>();
    }
    low = low.max(0);
    high = high.min(size - 1);
    return {low, (high - low + 1).max(0)};
}

}  // namespace

void ContrastAgent::validate() const {
    require(from.allFinite(), "ContrastAgent", "from is finite");
    require(most_ml > 0 && most_ml <= 100, "ContrastAgent", "most_ml is above 0, to 100");
}

ContrastSpread spread_of(const VoxelGrid& grid, const std::vector<std::uint8_t>& codes,
                         const ContrastAgent& agent) {
    agent.validate();
    const Box box = box_of(grid, codes, agent);
    const Box all{Array3i::Zero(), {grid.size[0], grid.size[1], grid.size[2]}};
    const Noise noise(agent.seed);
    const auto code_at = [&](const Array3i& p) { return codes[all.index(box.low + p)]; };
    const auto patient = [&](const Array3i& p) {
        return Vector3d(grid.patient_from_grid * (box.low + p).cast<double>().matrix());
    };
    const auto find_slowness = [&](const Array3i& p) {
        const double slowness = passage_of(tissue_of_code(code_at(p)), agent.in_joint).slowness;
        if (agent.in_joint || slowness == 0) return slowness;
        // Fibres and septa run along the limb; between them agent gets on in fingers.
        constexpr double kAcross = 4, kAlong = 14, kContrast = 1.3;  // mm, mm, of logarithms
        return slowness * std::exp(kContrast * noise.at(patient(p).cwiseQuotient(
                                                   Vector3d(kAcross, kAcross, kAlong))));
    };

    ContrastSpread spread;
    spread.most_share = agent.in_joint ? 0.9 : 0.6;  // it mixes with fluid, or lies between fibres
    spread.plateau = agent.in_joint ? 0.2 : 0.6;
    const std::size_t count = static_cast<std::size_t>(box.size.x()) *
                              static_cast<std::size_t>(box.size.y()) *
                              static_cast<std::size_t>(box.size.z());
    // The nearest voxel that can hold agent.
    constexpr double kNear = 10;  // mm
    Array3i start = Array3i::Constant(-1);
    double nearest = kNear;
    for (int z = 0; z < box.size.z(); ++z) {
        for (int y = 0; y < box.size.y(); ++y) {
            for (int x = 0; x < box.size.x(); ++x) {
                const Array3i p(x, y, z);
                if (!passage_of(tissue_of_code(code_at(p)), agent.in_joint).holds) continue;
                const double distance = (patient(p) - agent.from).norm();
                if (distance >= nearest) continue;
                nearest = distance;
                start = p;
            }
        }
    }
    require(start.x() >= 0, "ContrastAgent",
            agent.in_joint ? "there is joint fluid within 10 mm of the needle's tip"
                           : "there is soft tissue within 10 mm of the needle's tip");

    std::vector<float> known_slowness(count, -1.0F);
    const auto slowness_at = [&](const Array3i& p) {
        float& known = known_slowness[box.index(p)];
        if (known < 0) known = static_cast<float>(find_slowness(p));
        return static_cast<double>(known);
    };

    // Dijkstra's shortest ways over neighbours by faces, edges and corners.
    struct Step {
        Array3i offset;
        double length;
    };
    std::vector<Step> steps;
    for (int i = 0; i < 27; ++i) {
        const Array3i offset(i % 3 - 1, i / 3 % 3 - 1, i / 9 - 1);
        if (i == 13) continue;
        Vector3d mm = grid.patient_from_grid.linear() * offset.cast<double>().matrix();
        if (!agent.in_joint) mm.z() *= 0.55;  // along the limb it gets on better
        steps.push_back({offset, mm.norm()});
    }
    constexpr float kNever = std::numeric_limits<float>::infinity();
    std::vector<float> way(count, kNever);
    std::vector<float> arrives(count, -1);
    struct Entry {
        float way;
        std::uint32_t at;
        bool operator>(const Entry& o) const { return std::tie(way, at) > std::tie(o.way, o.at); }
    };
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
    const double voxel_ml = std::abs(grid.patient_from_grid.linear().determinant()) / 1000;
    const double enough =
        agent.in_joint ? 1e9 : 2.5 * agent.most_ml / spread.most_share + 100 * voxel_ml;
    way[box.index(start)] = 0;
    queue.push({0, static_cast<std::uint32_t>(box.index(start))});
    Array3i reached_low = start, reached_high = start;
    while (!queue.empty() && spread.room_ml < enough) {
        const Entry entry = queue.top();
        queue.pop();
        if (entry.way > way[entry.at]) continue;
        const int at = static_cast<int>(entry.at);
        const Array3i p(at % box.size.x(), at / box.size.x() % box.size.y(),
                        at / box.size.x() / box.size.y());
        if (passage_of(tissue_of_code(code_at(p)), agent.in_joint).holds) {
            arrives[entry.at] = static_cast<float>(spread.room_ml);
            spread.room_ml += voxel_ml;
            reached_low = reached_low.min(p);
            reached_high = reached_high.max(p);
        }
        const double here = slowness_at(p);
        for (const Step& step : steps) {
            const Array3i q = p + step.offset;
            if (!box.contains(q)) continue;
            const double there = slowness_at(q);
            if (there == 0) continue;
            const auto longer = static_cast<float>(static_cast<double>(entry.way) +
                                                   step.length * 0.5 * (here + there));
            float& known = way[box.index(q)];
            if (longer >= known) continue;
            known = longer;
            queue.push({longer, static_cast<std::uint32_t>(box.index(q))});
        }
    }

    const Box kept{reached_low, reached_high - reached_low + 1};
    spread.grid.size = {kept.size.x(), kept.size.y(), kept.size.z()};
    spread.grid.patient_from_grid = grid.patient_from_grid;
    spread.grid.patient_from_grid.translation() = patient(kept.low);
    for (int z = 0; z < kept.size.z(); ++z) {
        for (int y = 0; y < kept.size.y(); ++y) {
            for (int x = 0; x < kept.size.x(); ++x) {
                const Array3i p = kept.low + Array3i(x, y, z);
                spread.arrives_ml.push_back(arrives[box.index(p)]);
                spread.water.push_back(materials_of_code(code_at(p)).water);
            }
        }
    }
    return spread;
}

std::vector<float> ContrastSpread::shares_after(double ml) const {
    // Shares from 0 to `room_ml`, for a front at `front` ml of room.
    const auto held = [&](double front) {
        const double even = plateau * front, end = std::min(front, room_ml);
        if (end <= even) return most_share * end;
        const double left = (end - even) / (front - even);
        return most_share * (even + (end - even) * (1 - 0.5 * left));
    };
    double low = 0, high = std::max(1e-3, room_ml) / std::max(0.05, plateau);
    for (int i = 0; i < 60 && ml < held(high); ++i) {
        const double middle = 0.5 * (low + high);
        (held(middle) < ml ? low : high) = middle;
        if (high - low < 1e-9) break;
    }
    const double front = high, even = plateau * front;
    std::vector<float> shares(arrives_ml.size(), 0.0F);
    if (ml <= 0) return shares;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const auto at = static_cast<double>(arrives_ml[i]);
        if (at < 0) continue;
        shares[i] = static_cast<float>(
            most_share * std::clamp((front - at) / std::max(1e-9, front - even), 0.0, 1.0));
    }
    return shares;
}

}  // namespace guide::simulate
