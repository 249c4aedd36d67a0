// SPDX-License-Identifier: Apache-2.0
#include "view_words.hpp"

#include "screen_detail.hpp"
#include "screen_words.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace guide::segment {
namespace {

enum class Part { suprapatellar, medial, lateral, posterior, trochlea, along, across, knee };

struct Word {
    const char* text;
    Part part;
};

constexpr Word kWords[] = {{"SUPRAPAT", Part::suprapatellar},
                           {"SUPRAPATELLAR", Part::suprapatellar},
                           {"SUPRA", Part::suprapatellar},
                           {"MED", Part::medial},
                           {"MEDIAL", Part::medial},
                           {"LAT", Part::lateral},
                           {"LATERAL", Part::lateral},
                           {"POST", Part::posterior},
                           {"POSTERIOR", Part::posterior},
                           {"POPLITEAL", Part::posterior},
                           {"BAKER", Part::posterior},
                           {"BAKERS", Part::posterior},
                           {"TROCHLEA", Part::trochlea},
                           {"TROCH", Part::trochlea},
                           {"LONG", Part::along},
                           {"LONGITUDINAL", Part::along},
                           {"SAG", Part::along},
                           {"SAGITTAL", Part::along},
                           {"TRANS", Part::across},
                           {"TRANSVERSE", Part::across},
                           {"AXIAL", Part::across},
                           {"KNEE", Part::knee},
                           {"FLEX", Part::knee},
                           // Common words of screens that should not be taken for those above.
                           {"GEN", Part::knee},
                           {"RES", Part::knee},
                           {"PEN", Part::knee},
                           {"MSK", Part::knee}};
constexpr std::array kNoise = {"GEN", "RES", "PEN", "MSK"};

// A word may be some letters' width away from its neighbour in a line, in heights.
constexpr double kLineGap = 4;

Part part_of(const std::string& word) {
    return std::find_if(std::begin(kWords), std::end(kWords),
                        [&](const Word& w) { return word == w.text; })
        ->part;
}

bool is_noise(const ScreenWord& word) {
    return std::find(kNoise.begin(), kNoise.end(), word.text) != kNoise.end();
}

bool goes_on(const ScreenWord& a, const ScreenWord& b) {
    const int height = a.box.height();
    return std::abs(a.box.y0 - b.box.y0) <= 0.3 * height &&
           b.box.x0 - a.box.x1 <= kLineGap * height;
}

/// The view that the words of one line say; unknown where they do not say enough.
WrittenView view_of(const std::vector<ScreenWord>& line) {
    WrittenView result{View::unknown, "", 1};
    std::optional<Part> place;
    bool along = false, across = false, knee = false;
    for (const ScreenWord& word : line) {
        const Part part = part_of(word.text);
        along |= part == Part::along;
        across |= part == Part::across;
        knee |= part == Part::knee;
        if (part < Part::along) {
            if (place && *place != part) return {};
            place = part;
        }
        result.words += (result.words.empty() ? "" : " ") + word.text;
        result.likeness = std::min(result.likeness, word.likeness);
    }
    if (!place || (along && across)) return {};
    if (*place == Part::trochlea) {
        result.view = View::trochlea;
    } else if (*place == Part::suprapatellar) {
        if (along) result.view = View::suprapatellar_long;
        if (across) result.view = View::suprapatellar_transverse;
    } else if (along || across || knee) {  // short words alone may mean anything
        result.view = *place == Part::medial    ? View::medial
                      : *place == Part::lateral ? View::lateral
                                                : View::posterior;
    }
    return result;
}

}  // namespace

std::optional<WrittenView> find_written_view(ImageView<const float> screen) {
    const cv::Mat1b grey = grey_levels(screen);
    const cv::Mat1b detail = small_and_bright(grey, std::clamp(2 * (grey.rows / 40) + 1, 15, 51));
    std::vector<std::string> list;
    for (const Word& word : kWords)
        list.emplace_back(word.text);
    std::vector<ScreenWord> words = find_words(detail, list);
    words.erase(std::remove_if(words.begin(), words.end(), is_noise), words.end());

    std::optional<WrittenView> result;
    for (std::size_t first = 0; first < words.size();) {
        std::size_t end = first + 1;
        while (end < words.size() && goes_on(words[end - 1], words[end]))
            ++end;
        const WrittenView found = view_of({words.begin() + static_cast<std::ptrdiff_t>(first),
                                           words.begin() + static_cast<std::ptrdiff_t>(end)});
        first = end;
        if (found.view == View::unknown) continue;
        if (result && result->view != found.view) return std::nullopt;
        if (!result) result = found;
    }
    return result;
}

}  // namespace guide::segment
