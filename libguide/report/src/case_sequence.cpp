// SPDX-License-Identifier: Apache-2.0
#include "case_parts.hpp"

#include <utility>

namespace guide::report {
namespace {

constexpr const char* kMotions[] = {"still", "probe-sweep", "needle-insertion", "injection"};

}  // namespace

void read_sequence(Fields fields, CaseSequence& s) {
    int motion = static_cast<int>(s.motion);
    fields.word("motion", motion, kMotions);
    s.motion = static_cast<Motion>(motion);
    fields.whole("frames", s.frames, 1, 10000);
    fields.number("frames_per_s", s.frames_per_s, 1, 200);
    for (const auto& [name, offset] : {std::pair{"from", &s.from}, std::pair{"to", &s.to}}) {
        const Json* j = fields.find(name);
        if (j == nullptr) continue;
        if (s.motion != Motion::probe_sweep) fields.fail(name, "goes with a probe-sweep alone.");
        read_offset({*j, fields.name_of(name)}, *offset);
    }
    if (fields.find("injected_ml") != nullptr && s.motion != Motion::injection)
        fields.fail("injected_ml", "goes with an injection alone.");
    fields.number("injected_ml", s.injected_ml, 0.1, 60);
    if (s.motion == Motion::injection && s.frames < 2)
        fields.fail("frames", "is 1; an injection has 2 or more, the first before it.");
    fields.no_other_field();
}

Json json_of(const CaseSequence& s) {
    Json result = {{"motion", kMotions[static_cast<int>(s.motion)]},
                   {"frames", s.frames},
                   {"frames_per_s", s.frames_per_s}};
    if (s.motion == Motion::probe_sweep) {
        result["from"] = json_of(s.from);
        result["to"] = json_of(s.to);
    }
    if (s.motion == Motion::injection) result["injected_ml"] = s.injected_ml;
    return result;
}

}  // namespace guide::report
