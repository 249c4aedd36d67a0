// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/geometry/polyline.hpp>

#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace guide::report {

using Json = nlohmann::ordered_json;

/// Rounded to 1e-4; null for what is not finite.
[[nodiscard]] Json json(double value);
[[nodiscard]] Json json(const std::optional<double>& value);
[[nodiscard]] Json json(const std::optional<bool>& value);
[[nodiscard]] Json json(PixelPoint p);
[[nodiscard]] Json json(const std::optional<MmPoint>& p);
[[nodiscard]] Json json(const Eigen::Vector3d& p);
[[nodiscard]] Json json(const PixelPolyline& points);
[[nodiscard]] Json json(PixelBox box);
[[nodiscard]] Json json(const std::optional<Spacing>& spacing);
[[nodiscard]] Json json(const std::vector<Reason>& reasons);

/// Text of the document; text that is no UTF-8 is mended instead of thrown at.
[[nodiscard]] std::string text_of(const Json& document);

}  // namespace guide::report
