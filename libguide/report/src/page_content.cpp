// SPDX-License-Identifier: Apache-2.0
#include "page_content.hpp"

#include <filesystem>
#include <iomanip>
#include <sstream>

namespace guide::report {
namespace {

std::string number(double value, int decimals = 1) {
    std::ostringstream out;
    out << std::fixed << std::setprecision(decimals) << value;
    return out.str();
}

std::string injection_fact(const plan::InjectionCheck& check) {
    std::string text = number(check.options.volume_ml) + " mL " + check.options.product + " at " +
                       number(check.options.flow_ml_min) + " mL/min";
    if (check.wall_shear_pa && check.pressure_kpa) {
        text += ": wall shear " + number(*check.wall_shear_pa) + " Pa, pressure " +
                number(*check.pressure_kpa) + " kPa";
    }
    return text + ", " + number(check.residence_s, 2) + " s in the needle, " +
           number(check.duration_s, 0) + " s in all";
}

std::string verdict_of(plan::PlanStatus status) {
    switch (status) {
        case plan::PlanStatus::planned:
            return "A path was planned.";
        case plan::PlanStatus::uncalibrated:
            return "A path was found, but nothing could be checked in millimetres.";
        case plan::PlanStatus::refused:
            break;
    }
    return "No path is offered.";
}

PageContent page_about(const plan::Plan& plan) {
    PageContent page;
    page.title = "Knee injection: needle plan";
    page.footer = kNotice;
    page.verdict = verdict_of(plan.status);
    page.checklist = {"Right patient, right knee, consent",
                      "Sterile skin, sterile probe cover and gel",
                      "Vessels looked for by colour Doppler on the way",
                      "Tip seen before every advance",
                      "Aspirated before injecting",
                      "Nothing toxic to cells in the syringe (no local anaesthetic)",
                      "Injected without resistance, fluid seen to spread from the tip"};
    return page;
}

/// `from_skin`: whether the best path begins at the skin.
void add_plan_facts(PageContent& page, const plan::Plan& plan, bool from_skin) {
    auto& facts = page.facts;
    facts.emplace_back("Approach", plan.approach.empty() ? "none" : plan.approach);
    facts.emplace_back("Needle", std::to_string(plan.needle.gauge) + " G, " +
                                     number(plan.needle.length_mm, 0) + " mm, outside " +
                                     number(plan.needle.outer_diameter_mm, 2) + " mm");
    if (!plan.candidates.empty()) {
        const auto& c = plan.candidates.front();
        facts.emplace_back("Angle", number(c.angle_deg, 0) + " degrees");
        if (c.path_mm && from_skin) facts.emplace_back("Path", number(*c.path_mm) + " mm");
        for (const auto& [kind, gap] : c.clearance_mm)
            facts.emplace_back(kind == "wall" ? "Tip from the wall" : "Clear of " + kind,
                               number(gap) + " mm");
        if (c.p_hit) facts.emplace_back("Tip in the joint", number(100 * *c.p_hit, 0) + " %");
    }
    facts.emplace_back("Injection", injection_fact(plan.injection));
}

void add_paragraphs(PageContent& page, std::vector<Paragraph> paragraphs) {
    page.paragraphs = std::move(paragraphs);
    // The footer says it once.
    for (Paragraph& p : page.paragraphs)
        std::erase(p.sentences, page.footer);
}

}  // namespace

PageContent page_content(const SourceReference& source, const Frame& frame, const Anatomy& anatomy,
                         const plan::Plan& plan) {
    PageContent page = page_about(plan);
    page.picture = "The frame with joint space, bones and needle";
    auto& facts = page.facts;
    facts.emplace_back("File", std::filesystem::path(source.file).filename().string() + ", frame " +
                                   std::to_string(source.frame));
    if (!source.sha256.empty()) facts.emplace_back("SHA-256", source.sha256);
    facts.emplace_back("View", std::string(name_of(anatomy.view)));
    facts.emplace_back("Scale", frame.spacing ? number(frame.spacing->x_mm, 4) + " mm a pixel (" +
                                                    std::string(name_of(frame.spacing_source)) + ")"
                                              : std::string("none"));
    // On a radiograph the path begins at the frame's side, not at the skin.
    add_plan_facts(page, plan, !is_xray(anatomy.view));
    add_paragraphs(page, explain_plan(anatomy, plan));
    return page;
}

PageContent volume_page_content(const SourceReference& source, const plan::VolumeScene& scene,
                                const plan::Plan& plan) {
    PageContent page = page_about(plan);
    page.picture = "Three cuts through the label volume along the needle and across its tip";
    auto& facts = page.facts;
    facts.emplace_back("File", std::filesystem::path(source.file).filename().string());
    if (!source.sha256.empty()) facts.emplace_back("SHA-256", source.sha256);
    facts.emplace_back("Knee", std::string(plan::name_of(scene.side())));
    facts.emplace_back("Joint space", number(scene.joint_mm3() / 1000) + " mL");
    add_plan_facts(page, plan, true);
    add_paragraphs(page, explain_volume_plan(scene.notes(), plan));
    return page;
}

}  // namespace guide::report
