// SPDX-License-Identifier: Apache-2.0
#include "bone_path.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace guide;
using segment::split_at_notches;

TEST_CASE("bone_path: a notch splits a path in its deepest column, and nowhere else") {
    std::vector<int> path;
    for (int x = -30; x <= 30; ++x)
        path.push_back(100 - std::abs(x));
    split_at_notches(path, 10, 60);
    CHECK(std::ranges::count(path, -1) == 1);
    CHECK(path[30] == -1);
}

TEST_CASE("bone_path: ridges, slopes, gentle hollows and gaps split nothing") {
    std::vector<int> ridge, slope, hollow;
    for (int x = -30; x <= 30; ++x) {
        ridge.push_back(10 + 2 * std::abs(x));
        slope.push_back(100 + 2 * x);
        hollow.push_back(100 - x * x / 60);
    }
    std::vector<int> gap = slope;
    gap[30] = -1;
    for (const auto& path : {ridge, slope, hollow, gap}) {
        auto split = path;
        split_at_notches(split, 10, 60);
        CHECK(split == path);
    }
}

TEST_CASE("bone_path: paths shorter than the reach, empty ones too, are left as they are") {
    for (const std::size_t size : {0U, 1U, 5U, 20U}) {
        std::vector<int> path(size, 7);
        split_at_notches(path, 10, 60);
        CHECK(path == std::vector<int>(size, 7));
    }
}

TEST_CASE("bone_path: the best path follows the evidence and leaves out columns without") {
    Image<float> bone(40, 30);
    for (int x = 5; x < 30; ++x)
        bone.at(x, 12 + x / 10) = 1;
    const auto path = segment::best_bone_path(bone, 0.25, 3);
    for (int x = 0; x < 40; ++x)
        CHECK(path[static_cast<std::size_t>(x)] == (x >= 5 && x < 30 ? 12 + x / 10 : -1));
}
