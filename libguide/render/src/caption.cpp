// SPDX-License-Identifier: Apache-2.0
#include "caption.hpp"

#include "palette.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

namespace guide::render {
namespace {

// Below this a joint space is shown in no reassuring colour; plan warns from the same figure on.
constexpr double kLowConfidence = 0.5;

bool is_doubtful(const Content& content) {
    const auto& joint = content.anatomy.joint_space;
    return joint && !(joint->confidence >= kLowConfidence);
}

// Proper names; an approach that is not in the table is spelt as its code is.
std::string approach_name(std::string_view code) {
    struct Name {
        std::string_view code, text;
    };
    static constexpr std::array<Name, 5> kNames{{{"superolateral", "Superolateral"},
                                                 {"midlateral", "Midlateral"},
                                                 {"mid-medial", "Mid-medial"},
                                                 {"bakers-cyst", "Baker's cyst"},
                                                 {"ap-joint-line", "AP joint line"}}};
    const auto found = std::ranges::find(kNames, code, &Name::code);
    return found == kNames.end() ? spoken(code) : std::string(found->text);
}

std::string title_of(const Content& content) {
    std::string title = content.anatomy.view == View::unknown
                            ? std::string("Knee")
                            : spoken(name_of(content.anatomy.view));
    if (content.anatomy.view_confidence) {
        title += " (recognised, " + fixed(100 * *content.anatomy.view_confidence, 0) + " %)";
    }
    return title;
}

void add_status(const Content& content, Caption& caption) {
    const bool doubtful = is_doubtful(content);
    if (!content.plan) {
        const bool found = content.anatomy.joint_space.has_value();
        const bool bones = !content.anatomy.bones.empty();
        caption.status = doubtful ? "JOINT SPACE - LOW CONFIDENCE"
                         : found  ? "JOINT SPACE FOUND"
                         : bones  ? "BONE ONLY"
                                  : "NO JOINT SPACE";
        caption.status_colour = found && !doubtful ? palette::kGood : palette::kWarn;
        return;
    }
    switch (content.plan->status) {
        case plan::PlanStatus::planned:
            caption.status = doubtful ? "PLANNED - LOW CONFIDENCE" : "PLANNED";
            caption.status_colour = doubtful ? palette::kWarn : palette::kGood;
            return;
        case plan::PlanStatus::uncalibrated:
            caption.status = "NOT CALIBRATED";
            caption.status_colour = palette::kWarn;
            return;
        case plan::PlanStatus::refused:
            caption.status = "NO PLAN";
            caption.status_colour = palette::kBad;
            return;
    }
}

std::string pixels(double value) {
    return fixed(value, 0) + " px";
}
std::string millimetres(double value, int decimals = 1) {
    return fixed(value, decimals) + " mm";
}

void add_plan_numbers(const Content& content, Caption& caption) {
    const plan::Plan& plan = *content.plan;
    std::vector<KeyNumber>& numbers = caption.numbers;
    if (!plan.approach.empty()) numbers.push_back({"Approach", approach_name(plan.approach)});
    numbers.push_back({"Needle", std::to_string(plan.needle.gauge) + "G x " +
                                     millimetres(plan.needle.length_mm, 0)});
    if (plan.candidates.empty()) return;
    const plan::Candidate& best = plan.candidates.front();
    numbers.push_back({"Angle", fixed(best.angle_deg, 1) + "\xC2\xB0"});
    // A radiograph does not show the skin: the path is known from where it comes into sight.
    const bool from_edge = is_xray(content.anatomy.view);
    std::optional<double> mm = best.path_mm;
    if (from_edge && content.spacing)
        mm = length(to_mm(best.target - best.entry, *content.spacing));
    numbers.push_back({from_edge ? "Path from frame edge" : "Path length",
                       mm ? millimetres(*mm) : pixels(distance(best.entry, best.target))});
    if (best.p_hit) {
        numbers.push_back({"Tip in joint", fixed(std::floor(100 * *best.p_hit), 0) + " %"});
    }
}

void add_clearance(const plan::Plan& plan, Caption& caption) {
    if (plan.candidates.empty()) return;
    const auto& clearance = plan.candidates.front().clearance_mm;
    if (const auto bone = clearance.find("bone"); bone != clearance.end()) {
        caption.numbers.push_back({"Bone clearance", millimetres(bone->second)});
    }
}

void add_confidence(const JointSpace& joint, Caption& caption) {
    // Rounding is not to lift a figure to where it would be good.
    const bool doubtful = !(joint.confidence >= kLowConfidence);
    const double shown =
        doubtful ? std::min(joint.confidence, kLowConfidence - 0.01) : joint.confidence;
    caption.numbers.push_back({"Joint confidence", fixed(shown, 2)});
}

void add_joint_numbers(const JointSpace& joint, Caption& caption) {
    std::vector<KeyNumber>& numbers = caption.numbers;
    if (joint.depth_mm) numbers.push_back({"Joint depth", millimetres(*joint.depth_mm)});
    if (joint.thickness_mm) numbers.push_back({"Thickness", millimetres(*joint.thickness_mm)});
    if (joint.effusion) numbers.push_back({"Effusion", *joint.effusion ? "yes" : "no"});
    if (joint.widths) {
        const JointWidths& w = *joint.widths;
        if (w.left_mm && w.right_mm) {
            numbers.push_back(
                {"Width left / right", fixed(*w.left_mm, 1) + " / " + millimetres(*w.right_mm)});
        } else {
            numbers.push_back(
                {"Width left / right", fixed(w.left_px, 1) + " / " + fixed(w.right_px, 1) + " px"});
        }
        if (w.bone_on_bone) numbers.push_back({"Contact", "bone on bone"});
    }
}

std::string rejection_text(const plan::Rejection& r) {
    std::string text = r.text.empty() ? spoken(r.code) : r.text;
    while (!text.empty() && text.back() == '.')
        text.pop_back();
    text += " (" + std::to_string(r.count) + (r.count == 1 ? " path" : " paths");
    if (std::isfinite(r.closest) && r.closest > 0) {
        text += ", the best misses by " +
                (r.closest < 0.05 ? std::string("less than 0.1") : fixed(r.closest, 1)) + " " +
                (r.unit == "deg" ? std::string("\xC2\xB0") : r.unit);
    }
    return text + ")";
}

void add_messages(const Content& content, Caption& caption) {
    std::vector<Message>& messages = caption.messages;
    if (content.plan) {
        const plan::Plan& plan = *content.plan;
        if (plan.reason) {
            const bool refused = plan.status == plan::PlanStatus::refused;
            messages.push_back({plan.reason->text, refused ? palette::kBad : palette::kWarn});
        }
        if (plan.status == plan::PlanStatus::refused) {
            std::vector<const plan::Rejection*> order;
            for (const plan::Rejection& r : plan.rejected)
                order.push_back(&r);
            std::ranges::stable_sort(order, [](auto* a, auto* b) { return a->count > b->count; });
            for (std::size_t i = 0; i < std::min<std::size_t>(order.size(), 3); ++i) {
                messages.push_back({"Rejected: " + rejection_text(*order[i]), palette::kText});
            }
        }
        if (!plan.candidates.empty()) {
            for (const Reason& warning : plan.candidates.front().warnings) {
                messages.push_back({"Note: " + warning.text, palette::kWarn});
            }
        }
        for (const Reason& warning : plan.injection.warnings) {
            messages.push_back({"Injection: " + warning.text, palette::kWarn});
        }
        return;
    }
    if (!content.anatomy.joint_space) {
        messages.push_back({content.anatomy.joint_space.error().text, palette::kWarn});
    }
    if (!content.spacing) {
        messages.push_back({"Not calibrated: no millimetres.", palette::kWarn});
    }
}

void add_legend(const Content& content, Caption& caption) {
    std::vector<LegendEntry>& legend = caption.legend;
    const Anatomy& anatomy = content.anatomy;
    if (anatomy.joint_space) legend.push_back({Mark::joint_space, "Joint space"});
    if (!anatomy.bones.empty()) legend.push_back({Mark::bone, "Bone surface"});
    if (!anatomy.skin.empty()) legend.push_back({Mark::skin, "Skin at probe face"});
    if (!anatomy.obstacles.empty()) legend.push_back({Mark::obstacle, "Keep clear"});
    if (const plan::Candidate* best = content.best()) {
        if (best->path_mm && content.spacing) {
            legend.push_back({Mark::ruled_needle, "Needle path (mm)"});
        } else {
            legend.push_back({Mark::needle, "Needle path"});
        }
        legend.push_back({Mark::entry, "Entry"});
        legend.push_back({Mark::target, "Target"});
        if (best->tip_sigma_mm && content.spacing) legend.push_back({Mark::tip, "Tip, 95 %"});
        if (content.plan->candidates.size() > 1) {
            legend.push_back({Mark::other_needle, "Next best"});
        }
    }
}

}  // namespace

std::string fixed(double value, int decimals) {
    if (!std::isfinite(value)) return "-";
    if (std::abs(value) > 1e9) return "-";
    std::array<char, 64> text{};
    // Not printf: a host's locale may have its own idea of the decimal point.
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                   std::chars_format::fixed, decimals);
    return std::string(text.data(), end.ptr);
}

std::string spoken(std::string_view name) {
    std::string text(name);
    std::ranges::replace(text, '-', ' ');
    if (text.starts_with("xray")) text.replace(0, 4, "X-ray");
    if (text.starts_with("ap ")) text.replace(0, 2, "AP");
    if (text.ends_with(" ap")) text.replace(text.size() - 2, 2, "AP");
    if (!text.empty()) {
        text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    }
    return text;
}

Caption caption_of(const Content& content) {
    Caption caption;
    caption.title = title_of(content);
    add_status(content, caption);
    const auto& joint = content.anatomy.joint_space;
    if (content.plan) add_plan_numbers(content, caption);
    if (joint) add_confidence(*joint, caption);
    if (content.plan) add_clearance(*content.plan, caption);
    if (joint) add_joint_numbers(*joint, caption);
    add_messages(content, caption);
    add_legend(content, caption);
    return caption;
}

}  // namespace guide::render
