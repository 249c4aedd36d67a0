// SPDX-License-Identifier: Apache-2.0
#include "caption.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace guide::render {
namespace {

using plan::kLowConfidence;

bool is_doubtful(const Content& content) {
    const auto& joint = content.anatomy.joint_space;
    return joint && !(joint->confidence >= kLowConfidence);
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
    if (content.trial) {
        const bool allowed = content.trial->allowed;
        caption.status = !allowed   ? "YOUR PATH - NOT ALLOWED"
                         : doubtful ? "YOUR PATH - LOW CONFIDENCE"
                                    : "YOUR PATH - ALLOWED";
        caption.status_tone = !allowed ? Tone::bad : doubtful ? Tone::warn : Tone::good;
        return;
    }
    if (!content.plan) {
        const bool found = content.anatomy.joint_space.has_value();
        const bool bones = !content.anatomy.bones.empty();
        caption.status = doubtful ? "JOINT SPACE - LOW CONFIDENCE"
                         : found  ? "JOINT SPACE FOUND"
                         : bones  ? "BONE ONLY"
                                  : "NO JOINT SPACE";
        caption.status_tone = found && !doubtful ? Tone::good : Tone::warn;
        return;
    }
    switch (content.plan->status) {
        case plan::PlanStatus::planned:
            caption.status = doubtful ? "PLANNED - LOW CONFIDENCE" : "PLANNED";
            caption.status_tone = doubtful ? Tone::warn : Tone::good;
            return;
        case plan::PlanStatus::uncalibrated:
            caption.status = "NOT CALIBRATED";
            caption.status_tone = Tone::warn;
            return;
        case plan::PlanStatus::refused:
            caption.status = "NO PLAN";
            caption.status_tone = Tone::bad;
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
    const plan::Candidate* shown = content.shown();
    if (shown == nullptr) return;
    const plan::Candidate& best = *shown;
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

void add_clearance(const Content& content, Caption& caption) {
    if (content.shown() == nullptr) return;
    const auto& clearance = content.shown()->clearance_mm;
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
            messages.push_back({plan.reason->text, refused ? Tone::bad : Tone::warn});
        }
        if (plan.status == plan::PlanStatus::refused) {
            std::vector<const plan::Rejection*> order;
            for (const plan::Rejection& r : plan.rejected)
                order.push_back(&r);
            std::ranges::stable_sort(order, [](auto* a, auto* b) { return a->count > b->count; });
            for (std::size_t i = 0; i < std::min<std::size_t>(order.size(), 3); ++i) {
                messages.push_back({"Rejected: " + rejection_text(*order[i]), Tone::plain});
            }
        }
        if (content.trial) {
            for (const plan::BrokenLimit& broken : content.trial->broken)
                messages.push_back({limit_name(broken.code) + ": " + broken.text, Tone::bad});
        }
        if (content.shown() != nullptr) {
            for (const Reason& warning : content.shown()->warnings) {
                messages.push_back({"Note: " + warning.text, Tone::warn});
            }
        }
        for (const Reason& warning : plan.injection.warnings) {
            messages.push_back({"Injection: " + warning.text, Tone::warn});
        }
        return;
    }
    if (!content.anatomy.joint_space) {
        messages.push_back({content.anatomy.joint_space.error().text, Tone::warn});
    }
    if (!content.spacing) {
        messages.push_back({"Not calibrated: no millimetres.", Tone::warn});
    }
}

void add_legend(const Content& content, Caption& caption) {
    std::vector<LegendEntry>& legend = caption.legend;
    const Anatomy& anatomy = content.anatomy;
    if (anatomy.joint_space) legend.push_back({Mark::joint_space, "Joint space"});
    if (!anatomy.bones.empty()) legend.push_back({Mark::bone, "Bone surface"});
    if (anatomy.cartilage) legend.push_back({Mark::cartilage, "Cartilage"});
    if (!anatomy.skin.empty()) legend.push_back({Mark::skin, "Skin at probe face"});
    if (!anatomy.obstacles.empty()) legend.push_back({Mark::obstacle, "Keep clear"});
    if (const plan::Candidate* best = content.shown()) {
        if (content.trial) {
            legend.push_back(
                {Mark::ruled_needle, "Your path", content.trial->allowed ? Tone::good : Tone::bad});
        } else if (best->path_mm && content.spacing) {
            legend.push_back({Mark::ruled_needle, "Needle path (mm)"});
        } else {
            legend.push_back({Mark::needle, "Needle path"});
        }
        legend.push_back({Mark::entry, "Entry"});
        legend.push_back({Mark::target, "Target"});
        if (best->tip_sigma_mm && content.spacing) legend.push_back({Mark::tip, "Tip, 95 %"});
        if (content.trial && content.best() != nullptr) {
            legend.push_back({Mark::other_needle, "Planner's path"});
        } else if (content.plan && content.plan->candidates.size() > 1) {
            legend.push_back({Mark::other_needle, "Next best"});
        }
    }
}

}  // namespace

Caption caption_of(const Content& content) {
    Caption caption;
    caption.title = title_of(content);
    add_status(content, caption);
    const auto& joint = content.anatomy.joint_space;
    if (content.plan) add_plan_numbers(content, caption);
    if (joint) add_confidence(*joint, caption);
    if (content.plan) add_clearance(content, caption);
    if (joint) add_joint_numbers(*joint, caption);
    if (const auto& cartilage = content.anatomy.cartilage) {
        if (const auto range = thickness_range(*cartilage))
            caption.numbers.push_back({"Cartilage", millimetres(range->mean_mm)});
    }
    add_messages(content, caption);
    add_legend(content, caption);
    return caption;
}

}  // namespace guide::render
