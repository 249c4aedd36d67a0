// SPDX-License-Identifier: Apache-2.0
#include "clear_fluid.hpp"

#include "support/speckled_tissue.hpp"

#include <catch2/catch.hpp>
#include <opencv2/imgproc.hpp>

#include <cmath>

using namespace guide;

namespace {

/// An ellipse of fluid in tissue, of which the lower part alone was found.
struct Scene {
    segment::TissueGrid grid = test::speckled_tissue();
    cv::Mat1b fluid = cv::Mat1b::zeros(150, 200), found = fluid.clone(), hidden = fluid.clone();
    cv::Mat1f probability = cv::Mat1f::zeros(150, 200);

    Scene() {
        cv::ellipse(fluid, {100, 80}, {60, 25}, 0, 0, 360, 255, cv::FILLED);
        found = fluid.clone();
        found.rowRange(0, 90).setTo(0);
        probability.setTo(0.8F, found);
    }

    [[nodiscard]] cv::Mat1b clear() const {
        return segment::clear_fluid(grid, probability, found, hidden);
    }
};

double dice(const cv::Mat1b& a, const cv::Mat1b& b) {
    return 2.0 * cv::countNonZero(a & b) / (cv::countNonZero(a) + cv::countNonZero(b));
}

}  // namespace

TEST_CASE("clear fluid: what was found in part is taken up to its walls") {
    Scene scene;
    scene.grid.echo.setTo(0.1F, scene.fluid);
    CHECK(dice(scene.clear(), scene.fluid) > 0.95);
}

TEST_CASE("clear fluid: a darkness without walls is none") {
    Scene scene;
    for (int y = 0; y < 150; ++y) {
        for (int x = 0; x < 200; ++x) {
            const double mm = 0.2 * std::hypot(x - 100, y - 80);
            scene.grid.echo(y, x) *= static_cast<float>(1 - 0.8 * std::exp(-mm * mm / 200));
        }
    }
    CHECK(cv::countNonZero(scene.clear()) == 0);
}

TEST_CASE("clear fluid: neither what is hidden by bone nor the edge of a shadow is taken") {
    Scene scene;
    scene.grid.echo.setTo(0.1F, scene.fluid);
    scene.grid.echo.rowRange(115, 150).setTo(0.1F);  // reverberation
    scene.hidden.rowRange(115, 150).setTo(255);
    scene.grid.shadow.colRange(165, 200).setTo(255);
    const cv::Mat1b clear = scene.clear();
    CHECK(cv::countNonZero(clear) > 0);
    CHECK(cv::countNonZero(clear.rowRange(115, 150)) == 0);
    CHECK(cv::countNonZero(clear.colRange(155, 200)) == 0);
}

TEST_CASE("clear fluid: another dark space, not connected, is left alone") {
    Scene scene;
    scene.grid.echo.setTo(0.1F, scene.fluid);
    cv::Mat1b other = cv::Mat1b::zeros(150, 200);
    cv::circle(other, {30, 35}, 12, 255, cv::FILLED);
    scene.grid.echo.setTo(0.1F, other);
    CHECK(cv::countNonZero(scene.clear() & other) == 0);
}

TEST_CASE("clear fluid: none where all is hidden") {
    Scene scene;
    scene.grid.echo.setTo(0.1F, scene.fluid);
    scene.hidden.setTo(255);
    CHECK(cv::countNonZero(scene.clear()) == 0);
}
