// SPDX-License-Identifier: Apache-2.0
#include "median.hpp"
#include "monogenic_kernels.hpp"

#include <guide/filters/monogenic.hpp>
#include <guide/filters/workspace.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <mutex>
#include <numbers>
#include <numeric>
#include <thread>
#include <utility>
#include <vector>

namespace guide::filters {
namespace {

constexpr double kFloor = 1e-4;       // grey levels: T and the sum of amplitudes are at least this
constexpr double kNegligible = 1e-3;  // gain of a band beyond its centre that is left out

/// Memory for whoever works at a tile: as many pieces as there are threads.
class Scratch {
  public:
    Scratch(Workspace& workspace, std::size_t pieces, std::size_t floats) {
        float* memory = workspace.take<float>(pieces * floats);
        for (std::size_t i = 0; i < pieces; ++i)
            free_.push_back(memory + i * floats);
    }

    template <class Work>
    void with(const Work& work) {
        float* piece = nullptr;
        {
            const std::lock_guard lock(mutex_);
            piece = free_.back();
            free_.pop_back();
        }
        work(piece);
        const std::lock_guard lock(mutex_);
        free_.push_back(piece);
    }

  private:
    std::mutex mutex_;
    std::vector<float*> free_;
};

std::size_t whole_tiles(int n) {
    return (static_cast<std::size_t>(n) + kBlock - 1) / kBlock;
}

}  // namespace

void MonogenicOptions::validate() const {
    const char* name = "MonogenicOptions";
    const auto is_wavelength = [](double w) { return w >= 2 && w <= 1e6; };
    require(is_wavelength(min_wavelength_px), name, "min_wavelength_px is 2 to 10^6 px");
    require(scales >= 1 && scales <= 12, name, "scales is 1 to 12");
    require(factor > 1 && factor <= 10, name, "factor is above 1, to 10");
    require(is_wavelength(min_wavelength_px * std::pow(factor, scales - 1)), name,
            "min_wavelength_px, factor and scales give wavelengths to 10^6 px");
    require(sigma_on_f >= 0.05 && sigma_on_f <= 0.95, name, "sigma_on_f is 0.05 to 0.95");
    require(low_pass == 0 || (low_pass >= 0.05 && low_pass <= 0.5), name,
            "low_pass is 0.05 to 0.5 cycles per px, or 0");
    require(noise_factor >= 0 && noise_factor <= 1000, name, "noise_factor is 0 to 1000");
}

struct MonogenicPlan::Parts {
    Parts(int w, int h, const MonogenicOptions& o)
        : width(w), height(h), options(o), across(std::max(w, 1)), down(std::max(h, 1)) {}

    [[nodiscard]] MonogenicBandShape shape(int band) const {
        return {options.min_wavelength_px * std::pow(options.factor, band), options.sigma_on_f,
                options.low_pass};
    }

    /// Tiles of v up to the last one with a gain that counts; the largest of a row is that of u =
    /// 0.
    [[nodiscard]] std::size_t tiles(const MonogenicBandShape& shape) const {
        std::size_t count = whole_tiles(down.size);
        for (; count > 1; --count) {
            const double w = 0.5 * static_cast<double>((count - 1) * kBlock) / down.size;
            const double l = std::log(w * shape.wavelength_px) / std::log(shape.sigma_on_f);
            const double cut = shape.low_pass > 0 ? std::pow(w / shape.low_pass, 20) : 0;
            const double gain = std::exp(-0.5 * l * l) / (1 + cut);
            if (w * shape.wavelength_px < 1 || gain > kNegligible) break;
        }
        return count;
    }

