// SPDX-License-Identifier: Apache-2.0
#include <guide/report/summary.hpp>

#include <cmath>
#include <iomanip>
#include <sstream>

namespace guide::report {
namespace {

/// Two decimals at most, no trailing zeros.
std::string number(double value, int decimals = 1) {
    std::ostringstream out;
    out << std::fixed << std::setprecision(decimals) << value;
    return out.str();
}

std::string scale(const std::optional<Spacing>& spacing, SpacingSource source) {
    if (!spacing) return "none: no millimetres";
    return number(spacing->x_mm, 4) + " x " + number(spacing->y_mm, 4) + " mm per pixel (" +
           std::string(name_of(source)) + ")";
}

class Lines {
  public:
    void add(std::string_view label, const std::string& text) {
        out_ << std::left << std::setw(14) << label << text << '\n';
    }
    void notes(const std::vector<Reason>& notes) {
        for (const Reason& note : notes)
            add("note", note.text);
    }
    [[nodiscard]] std::string text() const { return out_.str(); }

  private:
    std::ostringstream out_;
};

}  // namespace

std::string info_summary(const io::SourceInfo& info) {
    Lines lines;
    lines.add("file", info.path.string());
    lines.add("format",
              info.format + (info.transfer_syntax.empty() ? "" : ", " + info.transfer_syntax));
    lines.add("modality", std::string(name_of(info.modality)) +
                              (info.sop_class.empty() ? "" : ", " + info.sop_class));
    lines.add("size", std::to_string(info.width) + " x " + std::to_string(info.height) + " px, " +
                          std::to_string(info.frame_count) +
                          (info.frame_count == 1 ? " frame" : " frames") +
                          (info.frame_rate_hz ? ", " + number(*info.frame_rate_hz) + " Hz" : ""));
    if (!info.manufacturer.empty()) lines.add("device", info.manufacturer + " " + info.model);
    lines.add("calibration", scale(info.spacing, info.spacing_source));
    for (const auto& r : info.regions) {
        lines.add("region", std::string(io::region_data_type_name(r.data_type)) + " at (" +
                                std::to_string(r.box.x0) + ", " + std::to_string(r.box.y0) +
                                ") to (" + std::to_string(r.box.x1) + ", " +
                                std::to_string(r.box.y1) + "), " +
                                (r.spacing ? number(r.spacing->x_mm, 4) + " x " +
                                                 number(r.spacing->y_mm, 4) + " mm per pixel"
                                           : "no length scale") +
                                (r.clipped ? ", sticks out of the frame" : ""));
    }
    lines.notes(info.notes);
    return lines.text();
}

std::string segmentation_summary(const Frame& frame, const Anatomy& anatomy) {
    Lines lines;
    lines.add("view", std::string(name_of(anatomy.view)) +
                          (anatomy.view_confidence ? " (recognised, confidence " +
                                                         number(*anatomy.view_confidence, 2) + ")"
                                                   : ""));
    lines.add("calibration", scale(frame.spacing, frame.spacing_source));
    lines.add("bones", std::to_string(anatomy.bones.size()) + " surface(s)");
    if (anatomy.cartilage) {
        const auto range = thickness_range(*anatomy.cartilage);
        lines.add("cartilage", range ? number(range->mean_mm) + " mm on the femur (" +
                                           number(range->least_mm) + " to " +
                                           number(range->largest_mm) + ")"
                                     : "seen on the femur");
    }
    if (!anatomy.joint_space) {
        lines.add("joint space", "not found: " + anatomy.joint_space.error().text);
    } else {
        const JointSpace& joint = *anatomy.joint_space;
        lines.add("joint space", "found, confidence " + number(joint.confidence, 2));
        if (joint.depth_mm && joint.thickness_mm) {
            lines.add("", "roof " + number(*joint.depth_mm) + " mm deep, " +
                              number(*joint.thickness_mm) + " mm thick" +
                              (joint.area_mm2 ? ", " + number(*joint.area_mm2, 0) + " mm2" : "") +
                              (joint.effusion.value_or(false) ? ", effusion" : ""));
        }
        if (joint.widths) {
            const JointWidths& w = *joint.widths;
            lines.add("", w.minimum_mm ? "narrowest " + number(*w.minimum_mm) + " mm"
                                       : "narrowest " + number(w.minimum_px) + " px");
            if (w.bone_on_bone) {
                lines.add("", "bone on bone");
            } else if (joint.narrowing && joint.narrowing->degree == NarrowingDegree::narrowed) {
                lines.add("", "narrowed with " +
                                  number(100 * joint.narrowing->narrowed_probability, 0) +
                                  " % (about this picture, no diagnosis)");
            }
        }
    }
    lines.notes(anatomy.notes);
    return lines.text();
}

std::string plan_summary(const plan::Plan& plan) {
    Lines lines;
    lines.add("plan", std::string(name_of(plan.status)) +
                          (plan.approach.empty() ? "" : ", " + plan.approach) + ", " +
                          std::to_string(plan.needle.gauge) + " G, " +
                          number(plan.needle.length_mm, 0) + " mm");
    if (plan.reason) lines.add("reason", plan.reason->text);
    for (const auto& c : plan.candidates) {
        std::string text = number(c.angle_deg, 0) + " degrees";
        if (c.path_mm) text += ", " + number(*c.path_mm) + " mm long";
        if (c.p_hit) text += ", hits with " + number(100 * *c.p_hit, 0) + " %";
        if (const auto bone = c.clearance_mm.find("bone"); bone != c.clearance_mm.end()) {
            text += ", " + number(bone->second) + " mm from bone";
        }
        lines.add("candidate " + std::to_string(c.rank), text);
        if (c.rank != 1) continue;
        for (const auto& w : c.warnings)
            lines.add("  mind", w.text);
    }
    for (const auto& r : plan.rejected) {
        lines.add("rejected", std::to_string(r.count) + " paths: " + r.text + " Best missed by " +
                                  (r.closest < 0.05 ? "less than 0.1" : number(r.closest)) + " " +
                                  r.unit + ".");
    }
    for (const auto& w : plan.injection.warnings)
        lines.add("injection", w.text);
    return lines.text();
}

}  // namespace guide::report
