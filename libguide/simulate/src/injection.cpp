// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/simulate/injection.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <sstream>
#include <vector>

namespace guide::simulate {
namespace {

using Eigen::Vector3d;

constexpr double kEvenFrom = 6;                              // ml that open the whole recess
constexpr double kThickest = 20;                             // mm, see KneeParameters
constexpr double kAcrossLayers = 0.64, kAlongLayers = 1.25;  // axes of a pool; their product is 1

bool is_rigid(Tissue tissue) {
    return is_bone(tissue) || tissue == Tissue::cartilage;
}

/// mm of joint fluid on the way from `from` to the back, `length` long.
double fluid_along(const Knee& knee, const Vector3d& from, double length) {
    constexpr double kLeast = 0.1, kShare = 0.7, kFine = 0.005;
    const auto fluid_at = [&](double t) {
        return knee.at(from + t * Vector3d::UnitY()).tissue == Tissue::joint_fluid;
    };
    double sum = 0, entered = 0, before = 0;
    bool inside = false;
    for (double t = 0; t < length;) {
        const TissueSample sample = knee.at(from + t * Vector3d::UnitY());
        const bool fluid = sample.tissue == Tissue::joint_fluid;
        if (fluid != inside) {
            double low = before, high = t;
            while (high - low > kFine) {
                const double middle = 0.5 * (low + high);
                (fluid_at(middle) == inside ? low : high) = middle;
            }
            if (fluid) {
                entered = high;
            } else {
                sum += high - entered;
            }
            inside = fluid;
        }
        before = t;
        t += std::max(kLeast, kShare * static_cast<double>(sample.depth_mm));
    }
    return inside ? sum + length - entered : sum;
}

}  // namespace

double recess_fluid_ml(const Knee& knee, const Execution& execution) {
    // About the trochlea, which fluid does not move: the box is the same for all fillings.
    constexpr double kColumn = 2, kSide = 44, kUp = 100, kFront = 50, kBack = 25;  // mm
    const Vector3d trochlea = knee.landmarks().trochlea;
    const int across = static_cast<int>(2 * kSide / kColumn);
    const int along = static_cast<int>(kUp / kColumn);
    std::vector<double> rows(static_cast<std::size_t>(along));
    for_each_band(execution, along, 1, [&](int begin, int end) {
        for (int j = begin; j < end; ++j) {
            double sum = 0;
            for (int i = 0; i < across; ++i) {
                const Vector3d front(trochlea.x() - kSide + kColumn * (i + 0.5),
                                     trochlea.y() - kFront, trochlea.z() + kColumn * (j + 0.5));
                sum += fluid_along(knee, front, kFront + kBack);
            }
            rows[static_cast<std::size_t>(j)] = sum;
        }
    });
    double sum = 0;
    for (const double row : rows)
        sum += row;
    return sum * kColumn * kColumn / 1000;
}

TissueSample FluidPool::at(const Knee& knee, const Vector3d& point) const {
    TissueSample here = knee.at(point);
    if (radius_mm <= 0 || is_rigid(here.tissue)) return here;
    const Vector3d away = point - centre;
    const double deep = away.dot(thin);
    // In units in which the pool is a ball.
    const Vector3d q = (away - deep * thin) / kAlongLayers + deep / kAcrossLayers * thin;
    const double r = q.norm();
    if (r > 6 * radius_mm) return here;
    const auto edge = static_cast<float>(kAcrossLayers * std::abs(r - radius_mm));
    if (r < radius_mm) {
        if (here.tissue == Tissue::outside) return here;
        return {Tissue::water, std::min(5.0F, edge)};
    }
    // What lay within r before lies between the pool and r now.
    const double cube = 1 - std::pow(radius_mm / r, 3);
    const TissueSample before = knee.at(centre + std::cbrt(cube) * away);
    if (!is_rigid(before.tissue)) here = before;
    here.depth_mm = std::min(here.depth_mm, edge);
    return here;
}

Injection::Injection(const KneeParameters& knee, InjectionSite site, const Vector3d& tip,
                     const Vector3d& thin, double total_ml, const Execution& execution)
    : parameters_(knee),
      knee_(knee),
      site_(site),
      tip_(tip),
      thin_(thin.normalized()),
      total_ml_(total_ml),
      before_ml_(recess_fluid_ml(knee_, execution)) {
    require(total_ml > 0 && total_ml <= 100, "Injection", "total_ml is above 0, to 100");
    require(tip.allFinite() && thin_.allFinite(), "Injection", "tip and thin are finite");
    if (site != InjectionSite::recess) return;
    KneeParameters full = knee;
    full.effusion_mm = kThickest;
    const double room = recess_fluid_ml(Knee(full), execution) - before_ml_;
    if (total_ml > room) {
        std::ostringstream text;
        text << "total_ml is at most what the recess takes, " << std::floor(10 * room) / 10
             << " ml in this knee";
        throw PreconditionError("Injection", text.str());
    }
}

InjectedKnee Injection::opened(double ml, const Execution& execution) const {
    const double spread = std::min(1.0, ml / kEvenFrom);
    const auto knee_of = [&](double effusion_mm) {
        KneeParameters p = parameters_;
        p.effusion_mm = effusion_mm;
        return Knee(p, RecessFilling{parameters_.effusion_mm, tip_, spread});
    };
    // False position (Illinois): the volume rises with the thickness, almost evenly.
    const double wanted = before_ml_ + ml, close = std::max(0.005 * ml, 0.002);
    double low = parameters_.effusion_mm, high = std::min(kThickest, low + 1.2 + 0.75 * ml);
    double below = before_ml_ - wanted;
    Knee knee = knee_of(high);
    double volume = recess_fluid_ml(knee, execution);
    if (volume < wanted && high < kThickest) {
        high = kThickest;
        knee = knee_of(high);
        volume = recess_fluid_ml(knee, execution);
    }
    double above = volume - wanted;
    int side = 0;
    for (int round = 0; round < 20 && std::abs(volume - wanted) > close && above > 0; ++round) {
        const double effusion = (low * above - high * below) / (above - below);
        knee = knee_of(effusion);
        volume = recess_fluid_ml(knee, execution);
        if (volume > wanted) {
            high = effusion;
            above = volume - wanted;
            if (side == 1) below /= 2;
            side = 1;
        } else {
            low = effusion;
            below = volume - wanted;
            if (side == -1) above /= 2;
            side = -1;
        }
    }
    return {std::move(knee), std::nullopt, volume, 0};
}

FluidPool Injection::pool_of(double ml) const {
    constexpr int kAround = 24, kUp = 12, kShells = 12;
    FluidPool pool{tip_, thin_, 0};
    const Vector3d side = thin_.unitOrthogonal(), other = thin_.cross(side);
    // Bone takes a part of the ellipsoid away: it grows until the rest holds the volume.
    const auto share_free = [&](double radius) {
        int free = 0;
        for (int s = 0; s < kShells; ++s) {
            const double r = radius * std::cbrt((s + 0.5) / kShells);
            for (int u = 0; u < kUp; ++u) {
                const double c = 2 * (u + 0.5) / kUp - 1, flat = std::sqrt(1 - c * c);
                for (int a = 0; a < kAround; ++a) {
                    const double angle = 2 * std::numbers::pi * (a + 0.5 * (s % 2)) / kAround;
                    const Vector3d p =
                        tip_ + r * (kAcrossLayers * c * thin_ +
                                    kAlongLayers * flat *
                                        (std::cos(angle) * side + std::sin(angle) * other));
                    const Tissue tissue = knee_.at(p).tissue;
                    free += !is_rigid(tissue) && tissue != Tissue::outside ? 1 : 0;
                }
            }
        }
        return std::max(0.05, static_cast<double>(free) / (kShells * kUp * kAround));
    };
    const auto ball = [](double ml_of_it) {
        return std::cbrt(3000 * ml_of_it / (4 * std::numbers::pi));
    };
    pool.radius_mm = ball(ml);
    for (int round = 0; round < 8 && ml > 0; ++round)
        pool.radius_mm = ball(ml / share_free(pool.radius_mm));
    return pool;
}

InjectedKnee Injection::after(double ml, const Execution& execution) const {
    require(ml >= 0 && ml <= total_ml_, "Injection::after", "ml is 0 to total_ml");
    if (ml == 0) return {knee_, std::nullopt, before_ml_, 0};
    if (site_ == InjectionSite::recess) return opened(ml, execution);
    return {knee_, pool_of(ml), before_ml_, ml};
}

}  // namespace guide::simulate
