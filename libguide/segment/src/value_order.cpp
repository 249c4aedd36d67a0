// SPDX-License-Identifier: Apache-2.0
#include "value_order.hpp"

#include <array>
#include <bit>
#include <cstddef>

namespace guide::segment {

std::vector<std::uint32_t> ascending_order(std::span<const float> values) {
    // The bits of numbers that are not negative are in order themselves.
    struct Item {
        std::uint32_t key, place;
    };
    constexpr int kBits = 11, kPasses = 3;
    constexpr std::uint32_t kDigits = 1U << kBits;
    std::vector<Item> items(values.size()), sorted(values.size());
    std::array<std::array<std::uint32_t, kDigits>, kPasses> begins{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto key = std::bit_cast<std::uint32_t>(values[i] + 0.0F);  // -0 is 0
        items[i] = {key, static_cast<std::uint32_t>(i)};
        for (std::size_t pass = 0; pass < kPasses; ++pass)
            ++begins[pass][(key >> (pass * kBits)) % kDigits];
    }
    for (std::size_t pass = 0; pass < kPasses; ++pass) {
        std::uint32_t before = 0;
        for (auto& begin : begins[pass]) {
            const auto count = begin;
            begin = before;
            before += count;
        }
        for (const auto& item : items)
            sorted[begins[pass][(item.key >> (pass * kBits)) % kDigits]++] = item;
        items.swap(sorted);
    }
    std::vector<std::uint32_t> order(values.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = items[i].place;
    return order;
}

}  // namespace guide::segment
