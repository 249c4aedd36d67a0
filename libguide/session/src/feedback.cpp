// SPDX-License-Identifier: Apache-2.0
#include "feedback.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace guide::session {
namespace {

using assess::ScoredItem;

constexpr std::size_t kSentences = 3;

struct Words {
    std::string_view code;
    const char* well;
    const char* change;  ///< one %s: the value
};

constexpr Words kWords[] = {
    {"view-area", "The joint space was shown about as large as it can be.",
     "The joint space was not shown well (%s of what can be seen): slide and tilt until it is "
     "widest."},
    {"view-off-middle", "The joint space lay in the middle of the picture.",
     "The joint space lay %s mm off the middle: slide along until it is centred."},
    {"view-off-place", "The probe stood where it should.",
     "The probe stood %s mm beside the usual place: slide it across."},
    {"view-angle", "The probe was held straight.",
     "The probe was turned or tilted by %s degrees: straighten it."},
    {"compartment-hit", "The tip ended in the joint space.",
     "The tip did not end in the joint space: advance until it is seen inside, then act."},
    {"tip-visible-at-end", "You saw the tip at the decisive moment.",
     "The tip was not seen at the decisive moment: find it before you act."},
    {"p-hit", "The tip lay well inside: small errors would not have mattered.",
     "The tip lay close to the wall (probability of a hit %s): aim for the thickest part."},
    {"approach", "You chose an approach that suits this knee.",
     "Choose one of the approaches that suit this knee before you place the needle."},
    {"tip-visible-share", "You kept the tip in sight while you advanced.",
     "Advance only while the tip is seen (%s of the way it was)."},
    {"in-plane-share", "The needle stayed in the picture's plane.",
     "Keep the needle in the picture's plane (%s of the way it was): align it with the probe's "
     "long "
     "side."},
    {"beam-angle", "The needle was flat enough to be seen well.",
     "The needle was steep (%s degrees to the beam): enter farther from the probe."},
    {"bone-contacts", "You did not touch bone.",
     "The tip touched bone or cartilage (times: %s): keep clear of it."},
    {"clearance", "You kept clear of vessels and nerves.",
     "The needle came within %s mm of a vessel or nerve: plan the path around it."},
    {"redirections", "You needed no redirection.",
     "The needle was redirected in the tissue (times: %s): aim before the skin is pierced."},
    {"punctures", "One puncture was enough.", "The skin was pierced more than once (times: %s)."},
    {"tissue-damage", "The needle did not cut sideways through tissue.",
     "The needle swept sideways through tissue (%s mm2): draw back before you turn it."},
    {"time", "You worked swiftly.", "Take less time (%s s) once the steps are sure."},
};

const Words* words_of(const std::string& code) {
    const auto* found = std::find_if(std::begin(kWords), std::end(kWords),
                                     [&](const Words& w) { return w.code == code; });
    return found == std::end(kWords) ? nullptr : found;
}

std::string value_text(const ScoredItem& scored) {
    if (!scored.item.value) return "not measured";
    const double v = *scored.item.value;
    char text[32];
    if (scored.item.unit == "share" || scored.item.unit == "probability") {
        std::snprintf(text, sizeof text, "%.0f %%", 100 * v);
    } else {
        std::snprintf(text, sizeof text, "%.0f", v);
    }
    return text;
}

std::string filled(std::string text, const std::string& value) {
    if (const auto at = text.find("%s"); at != std::string::npos) text.replace(at, 2, value);
    return text;
}

}  // namespace

void add_feedback(SessionScore& score) {
    std::vector<ScoredItem> items = score.score.items;
    const auto& missing = score.score.missing;
    const auto needed = [&](const ScoredItem& s) {
        return std::find(missing.begin(), missing.end(), s.item.code) != missing.end();
    };
    std::stable_sort(items.begin(), items.end(), [&](const ScoredItem& a, const ScoredItem& b) {
        if (needed(a) != needed(b)) return needed(a);
        return a.lost > b.lost;
    });
    for (const ScoredItem& s : items) {
        const Words* words = words_of(s.item.code);
        // There is nothing to say of what could not be measured: another sentence has the cause.
        if (!s.item.value && !needed(s)) continue;
        // What costs less than a point is not worth a sentence.
        if (words != nullptr && score.to_change.size() < kSentences && (needed(s) || s.lost >= 1))
            score.to_change.push_back(filled(words->change, value_text(s)));
    }
    std::stable_sort(items.begin(), items.end(),
                     [](const ScoredItem& a, const ScoredItem& b) { return a.points > b.points; });
    for (const ScoredItem& s : items) {
        const Words* words = words_of(s.item.code);
        if (words != nullptr && score.went_well.size() < kSentences && s.points > 0 &&
            s.share >= 0.9 && !needed(s))
            score.went_well.emplace_back(words->well);
    }
}

}  // namespace guide::session
