// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/view.hpp>
#include <guide/core/expected.hpp>
#include <guide/report/export.hpp>
#include <guide/simulate/fluoroscopy.hpp>
#include <guide/simulate/knee.hpp>
#include <guide/simulate/placement.hpp>
#include <guide/simulate/screen.hpp>
#include <guide/simulate/ultrasound.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstdint>
#include <map>
#include <numbers>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guide::report {

/// The knobs of the ultrasound scanner that a case can turn; the rest is simulate's default.
struct CaseScanner {
    bool curvilinear = false;        ///< else linear
    double width_mm = 51.2;          ///< 10 to 100, of the linear probe's face
    double radius_mm = 50;           ///< 5 to 100, of the curvilinear probe's face
    double field_of_view_deg = 60;   ///< 10 to 120, of the curvilinear probe
    double depth_mm = 38.4;          ///< 10 to 150, of the picture
    std::optional<double> pixel_mm;  ///< 0.03 to 1; none: 0.08, curvilinear 0.15, or as large as
                                     ///< the screen has room for
    double frequency_mhz = 7;        ///< 2 to 20
    double focus_mm = 20;            ///< 2 to 150
    double gain_db = 0;              ///< -40 to 40
    double tgc_db_per_cm = 13;       ///< 0 to 60
    double dynamic_range_db = 75;    ///< 20 to 120
    int looks = 3;                   ///< 1, 3, 5 or 7, of compounding
    double tissue_speed_m_s = 1540;  ///< 1400 to 1650; the scanner counts with 1540
    std::vector<simulate::LostContact> lost_contact = {};

    /// Of the probe's face, from end to end.
    [[nodiscard]] double face_mm() const {
        return curvilinear ? 2 * radius_mm * std::sin(field_of_view_deg * std::numbers::pi / 360)
                           : width_mm;
    }
};

/// A scanner's screen about the picture.
struct CaseScreen {
    simulate::ScreenOptions options;    ///< but for its seed
    std::optional<std::uint64_t> seed;  ///< of what is left open; none: the case's
    bool callipers = false;             ///< on the thickness of the joint space
};

/// Tube and detector.
struct CaseXray {
    simulate::CArm arm;  ///< isocentre: the program's, see shift_mm
    Eigen::Vector3d shift_mm =
        Eigen::Vector3d::Zero();  ///< -150 to 150, of the beam's middle, patient
                                  ///< axes, from that of the joint line
    /// Attenuation (natural logarithm) shown black and white; none: chosen from the picture, as
    /// automatic brightness does.
    std::optional<double> black_od, white_od;
    double photons = 4000;            ///< 10 to 1e7 a pixel
    double scatter_to_primary = 0.4;  ///< 0 to 5
    double collimator_mm = 0;         ///< 0: none, to 1000
    bool bone_bright = false;
    double voxel_mm = 0.6;  ///< 0.4 to 3, of the phantom
};

/// A second view of the same moment, by a second arm of the same make.
struct CaseBiplane {
    double primary_deg = 90, secondary_deg = 0, roll_deg = 0;  ///< see CArm
};

/// Metal that is no needle.
struct CaseWire {
    std::string name = "wire";
    simulate::Wire wire;
};

/// A phantom of somebody's own: numbers of voxels that stand for tissues.
struct CaseVolume {
    std::string file;  ///< NRRD or MetaImage, from the case's folder
    std::map<int, simulate::Tissue> labels;
    /// What voxels of label 0 are, as far as `around_mm` from the others; beyond is air.
    simulate::Tissue background = simulate::Tissue::muscle;
    double around_mm = 15;   ///< 0 to 1000
    double smooth_mm = 0.6;  ///< 0 to 3, see TissueField::from_labels
};

/// Where contrast agent lies.
enum class Contrast { none, in_joint, outside_joint };

/// A needle by what it aims at, or by its own numbers.
struct CaseNeedle {
    int gauge = 22;
    double length_mm = 50;  ///< 10 to 250
    /// joint-space (ultrasound: the middle of the fluid that the frame shows), recess, trochlea,
    /// medial-joint, lateral-joint or popliteal.
    std::string target = "joint-space";
    std::optional<Eigen::Vector3d> tip_mm;     ///< patient mm, in place of a target
    std::optional<Eigen::Vector3d> direction;  ///< patient axes, inwards; a unit vector
    /// Between needle and probe's face, 0 to 90; none: 30, or the next that gets by the bones.
    std::optional<double> angle_deg;
    bool across_plane = false;      ///< comes from the picture's front, not from a side
    bool from_right = false;        ///< of the picture
    double off_plane_mm = 0;        ///< -30 to 30, of the tip towards the viewer
    double short_of_target_mm = 0;  ///< -30 to 100
    double bend_mm = 0;             ///< 0 to 30
    double bevel_deg = 18;          ///< 5 to 90
    double echogenic = 0;           ///< 0 to 1
    double drag_mm = 0;             ///< 0 to 2, that ultrasound's tissue is taken along
};

enum class Motion { still, probe_sweep, needle_insertion, injection };

/// Several frames of one knee.
struct CaseSequence {
    Motion motion = Motion::still;
    int frames = 1;                  ///< 1 to 10000
    double frames_per_s = 20;        ///< 1 to 200
    simulate::ProbeOffset from, to;  ///< of a sweep, added to the probe's own offset
    double injected_ml = 10;         ///< 0.1 to 60, by the last frame of an injection
};

/// What `guide simulate` makes: schema "guide.case/1". Every field has a default.
struct Case {
    std::string title;
    bool fluoroscopy = false;  ///< else ultrasound
    View view = View::suprapatellar_long;
    std::uint64_t seed = 1;  ///< of speckle and noise
    simulate::KneeParameters knee;
    simulate::ProbeOffset probe;
    CaseScanner scanner;
    std::optional<CaseScreen> screen;
    CaseXray xray;
    std::optional<CaseBiplane> biplane;
    std::vector<CaseWire> wires;
    std::optional<CaseVolume> volume;  ///< in place of the knee, of which only the side is left
    Contrast contrast = Contrast::none;
    double contrast_ml = 2;  ///< 0.1 to 20, of what lies outside the joint
    std::optional<CaseNeedle> needle;
    CaseSequence sequence;
};

/// A case from JSON. With `knee_seed` the fields of the knee that the case leaves out are those of
/// random_knee(knee_seed), and noise is seeded with it. The reason ("bad-case") names the field
/// that is wrong, unknown or out of range.
[[nodiscard]] GUIDE_REPORT_EXPORT Expected<Case> read_case(
    std::string_view json, const std::optional<std::uint64_t>& knee_seed = {});

/// The same as JSON with every field written out; read_case gives the case back.
[[nodiscard]] GUIDE_REPORT_EXPORT std::string case_json(const Case& c);

}  // namespace guide::report
