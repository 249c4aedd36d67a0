// SPDX-License-Identifier: Apache-2.0
//
// The contrast check on simulated injections whose place is known, run by hand.
#include "support/injected_knee.hpp"

#include <guide/segment/contrast_check.hpp>

#include <guide_test/hand_run.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>

namespace {

using namespace guide;

const char* const kUsage =
    "guide_simulated_injections [--first SEED] [--knees N] [--threads T] [--without WHAT] "
    "[--each]\n"
    "Ten injections into each knee. --without tip, volume or view, or several of them with commas: "
    "the check is not told. --each: a line for each, with what fit_contrast.py needs.\n";

constexpr int kInjections = 10;

struct Count {
    int right = 0, wrong = 0, unsure = 0, none = 0;

    void tell(const char* what) const {
        const int sure = right + wrong, all = sure + unsure + none;
        std::printf(
            "%-8s %4d: %4d right, %3d wrong (%.1f %% of the sure right), %4d unsure, %3d "
            "without an answer\n",
            what, all, right, wrong, sure > 0 ? 100.0 * right / sure : 0.0, unsure, none);
    }
};

struct Settings {
    std::uint64_t first = 1;
    int knees = 40, threads = 2;
    std::string without;
    bool each = false;
};

void print_each(std::uint64_t seed, const test::InjectedKnee& made,
                const Expected<segment::ContrastCheck>& check) {
    std::printf("%llu,%d,%.0f,%.2f,", static_cast<unsigned long long>(seed), made.inside ? 1 : 0,
                made.primary_deg, made.injected_ml);
    if (!check) {
        std::printf("%s\n", check.error().code.c_str());
        return;
    }
    const segment::ContrastShape& s = check->shape;
    std::printf("%s,%.3f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f\n",
                std::string(name_of(check->place)).c_str(), check->probability_inside,
                s.pooled.value_or(0), s.offset.value_or(0), s.spread.value_or(0), s.slenderness,
                s.streaks, s.dents, s.sharpness);
}

int run(test::CommandLine words) {
    Settings settings;
    settings.first = words.number("--first", settings.first);
    settings.knees = words.number("--knees", settings.knees);
    settings.threads = words.number("--threads", settings.threads);
    settings.without = words.text("--without");
    settings.each = words.flag("--each");
    if (!words.rest().empty()) throw test::UsageError{};
    const auto told = [&](const char* what) {
        return settings.without.find(what) == std::string::npos;
    };
    std::map<std::string, Count> counts;
    if (settings.each) {
        std::puts(
            "seed,inside,degrees,ml,place,probability,pooled,offset,spread,slenderness,"
            "streaks,dents,sharpness");
    }
    for (int i = 0; i < settings.knees; ++i) {
        const std::uint64_t seed = settings.first + static_cast<std::uint64_t>(i);
        test::inject(seed, kInjections, settings.threads, [&](const test::InjectedKnee& made) {
            segment::ContrastCheckOptions options;
            const bool front = made.primary_deg == 0;
            if (told("view")) options.view = front ? View::xray_ap : View::xray_lateral;
            if (told("tip")) options.tip = made.tip;
            if (told("volume")) options.injected_ml = made.injected_ml;
            const auto check = segment::check_contrast(made.before, made.after, options);
            if (settings.each) print_each(seed, made, check);
            const auto wanted =
                made.inside ? segment::ContrastPlace::inside : segment::ContrastPlace::outside;
            for (const char* what :
                 {"all", front ? "front" : "side", made.inside ? "inside" : "outside"}) {
                Count& c = counts[what];
                (!check                                           ? c.none
                 : check->place == wanted                         ? c.right
                 : check->place == segment::ContrastPlace::unsure ? c.unsure
                                                                  : c.wrong) += 1;
            }
        });
        std::fflush(stdout);
    }
    for (const auto& [what, c] : counts)
        c.tell(what.c_str());
    return 0;
}

}  // namespace

int main(int count, char** words) {
    return test::run_by_hand(kUsage, count, words, run);
}
