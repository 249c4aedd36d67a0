// SPDX-License-Identifier: Apache-2.0
//
// The long form of proof_volume_test.cpp, run by hand.
#include "support/volume_proof.hpp"

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace guide::test;

const char* const kUsage =
    "guide_plan_volume_proof volume-safe|volume-missed|volume-best|volume-time\n"
    "                        [--scenes N] [--first SEED] [--minutes M]\n"
    "  volume-safe    no path planned in a label volume breaks a limit (2000 scenes)\n"
    "  volume-missed  the same, and no refused scene has a path with 0.2 mm and 0.5 degrees to\n"
    "                 spare (2000 scenes)\n"
    "  volume-best    the best score against a lattice of 1 mm by 4 degrees (200 scenes)\n"
    "  volume-time    processor time of preparation and plan (500 scenes)\n";

struct Wanted {
    int scenes = 2000;
    std::uint64_t first = 1000000;
    double seconds = 1e9;
};

void list(const std::vector<std::string>& faults) {
    for (const auto& fault : faults)
        std::cout << "  " << fault << '\n';
}

int safe(const Wanted& wanted, bool look_for_missed) {
    ProofOptions options;
    options.look_for_missed = look_for_missed;
    options.find_target_mm = 0.6;
    options.find_entry_mm = 2;
    options.seconds = wanted.seconds;
    const Proof p = prove_volume_plans(wanted.first, wanted.scenes, options);
    std::cout << p.scenes << " scenes, " << p.planned << " planned, " << p.refused << " refused, "
              << p.paths << " paths, " << p.unsafe << " unsafe";
    if (look_for_missed) std::cout << ", " << p.missed << " missed";
    std::cout << '\n';
    list(p.faults);
    return p.unsafe == 0 && p.missed == 0 ? 0 : 1;
}

int best(const Wanted& wanted) {
    const Optimality o = prove_volume_optimal(wanted.first, wanted.scenes, 1, 4, wanted.seconds);
    std::cout << o.scenes << " planned scenes, " << o.worse << " more than 1 % worse, worst "
              << 100 * o.worst << " %\n";
    list(o.faults);
    return o.worse == 0 ? 0 : 1;
}

int time(const Wanted& wanted) {
    const VolumeSpeed s = measure_volume_speed(wanted.first, wanted.scenes);
    std::cout << s.scenes << " scenes, " << s.planned << " planned; ms: preparation median "
              << s.prepare_median_ms << "; plan median " << s.plan_median_ms << ", p99 "
              << s.plan_p99_ms << ", worst " << s.plan_worst_ms << "; refusal median "
              << s.refused_median_ms << ", worst " << s.refused_worst_ms << '\n';
    return s.plan_median_ms <= 50 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    Wanted wanted;
    bool known = words.size() % 2 == 1;
    const std::string mode = known ? words[0] : "";
    if (mode == "volume-best") wanted.scenes = 200;
    if (mode == "volume-time") wanted.scenes = 500;
    for (std::size_t i = 1; known && i + 1 < words.size(); i += 2) {
        const char* const value = words[i + 1].c_str();
        if (words[i] == "--scenes") {
            wanted.scenes = std::atoi(value);
        } else if (words[i] == "--first") {
            wanted.first = std::strtoull(value, nullptr, 10);
        } else if (words[i] == "--minutes") {
            wanted.seconds = 60 * std::atof(value);
        } else {
            known = false;
        }
    }
    if (known && (mode == "volume-safe" || mode == "volume-missed"))
        return safe(wanted, mode == "volume-missed");
    if (known && mode == "volume-best") return best(wanted);
    if (known && mode == "volume-time") return time(wanted);
    std::cerr << kUsage;
    return 2;
}
