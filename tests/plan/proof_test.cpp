// SPDX-License-Identifier: Apache-2.0
#include "support/proof.hpp"

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

// Few scenes, to be quick; guide_plan_proof does the same over as many as one likes.

TEST_CASE("proof: a second opinion finds no unsafe plan") {
    ProofOptions options;
    options.look_for_missed = false;
    const Proof proof = prove_plans(0, 200, options);
    INFO(text_of(proof.faults));
    CHECK(proof.unsafe == 0);
    // The scenes have to be of both kinds to say anything.
    CHECK(proof.planned > 40);
    CHECK(proof.refused > 20);
}

TEST_CASE("proof: a second opinion finds no way where the plan is refused") {
    const Proof proof = prove_plans(200, 40);
    INFO(text_of(proof.faults));
    CHECK(proof.missed == 0);
    CHECK(proof.refused > 4);
}

TEST_CASE("proof: the best path is as good as a fine grid's") {
    const Optimality optimality = prove_optimal(0, 6, 0.7, 2);
    INFO(text_of(optimality.faults));
    CHECK(optimality.scenes > 2);
    CHECK(optimality.worse == 0);
}
