// SPDX-License-Identifier: Apache-2.0
#include "reasons.hpp"

#include <guide/render/words.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace guide::viewer {
namespace {

using Kind = ReasonLine::Kind;

std::string amount_of(double amount, const std::string& unit) {
    if (!std::isfinite(amount) || amount <= 0) return {};
    return (amount < 0.05 ? "less than 0.1" : render::fixed(amount, 1)) +
           (unit == "deg" ? std::string("\xC2\xB0") : " " + unit);
}

void add_broken(const plan::TrajectoryCheck& trial, std::vector<ReasonLine>& lines) {
    if (trial.allowed) lines.push_back({Kind::allowed, "Keeps every limit."});
    for (const plan::BrokenLimit& broken : trial.broken) {
        const std::string by = amount_of(broken.amount, broken.unit);
        lines.push_back({Kind::refused, render::limit_name(broken.code) +
                                            (by.empty() ? "" : " by " + by) + ". " + broken.text});
    }
}

void add_refusal(const plan::Plan& plan, std::vector<ReasonLine>& lines) {
    if (plan.reason) {
        lines.push_back({Kind::heading, plan.status == plan::PlanStatus::refused
                                            ? "Why there is no path"
                                            : "What is missing"});
        if (plan.status == plan::PlanStatus::refused) {
            lines.push_back({Kind::refused, plan.reason->text});
        } else {
            lines.push_back({Kind::warning,
                             "The picture has no scale: no limit in millimetres could be checked. "
                             "Give its depth, or mark a known length."});
        }
    }
    if (plan.status != plan::PlanStatus::refused) return;
    std::vector<const plan::Rejection*> order;
    for (const plan::Rejection& r : plan.rejected)
        order.push_back(&r);
    std::ranges::stable_sort(order, [](auto* a, auto* b) { return a->count > b->count; });
    for (const plan::Rejection* r : order) {
        const std::string by = amount_of(r->closest, r->unit);
        lines.push_back(
            {Kind::refused, render::limit_name(r->code) + ": " + std::to_string(r->count) + " of " +
                                std::to_string(plan.tried) + " tried paths" +
                                (by.empty() ? "" : ", the best of them by " + by) + "."});
    }
    if (plan.remedies.empty()) return;
    lines.push_back({Kind::heading, "What would help"});
    for (const plan::Remedy& remedy : plan.remedies)
        lines.push_back({Kind::remedy, remedy.text});
}

}  // namespace

render::Tone tone_of(Kind kind) {
    switch (kind) {
        case Kind::allowed:
            return render::Tone::good;
        case Kind::refused:
            return render::Tone::bad;
        case Kind::warning:
            return render::Tone::warn;
        case Kind::heading:
        case Kind::remedy:
        case Kind::note:
            break;
    }
    return render::Tone::plain;
}

std::vector<ReasonLine> verdict_of(const Study& study,
                                   const std::optional<plan::TrajectoryCheck>& trial) {
    std::vector<ReasonLine> lines;
    if (trial) {
        add_broken(*trial, lines);
    } else if (study.plan) {
        add_refusal(*study.plan, lines);
    }
    return lines;
}

std::vector<ReasonLine> remarks_on(const Study& study,
                                   const std::optional<plan::TrajectoryCheck>& trial,
                                   int candidate) {
    std::vector<ReasonLine> lines;
    if (!study.plan) return lines;
    const plan::Plan& plan = *study.plan;
    const auto index = static_cast<std::size_t>(std::max(0, candidate));
    const plan::Candidate* shown = trial                            ? &trial->path
                                   : index < plan.candidates.size() ? &plan.candidates[index]
                                                                    : nullptr;
    if (shown != nullptr) {
        for (const Reason& warning : shown->warnings)
            lines.push_back({Kind::warning, warning.text});
    }
    for (const Reason& warning : plan.injection.warnings)
        lines.push_back({Kind::warning, "Injection: " + warning.text});
    std::vector<Reason> notes = study.anatomy->notes;
    notes.insert(notes.end(), study.frame->notes.begin(), study.frame->notes.end());
    std::set<std::string> said;
    for (const Reason& note : notes) {
        if (said.insert(note.text).second) lines.push_back({Kind::note, note.text});
    }
    if (!lines.empty()) lines.insert(lines.begin(), {Kind::heading, "To mind"});
    return lines;
}

}  // namespace guide::viewer