    int width, height;
    MonogenicOptions options;
    CosinePlan across, down;
    std::vector<MonogenicFrame::Band> bands;
    Workspace tables, memory;
};

MonogenicPlan::MonogenicPlan(int width, int height, const MonogenicOptions& options,
                             const Execution& execution) {
    options.validate();
    require(width >= 0 && height >= 0, "MonogenicPlan", "width and height are not negative");
    parts_ = std::make_unique<Parts>(width, height, options);
    if (width == 0 || height == 0) return;
    const CosinePlan &across = parts_->across, &down = parts_->down;
    const std::size_t tile = 2 * across.pairs() * kBlock;
    // What the transforms here and back multiply a pixel with.
    const double scale = 0.25 / (static_cast<double>(across.size) * down.size);
    auto* const fill = fill_monogenic_gains();
    std::size_t all = 0;
    for (int b = 0; b < options.scales; ++b)
        all += parts_->tiles(parts_->shape(b));
    float* gains = parts_->tables.take<float>(all * tile);
    for (int b = 0; b < options.scales; ++b) {
        const auto shape = parts_->shape(b);
        const std::size_t tiles = parts_->tiles(shape);
        for_each_band(execution, static_cast<int>(tiles), 1, [&](int v, int) {
            const auto at = static_cast<std::size_t>(v);
            fill(across, down, shape, scale, at, gains + at * tile);
        });
        parts_->bands.push_back({tiles, gains, nullptr});
        gains += tiles * tile;
    }
}

MonogenicPlan::~MonogenicPlan() = default;
MonogenicPlan::MonogenicPlan(MonogenicPlan&&) noexcept = default;
MonogenicPlan& MonogenicPlan::operator=(MonogenicPlan&&) noexcept = default;

double monogenic(ImageView<const float> in, const MonogenicViews& out, MonogenicPlan& plan,
                 const Execution& execution) {
    auto& parts = *plan.parts_;
    require(in.width == parts.width && in.height == parts.height, "monogenic",
            "the plan was made for frames of this size");
    MonogenicTargets targets{{out.even, out.odd_x, out.odd_y, out.amplitude, out.energy, out.phase,
                              out.orientation, out.line_energy, out.symmetry, out.asymmetry},
                             {}};
    for (const auto& view : targets.views) {
        require(view.data == nullptr || (view.width == in.width && view.height == in.height),
                "monogenic", "in and out are of one size");
    }
    if (in.empty()) return 0;

    const auto splitter = monogenic_split_kernels();
    const auto joiner = monogenic_join_kernels();
    Workspace& memory = parts.memory;
    memory.rewind();
    const std::size_t columns = whole_tiles(in.width), rows = whole_tiles(parts.down.size);
    const MonogenicFrame frame{&parts.across,
                               &parts.down,
                               fourier_kernels(),
                               parts.bands.data(),
                               parts.bands.size(),
                               columns * kBlock,
                               memory.take<float>(columns * kBlock * rows * kBlock),
                               parts.options.polarity};
    const std::size_t per_tile = 3 * columns * kBlock * kBlock;  // three parts
    std::size_t count = 0;
    for (const auto& band : parts.bands)
        count += band.tiles * per_tile;
    float* room = memory.take<float>(count);
    for (auto& band : parts.bands)
        band.parts = std::exchange(room, room + band.tiles * per_tile);
    Workers workers(execution);
    const auto threads = static_cast<std::size_t>(
        execution.threads > 0 ? execution.threads : std::thread::hardware_concurrency());
    Scratch scratch(memory, std::clamp(threads, std::size_t{1}, std::max(columns, rows)),
                    std::max(monogenic_split_scratch(parts.across, parts.down),
                             monogenic_join_scratch(parts.down)));
    const bool noise = out.symmetry.data != nullptr || out.asymmetry.data != nullptr;
    const auto plane = [&] {
        return ImageView<float>(memory.take<float>(in.pixel_count()), in.width, in.height);
    };
    auto& amplitude = targets.views[3];
    if (noise) targets.finest = plane();
    if (noise && amplitude.data == nullptr) amplitude = plane();

    const auto for_each_tile = [&](std::size_t tiles, const auto& work) {
        workers.for_each_band(static_cast<int>(tiles), 1, [&](int tile, int) {
            scratch.with([&](float* piece) { work(static_cast<std::size_t>(tile), piece); });
        });
    };

    // Without the mean a constant image answers with exactly 0.
    double* row_sums = memory.take<double>(static_cast<std::size_t>(in.height));
    workers.for_each_band(in.height, 64, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            row_sums[y] = splitter.row_sum(in.row(y), in.width);
    });
    const double sum = std::accumulate(row_sums, row_sums + in.height, 0.0);
    const auto mean = static_cast<float>(sum / static_cast<double>(in.pixel_count()));
    for_each_tile(columns, [&](std::size_t x, float* piece) {
        splitter.transform_columns(frame, in, mean, x, piece);
    });
    for_each_tile(rows,
                  [&](std::size_t v, float* piece) { splitter.split_bands(frame, v, piece); });
    for_each_tile(
        columns, [&](std::size_t x, float* piece) { joiner.join_bands(frame, x, targets, piece); });
    if (!noise) return 0;

    const auto& o = parts.options;
    const double tau =
        static_cast<double>(median(targets.finest.data, frame.spectrum, in.pixel_count())) /
        std::sqrt(std::log(4.0));
    const double total = tau * (1 - std::pow(1 / o.factor, o.scales)) / (1 - 1 / o.factor);
    constexpr double pi = std::numbers::pi;
    const double threshold =
        std::max(kFloor, total * (std::sqrt(pi / 2) + o.noise_factor * std::sqrt((4 - pi) / 2)));
    workers.for_each_band(in.height, 64, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            for (const auto& view : {out.symmetry, out.asymmetry}) {
                if (view.data == nullptr) continue;
                joiner.take_noise(view.row(y), amplitude.row(y), in.width,
                                  static_cast<float>(threshold), static_cast<float>(kFloor));
            }
        }
    });
    return threshold;
}

double monogenic(ImageView<const float> in, const MonogenicViews& out,
                 const MonogenicOptions& options, const Execution& execution) {
    MonogenicPlan plan(in.width, in.height, options, execution);
    return monogenic(in, out, plan, execution);
}

}  // namespace guide::filters
