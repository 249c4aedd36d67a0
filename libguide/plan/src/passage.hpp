// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fat_ray.hpp"
#include "ground.hpp"

#include <cstdint>
#include <vector>

namespace guide::plan {

/// How far bundles of ways come. What can matter for a bundle is listed, so that its parts look at
/// that alone. Not for two threads at once.
class Passage {
  public:
    /// A part of the list of edges.
    struct Edges {
        std::uint32_t first = 0, last = 0;
    };
    /// Places along a bundle's middle way.
    struct Reach {
        double joint_from;  ///< no way is in the joint space before
        double joint_to;    ///< nor behind
        double block;       ///< no way that ends behind this is allowed
        Edges edges;        ///< what can matter for parts of the bundle
    };

    /// A point that bounds the clearance of the bundle's ways: each passes the place `at` along.
    struct Nearest {
        bool known = false;
        OnPath place;
        double at = 0;
        bool tip = false;   ///< the ways' ends, rather
        double margin = 0;  ///< what its distance to a way exceeds the clearance by
    };
    struct Clearance {
        double most;  ///< no way has more
        Nearest nearest;
    };

    /// `ample`: gaps beyond it are not told apart. `spare` is added to every margin.
    Passage(const Ruler& ruler, double ample, double spare = 0);

    [[nodiscard]] Edges everything() const { return all_; }
    /// `far`: no way ends behind it. Of `edges` what matters is appended to the list.
    [[nodiscard]] Reach meet(const FatRay& ray, double far, Edges edges);
    /// Bounds Preferences::clearance of ways that end behind `depth`, of the bundle that was met
    /// last.
    [[nodiscard]] Clearance clearance(const FatRay& ray, double depth) const;
    /// Takes back what the last bundle added to the list.
    void forget(const Reach& reach) { list_.resize(reach.edges.first); }

  private:
    [[nodiscard]] static bool certain(Stretch place, Stretch outside) {
        return place.from < place.to && place.from < outside.to && place.to > outside.from;
    }
    void find_outside(const FatRay& ray);

    struct Seen {
        OnPath p, q;
        double margin;
        bool bone;
    };

    Ground ground_;
    double ample_, bone_margin_;
    MmPoint joint_low_, joint_high_;
    Edges all_;
    std::vector<std::uint32_t> list_;
    // Of the bundle that was met last.
    std::vector<Seen> seen_;
    std::vector<Stretch> in_joint_, outside_;  ///< where a way may be in it, and where none is
};

}  // namespace guide::plan
