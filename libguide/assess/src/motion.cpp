// SPDX-License-Identifier: Apache-2.0
#include "smoothness.hpp"
#include "tissue.hpp"

#include <guide/assess/motion.hpp>

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace guide::assess {
namespace {

using Samples = std::vector<ToolSample>;

constexpr double kStep = 0.5;    // mm, between points whose deviation is taken
constexpr double kNoWay = 1e-6;  // mm: the tip ends where it began
constexpr double kDegrees = 180 / std::numbers::pi;

double angle_between(const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
    return kDegrees * std::atan2(a.cross(b).norm(), a.dot(b));
}

Expected<Samples> checked(std::span<const ToolSample> samples) {
    if (samples.size() < 2)
        return no_answer("few-samples", "A movement needs two samples at least.");
    Samples result(samples.begin(), samples.end());
    for (std::size_t i = 0; i < result.size(); ++i) {
        ToolSample& s = result[i];
        const double length = s.direction.norm();
        if (!std::isfinite(s.time_s) || !s.tip.allFinite() || !std::isfinite(length) ||
            !(length > 0)) {
            return no_answer("bad-sample",
                             "Sample " + std::to_string(i) + " is not finite or has no direction.");
        }
        if (i > 0 && !(s.time_s > result[i - 1].time_s)) {
            return no_answer("bad-sample",
                             "The time of sample " + std::to_string(i) + " does not rise.");
        }
        s.direction /= length;
    }
    return result;
}

/// Speed of the tip in even steps of time, each the mean over its step.
std::vector<double> even_speed(const Samples& samples, double rate_hz) {
    const double start = samples.front().time_s;
    const auto count = static_cast<std::size_t>((samples.back().time_s - start) * rate_hz);
    std::vector<double> way(count + 1, 0.0);  // of the tip up to each step
    double sum = 0;
    std::size_t next = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const ToolSample &a = samples[i - 1], &b = samples[i];
        const double length = (b.tip - a.tip).norm();
        for (; next <= count; ++next) {
            const double time = start + static_cast<double>(next) / rate_hz;
            if (time > b.time_s) break;
            way[next] = sum + length * (time - a.time_s) / (b.time_s - a.time_s);
        }
        sum += length;
    }
    for (; next <= count; ++next)
        way[next] = sum;
    std::vector<double> speed(count);
    for (std::size_t i = 0; i < count; ++i)
        speed[i] = (way[i + 1] - way[i]) * rate_hz;
    return speed;
}

/// Counts going in through the skin, and being drawn back and pushed on in tissue.
class Pushes {
  public:
    Pushes(const MotionOptions& options, MotionMetrics& metrics)
        : options_(options), metrics_(metrics) {}

    /// `progress`: how far the needle has gone along itself, mm.
    void at(double depth, double progress) {
        if (!in_ && depth > options_.puncture_mm) {
            in_ = true;
            ++metrics_.punctures;
            back_ = false;
            turn_ = progress;
        } else if (in_ && depth < 0) {
            in_ = false;
        }
        if (!in_) return;
        if (!back_) {
            turn_ = std::max(turn_, progress);
            if (progress < turn_ - options_.withdrawal_mm) {
                back_ = true;
                turn_ = progress;
            }
        } else {
            turn_ = std::min(turn_, progress);
            if (progress > turn_ + options_.withdrawal_mm) {
                back_ = false;
                turn_ = progress;
                ++metrics_.redirections;
            }
        }
    }

  private:
    const MotionOptions& options_;
    MotionMetrics& metrics_;
    bool in_ = false, back_ = false;
    double turn_ = 0;  // the farthest, or the nearest while drawn back
};

void count_pushes(const Samples& samples, const DepthBelowSkin& depth, const MotionOptions& options,
                  MotionMetrics& metrics) {
    Pushes pushes(options, metrics);
    double progress = 0;
    pushes.at(depth(samples.front().tip), progress);
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const Eigen::Vector3d a = samples[i - 1].tip, move = samples[i].tip - a;
        const Eigen::Vector3d along =
            (samples[i - 1].direction + samples[i].direction).normalized();
        const int parts = std::max(1, static_cast<int>(std::ceil(move.norm() / kStep)));
        for (int k = 1; k <= parts; ++k) {
            const double share = static_cast<double>(k) / parts;
            pushes.at(depth(a + share * move), progress + share * move.dot(along));
        }
        progress += move.dot(along);
    }
}

