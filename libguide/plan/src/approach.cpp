// SPDX-License-Identifier: Apache-2.0
#include <guide/plan/approach.hpp>

#include <algorithm>
#include <array>

namespace guide::plan {
namespace {

constexpr std::array kSuprapatellar{View::suprapatellar_transverse, View::suprapatellar_long};
constexpr std::array kLateral{View::lateral};
constexpr std::array kMedial{View::medial};
constexpr std::array kPosterior{View::posterior};
constexpr std::array kAp{View::xray_ap};

// Angles: below 30 degrees good, 45 the limit (RCEM, RAPM 2004). Margins are engineering choices
// (docs/literature.md).
constexpr std::array<Approach, 5> kApproaches{{
    {"superolateral", EntryRule::beside_probe, TargetRule::surest_first, kSuprapatellar, 30, 45, 2,
     1,
     "Supine, knee 20 to 30 degrees flexed; in plane beside the probe into the suprapatellar "
     "recess.",
     "Park 2012: 100 % of superolateral injections in the joint under ultrasound"},
    {"midlateral", EntryRule::beside_probe, TargetRule::surest_first, kLateral, 30, 45, 2, 1,
     "Supine, knee almost extended; in plane from the lateral side into the joint recess.",
     "Park 2012: 95 % under ultrasound"},
    {"mid-medial", EntryRule::beside_probe, TargetRule::surest_first, kMedial, 30, 45, 2, 1,
     "Supine, knee almost extended; in plane from the medial side into the joint recess.",
     "Park 2013: 97 % in plane under ultrasound"},
    {"bakers-cyst", EntryRule::beside_probe, TargetRule::surest_first, kPosterior, 30, 45, 2, 1,
     "Prone; in plane into the gastrocnemius-semimembranosus bursa, away from the popliteal "
     "vessels.",
     "Engineering choice: the in-plane rules of the suprapatellar approach"},
    {"ap-joint-line", EntryRule::frame_side, TargetRule::outer_thirds, kAp, 15, 30, 0, 1,
     "Radiograph, front view; straight along the joint line into the nearer compartment, not into "
     "the notch.",
     "Engineering choice: the path stays in the gap between the bones' outlines"},
}};

}  // namespace

std::span<const Approach> approaches() {
    return kApproaches;
}

const Approach* find_approach(std::string_view name) {
    const auto found = std::ranges::find(kApproaches, name, &Approach::name);
    return found == kApproaches.end() ? nullptr : &*found;
}

bool allows(const Approach& approach, View view) {
    return std::ranges::find(approach.views, view) != approach.views.end();
}

const Approach* default_approach(View view) {
    const auto found =
        std::ranges::find_if(kApproaches, [&](const Approach& a) { return allows(a, view); });
    return found == kApproaches.end() ? nullptr : &*found;
}

}  // namespace guide::plan
