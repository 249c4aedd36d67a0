// SPDX-License-Identifier: Apache-2.0
//
// The long form of proof_test.cpp, run by hand.
#include "support/proof.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace guide::test;

const char* const kUsage =
    "guide_plan_proof safe|missed|best|hits|time [--scenes N] [--first SEED] [--minutes M]\n"
    "  safe    no planned path breaks a limit (100000 scenes)\n"
    "  missed  the same, and no refused scene has a path with 0.2 mm and 0.5 degrees to spare\n"
    "          (1000 scenes; the search for such paths is most of the time)\n"
    "  best    the best score against a grid of 0.5 by 1 mm (1000 scenes)\n"
    "  hits    predicted against observed hits, by decile (5000 insertions)\n"
    "  time    processor time of plans and checks, four obstacles (1000 scenes)\n";

struct Wanted {
    int scenes = 0;
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
    options.seconds = wanted.seconds;
    const Proof p = prove_plans(wanted.first, wanted.scenes, options);
    std::cout << p.scenes << " scenes, " << p.planned << " planned, " << p.refused << " refused, "
              << p.paths << " paths, " << p.unsafe << " unsafe";
    if (look_for_missed) std::cout << ", " << p.missed << " missed";
    std::cout << '\n';
    list(p.faults);
    return p.unsafe == 0 && p.missed == 0 ? 0 : 1;
}

int best(const Wanted& wanted) {
    const Optimality o = prove_optimal(wanted.first, wanted.scenes, 0.5, 1, wanted.seconds);
    std::cout << o.scenes << " planned scenes, " << o.worse << " more than 1 % worse, worst "
              << 100 * o.worst << " %\n";
    list(o.faults);
    return o.worse == 0 ? 0 : 1;
}

int hits(const Wanted& wanted) {
    bool close = true;
    std::cout << std::fixed << std::setprecision(3)
              << "decile  insertions  predicted  observed  difference\n";
    const Calibration calibration = simulate_insertions(wanted.scenes, 40);
    for (std::size_t i = 0; i < calibration.deciles.size(); ++i) {
        const auto& d = calibration.deciles[i];
        std::cout << std::setw(6) << i + 1 << std::setw(12) << d.insertions << std::setw(11)
                  << d.predicted << std::setw(10) << d.observed << std::setw(12)
                  << d.observed - d.predicted << '\n';
        if (d.insertions >= 50 && std::abs(d.observed - d.predicted) > 0.02) close = false;
    }
    return close ? 0 : 1;
}

int time(const Wanted& wanted) {
    const Speed s = measure_speed(wanted.first, wanted.scenes);
    std::cout << s.scenes << " scenes with four obstacles, ms: plan median " << s.plan_median_ms
              << ", p99 " << s.plan_p99_ms << ", worst " << s.plan_worst_ms << "; check median "
              << s.check_median_ms << ", p99 " << s.check_p99_ms << ", worst " << s.check_worst_ms
              << '\n';
    return s.plan_median_ms <= 5 && s.plan_p99_ms <= 10 && s.check_p99_ms <= 0.2 ? 0 : 1;
}

int wrong_usage() {
    std::cerr << kUsage;
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.empty() || words.size() % 2 == 0) return wrong_usage();
    const std::string& mode = words[0];
    Wanted wanted;
    wanted.scenes = mode == "safe" ? 100000 : mode == "hits" ? 5000 : 1000;
    for (std::size_t i = 1; i + 1 < words.size(); i += 2) {
        const char* const value = words[i + 1].c_str();
        if (words[i] == "--scenes") {
            wanted.scenes = std::atoi(value);
        } else if (words[i] == "--first") {
            wanted.first = std::strtoull(value, nullptr, 10);
        } else if (words[i] == "--minutes") {
            wanted.seconds = 60 * std::atof(value);
        } else {
            return wrong_usage();
        }
    }
    if (mode == "safe" || mode == "missed") return safe(wanted, mode == "missed");
    if (mode == "best") return best(wanted);
    if (mode == "hits") return hits(wanted);
    if (mode == "time") return time(wanted);
    return wrong_usage();
}
