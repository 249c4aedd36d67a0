// SPDX-License-Identifier: Apache-2.0
#include "value_order.hpp"

#include <guide/core/random.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

using guide::segment::ascending_order;

TEST_CASE("value order: equals a stable sort, ties and zeros and infinities included") {
    guide::Random random(7);
    for (const std::size_t size : {0, 1, 2, 63, 64, 65, 5000}) {
        std::vector<float> values(size);
        for (float& v : values) {
            v = static_cast<float>(random.uniform());
            if (v < 0.2F) v = 0.2F;
            if (v > 0.9F) v *= 1e20F;
            if (v > 0.5F && v < 0.55F) v = -0.0F;
            if (v > 0.55F && v < 0.6F) v = 0.0F;
            if (v > 0.6F && v < 0.62F) v = std::numeric_limits<float>::infinity();
            if (v > 0.62F && v < 0.64F) v = std::numeric_limits<float>::denorm_min();
        }
        std::vector<std::uint32_t> sorted(size);
        std::iota(sorted.begin(), sorted.end(), 0U);
        std::stable_sort(sorted.begin(), sorted.end(),
                         [&](auto a, auto b) { return values[a] < values[b]; });
        CHECK(ascending_order(values) == sorted);
    }
}
