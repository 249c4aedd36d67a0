// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <hwy/targets.h>

#include <cstdint>

namespace guide::test {

/// Calls `body()` once for each instruction set that kernels are compiled for and this processor
/// has, plain portable code included, and says which one a failure belongs to.
template <class Body>
void for_each_instruction_set(const Body& body) {
    for (std::int64_t rest = hwy::SupportedTargets() & HWY_TARGETS; rest != 0; rest &= rest - 1) {
        const std::int64_t target = rest & -rest;
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().Update(target);
        INFO("instruction set " << hwy::TargetName(target));
        body();
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().DeInit();
}

}  // namespace guide::test
