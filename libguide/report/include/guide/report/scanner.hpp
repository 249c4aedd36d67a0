// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/report/case.hpp>
#include <guide/report/export.hpp>
#include <guide/simulate/ultrasound.hpp>

namespace guide::report {

/// The scanner that an ultrasound case describes; its picture without a screen about it. Lines and
/// samples lie as close as the probe's beam and pulse ask for. Not validated: fields may not go
/// together.
[[nodiscard]] GUIDE_REPORT_EXPORT simulate::UltrasoundSettings ultrasound_settings(const Case& c);

}  // namespace guide::report
