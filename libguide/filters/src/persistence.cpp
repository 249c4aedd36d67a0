// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/persistence.hpp>

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "persistence.cpp"
#include "kernel.hpp"
#include "lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// `out` may be `frame`, or `average` where nothing more is wanted.
void persist_row(const float* frame, float* average, float* out, int width, float keep,
                 float per_change) {
    for_each_lanes(width, [&](auto d, int x) HWY_ATTR {
        const auto now = hn::LoadU(d, frame + x), past = hn::LoadU(d, average + x);
        const auto change = hn::Sub(past, now);
        const auto alike = hn::NegMulAdd(hn::Abs(change), hn::Set(d, per_change), hn::Set(d, 2.0F));
        const auto share = hn::Min(hn::Max(alike, hn::Zero(d)), hn::Set(d, 1.0F));
        const auto mixed = hn::MulAdd(hn::Mul(share, hn::Set(d, keep)), change, now);
        // v - v is 0 for what is finite and not a number otherwise.
        const auto zero = hn::Zero(d);
        const auto answered = hn::IfThenElse(hn::Eq(hn::Sub(now, now), zero), mixed, past);
        const auto result = hn::IfThenElse(hn::Eq(hn::Sub(past, past), zero), answered, now);
        hn::StoreU(result, d, average + x);
        if (out != average) hn::StoreU(result, d, out + x);
    });
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(persist_row);

void PersistenceOptions::validate() const {
    require(weight > 0 && weight <= 1, "PersistenceOptions", "weight is above 0, to 1");
    require(explained_change > 0, "PersistenceOptions", "explained_change is above 0");
}

Persistence::Persistence(const PersistenceOptions& options) : options_(options) {
    options_.validate();
}

void Persistence::add(ImageView<const float> frame, const Execution& execution) {
    take(frame, {}, execution);
}

void Persistence::apply(ImageView<const float> frame, ImageView<float> out,
                        const Execution& execution) {
    require(frame.width == out.width && frame.height == out.height, "Persistence::apply",
            "frame and out are of one size");
    take(frame, out, execution);
}

void Persistence::take(ImageView<const float> frame, ImageView<float> out,
                       const Execution& execution) {
    if (frame.width != average_.width() || frame.height != average_.height()) {
        average_ = Image<float>(std::max(0, frame.width), std::max(0, frame.height));
        fresh_ = true;
    }
    const bool first = fresh_;
    fresh_ = true;  // until all rows are done
    const auto keep = static_cast<float>(1 - options_.weight);
    const auto per_change = static_cast<float>(1 / options_.explained_change);
    const auto kernel = GUIDE_KERNEL(persist_row);
    for_each_band(execution, average_.height(), [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            float* average = average_.row(y);
            float* shown = out.empty() ? average : out.row(y);
            if (first) {
                std::copy_n(frame.row(y), frame.width, average);
                if (shown != frame.row(y)) std::copy_n(average, frame.width, shown);
            } else {
                kernel(frame.row(y), average, shown, frame.width, keep, per_change);
            }
        }
    });
    fresh_ = false;
}

}  // namespace guide::filters
#endif
