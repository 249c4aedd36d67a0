// SPDX-License-Identifier: Apache-2.0
#include "radiograph_margins.hpp"

#include <guide/core/image.hpp>

#include <catch2/catch.hpp>

namespace {

using guide::Image;
using guide::segment::Band;
using guide::segment::extend_to_margins;

constexpr int kUpper = 20, kLower = 26;

/// The gradient of a horizontal dark band that both edges of reach from column to column.
Image<float> band_between(int upper_from, int upper_to, int lower_from, int lower_to) {
    Image<float> gradient(160, 48);
    for (int x = upper_from; x <= upper_to; ++x)
        gradient.at(x, kUpper) = -1;
    for (int x = lower_from; x <= lower_to; ++x)
        gradient.at(x, kLower) = 1;
    return gradient;
}

Band band_of(int columns) {
    Band band;
    band.upper.assign(static_cast<std::size_t>(columns), kUpper);
    band.lower.assign(static_cast<std::size_t>(columns), kLower);
    return band;
}

}  // namespace

TEST_CASE("radiograph margins: a band grows as far as both edges carry on") {
    const auto gradient = band_between(40, 119, 45, 110);
    Band band = band_of(41);
    CHECK(extend_to_margins(band, 55, gradient.view()) == 45);
    CHECK(band.upper.size() == 110 - 45 + 1);
    CHECK(band.lower.size() == band.upper.size());
    CHECK(band.upper.front() == kUpper);
    CHECK(band.lower.back() == kLower);
}

TEST_CASE("radiograph margins: a band that ends with its edges stays as it is") {
    const auto gradient = band_between(60, 99, 60, 99);
    Band band = band_of(40);
    CHECK(extend_to_margins(band, 60, gradient.view()) == 60);
    CHECK(band.upper.size() == 40);
}

TEST_CASE("radiograph margins: at most an eighth of the picture is added, and none without edges") {
    const auto gradient = band_between(0, 159, 0, 159);
    Band band = band_of(40);
    CHECK(extend_to_margins(band, 60, gradient.view()) == 40);
    CHECK(band.upper.size() == 80);

    const Image<float> flat(160, 48);
    Band none = band_of(1);
    CHECK(extend_to_margins(none, 80, flat.view()) == 80);
    CHECK(none.upper.size() == 1);
}
