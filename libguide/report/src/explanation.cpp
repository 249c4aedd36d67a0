// SPDX-License-Identifier: Apache-2.0
#include <guide/report/explanation.hpp>
#include <guide/report/volume.hpp>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

namespace guide::report {
namespace {

std::string number(double value, int decimals = 1) {
    std::ostringstream out;
    out << std::fixed << std::setprecision(decimals) << value;
    std::string text = out.str();
    if (text.find('.') != std::string::npos) {
        while (text.back() == '0')
            text.pop_back();
        if (text.back() == '.') text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

std::string mm(double value) {
    return number(value, value < 10 ? 1 : 0) + " mm";
}

std::string in_a_hundred(double p) {
    const double share = std::clamp(100 * p, 0.0, 100.0);
    if (share > 99 && share < 100) return "more than 99 of 100";
    if (share < 1 && share > 0) return "fewer than 1 of 100";
    return number(share, 0) + " of 100";
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
        text += words[i];
    }
    return text;
}

std::string degrees(double value) {
    const std::string text = number(value, 0);
    return text + (text == "1" ? " degree" : " degrees");
}

std::string amount_of(double value, const std::string& unit) {
    const std::string name = unit == "deg" ? " degrees" : " " + unit;
    return value < 0.05 ? "less than 0.1" + name : number(value) + name;
}

/// Without its full stop, to stand within a sentence.
std::string clause(std::string text) {
    if (!text.empty() && text.back() == '.') text.pop_back();
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z')
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

bool on_radiograph(const plan::Plan& plan) {
    return plan.approach_used && (plan.approach_used->entry == plan::EntryRule::frame_side ||
                                  plan.approach_used->entry == plan::EntryRule::along_beam);
}

/// Where the entry lies, seen from the tip, and in the volume's own coordinates.
std::string place_in_patient(const plan::PatientPath& path) {
    const Eigen::Vector3d way = path.entry_mm - path.target_mm;
    const auto part = [&](int axis, const char* more, const char* less) {
        const double value = way[axis];
        return mm(std::abs(value)) + " " + (value > 0 ? more : less);
    };
    const auto at = [](const Eigen::Vector3d& p) {
        return number(p.x()) + ", " + number(p.y()) + ", " + number(p.z());
    };
    return "Enter the skin at " + at(path.entry_mm) + " for the tip at " + at(path.target_mm) +
           " (LPS, mm), which is " + part(0, "to the patient's left", "to the patient's right") +
           ", " + part(1, "behind", "in front") + " and " +
           part(2, "towards the head", "towards the feet") + " of where the tip is to be";
}

/// "beside the left end of the probe" and how far, from where the probe's face ends.
std::string place_of(const plan::Candidate& c, const Anatomy& anatomy, const plan::Plan& plan) {
    if (c.in_patient) return place_in_patient(*c.in_patient);
    const bool left = c.entry.x < c.target.x;
    if (plan.approach_used && plan.approach_used->entry == plan::EntryRule::along_beam)
        return "Enter along the beam, over the target";
    if (on_radiograph(plan)) {
        return std::string("Enter from the ") + (left ? "left" : "right") + " side of the picture";
    }
    if (c.out_of_plane_mm) {
        return "Enter " + mm(*c.out_of_plane_mm) +
               " in front of the image plane (or as far behind it), out of plane";
    }
    const std::string end = left ? "left" : "right";
    if (!c.entry_mm || anatomy.skin.size() < 2 || !anatomy.grid.spacing)
        return "Enter beside the probe's " + end + " end in the picture";
    const PixelPoint edge = left ? anatomy.skin.front() : anatomy.skin.back();
    const double beside = distance(*c.entry_mm, to_mm(edge, *anatomy.grid.spacing));
    return "Enter " + mm(beside) + " beside the end of the probe that is on the picture's " + end;
}

Paragraph way_in(const plan::Candidate& c, const Anatomy& anatomy, const plan::Plan& plan) {
    Paragraph p{"The way in", {}};
    const std::string what = on_radiograph(plan) ? "the picture's horizontal" : "the probe's face";
    std::string first = place_of(c, anatomy, plan);
    if (!plan.approach_used || plan.approach_used->entry != plan::EntryRule::along_beam)
        first += ", at " + degrees(c.angle_deg) + " to " + what;
    p.sentences.push_back(first + ".");
    if (c.path_mm && !on_radiograph(plan)) {
        p.sentences.push_back("The tip is at its target after " + mm(*c.path_mm) + " of the " +
                              mm(plan.needle.length_mm) + " needle.");
    }
    if (!c.layers.empty()) {
        std::vector<std::string> words;
        for (const auto& l : c.layers)
            words.push_back(l.name + " (" + mm(l.to_mm - l.from_mm) + ")");
        p.sentences.push_back("It goes through " + listed(words) + ".");
    }
    if (c.unseen_mm && *c.unseen_mm > 0.5) {
        p.sentences.push_back("The first " + mm(*c.unseen_mm) +
                              " lie outside what the picture shows.");
    }
    std::vector<std::string> gaps;
    for (const auto& [kind, gap] : c.clearance_mm) {
        if (kind == "wall") continue;
        gaps.push_back(mm(gap) + " from " + (kind == "bone" ? "bone" : "the " + kind));
    }
    if (!gaps.empty()) p.sentences.push_back("On the way the needle keeps " + listed(gaps) + ".");
    if (const auto wall = c.clearance_mm.find("wall"); wall != c.clearance_mm.end()) {
        p.sentences.push_back("The tip lies " + mm(wall->second) +
                              " inside the joint space's wall.");
    }
    return p;
}

Paragraph certainty(const plan::Candidate& c, const plan::Plan& plan) {
    Paragraph p{"How sure it is", {}};
    if (!c.p_hit) return p;
    p.sentences.push_back("With the errors assumed below, the tip ends in the joint space in " +
                          in_a_hundred(*c.p_hit) + " insertions.");
    // The two assumptions that matter most.
    auto order = c.sensitivities;
    std::ranges::stable_sort(order, [&](const auto& a, const auto& b) {
        return std::abs(a.p_hit - *c.p_hit) > std::abs(b.p_hit - *c.p_hit);
    });
    for (std::size_t i = 0; i < std::min<std::size_t>(2, order.size()); ++i) {
        if (std::abs(order[i].p_hit - *c.p_hit) < 0.005) break;
        p.sentences.push_back("With the " + order[i].assumption + " it would be " +
                              in_a_hundred(order[i].p_hit) + ".");
    }
    if (plan.approach_used && plan.approach_used->accuracy) {
        p.sentences.push_back(
            "Published for this approach, over joint spaces of all sizes and with the tip "
            "corrected under view: " +
            in_a_hundred(*plan.approach_used->accuracy) + ".");
    }
    return p;
}

std::string compared(const plan::Candidate& other, const plan::Candidate& best,
                     const plan::Plan& plan) {
    std::vector<std::string> words;
    const auto gap = [](const plan::Candidate& c) {
        const auto found = c.clearance_mm.find("bone");
        return found == c.clearance_mm.end() ? std::nullopt : std::optional<double>(found->second);
    };
    if (other.p_hit && best.p_hit && std::abs(*other.p_hit - *best.p_hit) >= 0.01)
        words.push_back("hits in " + in_a_hundred(*other.p_hit));
    if (std::abs(other.angle_deg - best.angle_deg) >= 1)
        words.push_back("comes in at " + degrees(other.angle_deg));
    // On a radiograph a path begins at the frame's side: its length says nothing.
    if (!on_radiograph(plan) && other.path_mm && best.path_mm &&
        std::abs(*other.path_mm - *best.path_mm) >= 1)
        words.push_back("is " + mm(*other.path_mm) + " long");
    if (gap(other) && gap(best) && std::abs(*gap(other) - *gap(best)) >= 0.3)
        words.push_back("keeps " + mm(*gap(other)) + " from bone");
    return words.empty() ? "is nearly the same" : listed(words);
}

Paragraph choice(const plan::Plan& plan) {
    Paragraph p{"Why this path", {}};
    const auto& best = plan.candidates.front();
    p.sentences.push_back("Of " + std::to_string(plan.tried) + " paths tried, " +
                          std::to_string(plan.allowed) +
                          (plan.status == plan::PlanStatus::uncalibrated
                               ? " broke none of the limits that hold without a scale."
                               : " broke no limit."));
    const auto add = [&](const char* name, const std::optional<plan::Candidate>& other) {
        if (!other) return;
        p.sentences.push_back(std::string("The ") + name + " of them " +
                              compared(*other, best, plan) + ".");
    };
    add("safest", plan.safest);
    if (!on_radiograph(plan)) {
        add("shortest", plan.shortest);
        add("most visible", plan.most_visible);
    }
    if (plan.candidates.size() > 1) {
        p.sentences.push_back("The second choice " + compared(plan.candidates[1], best, plan) +
                              ".");
    }
    const bool others_hit_more = std::ranges::any_of(plan.candidates, [&](const auto& c) {
        return c.p_hit && best.p_hit && *c.p_hit > *best.p_hit + 0.01;
    });
    if (others_hit_more && plan.approach_used &&
        plan.approach_used->target == plan::TargetRule::surest_first) {
        p.sentences.push_back(
            "Paths to where the joint space was seen most surely rank first, even where another "
            "would hit more often if its outline is right.");
    }
    return p;
}

Paragraph refusals(const plan::Plan& plan) {
    Paragraph p{plan.candidates.empty() ? "Why there is no path" : "What was ruled out", {}};
    if (plan.candidates.empty() && plan.reason) p.sentences.push_back(plan.reason->text);
    auto order = plan.rejected;
    std::ranges::stable_sort(order, std::ranges::greater{}, &plan::Rejection::count);
    for (const auto& r : order) {
        p.sentences.push_back(std::to_string(r.count) + (r.count == 1 ? " path: " : " paths: ") +
                              clause(r.text) + "; the nearest missed by " +
                              amount_of(r.closest, r.unit) + ".");
    }
    if (order.size() > 1) p.sentences.push_back("A path may break several limits.");
    return p;
}

Paragraph assumptions(const plan::Plan& plan) {
    Paragraph p{"What was assumed", {}};
    if (plan.approach_used) {
        const auto& a = *plan.approach_used;
        p.sentences.push_back("Approach " + a.name + ": " + a.text);
        p.sentences.push_back((a.position.empty() ? "" : "Position: " + a.position + "; ") +
                              (a.position.empty() ? "Knee" : "knee") + " flexed " +
                              number(a.flexion_low_deg, 0) + " to " +
                              number(a.flexion_high_deg, 0) + " degrees.");
        if (!a.source.empty()) {
            p.sentences.push_back("Sources (numbers: docs/literature.md): " + a.source +
                                  (a.source.back() == '.' ? "" : "."));
        }
    }
    if (!plan.candidates.empty() && plan.candidates[0].tip_ellipse) {
        const auto& e = *plan.candidates[0].tip_ellipse;
        const bool round = mm(e.major_mm) == mm(e.minor_mm);
        p.sentences.push_back("The tip scatters about its target by " +
                              (round ? "" : number(e.minor_mm) + " to ") + mm(e.major_mm) +
                              " (one standard deviation): aim, outline, scale, " +
                              (on_radiograph(plan) ? "" : "speed of sound, ") +
                              "tissue motion and bending together.");
    }
    if (!plan.candidates.empty() && plan.candidates[0].unseen_mm) {
        p.sentences.emplace_back(
            "The skin beside the probe is taken to lie level with its face. Where the limb falls "
            "away, as a thigh does by some millimetres to a centimetre and a half, the needle "
            "meets the skin so much later on the same line.");
    }
    if (!plan.candidates.empty() && plan.candidates[0].in_patient) {
        const Eigen::Vector3d& axes = plan.candidates[0].in_patient->tip_axes_mm;
        p.sentences.push_back("The tip scatters about its target by " + number(axes.z()) + " to " +
                              mm(axes.x()) +
                              " (one standard deviation): aim, border of the labels, scale, speed "
                              "of sound, tissue motion and bending together.");
        p.sentences.emplace_back(
            "The path was planned on the labels alone; where the probe stands and what it shows "
            "was not. Labels are taken to be where they are drawn, with the knee as bent as when "
            "it was imaged.");
    }
    p.sentences.emplace_back(kNotice);
    return p;
}

Paragraph help(const Anatomy& anatomy, const plan::Plan& plan) {
    Paragraph p{"What would help", {}};
    for (const auto& r : plan.remedies)
        p.sentences.push_back(r.text);
    if (plan.remedies.empty() && anatomy.joint_space) {
        p.sentences.push_back(
            "Neither a longer needle, nor an entry farther away, nor one limit less would give a "
            "path: choose another view or another place of the probe.");
    }
    return p;
}

std::string wrapped(const std::string& text, std::size_t indent) {
    constexpr std::size_t kWidth = 80;
    std::istringstream words(text);
    std::string line(indent, ' '), result, word;
    line[0] = '-';
    while (words >> word) {
        if (line.size() + word.size() + 1 > kWidth && line.size() > indent) {
            result += line + "\n";
            line = std::string(indent, ' ');
        }
        line += (line.size() > indent ? " " : "") + word;
    }
    return result + line + "\n";
}

}  // namespace

std::vector<Paragraph> explain_plan(const Anatomy& anatomy, const plan::Plan& plan) {
    // What to do and what to mind come first, then why, then what it rests on.
    std::vector<Paragraph> all;
    Paragraph mind{"Mind", {}};
    for (const auto& w : plan.injection.warnings)
        mind.sentences.push_back("Injection: " + w.text);
    if (!plan.candidates.empty()) {
        const auto& best = plan.candidates.front();
        Paragraph way = way_in(best, anatomy, plan);
        if (plan.reason) way.sentences.insert(way.sentences.begin(), plan.reason->text);
        all.push_back(std::move(way));
        for (auto w = best.warnings.rbegin(); w != best.warnings.rend(); ++w)
            mind.sentences.insert(mind.sentences.begin(), w->text);
        all.push_back(std::move(mind));
        all.push_back(certainty(best, plan));
        all.push_back(choice(plan));
        all.push_back(refusals(plan));
    } else {
        all.push_back(refusals(plan));
        all.push_back(help(anatomy, plan));
        all.push_back(std::move(mind));
    }
    all.push_back(assumptions(plan));
    std::erase_if(all, [](const Paragraph& p) { return p.sentences.empty(); });
    return all;
}

std::vector<Paragraph> explain_volume_plan(const std::vector<Reason>& notes,
                                           const plan::Plan& plan) {
    std::vector<Paragraph> all = explain_plan(Anatomy{}, plan);
    if (plan.candidates.empty()) {
        // What stands for frames speaks of the probe's place.
        Paragraph p{"What would help", {}};
        for (const auto& r : plan.remedies)
            p.sentences.push_back(r.text);
        std::erase_if(all, [&](const Paragraph& other) { return other.heading == p.heading; });
        if (!p.sentences.empty()) all.insert(all.begin() + 1, std::move(p));
    }
    const auto told = [&](const Reason& note) {
        return !plan.candidates.empty() &&
               std::ranges::any_of(plan.candidates[0].warnings,
                                   [&](const Reason& w) { return w.code == note.code; });
    };
    std::vector<std::string>& assumed = all.back().sentences;
    for (const Reason& note : notes) {
        if (!told(note)) assumed.insert(assumed.end() - 1, note.text);
    }
    return all;
}

namespace {

std::string text_of(const std::vector<Paragraph>& paragraphs) {
    std::string text;
    for (const Paragraph& p : paragraphs) {
        text += (text.empty() ? "" : "\n") + p.heading + "\n";
        for (const std::string& s : p.sentences)
            text += wrapped(s, 2);
    }
    return text;
}

}  // namespace

std::string explanation_text(const Anatomy& anatomy, const plan::Plan& plan) {
    return text_of(explain_plan(anatomy, plan));
}

std::string volume_explanation_text(const std::vector<Reason>& notes, const plan::Plan& plan) {
    return text_of(explain_volume_plan(notes, plan));
}

}  // namespace guide::report
