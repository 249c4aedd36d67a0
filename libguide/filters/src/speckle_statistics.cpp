// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/speckle_statistics.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace guide::filters {
namespace {

std::vector<float> finite(std::span<const float> samples) {
    std::vector<float> kept;
    kept.reserve(samples.size());
    std::copy_if(samples.begin(), samples.end(), std::back_inserter(kept),
                 [](float v) { return std::isfinite(v); });
    return kept;
}

RegionStatistics moments(const std::vector<float>& samples) {
    const auto n = static_cast<double>(samples.size());
    double sum = 0, squares = 0;
    for (const float v : samples)
        sum += v;
    const double mean = sum / n;
    for (const float v : samples)
        squares += (v - mean) * (v - mean);
    const double deviation = std::sqrt(squares / n);
    const double snr = deviation > 0 ? mean / deviation : std::numeric_limits<double>::infinity();
    return {samples.size(), mean, deviation, snr};
}

/// Upper ends of all bins but the last.
std::vector<double> bin_ends(const std::vector<float>& a, const std::vector<float>& b,
                             const ContrastOptions& options) {
    const auto bins = static_cast<std::size_t>(options.bins);
    std::vector<double> ends;
    if (options.binning == Binning::kEqualWidth) {
        const auto [low_a, high_a] = std::minmax_element(a.begin(), a.end());
        const auto [low_b, high_b] = std::minmax_element(b.begin(), b.end());
        const double low = std::min(*low_a, *low_b), high = std::max(*high_a, *high_b);
        for (std::size_t i = 1; i < bins; ++i)
            ends.push_back(low + (high - low) * static_cast<double>(i) / options.bins);
    } else {
        std::vector<float> all(a);
        all.insert(all.end(), b.begin(), b.end());
        std::sort(all.begin(), all.end());
        for (std::size_t i = 1; i < bins; ++i)
            ends.push_back(all[std::min(i * all.size() / bins, all.size() - 1)]);
    }
    return ends;
}

std::vector<double> histogram(const std::vector<float>& samples, const std::vector<double>& ends) {
    std::vector<double> shares(ends.size() + 1);
    const double share = 1 / static_cast<double>(samples.size());
    for (const float v : samples) {
        const auto bin = std::upper_bound(ends.begin(), ends.end(), v) - ends.begin();
        shares[static_cast<std::size_t>(bin)] += share;
    }
    return shares;
}

}  // namespace

void ContrastOptions::validate() const {
    require(bins >= 2 && bins <= 65536, "ContrastOptions", "bins is 2 to 65536");
}

std::vector<float> samples_under(ImageView<const float> image, ImageView<const std::uint8_t> mask) {
    require(image.width == mask.width && image.height == mask.height, "samples_under",
            "image and mask are of one size");
    std::vector<float> samples;
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
            if (mask.at(x, y) != 0) samples.push_back(image.at(x, y));
        }
    }
    return samples;
}

Expected<RegionStatistics> region_statistics(std::span<const float> samples) {
    const auto kept = finite(samples);
    if (kept.empty()) return no_answer("too-few-samples", "The region has no finite sample.");
    return moments(kept);
}

Expected<ContrastMeasures> contrast_between(std::span<const float> a, std::span<const float> b,
                                            const ContrastOptions& options) {
    options.validate();
    const auto in_a = finite(a), in_b = finite(b);
    if (in_a.empty() || in_b.empty()) {
        return no_answer("too-few-samples", "One of the two regions has no finite sample.");
    }
    const RegionStatistics of_a = moments(in_a), of_b = moments(in_b);
    ContrastMeasures measures;
    measures.difference = of_a.mean - of_b.mean;
    measures.ratio = of_a.mean / of_b.mean;
    if (measures.difference != 0) {
        measures.cnr = std::abs(measures.difference) / std::hypot(of_a.deviation, of_b.deviation);
    }
    const auto ends = bin_ends(in_a, in_b, options);
    const auto shares_a = histogram(in_a, ends), shares_b = histogram(in_b, ends);
    double overlap = 0;
    for (std::size_t i = 0; i < shares_a.size(); ++i)
        overlap += std::min(shares_a[i], shares_b[i]);
    measures.gcnr = std::clamp(1 - overlap, 0.0, 1.0);
    return measures;
}

}  // namespace guide::filters
