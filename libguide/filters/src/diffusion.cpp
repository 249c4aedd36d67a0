// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "diffusion.cpp"
#include "compressed_rows.hpp"
#include "diffusion.hpp"
#include "kernel.hpp"
#include "lanes-inl.hpp"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace guide::filters::HWY_NAMESPACE {

/// Pixels that are amplitudes: see srad.hpp.
void read_amplitudes(const float* in, float* out, int width) {
    for_each_lanes(width, [&](auto d, int x) HWY_ATTR {
        const auto value = hn::LoadU(d, in + x);
        const auto held = hn::Min(value, hn::Set(d, 1e15F));
        hn::StoreU(hn::IfThenElseZero(hn::Gt(value, hn::Zero(d)), held), d, out + x);
    });
}

/// Adds to `sums` those of values - shift and of its squares.
void add_moments(const float* values, int count, float shift, double* sums) {
    const hn::ScalableTag<float> whole;
    auto first = hn::Zero(whole), second = hn::Zero(whole);
    const int lanes = static_cast<int>(hn::Lanes(whole));
    int x = 0;
    for (; x + lanes <= count; x += lanes) {
        const auto v = hn::Sub(hn::LoadU(whole, values + x), hn::Set(whole, shift));
        first = hn::Add(first, v);
        second = hn::MulAdd(v, v, second);
    }
    sums[0] += hn::GetLane(hn::SumOfLanes(whole, first));
    sums[1] += hn::GetLane(hn::SumOfLanes(whole, second));
    for (; x < count; ++x) {
        const double v = values[x] - shift;
        sums[0] += v;
        sums[1] += v * v;
    }
}

}  // namespace guide::filters::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::filters {

HWY_EXPORT(read_amplitudes);
HWY_EXPORT(add_moments);

namespace {

constexpr double kLeastLevel = 0.001;
/// Steps that go over the frame together: more of them reuse what is in cache better, but widen the
/// border that neighbouring bands both work out.
constexpr int kStepsTogether = 16;
/// Rows that enter between two rounds of the steps. With more, lines stay in the first cache; with
/// too many, they leave it again.
constexpr int kRowsTogether = 4;
/// Pixels times steps that the calling thread gets done while the others start.
constexpr int kHeadStart = 100'000;

/// Several steps in one go over the rows.
struct Pass {
    const Diffusion& filter;
    ImageView<const float> in;
    ImageView<float> out;
    std::vector<double> levels;  ///< of speckle, one for each step
    const CompressedRows* decompress = nullptr;
    const CompressedRows* compress = nullptr;

    [[nodiscard]] int steps() const { return static_cast<int>(levels.size()); }
    /// Rows above and below that one step needs.
    [[nodiscard]] int halo() const { return filter.reach + 1; }
};

/// The memory of one band: rows of pixels in a ring, and two lines for each step. What has been
/// done to a row is another number of steps for each row, the fewer the further down it is: the
/// steps follow each other down the band, and a step writes where its topmost row stood, which
/// nobody needs any more.
class Lines {
  public:
    Lines(const Pass& pass, float* memory)
        : reach_(pass.filter.reach),
          ring_(ring(pass)),
          stride_(stride(pass)),
          memory_(memory + 16) {
        std::fill_n(memory, size(pass), 0.0F);
    }

    [[nodiscard]] static std::size_t size(const Pass& pass) {
        return static_cast<std::size_t>(ring(pass) + 2 * pass.steps() + 2) *
               static_cast<std::size_t>(stride(pass));
    }

    /// The row y after `step` steps; y may be one above the frame.
    [[nodiscard]] float* row(int step, int y) const {
        const int slot = (y - step * (reach_ - 1) + 2 * ring_) % ring_;
        return memory_ + slot * stride_;
    }
    [[nodiscard]] float* line(int i) const { return memory_ + (ring_ + i) * stride_; }

  private:
    [[nodiscard]] static int ring(const Pass& pass) {
        return 2 * pass.filter.reach * pass.steps() + kRowsTogether + 1;
    }
    /// An odd number of cache lines, so that rows do not fall on each other in the cache.
    [[nodiscard]] static std::ptrdiff_t stride(const Pass& pass) {
        return ((pass.in.width + 15) / 16 + 4) / 2 * 32 + 16;
    }

