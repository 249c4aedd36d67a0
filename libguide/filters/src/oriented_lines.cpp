// SPDX-License-Identifier: Apache-2.0
#include "line_angle.hpp"
#include "smoothed_frames.hpp"
#include "tiles.hpp"

#include <guide/filters/oriented_lines.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "oriented_lines.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "correlate-inl.hpp"

#ifndef GUIDE_FILTERS_ORIENTED_LINES_TILE
#define GUIDE_FILTERS_ORIENTED_LINES_TILE
namespace guide::filters {

constexpr int kLinesTileWidth = 128;
constexpr int kLinesTileHeight = 64;
/// Floats of the widest vector: how far past a row's end kernels may read and write.
constexpr int kLinesSlack = 64;

/// A part of the grid, what is known of it so far, and the angle at work.
struct LinesTile {
    SmoothedFrames frames;
    int x, y, columns, rows;
    const LineAngle* line;
    int index;     ///< of that line
    int reach;     ///< the largest flank + 2
    float* means;  ///< T of the tile and `reach` around it
    std::ptrdiff_t means_pitch;
    float *best, *before, *after, *last, *best_index;  ///< rows of kLinesTileWidth
    int angles;
    float first_angle, step;
};

}  // namespace guide::filters
#endif

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// The mean along the line at each place of the tile and of the flanks.
HWY_INLINE void gather(const LinesTile& t) {
    const hn::ScalableTag<float> d;
    const auto lanes = static_cast<std::ptrdiff_t>(hn::Lanes(d));
    const int along = t.line->flank_along < 0 ? -t.line->flank_along : t.line->flank_along;
    const int across = t.line->flank_across + 1;
    const int above = t.line->along_x ? across : along, beside = t.line->along_x ? along : across;
    const std::ptrdiff_t* samples = t.line->samples.data();
    const auto sample_count = static_cast<int>(t.line->samples.size());
    const auto share = hn::Set(d, 1.0F / static_cast<float>(sample_count));
    for (int y = -above; y < t.rows + above; ++y) {
        const float* from = t.frames.at(t.x - beside, t.y + y);
        float* to = t.means + (y + t.reach) * t.means_pitch + t.reach - beside;
        over_columns(t.columns + 2 * beside, [&](auto vectors, int x) HWY_ATTR {
            constexpr int n = decltype(vectors)::value;
            Block<n, decltype(d)> sum;
            for (int k = 0; k < n; ++k)
                sum.v[k] = hn::Zero(d);
            for (int i = 0; i < sample_count; ++i) {
                const float* sample = from + samples[i] + x;
                for (int k = 0; k < n; ++k)
                    sum.v[k] = hn::Add(sum.v[k], hn::LoadU(d, sample + k * lanes));
            }
            for (int k = 0; k < n; ++k)
                sum.v[k] = hn::Mul(sum.v[k], share);
            store(sum, to + x);
        });
    }
}

void add_angle(const LinesTile& t) {
    gather(t);
    const hn::ScalableTag<float> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const std::ptrdiff_t along = t.line->along_x ? 1 : t.means_pitch,
                         step = t.line->along_x ? t.means_pitch : 1;
    const std::ptrdiff_t flank = t.line->flank_along * along + t.line->flank_across * step;
    const auto part = hn::Set(d, t.line->flank_part);
    const auto index = hn::Set(d, static_cast<float>(t.index));
    const auto index_before = hn::Set(d, static_cast<float>(t.index - 1));
    const auto between = [&](const float* near, const float* far) HWY_ATTR {
        const auto v = hn::LoadU(d, near);
        return hn::MulAdd(part, hn::Sub(hn::LoadU(d, far), v), v);
    };
    for (int y = 0; y < t.rows; ++y) {
        const float* mean = t.means + (y + t.reach) * t.means_pitch + t.reach;
        for (int x = 0; x < t.columns; x += lanes) {
            const float *here = mean + x, *low = here - flank, *high = here + flank;
            const auto brighter = hn::Max(between(low, low - step), between(high, high + step));
            const auto contrast = hn::Sub(hn::LoadU(d, here), brighter);

            const std::ptrdiff_t at = y * kLinesTileWidth + x;
            const auto best = hn::Load(d, t.best + at), last = hn::Load(d, t.last + at);
            const auto best_index = hn::Load(d, t.best_index + at);
            const auto better = hn::Gt(contrast, best);
            const auto follows = hn::Eq(best_index, index_before);
            hn::Store(hn::IfThenElse(follows, contrast, hn::Load(d, t.after + at)), d,
                      t.after + at);
            hn::Store(hn::IfThenElse(better, last, hn::Load(d, t.before + at)), d, t.before + at);
            hn::Store(hn::IfThenElse(better, index, best_index), d, t.best_index + at);
            hn::Store(hn::Max(contrast, best), d, t.best + at);
            hn::Store(contrast, d, t.last + at);
        }
    }
}

