// SPDX-License-Identifier: Apache-2.0
#include "enclosed_space.hpp"

#include "support/speckled_tissue.hpp"

#include <catch2/catch.hpp>
#include <opencv2/imgproc.hpp>

#include <cmath>

using namespace guide;

namespace {

/// Tissue and the mask of a disc in it.
struct Scene {
    segment::TissueGrid grid = test::speckled_tissue();
    cv::Mat1b disc = cv::Mat1b::zeros(150, 200);

    Scene() { cv::circle(disc, {100, 70}, 20, 255, cv::FILLED); }
};

}  // namespace

TEST_CASE("enclosed space: a dark disc with walls is one") {
    Scene scene;
    scene.grid.echo.setTo(0.1F, scene.disc);
    const cv::Mat1b found = segment::enclosed_parts(scene.grid, scene.disc);
    CHECK(cv::countNonZero(found) == cv::countNonZero(scene.disc));
}

TEST_CASE("enclosed space: darkness that fades into its surroundings is none") {
    Scene scene;
    for (int y = 0; y < 150; ++y) {
        for (int x = 0; x < 200; ++x) {
            const double mm = 0.2 * std::hypot(x - 100, y - 70);
            scene.grid.echo(y, x) *= static_cast<float>(1 - 0.7 * std::exp(-mm * mm / 200));
        }
    }
    CHECK(cv::countNonZero(segment::enclosed_parts(scene.grid, scene.disc)) == 0);
}

TEST_CASE("enclosed space: each part is judged by itself") {
    Scene scene;
    scene.grid.echo.setTo(0.1F, scene.disc);
    cv::Mat1b both = scene.disc.clone();
    cv::circle(both, {40, 40}, 12, 255, cv::FILLED);
    CHECK(cv::countNonZero(segment::enclosed_parts(scene.grid, both) != scene.disc) == 0);
}

TEST_CASE("enclosed space: in shadow alone nothing is closed in") {
    Scene scene;
    scene.grid.echo.setTo(0.1F);
    scene.grid.shadow.setTo(255);
    CHECK(cv::countNonZero(segment::enclosed_parts(scene.grid, scene.disc)) == 0);
}

TEST_CASE("enclosed space: the margin of a shadow is none") {
    Scene scene;
    scene.grid.echo.setTo(0.1F, scene.disc);
    scene.grid.shadow(cv::Rect(80, 85, 40, 65)).setTo(255);
    CHECK(cv::countNonZero(segment::enclosed_parts(scene.grid, scene.disc)) == 0);
}
