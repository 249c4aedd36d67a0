// SPDX-License-Identifier: Apache-2.0
//
// The segmentation and the planner on random knees whose truth is known, run by hand.
#include "support/simulated_knee.hpp"

#include <guide/io/write.hpp>
#include <guide/plan/plan.hpp>
#include <guide/render/overlay.hpp>
#include <guide/segment/segment.hpp>
#include <guide/simulate/tissue.hpp>

#include <guide_test/hand_run.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace guide;

const char* const kUsage =
    "guide_simulated_knees VIEW [--first SEED] [--knees N] [--varied] [--threads T]\n"
    "                      [--pictures DIR]\n"
    "One line for each knee, then what came of all. --varied: knobs, depth and the hand's place "
    "are\n"
    "drawn as well. --pictures: overlays, the truth beside what was found.\n";

struct Wanted {
    View view = View::unknown;
    std::uint64_t first = 1;
    int knees = 200, threads = 2;
    bool varied = false;
    std::string pictures;
};

struct Sum {
    int truth = 0, found = 0, inside = 0, rightly_none = 0, invented = 0;
    int planned = 0, tip_inside = 0, through_bone = 0;
    std::vector<double> dice, bone_mm, missed_mm, thickness_mm;
    std::map<std::string, int> refusals, plan_refusals;
};

/// The path as planned, in the picture: whether it meets what is really bone.
bool meets_bone(const test::SimulatedKnee& knee, PixelPoint from, PixelPoint to) {
    if (knee.labels.width() == 0) return false;
    const int steps = static_cast<int>(4 * std::hypot(to.x - from.x, to.y - from.y)) + 1;
    for (int i = 0; i <= steps; ++i) {
        const double share = static_cast<double>(i) / steps;
        const int x = static_cast<int>(std::lround(from.x + share * (to.x - from.x))),
                  y = static_cast<int>(std::lround(from.y + share * (to.y - from.y)));
        if (x < 0 || y < 0 || x >= knee.labels.width() || y >= knee.labels.height()) continue;
        if (is_bone(static_cast<simulate::Tissue>(knee.labels.view().at(x, y)))) return true;
    }
    return false;
}

void plan_into(Sum& sum, const test::SimulatedKnee& knee, const Anatomy& found) {
    const plan::Plan plan = plan::plan_trajectories(found);
    if (plan.candidates.empty()) {
        ++sum.plan_refusals[plan.reason ? plan.reason->code : "none"];
        return;
    }
    ++sum.planned;
    const plan::Candidate& best = plan.candidates.front();
    if (knee.truth.joint_space) {
        const auto& contours = knee.truth.joint_space->contours;
        sum.tip_inside +=
            std::any_of(contours.begin(), contours.end(),
                        [&](const PixelPolygon& c) { return polygon_contains(c, best.target); })
                ? 1
                : 0;
    }
    sum.through_bone += meets_bone(knee, best.entry, best.target) ? 1 : 0;
}

void work(const Wanted& wanted, std::uint64_t seed, Sum& sum) {
    const test::SimulatedKnee knee =
        test::simulated_knee(seed, wanted.view, wanted.varied, wanted.threads);
    const Anatomy found = segment::find_anatomy(knee.frame, {wanted.view}, {wanted.threads});
    const test::Agreement a = test::agreement(knee, found);
    const bool truth = knee.truth.joint_space.has_value(), mine = found.joint_space.has_value();
    sum.truth += truth ? 1 : 0;
    sum.found += truth && mine ? 1 : 0;
    sum.invented += !truth && mine ? 1 : 0;
    sum.rightly_none += !truth && !mine ? 1 : 0;
    sum.inside += a.target_inside ? 1 : 0;
    if (truth) sum.dice.push_back(a.dice);
    if (a.bone_mm) sum.bone_mm.push_back(*a.bone_mm);
    if (a.missed_mm) sum.missed_mm.push_back(*a.missed_mm);
    if (a.thickness_error_mm) sum.thickness_mm.push_back(std::abs(*a.thickness_error_mm));
    if (mine) {
        plan_into(sum, knee, found);
    } else if (truth) {
        ++sum.refusals[found.joint_space.error().code];
    }
    std::printf(
        "%llu: true %.1f mm, %s, dice %.2f, bone %.2f mm%s\n",
        static_cast<unsigned long long>(seed),
        truth ? knee.truth.joint_space->thickness_mm.value_or(-1) : 0.0,
        mine ? (a.target_inside ? "inside" : "OUTSIDE") : found.joint_space.error().code.c_str(),
        a.dice, a.bone_mm.value_or(-1), truth || !mine ? "" : ", INVENTED");
    if (!wanted.pictures.empty()) {
        const std::string name =
            wanted.pictures + "/" + std::string(name_of(wanted.view)) + "_" + std::to_string(seed);
        io::write_png(name + "_found.png", render::draw_overlay(knee.frame, found, nullptr).view());
        io::write_png(name + "_truth.png",
                      render::draw_overlay(knee.frame, knee.truth, nullptr).view());
    }
}

double mean(const std::vector<double>& v) {
    return v.empty() ? NAN
                     : std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

double percentile(std::vector<double> v, double share) {
    if (v.empty()) return NAN;
    std::sort(v.begin(), v.end());
    return v[static_cast<std::size_t>(share * static_cast<double>(v.size() - 1))];
}

void tell(const char* what, const std::map<std::string, int>& counts) {
    for (const auto& [code, count] : counts)
        std::printf("  %s %s: %d\n", what, code.c_str(), count);
}

void tell(const Wanted& wanted, const Sum& s) {
    std::printf("%s, %d knees from seed %llu%s\n", std::string(name_of(wanted.view)).c_str(),
                wanted.knees, static_cast<unsigned long long>(wanted.first),
                wanted.varied ? ", varied" : "");
    std::printf(
        "  joint space to be seen %d: found %d, target inside %d; dice mean %.3f median "
        "%.3f p10 %.3f\n",
        s.truth, s.found, s.inside, mean(s.dice), percentile(s.dice, 0.5), percentile(s.dice, 0.1));
    std::printf("  none to be seen %d: none found %d\n", s.rightly_none + s.invented,
                s.rightly_none);
    std::printf(
        "  thickness error mean %.2f mm; bone, found to true %.2f mm (median %.2f), true "
        "to found %.2f mm\n",
        mean(s.thickness_mm), mean(s.bone_mm), percentile(s.bone_mm, 0.5), mean(s.missed_mm));
    std::printf("  planned %d, tip inside the true joint space %d, path through true bone %d\n",
                s.planned, s.tip_inside, s.through_bone);
    tell("not found:", s.refusals);
    tell("not planned:", s.plan_refusals);
}

int run(test::CommandLine words) {
    Wanted wanted;
    wanted.first = words.number("--first", wanted.first);
    wanted.knees = words.number("--knees", wanted.knees);
    wanted.threads = words.number("--threads", wanted.threads);
    wanted.varied = words.flag("--varied");
    wanted.pictures = words.text("--pictures");
    if (words.rest().size() != 1) throw test::UsageError{};
    wanted.view = view_from_name(words.rest()[0]).value_or(View::unknown);
    if (wanted.view == View::unknown) throw test::UsageError{};
    if (!wanted.pictures.empty()) std::filesystem::create_directories(wanted.pictures);
    Sum sum;
    for (int i = 0; i < wanted.knees; ++i)
        work(wanted, wanted.first + static_cast<std::uint64_t>(i), sum);
    tell(wanted, sum);
    return 0;
}

}  // namespace

int main(int count, char** words) {
    return test::run_by_hand(kUsage, count, words, run);
}