/// Parabola through the best and its neighbours: the angle goes into `best_index`.
void finish_tile(const LinesTile& t) {
    const hn::ScalableTag<float> d;
    const int lanes = static_cast<int>(hn::Lanes(d));
    const auto zero = hn::Zero(d), half = hn::Set(d, 0.5F);
    for (int y = 0; y < t.rows; ++y) {
        for (int x = 0; x < t.columns; x += lanes) {
            const std::ptrdiff_t at = y * kLinesTileWidth + x;
            const auto best = hn::Load(d, t.best + at), index = hn::Load(d, t.best_index + at);
            const auto before = hn::Load(d, t.before + at), after = hn::Load(d, t.after + at);
            const auto bend = hn::Sub(hn::Sub(hn::Add(best, best), before), after);
            const auto tilt = hn::Sub(after, before);
            const auto inside =
                hn::And(hn::And(hn::Gt(index, zero),
                                hn::Lt(index, hn::Set(d, static_cast<float>(t.angles - 1)))),
                        hn::Gt(bend, zero));
            const auto shift = hn::IfThenElseZero(
                inside, hn::Div(hn::Mul(half, tilt), hn::IfThenElse(inside, bend, half)));
            const auto line = hn::Gt(best, zero);
            const auto angle =
                hn::MulAdd(hn::Add(index, shift), hn::Set(d, t.step), hn::Set(d, t.first_angle));
            hn::Store(hn::IfThenElseZero(line, best), d, t.best + at);
            hn::Store(hn::IfThenElseZero(line, angle), d, t.best_index + at);
        }
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(add_angle);
HWY_EXPORT(finish_tile);

void OrientedLinesOptions::validate() const {
    constexpr double right = std::numbers::pi / 2 + 1e-9;
    require(width_px >= 1.5 && width_px <= 50, "OrientedLinesOptions", "width_px is 1.5 to 50 px");
    require(length_px >= 2 * width_px && length_px <= 1000, "OrientedLinesOptions",
            "length_px is 2 widths to 1000 px");
    require(first_angle >= -right && first_angle <= right, "OrientedLinesOptions",
            "first_angle is -pi/2 to pi/2");
    require(last_angle > first_angle && last_angle <= right, "OrientedLinesOptions",
            "last_angle is above first_angle, to pi/2");
    require(grid_px >= 1 && grid_px <= 4 && (grid_px == 1 || 2 * grid_px <= width_px),
            "OrientedLinesOptions", "grid_px is 1 to 4 px and at most half of width_px");
    require(angles >= 3 && angles <= 720, "OrientedLinesOptions", "angles is 3 to 720");
}

void oriented_lines(ImageView<const float> in, const OrientedLinesViews& out,
                    const OrientedLinesOptions& options, Workspace& workspace,
                    const Execution& execution) {
    options.validate();
    const int grid = options.grid_px;
    const int width = (in.width + grid - 1) / grid, height = (in.height + grid - 1) / grid;
    for (const auto& view : {out.response, out.angle}) {
        require(view.empty() || (view.width == width && view.height == height), "oriented_lines",
                "out has a pixel for each grid point of in");
    }
    if (in.empty()) return;
    workspace.rewind();
    Workers workers(execution);
    const int reach = static_cast<int>(kFlankWidths * options.width_px / grid) + 3;
    const int margin =
        static_cast<int>(std::ceil(0.5 * options.length_px + options.width_px)) + reach * grid;
    const SmoothedFrames frames =
        smoothed_frames(in, grid, margin, kSigmaOfWidth * options.width_px, workspace, workers);

    const double step = (options.last_angle - options.first_angle) / (options.angles - 1);
    std::vector<LineAngle> lines;
    for (int i = 0; i < options.angles; ++i)
        lines.push_back(line_angle(options.first_angle + i * step, options, frames));

    const auto add = GUIDE_KERNEL(add_angle);
    const auto finish = GUIDE_KERNEL(finish_tile);
    const TileCut cut(width, height, kLinesTileWidth, kLinesTileHeight);
    for_each_tile(workers, cut, [&](const Tile& part, Workspace& scratch) {
        LinesTile tile{};
        tile.frames = frames;
        tile.x = part.x;
        tile.columns = part.columns;
        tile.y = part.y;
        tile.rows = part.rows;
        tile.reach = reach;
        tile.angles = options.angles;
        tile.first_angle = static_cast<float>(options.first_angle);
        tile.step = static_cast<float>(step);
        tile.means_pitch = kLinesTileWidth + 2 * reach + kLinesSlack;
        tile.means = scratch.take<float>(
            static_cast<std::size_t>((tile.rows + 2 * reach) * tile.means_pitch));
        const auto plane = [&](float value) {
            const auto area = static_cast<std::size_t>(tile.rows * kLinesTileWidth);
            auto* values = scratch.take<float>(area);
            std::fill_n(values, area, value);
            return values;
        };
        tile.best = plane(-1e30F);
        tile.best_index = plane(-2);
        for (float** contrast : {&tile.before, &tile.after, &tile.last})
            *contrast = plane(0);
        for (tile.index = 0; tile.index < options.angles; ++tile.index) {
            tile.line = &lines[static_cast<std::size_t>(tile.index)];
            add(tile);
        }
        finish(tile);
        const auto give = [&](const float* from, ImageView<float> to) {
            for (int y = 0; y < tile.rows && !to.empty(); ++y) {
                std::copy_n(from + std::ptrdiff_t{y} * kLinesTileWidth, tile.columns,
                            to.row(tile.y + y) + tile.x);
            }
        };
        give(tile.best, out.response);
        give(tile.best_index, out.angle);
    });
}

void oriented_lines(ImageView<const float> in, const OrientedLinesViews& out,
                    const OrientedLinesOptions& options, const Execution& execution) {
    Workspace workspace;
    oriented_lines(in, out, options, workspace, execution);
}

}  // namespace guide::filters
#endif
