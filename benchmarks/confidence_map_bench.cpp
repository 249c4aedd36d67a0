// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "frames.hpp"

#include <guide/filters/confidence_map.hpp>

#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

namespace {

using namespace guide;

/// The system of the definition for Eigen.
class Plain {
  public:
    explicit Plain(const Image<float>& in) : width_(in.width()), height_(in.height()) {
        const filters::ConfidenceOptions o;
        std::vector<Edge> edges;
        const auto grey = [&](int x, int y) {
            return in.at(x, y) * (1 - std::exp(-o.alpha * y / (height_ - 1)));
        };
        for (int y = 0; y < height_; ++y) {
            for (int x = 0; x < width_; ++x) {
                for (const auto& [dx, dy] : {std::pair{0, 1}, {1, 0}, {1, 1}, {-1, 1}}) {
                    if (x + dx < 0 || x + dx >= width_ || y + dy >= height_) continue;
                    edges.push_back(
                        {x, y, x + dx, y + dy, std::abs(grey(x, y) - grey(x + dx, y + dy))});
                }
            }
        }
        to_range(edges);
        for (auto& edge : edges)
            edge.d += edge.x == edge.x2 ? 0 : o.gamma;
        to_range(edges);

        const int n = width_ * (height_ - 2);
        std::vector<Eigen::Triplet<double>> triplets;
        right_ = Eigen::VectorXd::Zero(n);
        const auto number = [&](int x, int y) { return (y - 1) * width_ + x; };
        const auto free = [&](int y) { return y > 0 && y < height_ - 1; };
        for (const auto& e : edges) {
            const double c = std::exp(-o.beta * e.d) + 1e-5;
            const int i = number(e.x, e.y), j = number(e.x2, e.y2);
            if (free(e.y)) triplets.emplace_back(i, i, c);
            if (free(e.y2)) triplets.emplace_back(j, j, c);
            if (free(e.y) && free(e.y2)) triplets.emplace_back(std::max(i, j), std::min(i, j), -c);
            if (e.y == 0 && free(e.y2)) right_[j] += c;
        }
        matrix_.resize(n, n);
        matrix_.setFromTriplets(triplets.begin(), triplets.end());
    }

    void factorise_and_solve() {
        const Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> factors(matrix_);
        solution_ = factors.solve(right_);
    }

    [[nodiscard]] double largest_difference(const Image<float>& map) const {
        double largest = 0;
        for (int i = 0; i < solution_.size(); ++i) {
            largest =
                std::max(largest, std::abs(solution_[i] - map.at(i % width_, i / width_ + 1)));
        }
        return largest;
    }

  private:
    struct Edge {
        int x, y, x2, y2;
        double d;
    };
    static void to_range(std::vector<Edge>& edges) {
        const auto [least, most] = std::minmax_element(
            edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.d < b.d; });
        const double low = least->d, span = most->d - low;
        for (auto& edge : edges)
            edge.d = (edge.d - low) / span;
    }

    int width_, height_;
    Eigen::SparseMatrix<double> matrix_;
    Eigen::VectorXd right_, solution_;
};

/// Frames that follow each other: the second differs by a few greys everywhere.
struct Frames {
    explicit Frames(const bench::Case& c)
        : first(bench::speckle_frame(c.width, c.height)),
          second(c.width, c.height),
          out(c.width, c.height) {
        for (int y = 0; y < c.height; ++y) {
            for (int x = 0; x < c.width; ++x)
                second.at(x, y) = first.at(x, y) + static_cast<float>((x * 7 + y * 13) % 5 - 2);
        }
    }
    Image<float> first, second, out;

    [[nodiscard]] double bytes() const {
        return 2.0 * static_cast<double>(first.size()) * sizeof(float);
    }
    /// Of nested dissection, counted separator by separator.
    [[nodiscard]] double flops() const {
        return 2 * 9.5 * std::pow(static_cast<double>(first.size()), 1.5);
    }
};

std::string wrong(const Image<float>& in, const Image<float>& out) {
    if (in.size() > 320 * 240) return "";  // Eigen takes seconds; the smallest stands for all
    Plain plain(in);
    plain.factorise_and_solve();
    return plain.largest_difference(out) < 1e-4 ? "" : "differs from the direct solution";
}

bench::Entry by_guide(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    return {
        [frames, threads = c.threads] {
            filters::confidence_map(frames->first.view(), frames->out.view(), {}, {threads, {}});
        },
        [frames] { return wrong(frames->first, frames->out); }, frames->bytes(), frames->flops()};
}

bench::Entry by_eigen(const bench::Case& c) {
    auto plain = std::make_shared<Plain>(bench::speckle_frame(c.width, c.height));
    const Frames frames(c);
    return {[plain] { plain->factorise_and_solve(); }, {}, frames.bytes(), frames.flops()};
}

const std::vector<std::pair<int, int>> kSizes{{320, 240}, {512, 512}, {800, 600}};

const bench::Contest contest("confidence_map", {{"guide", by_guide}, {"plain", by_eigen}},
                             {kSizes});

/// Plan and memory stay from frame to frame, nothing else, as the frames differ everywhere; each
/// call takes the next frame, with the options of the contest above.
bench::Entry live(const bench::Case& c) {
    auto frames = std::make_shared<Frames>(c);
    auto map = std::make_shared<filters::ConfidenceMap>();
    auto turn = std::make_shared<bool>(false);  // of the second frame
    const auto now = [frames, turn]() -> const Image<float>& {
        return *turn ? frames->second : frames->first;
    };
    return {[=, threads = c.threads] {
                *turn = !*turn;
                map->compute(now().view(), frames->out.view(), {}, {threads, {}});
            },
            [=] {
                const auto first = wrong(now(), frames->out);
                *turn = !*turn;  // what the frame before leaves must not show
                map->compute(now().view(), frames->out.view());
                return first + wrong(now(), frames->out);
            },
            frames->bytes(), frames->flops()};
}

const bench::Contest live_contest("confidence_map_live", {{"guide", live}}, {kSizes});

}  // namespace
