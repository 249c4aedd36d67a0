// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "json_fields.hpp"
#include "json_values.hpp"

#include <guide/report/case.hpp>

#include <optional>
#include <vector>

// The parts of a case, each read from and written to its own object.
namespace guide::report {

constexpr const char* kCaseSides[] = {"left", "right"};

void read_knee(Fields fields, simulate::KneeParameters& k);
void read_offset(Fields fields, simulate::ProbeOffset& p);
/// `seed`: of knobs that are left to chance.
void read_scanner(Fields fields, CaseScanner& s, std::uint64_t seed);
void read_screen(Fields fields, CaseScreen& s);
void read_xray(Fields fields, CaseXray& x);
void read_biplane(Fields fields, CaseBiplane& b);
[[nodiscard]] std::vector<CaseWire> read_wires(const Fields& fields, const Json& list);
void read_volume(Fields fields, CaseVolume& v);
void read_needle(Fields fields, CaseNeedle& n, bool fluoroscopy);
void read_sequence(Fields fields, CaseSequence& s);

[[nodiscard]] Json json_of(const simulate::KneeParameters& k);
[[nodiscard]] Json json_of(const simulate::ProbeOffset& p);
[[nodiscard]] Json json_of(const CaseScanner& s);
[[nodiscard]] Json json_of(const CaseScreen& s);
[[nodiscard]] Json json_of(const CaseXray& x);
[[nodiscard]] Json json_of(const CaseBiplane& b);
[[nodiscard]] Json json_of(const std::vector<CaseWire>& wires);
[[nodiscard]] Json json_of(const CaseVolume& v);
[[nodiscard]] Json json_of(const CaseNeedle& n);
[[nodiscard]] Json json_of(const CaseSequence& s);

/// What a truth tells of a screen.
[[nodiscard]] Json screen_json(const simulate::ScreenTruth& s);

/// Three numbers, or none where the list is empty.
[[nodiscard]] std::optional<Eigen::Vector3d> vector_of(const std::vector<double>& numbers);

}  // namespace guide::report
