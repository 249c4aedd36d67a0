// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/core/random.hpp>
#include <guide/filters/gaussian.hpp>
#include <guide/filters/speckle_statistics.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <vector>

/// A phantom that shows what a speckle filter trades: a region 4 dB below its surroundings, which
/// more smoothing tells apart better, and small discs 8 dB above or below theirs, which more
/// smoothing makes shrink.
namespace guide::test {

class SpeckleDiscs {
  public:
    static constexpr int kWidth = 384, kHeight = 256;
    static constexpr double kRadius = 6;  ///< px, of a disc
    static constexpr double kDiscDecibel = 8, kRegionDecibel = 4;
    static constexpr double kDecibels = 60;  ///< the frame's 0 to 255

    explicit SpeckleDiscs(std::uint64_t seed) : frame_(kWidth, kHeight) {
        Random random(seed);
        Image<float> strength(kWidth, kHeight, 0.3F);
        const auto scaled = [](double decibel) {
            return static_cast<float>(0.3 * std::pow(10.0, decibel / 20));
        };
        for (int j = 0; j < 3; ++j) {
            for (int i = 0; i < 9; ++i) {
                discs_.push_back({24 + 42 * i + random.uniform(-1, 1),
                                  24 + 40 * j + random.uniform(-1, 1), (i + j) % 2 == 0});
            }
        }
        for (int y = 0; y < kHeight; ++y) {
            for (int x = 0; x < kWidth; ++x) {
                for (const Disc& disc : discs_) {
                    if (std::hypot(x - disc.x, y - disc.y) < kRadius)
                        strength.at(x, y) = scaled(disc.bright ? kDiscDecibel : -kDiscDecibel);
                }
                if (y >= 150 && y < 230 && x >= 192 && x < 360)
                    strength.at(x, y) = scaled(-kRegionDecibel);
            }
        }
        // Scatterers everywhere, seen through the point spread function, as an envelope.
        Image<float> parts[2];
        for (Image<float>& part : parts) {
            Image<float> scatterers(kWidth, kHeight);
            for (std::size_t i = 0; i < scatterers.size(); ++i)
                scatterers.data()[i] = strength.data()[i] * static_cast<float>(random.normal());
            part = Image<float>(kWidth, kHeight);
            filters::gaussian_blur(scatterers.view(), part.view(), {2.0, 1.2});
        }
        const double unit = std::sqrt(4 * std::acos(-1.0) * 2.0 * 1.2);  // of the filter's energy
        for (std::size_t i = 0; i < frame_.size(); ++i) {
            const double amplitude = unit * std::hypot(parts[0].data()[i], parts[1].data()[i]);
            const double decibel = 20 * std::log10(std::max(amplitude, 1e-9) / 2);
            frame_.data()[i] = static_cast<float>(
                std::round(std::clamp(255 * (1 + decibel / kDecibels), 0.0, 255.0)));
        }
    }

    /// Whole grey values 0 to 255.
    [[nodiscard]] const Image<float>& frame() const { return frame_; }

    struct Disc {
        double x, y;  // px
        bool bright;
    };
    [[nodiscard]] const std::vector<Disc>& discs() const { return discs_; }

  private:
    Image<float> frame_;
    std::vector<Disc> discs_;
};

/// What a filter does to the phantom.
struct Trade {
    double gcnr = 0;   ///< of the region against its surroundings, 100 bins of equal width
    double shift = 0;  ///< px: how far the edges of dark and bright discs move, mean of both
};

/// Mean profile over all discs of one kind; its radius is where it crosses the middle between the
/// surroundings and the surroundings plus what the disc truly adds; 0 when it never does.
class DiscRadius {
  public:
    void add(const Image<float>& image, const SpeckleDiscs::Disc& disc) {
        const int left = static_cast<int>(disc.x) - 15, top = static_cast<int>(disc.y) - 15;
        for (int y = std::max(top, 0); y < top + 31; ++y) {
            for (int x = std::max(left, 0); x < std::min(left + 31, image.width()); ++x) {
                const auto bin = static_cast<std::size_t>(2 * std::hypot(x - disc.x, y - disc.y));
                if (bin >= sum_.size()) continue;
                sum_[bin] += image.at(x, y);
                count_[bin] += 1;
            }
        }
    }
    [[nodiscard]] double radius(bool bright) const {
        const auto mean = [&](std::size_t bin) { return sum_[bin] / count_[bin]; };
        double around = 0;
        for (std::size_t bin = 20; bin < 27; ++bin)
            around += mean(bin) / 7;
        const double sign = bright ? 1 : -1;
        const double half = 0.5 * 255 * SpeckleDiscs::kDiscDecibel / SpeckleDiscs::kDecibels;
        for (std::size_t bin = 24; bin > 2; --bin) {
            const double outer = sign * (mean(bin) - around) - half;
            const double inner = sign * (mean(bin - 1) - around) - half;
            if (outer < 0 && inner >= 0)
                return 0.5 * static_cast<double>(bin) - 0.25 + 0.5 * inner / (inner - outer);
        }
        return 0;
    }

  private:
    std::array<double, 28> sum_{}, count_{};
};

using SpeckleFilter = std::function<Image<float>(const Image<float>&)>;

inline Trade trade_of(const SpeckleFilter& filter, const std::vector<SpeckleDiscs>& phantoms) {
    Trade trade;
    DiscRadius before[2], after[2];
    for (const SpeckleDiscs& phantom : phantoms) {
        const Image<float> out = filter(phantom.frame());
        std::vector<float> region, around;
        for (int y = 156; y < 224; ++y) {
            region.insert(region.end(), out.row(y) + 198, out.row(y) + 354);
            around.insert(around.end(), out.row(y) + 20, out.row(y) + 186);
        }
        trade.gcnr +=
            filters::contrast_between(region, around)->gcnr / static_cast<double>(phantoms.size());
        for (const auto& disc : phantom.discs()) {
            before[disc.bright].add(phantom.frame(), disc);
            after[disc.bright].add(out, disc);
        }
    }
    for (const bool bright : {false, true})
        trade.shift += std::abs(after[bright].radius(bright) - before[bright].radius(bright)) / 2;
    return trade;
}

/// gCNR at a given shift of edges, between the strengths that were tried. The first of `trades` is
/// the unfiltered frame; shifts beyond the last that still grows are not asked for.
inline double gcnr_at(double shift, std::vector<Trade> trades) {
    for (std::size_t i = 1; i < trades.size(); ++i) {
        const Trade &a = trades[i - 1], &b = trades[i];
        if (b.shift >= shift && b.shift > a.shift)
            return a.gcnr + (b.gcnr - a.gcnr) * (shift - a.shift) / (b.shift - a.shift);
    }
    return trades.back().gcnr;
}

}  // namespace guide::test
