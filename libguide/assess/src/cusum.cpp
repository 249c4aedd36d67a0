// SPDX-License-Identifier: Apache-2.0
#include <guide/assess/cusum.hpp>
#include <guide/core/error.hpp>

#include <cmath>

namespace guide::assess {
namespace {

constexpr double kNormal95 = 1.959963984540054;

void set_interval(LearningCurve& curve, double successes, double n) {
    if (n == 0) return;
    const double z2 = kNormal95 * kNormal95, p = successes / n, d = 1 + z2 / n;
    const double middle = (p + z2 / (2 * n)) / d,
                 half = kNormal95 * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / d;
    curve.success_rate = p;
    curve.success_low = middle - half;
    curve.success_high = middle + half;
}

}  // namespace

Expected<void> CusumOptions::validate() const {
    if (!(acceptable_failures > 0) || !(unacceptable_failures < 1) ||
        !(acceptable_failures < unacceptable_failures)) {
        return no_answer("bad-options",
                         "acceptable_failures is not above 0 and below unacceptable_failures, or "
                         "that is not below 1.");
    }
    for (const double rate : {false_alarm, missed_alarm}) {
        if (!(rate > 0) || !(rate < 0.5)) {
            return no_answer("bad-options",
                             "false_alarm or missed_alarm is not above 0 and below 0.5.");
        }
    }
    return {};
}

LearningCurve learning_curve(const std::vector<bool>& successes, const CusumOptions& options) {
    if (const auto good = options.validate(); !good)
        throw PreconditionError("learning_curve", good.error().text);
    const double p = std::log(options.unacceptable_failures / options.acceptable_failures),
                 q = std::log((1 - options.acceptable_failures) /
                              (1 - options.unacceptable_failures));
    const double s = q / (p + q);
    LearningCurve curve;
    curve.step_down = std::log((1 - options.false_alarm) / options.missed_alarm) / (p + q);
    curve.step_up = std::log((1 - options.missed_alarm) / options.false_alarm) / (p + q);
    double sum = 0, base = 0, good = 0;
    for (std::size_t i = 0; i < successes.size(); ++i) {
        sum += successes[i] ? -s : 1 - s;
        good += successes[i] ? 1 : 0;
        if (sum <= base - curve.step_down) {
            if (!curve.proficient_at) curve.proficient_at = static_cast<int>(i) + 1;
            curve.proficient = true;
            base = sum;
        } else if (sum >= base + curve.step_up) {
            curve.proficient = false;
            base = sum;
        }
        curve.sum.push_back(sum);
    }
    set_interval(curve, good, static_cast<double>(successes.size()));
    return curve;
}

}  // namespace guide::assess
