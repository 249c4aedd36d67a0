// SPDX-License-Identifier: Apache-2.0
#include "support/volume_proof.hpp"

#include <catch2/catch.hpp>

using namespace guide::test;

namespace {

std::string text_of(const std::vector<std::string>& faults) {
    std::string all;
    for (const auto& fault : faults)
        all += fault + "\n";
    return all;
}

}  // namespace

// Few scenes, to be quick; guide_plan_volume_proof does the same over as many as one likes.

TEST_CASE("volume proof: a second opinion finds no unsafe plan") {
    ProofOptions options;
    options.look_for_missed = false;
    const Proof proof = prove_volume_plans(0, 6, options);
    INFO(text_of(proof.faults));
    CHECK(proof.unsafe == 0);
    CHECK(proof.paths > 10);
}
