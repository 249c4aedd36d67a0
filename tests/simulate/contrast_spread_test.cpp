// SPDX-License-Identifier: Apache-2.0
#include "contrast_spread.hpp"

#include "xray_volume.hpp"

#include <guide/core/error.hpp>

#include <catch2/catch.hpp>

#include <numeric>

using namespace guide;
using namespace guide::simulate;
using Eigen::Vector3d;

namespace {

VoxelGrid grid_of(int x, int y, int z) {
    VoxelGrid grid;
    grid.size = {x, y, z};
    return grid;
}

/// A channel of fluid in the shape of a U, 3 x 3 mm wide, in bone: up at x = 4, across at z = 34,
/// down at x = 24.
std::vector<std::uint8_t> channel(const VoxelGrid& grid) {
    return xray_codes(
        grid,
        [](const Vector3d& p) {
            const bool row = std::abs(p.y() - 4) < 1.5;
            const bool leg = std::min(std::abs(p.x() - 4), std::abs(p.x() - 24)) < 1.5;
            const bool across = std::abs(p.z() - 34) < 1.5 && p.x() > 2.5 && p.x() < 25.5;
            const bool fluid = row && ((leg && p.z() > 3.5 && p.z() < 35.5) || across);
            return TissueSample{fluid ? Tissue::joint_fluid : Tissue::femur, 0};
        },
        SpongyBone({}), {});
}

double total_ml(const ContrastSpread& spread, double ml) {
    const auto shares = spread.shares_after(ml);
    return std::accumulate(shares.begin(), shares.end(), 0.0) *
           spread.grid.patient_from_grid.linear().determinant() / 1000;
}

float share_at(const ContrastSpread& spread, double ml, const Vector3d& point) {
    const Vector3d p = spread.grid.patient_from_grid.inverse() * point;
    const auto& size = spread.grid.size;
    for (int a = 0; a < 3; ++a) {
        if (p[a] < -0.5 || p[a] > size[static_cast<std::size_t>(a)] - 0.5) return 0;
    }
    const long i =
        (std::lround(p.z()) * size[1] + std::lround(p.y())) * size[0] + std::lround(p.x());
    return spread.shares_after(ml)[static_cast<std::size_t>(i)];
}

}  // namespace

TEST_CASE("contrast: in a joint it follows the fluid, not the straight line") {
    const VoxelGrid grid = grid_of(30, 9, 40);
    ContrastAgent agent;
    agent.from = {4, 4, 5};
    const ContrastSpread spread = spread_of(grid, channel(grid), agent);
    // 32 + 32 mm of legs and 17 between them, 9 mm2 each.
    CHECK(spread.room_ml == Approx((2 * 32 + 17) * 0.009).epsilon(0.05));
    const double ml = 0.12;
    CHECK(share_at(spread, ml, {4, 4, 5}) > 0.5F);
    CHECK(share_at(spread, ml, {4, 4, 15}) > 0.1F);
    CHECK(share_at(spread, ml, {4, 4, 33}) == 0);
    // 20 mm beside the tip, but 80 mm along the channel.
    CHECK(share_at(spread, ml, {24, 4, 5}) == 0);
    CHECK(share_at(spread, 10, {24, 4, 5}) > 0.5F);
}

TEST_CASE("contrast: what was let out is there, until the joint is full") {
    const VoxelGrid grid = grid_of(30, 9, 40);
    ContrastAgent agent;
    agent.from = {4, 4, 5};
    const ContrastSpread spread = spread_of(grid, channel(grid), agent);
    CHECK(total_ml(spread, 0) == 0);
    double before = 0;
    for (const double ml : {0.05, 0.1, 0.3, 0.5, 0.6}) {
        CHECK(total_ml(spread, ml) == Approx(ml).epsilon(0.02));
        CHECK(total_ml(spread, ml) > before);
        before = total_ml(spread, ml);
    }
    CHECK(total_ml(spread, 50) == Approx(0.9 * spread.room_ml).epsilon(1e-3));
}

TEST_CASE(
    "contrast: outside it makes a pool about the tip, longer along the limb, of ragged edge") {
    const VoxelGrid grid = grid_of(80, 80, 80);
    const std::vector<std::uint8_t> codes(grid.count(), static_cast<std::uint8_t>(Tissue::muscle));
    ContrastAgent agent;
    agent.in_joint = false;
    agent.from = {40, 40, 40};
    agent.most_ml = 4;
    const ContrastSpread spread = spread_of(grid, codes, agent);
    CHECK(total_ml(spread, 4) == Approx(4).epsilon(0.01));
    CHECK(spread.grid.size[2] > spread.grid.size[0]);
    CHECK(share_at(spread, 1, agent.from) > 0.4F);
    // Ragged: in the plane across the tip some directions reach much further than others.
    double least = 1e9, most = 0;
    for (int i = 0; i < 16; ++i) {
        const double angle = i * 0.3927;
        double reach = 0;
        while (share_at(spread, 4,
                        agent.from + reach * Vector3d(std::cos(angle), std::sin(angle), 0)) > 0)
            reach += 0.5;
        least = std::min(least, reach);
        most = std::max(most, reach);
    }
    CHECK(most > 1.3 * least);
    agent.seed = 2;
    CHECK(spread_of(grid, codes, agent).arrives_ml != spread.arrives_ml);
}

TEST_CASE("contrast: bone and joint stay free of what lies outside") {
    const VoxelGrid grid = grid_of(40, 40, 40);
    const auto codes = xray_codes(grid,
                                  [](const Vector3d& p) {
                                      const Tissue tissue = p.x() > 25   ? Tissue::femur
                                                            : p.y() > 25 ? Tissue::joint_fluid
                                                                         : Tissue::subcutaneous_fat;
                                      return TissueSample{tissue, 0};
                                  },
                                  SpongyBone({}), {});
    ContrastAgent agent;
    agent.in_joint = false;
    agent.from = {24, 24, 20};
    agent.most_ml = 2;
    const ContrastSpread spread = spread_of(grid, codes, agent);
    CHECK(share_at(spread, 2, {23, 23, 20}) > 0);
    CHECK(share_at(spread, 2, {28, 23, 20}) == 0);
    CHECK(share_at(spread, 2, {23, 28, 20}) == 0);
}

TEST_CASE("contrast: a tip without room about it is refused") {
    const VoxelGrid grid = grid_of(30, 9, 40);
    ContrastAgent agent;
    agent.from = {14, 4, 15};  // 8 mm of bone to either side, none within 10 mm of its ends
    agent.from.y() = 30;
    CHECK_THROWS_WITH(spread_of(grid, channel(grid), agent), Catch::Contains("10 mm"));
    agent.in_joint = false;
    CHECK_THROWS_AS(spread_of(grid, channel(grid), agent), PreconditionError);
    agent.most_ml = 0;
    CHECK_THROWS_WITH(spread_of(grid, channel(grid), agent), Catch::Contains("most_ml"));
    agent.most_ml = 1;
    agent.from.x() = std::nan("");
    CHECK_THROWS_WITH(spread_of(grid, channel(grid), agent), Catch::Contains("from"));
}
