// SPDX-License-Identifier: Apache-2.0
#include "json_values.hpp"

#include <guide/report/registration.hpp>

#include <Eigen/Geometry>

#include <cmath>
#include <numbers>
#include <sstream>

namespace guide::report {
namespace {

/// A row of the motion. Six decimals: rotations are good to that.
Json row_json(const Eigen::Isometry3d& motion, int row) {
    Json result = Json::array();
    for (int column = 0; column < 4; ++column)
        result.push_back(std::round(motion.matrix()(row, column) * 1e6) / 1e6);
    return result;
}

}  // namespace

std::string registration_json(const std::string& volume, const std::vector<std::string>& frames,
                              const Expected<segment::BoneRegistration>& found) {
    Json result;
    result["schema"] = "guide.registration/1";
    result["volume"] = volume;
    result["frames"] = frames;
    result["registered"] = found.has_value();
    result["reason"] = nullptr;
    result["patient_from_volume"] = nullptr;
    if (!found) {
        result["reason"] = {{"code", found.error().code}, {"text", found.error().text}};
    } else {
        result["patient_from_volume"] = Json::array();
        for (int row = 0; row < 4; ++row)
            result["patient_from_volume"].push_back(row_json(found->motion, row));
    }
    result["support"] = found ? json(found->support) : Json();
    result["agreeing"] = found ? json(found->agreeing) : Json();
    result["spread_mm"] = found ? json(found->spread_mm) : Json();
    result["bones_bright"] = found ? Json(found->bones_bright) : Json();
    return text_of(result);
}

std::string registration_summary(const Expected<segment::BoneRegistration>& found) {
    if (!found) return "not registered: " + found.error().text + '\n';
    std::ostringstream text;
    text.setf(std::ios::fixed);
    text.precision(1);
    const Eigen::AngleAxisd turn(found->motion.linear());
    text << "registered: turned by " << turn.angle() * 180 / std::numbers::pi << " degrees; "
         << 100 * found->support << " % of the bones' rims lie on edges\n";
    return text.str();
}

}  // namespace guide::report
