// SPDX-License-Identifier: Apache-2.0
#include "volume_window.hpp"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guide::plan {
namespace {

using std::numbers::pi;

constexpr double kSideHalf = 60 * pi / 180;

/// The side of the knee that the probe's face lies on.
enum class Face { front, back, lateral, medial, none };

Face face_of(const Approach& approach) {
    for (const View view : approach.views) {
        switch (view) {
            case View::suprapatellar_long:
            case View::suprapatellar_transverse:
            case View::trochlea:
                return Face::front;
            case View::posterior:
                return Face::back;
            case View::lateral:
                return Face::lateral;
            case View::medial:
                return Face::medial;
            case View::unknown:
            case View::bone:
            case View::xray_ap:
            case View::xray_lateral:
                break;
        }
    }
    return Face::none;
}

}  // namespace

Expected<DirectionWindow> direction_window(const Approach& approach, KneeSide side,
                                           const std::optional<Eigen::Vector3d>& looks) {
    const bool radiograph =
        approach.entry == EntryRule::frame_side || approach.entry == EntryRule::along_beam;
    const Face face = face_of(approach);
    if (radiograph || face == Face::none) {
        return no_answer("wrong-view", "The approach " + approach.name +
                                           " is meant for single radiographs and cannot be planned "
                                           "in a label volume.");
    }
    const Eigen::Vector3d head(0, 0, 1), front(0, -1, 0);
    // LPS: x to the patient's left, which is lateral on the left knee.
    const Eigen::Vector3d lateral(side == KneeSide::left ? 1 : -1, 0, 0);
    const bool sided = face == Face::front || face == Face::back;
    const bool from_side = sided && approach.side != EntrySide::any;
    if (side == KneeSide::unknown && (!sided || from_side)) {
        return no_answer("no-laterality", "The approach " + approach.name +
                                              " needs to know which knee this is: left or right.");
    }
    DirectionWindow window;
    window.along = head;
    window.turn_half = pi;
    switch (face) {
        case Face::back:
            window.face = -front;
            break;
        case Face::lateral:
            window.face = lateral;
            break;
        case Face::medial:
            window.face = -lateral;
            break;
        case Face::front:
        case Face::none:
            window.face = front;
    }
    if (from_side) {
        window.along = approach.side == EntrySide::lateral ? lateral : Eigen::Vector3d(-lateral);
        window.turn_half = kSideHalf;
    }
    if (looks) {
        window.face = -*looks;
        window.along -= window.along.dot(window.face) * window.face;
        if (window.along.norm() < 0.1) {
            return no_answer("wrong-view", "The probe looks from the side that the needle of " +
                                               approach.name + " has to come from.");
        }
        window.along.normalize();
    }
    window.across = window.face.cross(window.along);
    window.angle_low = approach.angle_least_deg * pi / 180;
    window.angle_high = approach.angle_limit_deg * pi / 180;
    return window;
}

}  // namespace guide::plan
