// SPDX-License-Identifier: Apache-2.0
#include "followed_bones.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace guide::segment {
namespace {

constexpr double kSameMm = 1.5;             // one surface wanders so far from frame to frame
constexpr double kShow = 0.5, kHide = 0.3;  // belief
constexpr double kGapMm = 0.6;              // a longer one parts two stretches
constexpr double kStepMm = 1.0;             // per column: a steeper one is another surface
constexpr double kLeastMm = 1.5;            // a shorter stretch is none
constexpr int kPointsEvery = 2;             // px

struct Seen {
    double y, confidence;
    BoneKind kind;
};

/// What each column of the box shows; the surer surface where two overlap.
std::vector<std::optional<Seen>> by_column(const std::vector<BoneSurface>& bones, PixelBox box) {
    std::vector<std::optional<Seen>> columns(static_cast<std::size_t>(box.width()));
    for (const BoneSurface& bone : bones) {
        for (std::size_t i = 1; i < bone.points.size(); ++i) {
            const PixelPoint a = bone.points[i - 1], b = bone.points[i];
            const int first = std::max(box.x0, static_cast<int>(std::ceil(a.x))),
                      last = std::min(box.x1 - 1, static_cast<int>(std::floor(b.x)));
            for (int x = first; x <= last; ++x) {
                auto& column = columns[static_cast<std::size_t>(x - box.x0)];
                if (column && column->confidence > bone.confidence) continue;
                const double t = b.x > a.x ? (x - a.x) / (b.x - a.x) : 0;
                column = Seen{a.y + t * (b.y - a.y), bone.confidence, bone.kind};
            }
        }
    }
    return columns;
}

}  // namespace

void FollowedBones::move(PixelPoint by) {
    const int n = static_cast<int>(columns_.size());
    // A column takes what stood `by.x` to its left: the nearer of two, not their mean, which would
    // blur ends.
    std::vector<Column> moved(columns_.size());
    for (int x = 0; x < n; ++x) {
        const double from = x - by.x;
        const int left = static_cast<int>(std::floor(from));
        const int nearest = static_cast<int>(std::lround(from));
        if (nearest < 0 || nearest >= n) continue;
        Column column = columns_[static_cast<std::size_t>(nearest)];
        if (left >= 0 && left + 1 < n) {
            const Column &a = columns_[static_cast<std::size_t>(left)],
                         &b = columns_[static_cast<std::size_t>(left + 1)];
            if (a.belief > 0 && b.belief > 0) column.y = a.y + (from - left) * (b.y - a.y);
        }
        column.y += by.y;
        moved[static_cast<std::size_t>(x)] = column;
    }
    columns_ = std::move(moved);
}

std::vector<BoneSurface> FollowedBones::surfaces(double gap_px, double step_px) const {
    std::vector<BoneSurface> bones;
    int last = -1;  // column of the open surface
    double sum = 0;
    int count = 0;
    const auto close = [&] {
        if (count > 0) bones.back().confidence = sum / count;
        sum = 0;
        count = 0;
    };
    for (int x = 0; x < static_cast<int>(columns_.size()); ++x) {
        const Column& c = columns_[static_cast<std::size_t>(x)];
        if (!c.shown) continue;
        const bool goes_on =
            last >= 0 && x - last <= gap_px && bones.back().kind == c.kind &&
            std::abs(c.y - columns_[static_cast<std::size_t>(last)].y) <= step_px * (x - last);
        if (!goes_on) {
            close();
            bones.push_back({c.kind, {}, 0});
        }
        const auto next = static_cast<std::size_t>(x + 1);
        const bool end = next >= columns_.size() || !columns_[next].shown;
        if (!goes_on || end || count % kPointsEvery == 0)
            bones.back().points.push_back({static_cast<double>(box_.x0 + x), c.y});
        sum += c.confidence * std::min(1.0, c.belief);
        ++count;
        last = x;
    }
    close();
    return bones;
}

std::vector<BoneSurface> FollowedBones::next(const std::vector<BoneSurface>& seen,
                                             const FollowStep& step) {
    if (begun_) move(step.motion);
    const auto now = by_column(seen, box_);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        Column& c = columns_[i];
        const auto& s = now[i];
        const bool same = s && c.belief > 0 && std::abs(s->y - c.y) <= kSameMm * step.px_per_mm;
        if (s && (c.belief <= 0 || (!same && ++c.elsewhere >= step.frames_to_jump))) {
            c = {s->y, begun_ ? step.share : 1.0, s->confidence, s->kind, 0, c.shown};
        } else if (same) {
            c.y += step.share * (s->y - c.y);
            c.confidence += step.share * (s->confidence - c.confidence);
            c.belief += step.share * (1 - c.belief);
            c.kind = s->kind;
            c.elsewhere = 0;
        } else {
            c.belief *= 1 - step.share;
            if (c.belief < 0.05) c = {};
        }
        c.shown = c.belief >= (c.shown ? kHide : kShow);
    }
    begun_ = true;
    auto bones = surfaces(std::max(1.0, kGapMm * step.px_per_mm), kStepMm * step.px_per_mm);
    std::erase_if(bones, [&](const BoneSurface& b) {
        return b.points.size() < 2 ||
               b.points.back().x - b.points.front().x < kLeastMm * step.px_per_mm;
    });
    return bones;
}

}  // namespace guide::segment
