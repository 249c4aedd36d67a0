// SPDX-License-Identifier: Apache-2.0
//
// What tells views apart, measured on pictures of known view: training/fit_views.py reads it. Run
// by hand.
#include "support/simulated_knee.hpp"
#include "ultrasound_bone.hpp"
#include "view_recognition.hpp"

#include <guide/io/frame_source.hpp>
#include <guide/segment/content_box.hpp>
#include <guide/segment/frame_scale.hpp>

#include <guide_test/hand_run.hpp>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

namespace {

using namespace guide;

const char* const kUsage =
    "guide_view_features LIST.csv\n"
    "guide_view_features --knees N [--first SEED]\n"
    "One line for each picture: name, view, group, thirteen measurements, and what the library "
    "makes\n"
    "of it: view and probability. LIST: path, mm per px (0: read off the screen), view, group "
    "(whose\n"
    "picture it is; \"whole...\": there is no screen about the picture).\n";

void tell(const std::string& name, const std::string& view, const std::string& group,
          const Frame& frame, PixelBox box) {
    const auto look = segment::look_for_view(frame, box);
    if (!look) {
        std::fprintf(stderr, "%s: %s\n", name.c_str(), look.error().code.c_str());
        return;
    }
    std::printf("%s,%s,%s", name.c_str(), view.c_str(), group.c_str());
    for (const double value : look->features.values())
        std::printf(",%.6g", value);
    const std::string best =
        look->view == View::unknown ? "none" : std::string(name_of(look->view));
    std::printf(",%s,%.3f\n", best.c_str(), look->probability);
}

void tell_list(const char* file) {
    std::ifstream list(file);
    for (std::string line; std::getline(list, line);) {
        std::istringstream words(line);
        std::string path, mm, view, group;
        std::getline(words, path, ',');
        std::getline(words, mm, ',');
        std::getline(words, view, ',');
        std::getline(words, group, ',');
        Frame frame = io::open(path)->read(0);
        if (const double size = std::stod(mm); size > 0) {
            segment::scale_by_user(frame, {size, size});
        } else {
            segment::scale_by_ruler(frame);
        }
        PixelBox box = frame.content_box.value_or(frame.grid().bounds());
        if (!frame.content_box && group.rfind("whole", 0) != 0) {
            const auto found = segment::find_content_box(frame.intensity.view());
            if (!found) continue;
            box = *found;
        }
        tell(path, view, group, frame, box);
    }
}

void tell_knees(std::uint64_t first, int knees) {
    constexpr View kViews[] = {View::suprapatellar_long,
                               View::suprapatellar_transverse,
                               View::medial,
                               View::lateral,
                               View::posterior,
                               View::trochlea,
                               View::bone};
    for (int i = 0; i < knees; ++i) {
        const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
        const View view = kViews[seed % std::size(kViews)];
        const test::SimulatedKnee knee = test::simulated_knee(seed, view, true);
        tell(std::to_string(seed), std::string(name_of(view)), "knee" + std::to_string(seed),
             knee.frame, knee.frame.grid().bounds());
    }
}

int run(test::CommandLine words) {
    const auto first = words.number<std::uint64_t>("--first", 1);
    if (const int knees = words.number("--knees", 0); knees > 0 && words.rest().empty()) {
        tell_knees(first, knees);
    } else if (knees == 0 && words.rest().size() == 1) {
        tell_list(words.rest()[0].c_str());
    } else {
        throw test::UsageError{};
    }
    return 0;
}

}  // namespace

int main(int count, char** words) {
    return test::run_by_hand(kUsage, count, words, run);
}
