// SPDX-License-Identifier: Apache-2.0
//
// Widths and landmarks on simulated radiographs whose truth is known, run by hand.
#include "radiograph_landmarks.hpp"
#include "radiograph_widths.hpp"
#include "support/radiographed_knee.hpp"

#include <guide/segment/segment.hpp>

#include <guide_test/hand_run.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace guide;

const char* const kUsage =
    "guide_measured_knees [--first SEED] [--knees N] [--threads T] [--each]\n"
    "Three frames of each knee. --each: a line for each knee and each landmark that is off.\n";

constexpr int kFrames = 3;
constexpr double kLandmarkMm = 2;

struct Count {
    int right = 0, all = 0;

    void add(bool is_right) {
        ++all;
        right += is_right ? 1 : 0;
    }
    [[nodiscard]] double percent() const { return all > 0 ? 100.0 * right / all : 0; }
};

struct Sum {
    int knees = 0, found = 0;
    std::vector<double> width, mean_width, variance;  // errors mm, errors mm, mm2
    Count bone_on_bone, landmarks, touching;
    std::map<std::string, Count> each_landmark;
};

double mean_of(const std::vector<double>& v) {
    double sum = 0;
    for (const double x : v)
        sum += x;
    return v.empty() ? NAN : sum / static_cast<double>(v.size());
}

std::vector<double> sizes_of(std::vector<double> v) {
    for (double& x : v)
        x = std::abs(x);
    std::sort(v.begin(), v.end());
    return v;
}

/// Both compartments' widths in repeated frames: their variance.
void add_repeats(const std::vector<JointWidths>& repeats, Sum& sum) {
    for (const auto member : {&JointWidths::left_mm, &JointWidths::right_mm}) {
        double mean = 0, squares = 0;
        for (const JointWidths& w : repeats)
            mean += *(w.*member) / static_cast<double>(repeats.size());
        for (const JointWidths& w : repeats)
            squares += (*(w.*member) - mean) * (*(w.*member) - mean);
        sum.variance.push_back(squares / static_cast<double>(repeats.size() - 1));
    }
}

void compare(std::uint64_t seed, const JointSpace& found, const segment::JointEdges& truth,
             const Spacing& spacing, bool each, Sum& sum) {
    const JointWidths widths = segment::measure_widths(truth, spacing);
    const JointWidths& mine = *found.widths;
    sum.width.push_back(*mine.left_mm - *widths.left_mm);
    sum.width.push_back(*mine.right_mm - *widths.right_mm);
    sum.mean_width.push_back(*mine.left_mean_mm - *widths.left_mean_mm);
    sum.mean_width.push_back(*mine.right_mean_mm - *widths.right_mean_mm);
    const bool touch = *widths.minimum_mm < spacing.x_mm;  // to within a pixel
    sum.bone_on_bone.add(touch == mine.bone_on_bone);
    if (touch) sum.touching.add(mine.bone_on_bone);
    if (each) {
        std::printf("%llu: left %.2f (true %.2f), right %.2f (true %.2f) mm%s\n",
                    static_cast<unsigned long long>(seed), *mine.left_mm, *widths.left_mm,
                    *mine.right_mm, *widths.right_mm, mine.bone_on_bone ? ", bone on bone" : "");
    }
    const auto marks = segment::find_landmarks(truth);
    for (std::size_t i = 0; i < marks.size() && i < found.landmarks.size(); ++i) {
        const PixelPoint a = marks[i].at, b = found.landmarks[i].at;
        const double off = std::hypot((a.x - b.x) * spacing.x_mm, (a.y - b.y) * spacing.y_mm);
        sum.landmarks.add(off <= kLandmarkMm);
        sum.each_landmark[marks[i].name].add(off <= kLandmarkMm);
        if (each && off > kLandmarkMm) std::printf("  %s %.1f mm\n", marks[i].name.c_str(), off);
    }
}

void work(std::uint64_t seed, int threads, bool each, Sum& sum) {
    const test::RadiographedKnee knee = test::radiographed_knee(seed, kFrames, threads);
    if (knee.truth.columns() == 0) return;
    ++sum.knees;
    std::vector<JointWidths> repeats;
    for (const Frame& frame : knee.frames) {
        const Anatomy found = segment::find_anatomy(frame, {View::xray_ap}, {threads});
        if (!found.joint_space) {
            std::printf("%llu: %s\n", static_cast<unsigned long long>(seed),
                        found.joint_space.error().code.c_str());
            return;
        }
        if (repeats.empty())
            compare(seed, *found.joint_space, knee.truth, *frame.spacing, each, sum);
        repeats.push_back(*found.joint_space->widths);
    }
    ++sum.found;
    add_repeats(repeats, sum);
}

void tell(const Sum& sum) {
    const auto width = sizes_of(sum.width), mean_width = sizes_of(sum.mean_width);
    std::printf("%d knees, joint space found in %d\n", sum.knees, sum.found);
    if (width.empty()) return;
    std::printf(
        "narrowest width of a compartment: error %.3f mm in the mean (bias %+.3f, 95 %% "
        "below %.2f), repeated %.3f mm (SD)\n",
        mean_of(width), mean_of(sum.width), width[width.size() * 95 / 100],
        std::sqrt(mean_of(sum.variance)));
    std::printf("mean width of a compartment: error %.3f mm (bias %+.3f)\n", mean_of(mean_width),
                mean_of(sum.mean_width));
    std::printf("bone on bone or not: right %.1f %% of %d; of %d that touch %d\n",
                sum.bone_on_bone.percent(), sum.bone_on_bone.all, sum.touching.all,
                sum.touching.right);
    std::printf("landmarks within %.0f mm: %.1f %% of %d\n", kLandmarkMm, sum.landmarks.percent(),
                sum.landmarks.all);
    for (const auto& [name, count] : sum.each_landmark)
        std::printf("  %-26s %.1f %%\n", name.c_str(), count.percent());
}

int run(test::CommandLine words) {
    const auto first = words.number<std::uint64_t>("--first", 1);
    const int knees = words.number("--knees", 300), threads = words.number("--threads", 2);
    const bool each = words.flag("--each");
    if (!words.rest().empty()) throw test::UsageError{};
    Sum sum;
    for (int i = 0; i < knees; ++i) {
        work(first + static_cast<std::uint64_t>(i), threads, each, sum);
        std::fflush(stdout);
    }
    tell(sum);
    return 0;
}

}  // namespace

int main(int count, char** words) {
    return test::run_by_hand(kUsage, count, words, run);
}
