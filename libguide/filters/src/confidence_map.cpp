// SPDX-License-Identifier: Apache-2.0
#include "random_walk.hpp"

#include <guide/filters/confidence_map.hpp>

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "confidence_map.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "lanes-inl.hpp"

#ifndef GUIDE_FILTERS_CONFIDENCE_RANGE
#define GUIDE_FILTERS_CONFIDENCE_RANGE
namespace guide::filters {

/// Of the differences between neighbours.
struct EdgeRange {
    float least = INFINITY, most = 0;
};
struct EdgeRanges {
    EdgeRange down, lateral;
};

}  // namespace guide::filters
#endif

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

void weigh_row(const float* in, float factor, float* out, int width) {
    for_each_lanes(width, [&](auto d, int x) HWY_ATTR {
        const auto grey = hn::LoadU(d, in + x);
        const auto counts =
            hn::Le(hn::Abs(grey), hn::Set(d, 1e30F));  // false for what is no number
        hn::StoreU(hn::IfThenElseZero(counts, hn::Mul(grey, hn::Set(d, factor))), d, out + x);
    });
}

template <class D>
HWY_INLINE void extend(D d, const float* a, const float* b, EdgeRange& range) {
    const auto step = hn::Abs(hn::Sub(hn::LoadU(d, a), hn::LoadU(d, b)));
    range.least = std::min(range.least, hn::GetLane(hn::MinOfLanes(d, step)));
    range.most = std::max(range.most, hn::GetLane(hn::MaxOfLanes(d, step)));
}

/// Extends the ranges by the edges of a row and, if there is one, to the row below.
void extend_ranges(const float* row, const float* below, int width, EdgeRanges& ranges) {
    for_each_lanes(width - 1, [&](auto d, int x) HWY_ATTR {
        extend(d, row + x, row + x + 1, ranges.lateral);
        if (below == nullptr) return;
        extend(d, row + x, below + x, ranges.down);
        extend(d, row + x, below + x + 1, ranges.lateral);
        extend(d, row + x + 1, below + x, ranges.lateral);
    });
    if (below != nullptr) {
        const hn::CappedTag<float, 1> single;
        extend(single, row + width - 1, below + width - 1, ranges.down);
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(weigh_row);
HWY_EXPORT(extend_ranges);

namespace {

EdgeRange joined(EdgeRange a, EdgeRange b) {
    return {std::min(a.least, b.least), std::max(a.most, b.most)};
}

WalkWeights walk_weights(const EdgeRanges& ranges, const ConfidenceOptions& o) {
    // To 0 .. 1, as position = scale * difference + shift.
    const auto all = joined(ranges.down, ranges.lateral);
    double scale = 0, shift = 0, least = 0, range = 1 + o.gamma;
    if (o.steepest > 0) {
        scale = 1 / o.steepest;
    } else {
        const double span = static_cast<double>(all.most) - all.least;
        if (span > 1e-30) scale = 1 / span;
        shift = -scale * all.least;
        // With gamma, once more.
        least = scale * ranges.down.least + shift;
        double most = scale * ranges.down.most + shift;
        if (ranges.lateral.least <= ranges.lateral.most) {
            least = std::min(least, scale * ranges.lateral.least + shift + o.gamma);
            most = std::max(most, scale * ranges.lateral.most + shift + o.gamma);
        }
        range = most - least;
    }
    const double power = range > 0 ? -o.beta / std::log(2.0) / range : 0;
    return {static_cast<float>(power * scale), static_cast<float>(power * (shift - least)),
            static_cast<float>(power * (shift - least + o.gamma))};
}

}  // namespace

void ConfidenceOptions::validate() const {
    require(alpha >= 0 && alpha <= 100, "ConfidenceOptions", "alpha is 0 to 100");
    require(beta >= 0 && beta <= 1000, "ConfidenceOptions", "beta is 0 to 1000");
    require(gamma >= 0 && gamma <= 10, "ConfidenceOptions", "gamma is 0 to 10");
    require(steepest >= 0 && steepest <= 1e6, "ConfidenceOptions", "steepest is 0 to 1e6");
}

struct ConfidenceMap::State {
    RandomWalk walk;
    Image<float> grey;
    std::vector<EdgeRanges> ranges;  ///< band by band
    double renewed = 0;
};

ConfidenceMap::ConfidenceMap() : state_(std::make_unique<State>()) {}
ConfidenceMap::~ConfidenceMap() = default;
ConfidenceMap::ConfidenceMap(ConfidenceMap&&) noexcept = default;
ConfidenceMap& ConfidenceMap::operator=(ConfidenceMap&&) noexcept = default;

double ConfidenceMap::renewed() const {
    return state_->renewed;
}

void ConfidenceMap::compute(ImageView<const float> in, ImageView<float> out,
                            const ConfidenceOptions& options, const Execution& execution) {
    options.validate();
    require(in.width == out.width && in.height == out.height, "ConfidenceMap::compute",
            "in and out are of one size");
    if (in.empty()) return;
    const int width = in.width, height = in.height;
    if (height < 3) {
        std::fill_n(out.row(0), width, 1.0F);
        if (height == 2) std::fill_n(out.row(1), width, 0.0F);
        return;
    }
    auto& [walk, grey, ranges, renewed] = *state_;
    if (grey.width() != width || grey.height() != height) grey = Image<float>(width, height);

    Workers workers(execution);
    const auto weigh = GUIDE_KERNEL(weigh_row);
    const auto extend = GUIDE_KERNEL(extend_ranges);
    constexpr int kRows = 64;
    workers.for_each_band(height, kRows, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const double factor = 1 - std::exp(-options.alpha * y / (height - 1));
            weigh(in.row(y), static_cast<float>(factor), grey.view().row(y), width);
        }
    });
    ranges.assign(static_cast<std::size_t>((height - 1) / kRows + 1), {});
    workers.for_each_band(height, kRows, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            extend(grey.view().row(y), y + 1 < height ? grey.view().row(y + 1) : nullptr, width,
                   ranges[static_cast<std::size_t>(y / kRows)]);
        }
    });
    EdgeRanges all;
    for (const auto& band : ranges)
        all = {joined(all.down, band.down), joined(all.lateral, band.lateral)};

    walk.resize(width, height);
    const int threads = execution.threads > 0
                            ? execution.threads
                            : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    renewed = walk.solve(grey.data(), walk_weights(all, options), out, workers, threads);
}

void confidence_map(ImageView<const float> in, ImageView<float> out,
                    const ConfidenceOptions& options, const Execution& execution) {
    ConfidenceMap().compute(in, out, options, execution);
}

}  // namespace guide::filters
#endif
