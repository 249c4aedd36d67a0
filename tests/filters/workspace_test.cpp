// SPDX-License-Identifier: Apache-2.0
#include "allocations.hpp"

#include <guide/filters/workspace.hpp>

#include <catch2/catch.hpp>

#include <cstdint>

using namespace guide;

TEST_CASE("workspace: pieces are aligned, apart, and kept from call to call") {
    filters::Workspace workspace;
    const auto call = [&] {
        workspace.rewind();
        auto* a = workspace.take<float>(1000);
        auto* b = workspace.take<double>(500);
        CHECK(reinterpret_cast<std::uintptr_t>(a) % 64 == 0);
        CHECK(reinterpret_cast<std::uintptr_t>(b) % 64 == 0);
        CHECK((static_cast<void*>(a + 1000) <= b || static_cast<void*>(b + 500) <= a));
        return a;
    };
    const float* first = call();
    const test::Allocations allocations;
    CHECK(call() == first);
    CHECK(allocations.largest() < 1000);
    CHECK(workspace.size() == 8000);
}

TEST_CASE("workspace: grows where more is asked for") {
    filters::Workspace workspace;
    CHECK(workspace.take<char>(0) != nullptr);
    workspace.rewind();
    auto* piece = workspace.take<float>(1 << 16);
    piece[(1 << 16) - 1] = 1;
    const filters::Workspace moved = std::move(workspace);
    CHECK(moved.size() == std::size_t{4} << 16);
}
