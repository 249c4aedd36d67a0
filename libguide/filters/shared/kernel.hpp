// SPDX-License-Identifier: Apache-2.0
#pragma once

// This header is the first of its block in a kernel source: foreach_target.h reads that source once
// for each other instruction set, and nothing of Highway may be there before.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

namespace guide::filters {

/// Looks at the processor once, before the first kernel is taken.
inline void choose_instruction_set() {
    if (!hwy::GetChosenTarget().IsInitialized()) {
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    }
}

}  // namespace guide::filters

/// A pointer to the version of `function` for this processor; `function` went through HWY_EXPORT.
#define GUIDE_KERNEL(function) \
    (::guide::filters::choose_instruction_set(), &HWY_DYNAMIC_DISPATCH(function))
