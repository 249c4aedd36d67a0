// SPDX-License-Identifier: Apache-2.0
#include <guide/core/image.hpp>

#include <catch2/catch.hpp>

#include <numeric>

using namespace guide;

TEST_CASE("image: rows are contiguous and start at zero") {
    Image<int> image(3, 2);
    CHECK(image.at(2, 1) == 0);
    image.at(2, 1) = 7;
    CHECK(image.data()[5] == 7);
    CHECK(image.view().stride == 3);
}

TEST_CASE("image: moving leaves nothing behind and keeps the pixels") {
    Image<int> a(4, 4, 9);
    Image<int> b = std::move(a);
    CHECK(b.at(3, 3) == 9);
    a = std::move(b);
    CHECK(a.at(0, 0) == 9);
    CHECK(b.empty());
}

TEST_CASE("image: a crop of a view shares its memory") {
    Image<int> image(5, 4);
    std::iota(image.data(), image.data() + image.size(), 0);
    const auto part = image.view().cropped(1, 2, 3, 2);
    CHECK(part.at(0, 0) == 11);
    CHECK(part.stride == 5);
    const auto copy = copy_image(part);
    CHECK(copy.at(2, 1) == 18);
    CHECK_THROWS_AS(image.view().cropped(3, 0, 3, 1), PreconditionError);
}

TEST_CASE("image: a negative size is refused") {
    CHECK_THROWS_AS(Image<float>(-1, 2), PreconditionError);
}
