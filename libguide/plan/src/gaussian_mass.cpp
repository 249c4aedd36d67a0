// SPDX-License-Identifier: Apache-2.0
#include "gaussian_mass.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <utility>

namespace guide::plan {
namespace {

constexpr double kFar = 4.2;  // standard deviations beyond which nothing counts

/// The normal density and its integral, by Taylor's series about the next of many points.
class NormalTable {
  public:
    NormalTable() {
        for (std::size_t i = 0; i < kSize; ++i) {
            const double x = (static_cast<double>(i) - kMiddle) * kStep;
            rows_[i] = {std::erfc(-x / std::numbers::sqrt2) / 2,
                        std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi)};
        }
    }

    struct Value {
        double below, density;
    };
    [[nodiscard]] Value at(double x) const {
        x = std::clamp(x, -kLast, kLast);
        const auto i = static_cast<std::size_t>(x * (1 / kStep) + (kMiddle + 0.5));
        const double from = (static_cast<double>(i) - kMiddle) * kStep, by = x - from;
        const Value& v = rows_[i];
        return {v.below + v.density * by * (1 - from * by / 2),
                v.density * (1 - by * (from - (from * from - 1) * by / 2))};
    }

  private:
    static constexpr std::size_t kSize = 601;
    static constexpr double kMiddle = 300, kStep = 0.02, kLast = 5.99;
    std::array<Value, kSize> rows_;
};

struct Node {
    double at, weight;
};
constexpr std::array<Node, 3> kThree{
    {{0.1127016654, 5 / 18.0}, {0.5, 8 / 18.0}, {0.8872983346, 5 / 18.0}}};
constexpr std::array<Node, 5> kFive{{{0.0469100770, 0.1184634425},
                                     {0.2307653449, 0.2393143352},
                                     {0.5, 0.2844444444},
                                     {0.7692346551, 0.2393143352},
                                     {0.9530899230, 0.1184634425}}};

std::span<const Node> nodes_for(double length) {
    return length < 1.6 ? std::span<const Node>(kThree) : kFive;
}

/// What is integrated along an edge: Phi(x) phi(y), the density, and the density times x and y.
struct Integrands {
    double mass = 0, density = 0, x = 0, y = 0;

    Integrands& add(double weight, const Integrands& other) {
        mass += weight * other.mass;
        density += weight * other.density;
        x += weight * other.x;
        y += weight * other.y;
        return *this;
    }
};

struct Point {
    MmVector at;
    Integrands value;

    Point(MmVector place, const NormalTable& normal) : at(place) {
        const auto p = normal.at(place.x), q = normal.at(place.y);
        const double density = p.density * q.density;
        value = {p.below * q.density, density, density * place.x, density * place.y};
    }
    /// How the integrands change along `edge`.
    [[nodiscard]] Integrands slope(MmVector edge) const {
        const double along = at.x * edge.x + at.y * edge.y;
        return {value.density * edge.x - at.y * value.mass * edge.y, -along * value.density,
                value.density * edge.x - along * value.x, value.density * edge.y - along * value.y};
    }
};

/// The integral over the edge in a parameter from 0 to 1.
Integrands integral(const Point& from, const Point& to, const NormalTable& normal) {
    constexpr double kShort = 0.8;
    const MmVector edge = to.at - from.at;
    const double length = std::sqrt(dot(edge, edge));
    Integrands sum;
    if (length < kShort) {
        // The trapezoid with its end correction (Euler and Maclaurin): points serve two edges.
        sum.add(0.5, from.value).add(0.5, to.value);
        return sum.add(1 / 12.0, from.slope(edge)).add(-1 / 12.0, to.slope(edge));
    }
    const int parts = 1 + static_cast<int>(std::min(length, 1000.0) / 3);
    for (int i = 0; i < parts; ++i) {
        for (const Node node : nodes_for(length)) {
            const Point point(from.at + ((i + node.at) / parts) * edge, normal);
            sum.add(node.weight / parts, point.value);
        }
    }
    return sum;
}

}  // namespace

GaussianMass gaussian_mass(const std::vector<MmPolygon>& contours, MmPoint mean,
                           const TipCovariance& c) {
    static const NormalTable normal;
    // Whitened by the Cholesky factor, in which any covariance is the unit circle.
    const double a = std::sqrt(c.xx), b = c.xy / a, d = std::sqrt(c.yy - b * b);
    const auto whiten = [&](MmPoint p) {
        const double x = (p.x - mean.x) / a;
        return MmVector{x, (p.y - mean.y - b * x) / d};
    };
    GaussianMass result;
    MmVector flow{0, 0};
    TipCovariance moment;  // whitened second derivatives, minus
    for (const MmPolygon& contour : contours) {
        if (contour.size() < 3) continue;
        double inside = 0, area = 0;
        MmVector out{0, 0};
        TipCovariance turn;
        MmVector p = whiten(contour.back());
        Point at_p(p, normal);
        bool known = true;  // only for edges that count
        for (const MmPoint corner : contour) {
            const MmVector from = std::exchange(p, whiten(corner));
            area += cross(from, p);
            const auto x = std::minmax(from.x, p.x), y = std::minmax(from.y, p.y);
            const bool right = x.first > kFar;
            if (right || x.second < -kFar || y.first > kFar || y.second < -kFar) {
                // On the right Phi(x) is 1 and the density 0.
                if (right) inside += normal.at(p.y).below - normal.at(from.y).below;
                known = false;
                continue;
            }
            const Point at_from = known ? at_p : Point(from, normal);
            at_p = Point(p, normal);
            known = true;
            const MmVector edge = p - from;
            const Integrands sum = integral(at_from, at_p, normal);
            inside += sum.mass * edge.y;
            out = out + sum.density * MmVector{edge.y, -edge.x};
            turn.xx += sum.x * edge.y;
            turn.xy += (sum.y * edge.y - sum.x * edge.x) / 2;
            turn.yy -= sum.y * edge.x;
        }
        const double sign = area < 0 ? -1 : 1;
        result.inside += sign * inside;
        flow = flow + sign * out;
        moment.xx += sign * turn.xx;
        moment.xy += sign * turn.xy;
        moment.yy += sign * turn.yy;
    }
    result.inside = std::clamp(result.inside, 0.0, 1.0);
    // A mean that moves along a normal leaves the region behind it.
    result.slope = {-flow.x / a + flow.y * b / (a * d), -flow.y / d};
    const double k = b / (a * d);  // the inverse factor is {1 / a, 0; -k, 1 / d}
    result.curve.yy = -moment.yy / (d * d);
    result.curve.xy = -(moment.xy / (a * d) - k * moment.yy / d);
    result.curve.xx = -(moment.xx / (a * a) - 2 * k * moment.xy / a + k * k * moment.yy);
    return result;
}

}  // namespace guide::plan
