// SPDX-License-Identifier: Apache-2.0
#include "gaussian_weights.hpp"
#include "line_samples.hpp"

#include <guide/filters/oriented_lines.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
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
constexpr int kSmoothedTogether = 8;

/// The smoothed frame with a margin around it, as several frames of one value for each grid point.
/// Grid 1: at whole pixels, half a pixel further right, half a pixel further down. Above: at each
/// of the grid x grid pixels that a grid point stands for, row by row.
struct SmoothedFrames {
    float* data;
    std::ptrdiff_t pitch, size;  ///< floats from row to row, from frame to frame
    int grid;                    ///< px
    int margin, width, height;   ///< px, whole grid steps; width and height with the margin

    [[nodiscard]] const float* at(int x, int y) const {
        return data + (y + margin / grid) * pitch + x + margin / grid;
    }
    /// From a grid point to what stands (dx, dy) half pixels further.
    [[nodiscard]] std::ptrdiff_t offset(int dx, int dy) const {
        const int unit = 2 * grid;
        const auto below = [](int v, int n) { return v >= 0 ? v / n : -((n - 1 - v) / n); };
        const int x = below(dx, unit), y = below(dy, unit);
        const int right = dx - x * unit, down = dy - y * unit;
        const int frame = grid == 1 ? right + 2 * down : down / 2 * grid + right / 2;
        return frame * size + y * pitch + x;
    }
};

/// Rows begin..end of the smoothed frames, margin included.
struct SmoothingBand {
    ImageView<const float> in;
    SmoothedFrames out;
    int begin, end;
    const float *whole, *half;  ///< weights of GaussianWeights::smooth and half a pixel further
    int radius;
    float *lines, *across[2];  ///< scratch: kSmoothedTogether rows; all rows smoothed along x
    float* down;               ///< one row smoothed along y too
    std::ptrdiff_t pitch;
};

/// How one angle is gathered.
struct LineAngle {
    std::vector<std::ptrdiff_t> samples;  ///< offsets into the smoothed frames
    bool along_x;                         ///< nearer to the x axis than to the y axis
    int flank_along;                      ///< to one flank, grid steps along the nearer axis
    int flank_across;                     ///< and across it
    float flank_part;                     ///< and the rest of that, 0..1
};

