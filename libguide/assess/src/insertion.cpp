// SPDX-License-Identifier: Apache-2.0
#include <guide/assess/insertion.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace guide::assess {
namespace {

bool is_good(const InsertionSample& s) {
    for (const double v : {s.time_s, s.advance_mm, s.tip_across_mm, s.clearance_mm})
        if (!std::isfinite(v)) return false;
    return s.slice_half_mm > 0 && std::isfinite(s.slice_half_mm) && s.beam_angle_deg >= 0 &&
           s.beam_angle_deg <= 90 && !std::isnan(s.bone_clearance_mm);
}

Expected<void> check(std::span<const InsertionSample> samples) {
    if (samples.size() < 2)
        return no_answer("few-samples", "An insertion needs two samples at least.");
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (!is_good(samples[i])) {
            return no_answer("bad-sample",
                             "Sample " + std::to_string(i) + " is not finite or out of range.");
        }
        if (i > 0 && !(samples[i].time_s > samples[i - 1].time_s)) {
            return no_answer("bad-sample",
                             "The time of sample " + std::to_string(i) + " does not rise.");
        }
    }
    return {};
}

/// The share of the way within the slice, where the tip moves across it evenly.
double share_within(const InsertionSample& a, const InsertionSample& b) {
    const double half = 0.5 * (a.slice_half_mm + b.slice_half_mm);
    const double low = std::min(a.tip_across_mm, b.tip_across_mm),
                 high = std::max(a.tip_across_mm, b.tip_across_mm);
    if (high - low < 1e-9) return std::abs(low) <= half ? 1 : 0;
    return std::max(0.0, std::min(high, half) - std::max(low, -half)) / (high - low);
}

double half_of(bool at_one_end) {
    return at_one_end ? 0.5 : 0;
}

int count_contacts(std::span<const InsertionSample> samples, const InsertionOptions& options) {
    int contacts = 0;
    bool touching = false;
    for (const InsertionSample& s : samples) {
        if (!touching && s.bone_clearance_mm <= options.contact_mm) {
            touching = true;
            ++contacts;
        } else if (s.bone_clearance_mm >= options.release_mm) {
            touching = false;
        }
    }
    return contacts;
}

}  // namespace

Expected<void> InsertionOptions::validate() const {
    if (!(contact_mm >= 0) || !(release_mm > contact_mm) || !std::isfinite(release_mm))
        return no_answer("bad-options", "contact_mm is below 0, or release_mm not above it.");
    return {};
}

Expected<InsertionMetrics> measure_insertion(std::span<const InsertionSample> samples,
                                             const InsertionOptions& options) {
    if (const auto good = options.validate(); !good) return tl::unexpected(good.error());
    if (const auto good = check(samples); !good) return tl::unexpected(good.error());
    InsertionMetrics metrics;
    metrics.least_clearance_mm = samples.front().clearance_mm;
    metrics.bone_contacts = count_contacts(samples, options);
    double within = 0, seen = 0, could_be_seen = 0, angle = 0, blind = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const InsertionSample &a = samples[i - 1], &b = samples[i];
        metrics.least_clearance_mm = std::min(metrics.least_clearance_mm, b.clearance_mm);
        const double step = b.advance_mm - a.advance_mm;
        const double under = half_of(a.under_probe) + half_of(b.under_probe);
        const double visible =
            half_of(a.under_probe && a.tip_visible) + half_of(b.under_probe && b.tip_visible);
        if (step > 0) {
            metrics.advance_mm += step;
            within += step * share_within(a, b);
            seen += step * visible;
            could_be_seen += step * under;
            angle += step * 0.5 * (a.beam_angle_deg + b.beam_angle_deg);
            blind += step * (under - visible);
        }
        metrics.longest_blind_mm = std::max(metrics.longest_blind_mm, blind);
        if (b.tip_visible) blind = 0;
    }
    if (metrics.advance_mm > 0) {
        metrics.in_plane_share = within / metrics.advance_mm;
        if (could_be_seen > 0) metrics.tip_visible_share = seen / could_be_seen;
        metrics.beam_angle_deg = angle / metrics.advance_mm;
    }
    return metrics;
}

}  // namespace guide::assess
