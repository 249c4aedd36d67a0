// SPDX-License-Identifier: Apache-2.0
//
// The long form of proof_test.cpp, run by hand: guide_plan_proof safe|best [SCENES [FIRST-SEED]].
#include "support/proof.hpp"

#include <cstdlib>
#include <cstring>
#include <iostream>

int main(int argc, char** argv) {
    using namespace guide::test;
    const bool best = argc > 1 && std::strcmp(argv[1], "best") == 0;
    const int scenes = argc > 2 ? std::atoi(argv[2]) : (best ? 1000 : 100000);
    const std::uint64_t first = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1000000;
    if (best) {
        const Optimality o = prove_optimal(first, scenes, 0.5, 1);
        std::cout << o.scenes << " planned scenes, " << o.worse << " more than 1 % worse, worst "
                  << 100 * o.worst << " %\n";
        for (const auto& fault : o.faults)
            std::cout << "  " << fault << '\n';
        return o.worse == 0 ? 0 : 1;
    }
    const Proof p = prove_plans(first, scenes);
    std::cout << p.scenes << " scenes, " << p.planned << " planned, " << p.refused << " refused, "
              << p.paths << " paths, " << p.unsafe << " unsafe, " << p.missed << " missed\n";
    for (const auto& fault : p.faults)
        std::cout << "  " << fault << '\n';
    return p.unsafe == 0 && p.missed == 0 ? 0 : 1;
}