/// A part of the grid, what is known of it so far, and the angle at work.
struct LinesTile {
    SmoothedFrames frames;
    int x, y, columns, rows;
    const std::ptrdiff_t* samples;
    int sample_count, index;
    bool along_x;
    int flank_along, flank_across;
    float flank_part;
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

void smooth_frames(const SmoothingBand& b) {
    const hn::ScalableTag<float> d;
    const int margin = b.out.margin, bottom = b.in.height - 1;
    const int all = b.end - b.begin + 2 * b.radius + 1;
    for (int first = 0; first < all; first += kSmoothedTogether) {
        const int last = first + kSmoothedTogether < all ? first + kSmoothedTogether : all;
        for (int row = first; row < last; ++row) {
            const int wanted = b.begin + row - b.radius - margin;
            const int y = wanted < 0 ? 0 : wanted > bottom ? bottom : wanted;
            copy_padded(b.in.row(y), b.in.width, -margin - b.radius, b.out.width + 2 * b.radius + 1,
                        b.lines + (row - first) * b.pitch);
        }
        for (int row = first; row < last; ++row) {
            const float* line = b.lines + (row - first) * b.pitch + b.radius;
            over_columns(b.out.width, [&](auto vectors, int x) HWY_ATTR {
                constexpr int n = decltype(vectors)::value;
                const std::ptrdiff_t to = row * b.pitch + x;
                store(even_sum<n>(d, line + x, 1, b.whole, b.radius), b.across[0] + to);
                if (b.out.grid > 1) return;
                store(half_sum<n>(d, line + x, 1, b.half, b.radius), b.across[1] + to);
            });
        }
    }
    for (int y = b.begin; y < b.end; ++y) {
        const std::ptrdiff_t middle = (y - b.begin + b.radius) * b.pitch;
        float* whole = b.out.data + y * b.out.pitch;
        if (b.out.grid > 1) whole = b.down;
        over_columns(b.out.width, [&](auto vectors, int x) HWY_ATTR {
            constexpr int n = decltype(vectors)::value;
            const float *in = b.across[0] + middle + x, *right = b.across[1] + middle + x;
            store(even_sum<n>(d, in, b.pitch, b.whole, b.radius), whole + x);
            if (b.out.grid > 1) return;
            store(even_sum<n>(d, right, b.pitch, b.whole, b.radius), whole + x + b.out.size);
            store(half_sum<n>(d, in, b.pitch, b.half, b.radius), whole + x + 2 * b.out.size);
        });
        for (int right = 0; b.out.grid > 1 && right < b.out.grid; ++right) {
            const int grid = b.out.grid;
            float* to =
                b.out.data + (y % grid * grid + right) * b.out.size + y / grid * b.out.pitch;
            for (int x = 0; x < b.out.width / grid; ++x)
                to[x] = b.down[x * grid + right];
        }
    }
}

/// The mean along the line at each place of the tile and of the flanks.
HWY_INLINE void gather(const LinesTile& t) {
    const hn::ScalableTag<float> d;
    const auto lanes = static_cast<std::ptrdiff_t>(hn::Lanes(d));
    const int along = t.flank_along < 0 ? -t.flank_along : t.flank_along;
    const int across = t.flank_across + 1;
    const int above = t.along_x ? across : along, beside = t.along_x ? along : across;
    const auto share = hn::Set(d, 1.0F / static_cast<float>(t.sample_count));
    for (int y = -above; y < t.rows + above; ++y) {
        const float* from = t.frames.at(t.x - beside, t.y + y);
        float* to = t.means + (y + t.reach) * t.means_pitch + t.reach - beside;
        over_columns(t.columns + 2 * beside, [&](auto vectors, int x) HWY_ATTR {
            constexpr int n = decltype(vectors)::value;
            Block<n, decltype(d)> sum;
            for (int k = 0; k < n; ++k)
                sum.v[k] = hn::Zero(d);
            for (int i = 0; i < t.sample_count; ++i) {
                const float* sample = from + t.samples[i] + x;
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
    const std::ptrdiff_t along = t.along_x ? 1 : t.means_pitch,
                         step = t.along_x ? t.means_pitch : 1;
    const std::ptrdiff_t flank = t.flank_along * along + t.flank_across * step;
    const auto part = hn::Set(d, t.flank_part);
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

HWY_EXPORT(smooth_frames);
HWY_EXPORT(add_angle);
HWY_EXPORT(finish_tile);

namespace {

constexpr double kSigmaOfWidth = 0.42466;  // a Gaussian's sigma over its full width at half height
constexpr double kFlankWidths = 1.5;
constexpr double kSamplesApart = 1.5;  // sigmas; the smoothed frame has nothing finer

/// Weights at 1/2, 3/2, ... of a Gaussian; [0] is not used.
std::vector<float> half_weights(double sigma, int radius) {
    std::vector<double> w{0};
    double sum = 0;
    for (int i = 1; i <= radius; ++i) {
        const double t = (i - 0.5) / sigma;
        w.push_back(std::exp(-0.5 * t * t));
        sum += 2 * w.back();
    }
    std::vector<float> out;
    for (const double v : w)
        out.push_back(static_cast<float>(v / sum));
    return out;
}

LineAngle line_angle(double angle, const OrientedLinesOptions& options,
                     const SmoothedFrames& frames) {
    LineAngle line{};
    line.along_x = std::abs(std::cos(angle)) >= std::abs(std::sin(angle));
    const double main = line.along_x ? std::cos(angle) : std::sin(angle);
    const double slope = (line.along_x ? std::sin(angle) : std::cos(angle)) / main;
    const double apart = std::max(1.0, kSamplesApart * kSigmaOfWidth * options.width_px);
    const int unit = frames.grid == 1 ? 1 : 2;
    for (const LineSample& sample : line_samples(slope, options.length_px, apart, unit)) {
        line.samples.push_back(line.along_x ? frames.offset(2 * sample.along, sample.across)
                                            : frames.offset(sample.across, 2 * sample.along));
    }
    // Flanks lie straight beside the place: ones further along the line would draw the angle to 45
    // degrees.
    const double cosine = std::abs(main), sine = slope * cosine;
    const double flank = kFlankWidths * options.width_px / frames.grid;
    line.flank_along = -static_cast<int>(std::lround(flank * sine));
    const double across = (flank + line.flank_along * sine) / cosine;
    line.flank_across = static_cast<int>(std::floor(across));
    line.flank_part = static_cast<float>(across - line.flank_across);
    return line;
}

SmoothedFrames smoothed_frames(ImageView<const float> in, int grid, int margin, double sigma,
                               Workspace& workspace, Workers& workers) {
    const auto steps = [grid](int px) { return (px + grid - 1) / grid * grid; };
    SmoothedFrames frames{};
    frames.grid = grid;
    frames.margin = steps(margin);
    frames.width = steps(in.width) + 2 * frames.margin;
    frames.height = steps(in.height) + 2 * frames.margin;
    frames.pitch = (frames.width / grid + kLinesSlack + 15) / 16 * 16;
    frames.size = frames.pitch * (frames.height / grid);
    const std::ptrdiff_t count = grid == 1 ? 3 : grid * grid;
    frames.data =
        workspace.take<float>(static_cast<std::size_t>(count * frames.size + kLinesSlack));

    const GaussianWeights weights(sigma);
    const auto half = half_weights(sigma, weights.radius);
    const auto kernel = GUIDE_KERNEL(smooth_frames);
    workers.for_each_band(frames.height, kLinesTileHeight, [&](int begin, int end) {
        SmoothingBand band{};
        band.in = in;
        band.out = frames;
        band.begin = begin;
        band.end = end;
        band.whole = weights.smooth.data();
        band.half = half.data();
        band.radius = weights.radius;
        band.pitch = (frames.width + 2 * weights.radius + kLinesSlack + 15) / 16 * 16;
        const int rows = end - begin + 2 * weights.radius + 1;
        Workspace memory;  // for its alignment
        band.lines = memory.take<float>(static_cast<std::size_t>(kSmoothedTogether * band.pitch));
        band.down = memory.take<float>(static_cast<std::size_t>(band.pitch));
        for (float*& plane : band.across)
            plane = memory.take<float>(static_cast<std::size_t>(rows * band.pitch));
        kernel(band);
    });
    return frames;
}

}  // namespace

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
    const int bands = (height + kLinesTileHeight - 1) / kLinesTileHeight;
    workers.for_each_band(height, (height + bands - 1) / bands, [&](int begin, int end) {
        LinesTile tile{};
        tile.frames = frames;
        tile.y = begin;
        tile.rows = end - begin;
        tile.reach = reach;
        tile.angles = options.angles;
        tile.first_angle = static_cast<float>(options.first_angle);
        tile.step = static_cast<float>(step);
        tile.means_pitch = kLinesTileWidth + 2 * reach + kLinesSlack;
        Workspace memory;  // for its alignment
        tile.means = memory.take<float>(
            static_cast<std::size_t>((tile.rows + 2 * reach) * tile.means_pitch));
        const auto area = static_cast<std::size_t>(tile.rows * kLinesTileWidth);
        for (float** state : {&tile.best, &tile.before, &tile.after, &tile.last, &tile.best_index})
            *state = memory.take<float>(area);
        for (tile.x = 0; tile.x < width; tile.x += kLinesTileWidth) {
            tile.columns = std::min(kLinesTileWidth, width - tile.x);
            std::fill_n(tile.best, area, -1e30F);
            for (float* state : {tile.before, tile.after, tile.last})
                std::fill_n(state, area, 0.0F);
            std::fill_n(tile.best_index, area, -2.0F);
            for (tile.index = 0; tile.index < options.angles; ++tile.index) {
                const LineAngle& line = lines[static_cast<std::size_t>(tile.index)];
                tile.samples = line.samples.data();
                tile.sample_count = static_cast<int>(line.samples.size());
                tile.along_x = line.along_x;
                tile.flank_along = line.flank_along;
                tile.flank_across = line.flank_across;
                tile.flank_part = line.flank_part;
                add(tile);
            }
            finish(tile);
            const auto give = [&](const float* from, ImageView<float> to) {
                for (int y = 0; y < tile.rows && !to.empty(); ++y) {
                    std::copy_n(from + std::ptrdiff_t{y} * kLinesTileWidth, tile.columns,
                                to.row(begin + y) + tile.x);
                }
            };
            give(tile.best, out.response);
            give(tile.best_index, out.angle);
        }
    });
}

void oriented_lines(ImageView<const float> in, const OrientedLinesViews& out,
                    const OrientedLinesOptions& options, const Execution& execution) {
    Workspace workspace;
    oriented_lines(in, out, options, workspace, execution);
}

}  // namespace guide::filters
#endif