    int reach_, ring_;
    std::ptrdiff_t stride_;
    float* memory_;
};

void read_row(const Pass& pass, int y, float* line) {
    const int width = pass.in.width;
    if (pass.decompress != nullptr) {
        decompress_row(*pass.decompress, pass.in.row(y), line, width);
    } else {
        GUIDE_KERNEL(read_amplitudes)(pass.in.row(y), line, width);
    }
    for (int i = 1; i <= pass.filter.reach; ++i) {
        line[-i] = line[0];
        line[width - 1 + i] = line[width - 1];
    }
}

void write_row(const Pass& pass, int y, const float* line) {
    if (pass.compress != nullptr) {
        compress_row(*pass.compress, line, pass.out.row(y), pass.out.width);
    } else {
        std::copy_n(line, pass.out.width, pass.out.row(y));
    }
}

/// One row of one step: coefficients of row y, and so row y - 1 of the next step.
void diffuse_row(const Pass& pass, const Lines& lines, int step, int y) {
    DiffusionRow row{};
    const int reach = pass.filter.reach, last = pass.in.height - 1;
    for (int i = -reach; i <= reach; ++i)
        row.rows[reach + i] = lines.row(step, std::clamp(y + i, 0, last));
    row.scratch[0] = lines.line(0);
    row.scratch[1] = lines.line(1);
    row.coefficients = lines.line(2 + 2 * step);
    row.unfinished = lines.line(3 + 2 * step);
    row.out = lines.row(step + 1, y - 1);
    row.width = pass.in.width;
    row.level = static_cast<float>(pass.levels[static_cast<std::size_t>(step)]);
    row.step = static_cast<float>(pass.filter.step_size);
    pass.filter.kernel(row);
}

/// All steps for the rows begin to end, and as much around them as they need: a row is the same
/// whichever band makes it.
void diffuse_band(const Pass& pass, int begin, int end, float* memory,
                  const std::stop_token& stop) {
    const int steps = pass.steps(), height = pass.in.height, halo = pass.halo();
    const Lines lines(pass, memory);
    // Rows that have to be there after `step` steps: [first, past).
    const auto first = [&](int step) { return std::max(0, begin - halo * (steps - step)); };
    const auto past = [&](int step) { return std::min(height, end + halo * (steps - step)); };
    std::vector<int> next;  // row whose coefficients come next, for each step
    for (int step = 0; step < steps; ++step)
        next.push_back(std::max(0, first(step + 1) - 1));
    int read = first(0), written = begin;
    while (written < end && !stop.stop_requested()) {
        for (int i = 0; i < kRowsTogether && read < past(0); ++i, ++read)
            read_row(pass, read, lines.row(0, read));
        int ready = read;
        for (int step = 0; step < steps; ++step) {
            int& y = next[static_cast<std::size_t>(step)];
            const int last = past(step + 1);  // its coefficients finish the row before
            for (; y <= last && std::min(y + pass.filter.reach, height - 1) < ready; ++y)
                diffuse_row(pass, lines, step, y);
            ready = y - 1;
        }
        for (; written < std::min(ready, end); ++written)
            write_row(pass, written, lines.row(steps, written));
    }
}

int thread_count(const Execution& execution) {
    require(execution.threads >= 0, "Execution", "threads is not negative");
    if (execution.threads > 0) return execution.threads;
    return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

/// One band a thread, but none lower than what it works out beside itself, and the first, which
/// the calling thread takes, `head_start` rows higher. Rows do not depend on the cut.
void run(const Pass& pass, int head_start, float* memory, Workers& workers,
         const Execution& execution) {
    const int height = pass.in.height, lowest = 2 * pass.halo() * pass.steps() + 1;
    const int bands = std::clamp(height / lowest, 1, thread_count(execution));
    const int head = std::min(head_start, lowest);
    const auto cut = [&](int band) {
        if (band == 0) return 0;
        return head + static_cast<int>(std::int64_t{height - head} * band / bands);
    };
    workers.for_each_band(bands, 1, [&](int band, int) {
        const auto index = static_cast<std::size_t>(band);
        diffuse_band(pass, cut(band), cut(band + 1), memory + index * Lines::size(pass),
                     execution.stop);
    });
}

/// Standard deviation over mean.
double measure(ImageView<const float> region) {
    double sums[2] = {0, 0};
    const float shift = region.at(0, 0);
    for (int y = 0; y < region.height; ++y)
        GUIDE_KERNEL(add_moments)(region.row(y), region.width, shift, sums);
    const auto count = static_cast<double>(region.pixel_count());
    const double mean = sums[0] / count, variance = sums[1] / count - mean * mean;
    return mean + shift > 0 ? std::sqrt(std::max(0.0, variance)) / (mean + shift) : 0;
}

/// One call: what it needs beside the frame.
class Call {
  public:
    Call(const Diffusion& filter, Workspace& workspace, const Execution& execution)
        : filter_(filter), workspace_(workspace), execution_(execution), workers_(execution) {
        if (filter.compression) rows_.emplace(*filter.compression);
    }

    void diffuse(ImageView<const float> in, ImageView<float> out) {
        const std::vector<double> levels =
            filter_.speckle.uniform_region ? measured_levels(in) : falling_levels();
        const int steps = filter_.steps;
        const int passes = std::max(1, (steps - 1) / kStepsTogether + 1);
        float* memory = memory_for({filter_, in, out, levels_of(levels, 0, kStepsTogether)});
        // After a measurement the threads are there.
        int head_start = filter_.speckle.uniform_region ? 0 : kHeadStart / in.width / (steps + 1);
        ImageView<float> other;
        if (passes > 1) {
            other = {workspace_.take<float>(in.pixel_count()), in.width, in.height};
        }
        for (int pass = 0; pass < passes; ++pass) {
            // The last one writes to `out`.
            const ImageView<float> to = (passes - pass) % 2 == 1 ? out : other;
            const auto begin = static_cast<std::size_t>(pass * kStepsTogether);
            run({filter_, in, to, levels_of(levels, begin, kStepsTogether),
                 pass == 0 ? rows() : nullptr, pass == passes - 1 ? rows() : nullptr},
                std::exchange(head_start, 0), memory, workers_, execution_);
            in = to;
        }
    }

  private:
    [[nodiscard]] const CompressedRows* rows() const { return rows_ ? &*rows_ : nullptr; }

    static std::vector<double> levels_of(const std::vector<double>& all, std::size_t begin,
                                         std::size_t count) {
        const auto first = all.begin() + static_cast<std::ptrdiff_t>(begin);
        return {first, first + static_cast<std::ptrdiff_t>(std::min(count, all.size() - begin))};
    }

    float* memory_for(const Pass& pass) {
        return workspace_.take<float>(static_cast<std::size_t>(thread_count(execution_)) *
                                      Lines::size(pass));
    }

    [[nodiscard]] std::vector<double> falling_levels() const {
        std::vector<double> levels;
        for (int step = 0; step < filter_.steps; ++step) {
            const double time = step * filter_.step_size;
            const double level = filter_.speckle.initial * std::exp(-filter_.speckle.decay * time);
            levels.push_back(std::max(level, kLeastLevel));
        }
        return levels;
    }

    /// The steps are carried out in the region first, with what is around it, one at a time.
    std::vector<double> measured_levels(ImageView<const float> in) {
        std::vector<double> levels;
        if (filter_.steps == 0) return levels;
        const PixelBox box = *filter_.speckle.uniform_region;
        const int around = (filter_.reach + 1) * (filter_.steps - 1);
        const int x0 = std::max(0, box.x0 - around), x1 = std::min(in.width, box.x1 + around);
        const int y0 = std::max(0, box.y0 - around), y1 = std::min(in.height, box.y1 + around);
        in = in.cropped(x0, y0, x1 - x0, y1 - y0);
        float* memory = memory_for({filter_, in, {}, {kLeastLevel}});
        ImageView<float> now(workspace_.take<float>(in.pixel_count()), in.width, in.height);
        ImageView<float> then(workspace_.take<float>(in.pixel_count()), in.width, in.height);
        run({filter_, in, now, {}, rows(), nullptr}, 0, memory, workers_, execution_);
        while (true) {
            const auto region =
                now.cropped(box.x0 - x0, box.y0 - y0, box.x1 - box.x0, box.y1 - box.y0);
            levels.push_back(std::max(measure(region), kLeastLevel));
            if (static_cast<int>(levels.size()) == filter_.steps) return levels;
            run({filter_, now, then, {levels.back()}}, 0, memory, workers_, execution_);
            std::swap(now, then);
        }
    }

    const Diffusion& filter_;
    Workspace& workspace_;
    const Execution& execution_;
    Workers workers_;
    std::optional<CompressedRows> rows_;
};

}  // namespace

void SpeckleLevel::validate() const {
    require(initial >= 0.01 && initial <= 10, "SpeckleLevel", "initial is 0.01 to 10");
    require(decay >= 0 && decay <= 100, "SpeckleLevel", "decay is 0 to 100");
    require(!uniform_region ||
                (uniform_region->x0 >= 0 && uniform_region->y0 >= 0 && !uniform_region->empty() &&
                 std::int64_t{uniform_region->width()} * uniform_region->height() >= 4),
            "SpeckleLevel", "uniform_region lies in the frame and has four pixels or more");
}

void Diffusion::validate(const char* options) const {
    require(steps >= 0 && steps <= 1000, options, "steps is 0 to 1000");
    require(step_size > 0 && step_size <= 1, options, "step_size is above 0 and at most 1");
    speckle.validate();
    if (compression) compression->validate();
}

void diffuse(const char* name, const Diffusion& diffusion, ImageView<const float> in,
             ImageView<float> out, Workspace& workspace, const Execution& execution) {
    require(in.width == out.width && in.height == out.height, name, "in and out are of one size");
    if (in.empty()) return;
    require(in.data != out.data, name, "in and out are not the same");
    if (const auto& box = diffusion.speckle.uniform_region) {
        require(box->x1 <= in.width && box->y1 <= in.height, name,
                "uniform_region lies inside the frame");
    }
    workspace.rewind();
    Call(diffusion, workspace, execution).diffuse(in, out);
}

}  // namespace guide::filters
#endif
