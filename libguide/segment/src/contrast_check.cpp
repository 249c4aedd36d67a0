// SPDX-License-Identifier: Apache-2.0
#include "contrast_change.hpp"
#include "contrast_model.hpp"
#include "contrast_shape.hpp"

#include <guide/core/error.hpp>
#include <guide/segment/contrast_check.hpp>

#include <algorithm>
#include <cmath>

namespace guide::segment {
namespace {

constexpr int kLeastSide = 64;  // px

/// Where the view is not known, both have to agree: the less sure one, or nothing.
double odds_of(const ContrastShape& shape, View view) {
    const double front = odds_inside(shape, false), side = odds_inside(shape, true);
    if (view == View::xray_ap) return front;
    if (view == View::xray_lateral) return side;
    if (front * side <= 0) return 0;
    return std::abs(front) < std::abs(side) ? front : side;
}

std::vector<Reason> notes_of(const ContrastShape& shape, View view) {
    std::vector<Reason> notes;
    if (!shape.pooled)
        notes.push_back({"tip-not-known", "Where the needle's tip lies was not stated."});
    if (!shape.spread) {
        notes.push_back({"spread-not-known",
                         "How thin the agent spreads is not known without the scale of the "
                         "picture and the volume of agent."});
    }
    if (view != View::xray_ap && view != View::xray_lateral)
        notes.push_back({"view-not-known", "It was not stated from where the frames are seen."});
    return notes;
}

}  // namespace

std::string_view name_of(ContrastPlace place) {
    switch (place) {
        case ContrastPlace::inside:
            return "inside";
        case ContrastPlace::outside:
            return "outside";
        default:
            return "unsure";
    }
}

void ContrastCheckOptions::validate() const {
    const auto check = [](bool right, const char* rule) {
        require(right, "ContrastCheckOptions", rule);
    };
    check(!tip || (std::isfinite(tip->x) && std::isfinite(tip->y)), "tip is finite");
    check(!injected_ml || (*injected_ml > 0 && *injected_ml <= 100),
          "injected_ml is above 0, to 100");
    check(least_odds >= 0 && least_odds <= 10, "least_odds is from 0 to 10");
}

Expected<ContrastCheck> check_contrast(const Frame& before, const Frame& after,
                                       const ContrastCheckOptions& options) {
    options.validate();
    const int width = before.intensity.width(), height = before.intensity.height();
    if (after.intensity.width() != width || after.intensity.height() != height)
        return no_answer("sizes-differ",
                         "The two frames differ in size: they are not of one view.");
    if (std::min(width, height) < kLeastSide)
        return no_answer("too-small", "The frames are too small to show where agent goes.");
    require(!options.tip || (options.tip->x >= 0 && options.tip->y >= 0 &&
                             options.tip->x <= width - 1 && options.tip->y <= height - 1),
            "check_contrast", "the tip lies in the frame");

    const auto change = change_between(before.intensity.view(), after.intensity.view());
    if (!change) return tl::unexpected(change.error());
    const auto region = shape_of(*change, before.spacing, options);
    if (!region)
        return no_answer("no-contrast", "What changed is too little to be contrast agent.");
    ContrastCheck check;
    check.shape = region->shape;
    check.centre = region->centre;
    check.area_px = region->area_px;
    check.moved = {change->shift.x, change->shift.y};
    const double odds = odds_of(check.shape, options.view);
    check.probability_inside = 1 / (1 + std::exp(-odds));
    if (std::abs(odds) >= options.least_odds)
        check.place = odds > 0 ? ContrastPlace::inside : ContrastPlace::outside;
    check.notes = notes_of(check.shape, options.view);
    return check;
}

}  // namespace guide::segment
