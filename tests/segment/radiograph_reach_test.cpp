// SPDX-License-Identifier: Apache-2.0
#include "radiograph_reach.hpp"

#include <guide/core/image.hpp>

#include <catch2/catch.hpp>

namespace {

using guide::Image;
using guide::segment::Band;

/// A band through the middle of a picture with edges of strength 1 from column 30 to 79.
Image<float> edges_from_30_to_79(float elsewhere) {
    Image<float> gradient(112, 40);
    for (int x = 0; x < 112; ++x) {
        const float strength = x >= 30 && x < 80 ? 1.0f : elsewhere;
        gradient.at(x, 15) = -strength;
        gradient.at(x, 20) = strength;
    }
    return gradient;
}

Band band() {
    Band band;
    band.upper.assign(112, 15);
    band.lower.assign(112, 20);
    return band;
}

}  // namespace

TEST_CASE("reach of a band: from the first to the last column with bones beside it") {
    for (const float elsewhere : {0.0f, 0.05f, -0.5f}) {
        const auto gradient = edges_from_30_to_79(elsewhere);
        const auto reach = guide::segment::reach_of(band(), gradient.view());
        REQUIRE(reach);
        CHECK(reach->first == Approx(30).margin(2));
        CHECK(reach->last == Approx(79).margin(2));
    }
}

TEST_CASE("reach of a band: bones from side to side reach to the sides") {
    const auto gradient = edges_from_30_to_79(0.9f);
    const auto reach = guide::segment::reach_of(band(), gradient.view());
    REQUIRE(reach);
    CHECK(reach->columns() == 112);
}

TEST_CASE("reach of a band: none without edges") {
    const Image<float> flat(112, 40);
    CHECK_FALSE(guide::segment::reach_of(band(), flat.view()));
}
