// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ruler.hpp"

#include <cstdint>
#include <vector>

namespace guide::plan {

/// What a path can meet, as edges in the order of their lines, the joint space's first.
struct Ground {
    enum class Kind { joint, obstacle, unseen, bone, roof };
    struct Body {
        Kind kind;
        double margin;        ///< from a path's axis, everywhere
        double outer_margin;  ///< the same outside the joint space
    };
    struct Edge {
        MmPoint p, q;
        std::uint32_t body;
    };

    std::vector<Body> bodies;
    std::vector<Edge> edges;
};

/// `spare` is added to every margin.
[[nodiscard]] Ground make_ground(const Ruler& ruler, double spare);

}  // namespace guide::plan
