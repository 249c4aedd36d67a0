// SPDX-License-Identifier: Apache-2.0
#include "popliteal_vessels.hpp"

#include "support/speckled_tissue.hpp"

#include <catch2/catch.hpp>
#include <opencv2/imgproc.hpp>

using namespace guide;

namespace {

/// Tissue with dark discs, x, y and radius in cells of 0.2 mm.
segment::TissueGrid with_discs(const std::vector<cv::Vec3i>& discs) {
    segment::TissueGrid grid = test::speckled_tissue();
    for (const cv::Vec3i& d : discs)
        cv::circle(grid.echo, {d[0], d[1]}, d[2], 0.15, cv::FILLED);
    return grid;
}

std::size_t vessels_in(const std::vector<cv::Vec3i>& discs) {
    return segment::popliteal_vessels(with_discs(discs)).size();
}

}  // namespace

TEST_CASE("popliteal vessels: vein over artery are both found where they are") {
    const auto vessels = segment::popliteal_vessels(with_discs({{90, 60, 18}, {110, 95, 15}}));
    REQUIRE(vessels.size() == 2);
    const cv::Mat1b both = vessels[0] | vessels[1];
    CHECK(both(60, 90) == 255);
    CHECK(both(95, 110) == 255);
    CHECK(both(60, 130) == 0);
}

TEST_CASE("popliteal vessels: a round space by itself is none, it may be a cyst") {
    CHECK(vessels_in({{100, 70, 18}}) == 0);
    CHECK(vessels_in({{60, 50, 18}, {140, 110, 15}}) == 0);
}

TEST_CASE("popliteal vessels: a large space beside a small one is a cyst and its neighbour") {
    CHECK(vessels_in({{80, 70, 40}, {130, 110, 12}}) == 0);
    CHECK(vessels_in({{90, 60, 25}, {98, 96, 9}}) == 0);
}

TEST_CASE("popliteal vessels: spaces side by side at one depth are no vein over an artery") {
    CHECK(vessels_in({{80, 70, 16}, {116, 70, 16}}) == 0);
}

TEST_CASE("popliteal vessels: none in plain tissue, in black and in nothing") {
    CHECK(vessels_in({}) == 0);
    segment::TissueGrid grid = test::speckled_tissue();
    grid.echo.setTo(0);
    CHECK(segment::popliteal_vessels(grid).empty());
}
