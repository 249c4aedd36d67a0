// SPDX-License-Identifier: Apache-2.0
//
// One entry for each approach. Numbers without a source in the entry are the defaults of
// `Approach`; "engineering choice" marks what no publication says. Numbers in brackets:
// docs/literature.md.
#include <guide/plan/approach.hpp>

namespace guide::plan {
namespace {

using enum View;

std::vector<Approach> table() {
    std::vector<Approach> all;
    auto add = [&](std::string name, std::vector<View> views, EntrySide side) -> Approach& {
        Approach& a = all.emplace_back();
        a.name = std::move(name);
        a.views = std::move(views);
        a.side = side;
        return a;
    };

    {
        Approach& a = add("superolateral", {suprapatellar_transverse, suprapatellar_long},
                          EntrySide::lateral);
        a.position = "supine, pillow under the knee";
        a.needles = {"22G:50mm", "20G:50mm", "21G:50mm", "22G:75mm"};
        a.accuracy = 1.0;
        a.text =
            "Supine, knee 20 to 30 degrees flexed; in plane beside the probe into the "
            "suprapatellar "
            "recess.";
        a.source = "Park 2012 [5]: 100 % in the joint; flexion Mandl 2012 [13]; angles [2, 3]";
    }
    {
        Approach& a = add("superomedial", {suprapatellar_transverse}, EntrySide::medial);
        a.position = "supine, almost extended, thin pad";
        a.flexion_low_deg = 0, a.flexion_high_deg = 20;
        a.needles = {"22G:50mm", "22G:75mm"};
        a.text =
            "Supine, knee almost extended; in plane from the medial side into the suprapatellar "
            "recess, clear of the vastus medialis and the superior medial genicular artery.";
        a.source =
            "Position: Medscape 1997643; artery: Anesth Pain Med 2019;14:67 [28]; angles and "
            "margins as superolateral, engineering choice";
    }
    {
        Approach& a = add("midlateral", {lateral}, EntrySide::lateral);
        a.position = "supine, patella pushed to the lateral side";
        a.flexion_low_deg = 0, a.flexion_high_deg = 20;
        a.needles = {"21G:50mm", "22G:50mm"};
        a.accuracy = 0.95;
        a.text =
            "Supine, knee almost extended; in plane from the lateral side into the joint recess.";
        a.source = "Park 2012 [5]: 95 % under ultrasound; angles and margins engineering choice";
    }
    {
        Approach& a = add("mid-medial", {medial}, EntrySide::medial);
        a.position = "supine";
        a.flexion_low_deg = 0, a.flexion_high_deg = 20;
        a.needles = {"22G:50mm", "21G:50mm"};
        a.accuracy = 0.97;
        a.text =
            "Supine, knee almost extended; in plane from the medial side into the joint recess.";
        a.source = "Park 2013 [6]: 97 % in plane; angles and margins engineering choice";
    }
    {
        Approach& a = add("mid-medial-out-of-plane", {medial}, EntrySide::any);
        a.entry = EntryRule::across_plane;
        a.position = "supine";
        a.flexion_low_deg = 0, a.flexion_high_deg = 20;
        a.angle_least_deg = 30, a.angle_preferred_deg = 60, a.angle_limit_deg = 80;
        a.needles = {"22G:50mm"};
        a.accuracy = 0.95;
        a.text = "Supine, knee almost extended; out of plane, in front of or behind the probe.";
        a.source =
            "Park 2013 [6]: 95 % out of plane; above 60 degrees preferred: RAPM 2004 [2]; "
            "window engineering choice";
    }
    {
        Approach& a = add("joint-line-lateral", {lateral}, EntrySide::lateral);
        a.position = "sitting or supine";
        a.flexion_low_deg = 80, a.flexion_high_deg = 100;
        a.margins.push_back({"artery", 5});
        a.needles = {"21G:50mm", "22G:50mm"};
        a.accuracy = 0.70;
        a.text =
            "Knee 90 degrees flexed; in plane along the lateral joint line, clear of meniscus and "
            "inferior lateral genicular artery.";
        a.source =
            "Maricar 2013 [29]: 70 % blind at the anterolateral joint line; artery: Surg Radiol "
            "Anat "
            "2018;40:823 [28]; angles and margins engineering choice";
    }
    {
        Approach& a = add("joint-line-medial", {medial}, EntrySide::medial);
        a.position = "sitting or supine";
        a.flexion_low_deg = 80, a.flexion_high_deg = 100;
        a.needles = {"21G:50mm", "22G:50mm"};
        a.text =
            "Knee 90 degrees flexed; in plane along the medial joint line; branches of the "
            "saphenous nerve have no safe zone here.";
        a.source =
            "Saphenous branch: 107 knees, no safe zone [28]; angles and margins engineering "
            "choice";
    }
    {
        Approach& a = add("infrapatellar-anterolateral", {lateral}, EntrySide::lateral);
        a.position = "sitting or supine";
        a.flexion_low_deg = 80, a.flexion_high_deg = 100;
        a.needles = {"21G:50mm"};
        a.accuracy = 0.97;
        a.text =
            "Knee 90 degrees flexed; beside the patellar tendon through Hoffa's fat pad towards "
            "the medial femoral condyle.";
        a.source =
            "Modified anterolateral portal, BMC SSMARTT 2011;3:6 [30]: 97 %, 51 mm 21 G; angles "
            "and margins engineering choice";
    }
    {
        Approach& a = add("infrapatellar-anteromedial", {medial}, EntrySide::medial);
        a.position = "sitting or supine";
        a.flexion_low_deg = 80, a.flexion_high_deg = 100;
        a.needles = {"21G:50mm"};
        a.accuracy = 0.75;
        a.text = "Knee 90 degrees flexed; beside the patellar tendon from the medial side.";
        a.source = "Jackson 2002 [29]: 75 % blind; angles and margins engineering choice";
    }
    {
        Approach& a = add("bakers-cyst", {posterior}, EntrySide::any);
        a.position = "prone";
        a.flexion_low_deg = 0, a.flexion_high_deg = 10;
        a.needles = {"18G:50mm", "20G:50mm"};
        a.text =
            "Prone; in plane into the gastrocnemius-semimembranosus bursa, away from the popliteal "
            "vessels.";
        a.source = "Engineering choice: the in-plane rules of the suprapatellar approach";
    }
    {
        Approach& a = add("ap-joint-line", {xray_ap}, EntrySide::any);
        a.entry = EntryRule::frame_side;
        a.target = TargetRule::outer_thirds;
        a.angle_preferred_deg = 15, a.angle_limit_deg = 30;
        a.bone_margin_mm = 0;
        a.position = "supine";
        a.flexion_low_deg = 0, a.flexion_high_deg = 10;
        a.needles = {"22G:50mm"};
        a.text =
            "Radiograph, front view; straight along the joint line into the nearer compartment, "
            "not into the notch.";
        a.source = "Engineering choice: the path stays in the gap between the bones' outlines";
    }
    {
        Approach& a = add("fluoro-anterolateral", {xray_lateral}, EntrySide::lateral);
        a.entry = EntryRule::frame_side;
        a.target = TargetRule::best_score;
        a.angle_preferred_deg = 15, a.angle_limit_deg = 30;
        a.bone_margin_mm = 0;
        a.position = "supine or sitting";
        a.flexion_low_deg = 85, a.flexion_high_deg = 95;
        a.needles = {"21G:40mm", "22G:40mm"};
        a.text =
            "Knee 90 degrees flexed; horizontal, just above the thumb on the joint line, backwards "
            "and slightly medial until the femoral condyle.";
        a.source = "Anterolateral bent knee, 73 of 159 patients [31]; window engineering choice";
    }
    {
        Approach& a = add("fluoro-paramedian", {xray_lateral}, EntrySide::lateral);
        a.entry = EntryRule::frame_side;
        a.target = TargetRule::best_score;
        a.angle_preferred_deg = 30, a.angle_limit_deg = 45;
        a.bone_margin_mm = 0;
        a.position = "supine";
        a.flexion_low_deg = 55, a.flexion_high_deg = 65;
        a.needles = {"20G:45mm"};
        a.text =
            "Knee 60 degrees flexed; lateral to the patellar tendon, upward and slightly medial "
            "towards the femoral notch.";
        a.source = "Anterior paramedian, 86 of 159 patients [31]; window engineering choice";
    }
    {
        Approach& a = add("fluoro-lateral-patellofemoral", {xray_lateral}, EntrySide::lateral);
        a.entry = EntryRule::along_beam;
        a.target = TargetRule::best_score;
        a.angle_preferred_deg = 90, a.angle_limit_deg = 90;
        a.bone_margin_mm = 0;
        a.position = "supine, patella pushed to the lateral side";
        a.flexion_low_deg = 0, a.flexion_high_deg = 15;
        a.needles = {"22G:50mm", "25G:50mm"};
        a.text =
            "Knee extended; from the lateral side along the beam behind the patella: the needle "
            "is a dot over the target, the beam centred on it against parallax.";
        a.source =
            "uwmsk arthrography [32]; bull's eye: Rastogi 2016 [32]; window engineering choice";
    }
    return all;
}

}  // namespace

std::span<const Approach> approaches() {
    static const std::vector<Approach> kTable = table();
    return kTable;
}

}  // namespace guide::plan