/// Sums of the tip's deviation along its path in tissue.
struct Deviation {
    double sum = 0, length = 0, largest = 0;

    void add(const Eigen::Vector3d& a, const Eigen::Vector3d& b, const WantedPath& wanted) {
        const Eigen::Vector3d along = (wanted.target - wanted.entry).normalized();
        const double way = (b - a).norm();
        const int parts = std::max(1, static_cast<int>(std::ceil(way / kStep)));
        for (int k = 0; k < parts; ++k) {
            const Eigen::Vector3d from = a + (k + 0.5) / parts * (b - a) - wanted.entry;
            const double off = (from - from.dot(along) * along).norm();
            sum += off * way / parts;
            largest = std::max(largest, off);
        }
        length += way;
    }
};

void compare(const Samples& samples, const Deviation& deviation, const WantedPath& wanted,
             MotionMetrics& metrics) {
    if (deviation.length > 0) {
        metrics.deviation_mean_mm = deviation.sum / deviation.length;
        metrics.deviation_max_mm = deviation.largest;
    }
    metrics.target_error_mm = (samples.back().tip - wanted.target).norm();
    metrics.angle_error_deg = angle_between(samples.back().direction, wanted.target - wanted.entry);
}

}  // namespace

Expected<void> MotionOptions::validate() const {
    for (const auto& [name, value] :
         {std::pair{"shaft_mm", shaft_mm}, std::pair{"withdrawal_mm", withdrawal_mm},
          std::pair{"puncture_mm", puncture_mm}, std::pair{"cutoff_hz", cutoff_hz}}) {
        if (!(value > 0) || !std::isfinite(value))
            return no_answer("bad-options", std::string(name) + " is not above 0.");
    }
    if (!(rate_hz >= 20) || !(rate_hz <= 1e4) || !(cutoff_hz < rate_hz / 2)) {
        return no_answer("bad-options",
                         "rate_hz is not between 20 and 10000, or not above twice cutoff_hz.");
    }
    return {};
}

Expected<MotionMetrics> measure_motion(std::span<const ToolSample> given,
                                       const DepthBelowSkin& depth,
                                       const std::optional<WantedPath>& wanted,
                                       const MotionOptions& options) {
    if (const auto good = options.validate(); !good) return tl::unexpected(good.error());
    if (wanted && !((wanted->target - wanted->entry).norm() > kNoWay))
        return no_answer("bad-path", "The wanted path has no length.");
    const auto checked_samples = checked(given);
    if (!checked_samples) return tl::unexpected(checked_samples.error());
    const Samples& samples = *checked_samples;

    MotionMetrics metrics;
    metrics.elapsed_s = samples.back().time_s - samples.front().time_s;
    Deviation deviation;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const ToolSample &a = samples[i - 1], &b = samples[i];
        const Eigen::Vector3d move = b.tip - a.tip;
        metrics.path_mm += move.norm();
        metrics.rotation_deg += angle_between(a.direction, b.direction);
        metrics.tissue_damage_mm2 += swept_area(a, b, options.shaft_mm, depth);
        for (const Stretch& s : in_tissue(a.tip, b.tip, depth)) {
            metrics.tissue_path_mm += (s.end - s.begin) * move.norm();
            metrics.tissue_time_s += (s.end - s.begin) * (b.time_s - a.time_s);
            if (wanted) deviation.add(a.tip + s.begin * move, a.tip + s.end * move, *wanted);
        }
    }
    const double straight = (samples.back().tip - samples.front().tip).norm();
    if (straight > kNoWay) metrics.path_inefficiency = metrics.path_mm / straight - 1;
    count_pushes(samples, depth, options, metrics);
    metrics.smoothness = spectral_arc_length(even_speed(samples, options.rate_hz), options.rate_hz,
                                             options.cutoff_hz);
    if (wanted) compare(samples, deviation, *wanted, metrics);
    return metrics;
}

}  // namespace guide::assess
