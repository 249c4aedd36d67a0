// SPDX-License-Identifier: Apache-2.0
#include "fft.hpp"

#include <guide/filters/phase_symmetry.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>
#include <vector>

namespace guide::filters {
namespace {

constexpr double kNoiseFloor = 1e-4;  // T and the denominator are at least this, in grey levels

/// Position `i` on the line of `n` pixels that is mirrored at both ends without doubling the border
/// pixel.
int mirror(int i, int n) {
    if (n == 1) return 0;
    const int period = 2 * (n - 1);
    const int j = ((i % period) + period) % period;
    return j < n ? j : period - j;
}

/// The spectrum of an image that is continued by mirroring, and the bands taken from it.
class Spectrum {
  public:
    Spectrum(ImageView<const float> in, const std::vector<BandOptions>& bands,
             const Execution& execution)
        : execution_(execution),
          width_(in.width),
          height_(in.height),
          across_(good_fft_size(in.width + 2 * padding(in.width, bands.back().wavelength_px))),
          down_(good_fft_size(in.height + 2 * padding(in.height, bands.back().wavelength_px))),
          pad_x_((across_.size() - in.width + 1) / 2),
          pad_y_((down_.size() - in.height + 1) / 2),
          image_(across_.size(), down_.size()),
          work_(across_.size(), down_.size()) {
        // Without the mean a constant image answers exactly 0.
        double sum = 0;
        for (int y = 0; y < in.height; ++y) {
            for (int x = 0; x < in.width; ++x)
                sum += finite(in.at(x, y));
        }
        const auto mean = static_cast<float>(sum / static_cast<double>(in.pixel_count()));
        // Both sides get the same continuation, so that flips commute; the one pixel in the middle
        // between them that an odd rest leaves is the mean of both.
        const auto [first_x, last_x] = seam(in.width, across_.size(), pad_x_);
        const auto [first_y, last_y] = seam(in.height, down_.size(), pad_y_);
        std::vector<float> column(static_cast<std::size_t>(in.width));
        for (int y = 0; y < image_.height; ++y) {
            const int above = y == 0 ? first_y : mirror(y - pad_y_, in.height);
            const int below = y == 0 ? last_y : above;
            for (int x = 0; x < in.width; ++x) {
                column[static_cast<std::size_t>(x)] =
                    0.5F * (finite(in.at(x, above)) + finite(in.at(x, below))) - mean;
            }
            float* target = image_.re.data() + offset(0, y);
            for (int x = 0; x < image_.width; ++x) {
                const int left = x == 0 ? first_x : mirror(x - pad_x_, in.width);
                const int right = x == 0 ? last_x : left;
                target[x] = 0.5F * (column[static_cast<std::size_t>(left)] +
                                    column[static_cast<std::size_t>(right)]);
            }
        }
        fft_2d(image_, across_, down_, Direction::forward, execution_);
        for (const BandOptions& band : bands)
            gains_.push_back(gain_table(band));
    }

    /// The even parts of bands `a` and `b` at once, as real and imaginary part of one inverse
    /// transform.
    void even(std::size_t a, std::size_t b, ImageView<float> out_a, ImageView<float> out_b) {
        for_each_frequency(
            [&](int y, const float* re, const float* im, float* to_re, float* to_im) {
                const float *ga = gain_row(a, y), *gb = gain_row(b, y);
                for (int x = 0; x < image_.width; ++x) {
                    const int f = folded(x, image_.width);
                    to_re[x] = ga[f] * re[x] - gb[f] * im[x];
                    to_im[x] = ga[f] * im[x] + gb[f] * re[x];
                }
            });
        extract(out_a, out_b);
    }

    /// The odd parts of a band: (i u - v) / |(u, v)| packs both Riesz kernels.
    void odd(std::size_t band, ImageView<float> out_x, ImageView<float> out_y) {
        for_each_frequency(
            [&](int y, const float* re, const float* im, float* to_re, float* to_im) {
                const float* gain = gain_row(band, y);
                const double fy = frequency(folded(y, image_.height), image_.height);
                const double v = signed_frequency(y, image_.height);
                for (int x = 0; x < image_.width; ++x) {
                    const int f = folded(x, image_.width);
                    const double fx = frequency(f, image_.width);
                    const double radius = std::sqrt(fx * fx + fy * fy);
                    const double g = radius > 0 ? gain[f] / radius : 0.0;
                    const auto p = static_cast<float>(-g * v);
                    const auto q = static_cast<float>(g * signed_frequency(x, image_.width));
                    to_re[x] = p * re[x] - q * im[x];
                    to_im[x] = p * im[x] + q * re[x];
                }
            });
        extract(out_x, out_y);
    }

  private:
    static float finite(float v) { return std::isfinite(v) ? v : 0.0F; }

    /// The pixels whose mean stands at the outermost place on the left: twice the same one when the
    /// rest is even.
    static std::pair<int, int> seam(int n, int size, int pad) {
        const int left = mirror(-pad, n);
        return {left, (size - n) % 2 == 0 ? left : mirror(n - 1 + pad, n)};
    }

    /// Two wavelengths, but no more than the mirrored image holds.
    static int padding(int n, double wavelength) {
        return static_cast<int>(std::ceil(std::min(2 * wavelength, 2.0 * n)));
    }

    /// The gain at every frequency of one quarter; the others mirror it.
    [[nodiscard]] Image<float> gain_table(const BandOptions& band) const {
        Image<float> table(image_.width / 2 + 1, image_.height / 2 + 1);
        const double narrow = 1 / std::log(band.sigma_on_f);
        for_each_band(execution_, table.height(), [&](int begin, int end) {
            for (int y = begin; y < end; ++y) {
                const double v = frequency(y, image_.height);
                for (int x = 0; x < table.width(); ++x) {
                    const double u = frequency(x, image_.width);
                    const double squared =
                        (u * u + v * v) * band.wavelength_px * band.wavelength_px;
                    const double l = squared > 0 ? 0.5 * std::log(squared) * narrow : 1e3;
                    table.at(x, y) = static_cast<float>(std::exp(-0.5 * l * l));
                }
            }
        });
        return table;
    }
    [[nodiscard]] const float* gain_row(std::size_t band, int y) const {
        return gains_[band].row(folded(y, image_.height));
    }

    [[nodiscard]] std::size_t offset(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(image_.width) +
               static_cast<std::size_t>(x);
    }

    /// Cycles per pixel; at the highest even frequency no sign can be told, so an odd kernel is 0
    /// there.
    static int folded(int i, int n) { return std::min(i, n - i); }
    static double frequency(int i, int n) { return static_cast<double>(i) / n; }
    static double signed_frequency(int i, int n) {
        return 2 * i == n ? 0 : frequency(2 * i < n ? i : i - n, n);
    }

    /// Fills the work plane row by row from that of the image and transforms it back.
    template <class Row>
    void for_each_frequency(Row row) {
        for_each_band(execution_, image_.height, [&](int begin, int end) {
            for (int y = begin; y < end; ++y) {
                const std::size_t i = offset(0, y);
                row(y, image_.re.data() + i, image_.im.data() + i, work_.re.data() + i,
                    work_.im.data() + i);
            }
        });
        fft_2d(work_, across_, down_, Direction::inverse, execution_);
    }

    void extract(ImageView<float> re, ImageView<float> im) const {
        for (int y = 0; y < height_; ++y) {
            const std::size_t start = offset(pad_x_, y + pad_y_);
            std::copy_n(work_.re.data() + start, width_, re.row(y));
            std::copy_n(work_.im.data() + start, width_, im.row(y));
        }
    }

    const Execution& execution_;
    int width_, height_;
    FftPlan across_, down_;
    int pad_x_, pad_y_;
    ComplexPlane image_, work_;
    std::vector<Image<float>> gains_;
};

double median_of(std::vector<float> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

void BandOptions::validate() const {
    require(wavelength_px >= 2 && wavelength_px <= 1e6, "BandOptions",
            "wavelength_px is 2 px or more");
    require(sigma_on_f > 0 && sigma_on_f < 1, "BandOptions", "sigma_on_f lies between 0 and 1");
}

void PhaseSymmetryOptions::validate() const {
    require(scales >= 1 && scales <= 12, "PhaseSymmetryOptions", "scales is 1 to 12");
    require(factor > 1 && factor <= 10, "PhaseSymmetryOptions", "factor is above 1, to 10");
    require(noise_factor >= 0 && noise_factor <= 1000, "PhaseSymmetryOptions",
            "noise_factor is not negative");
    BandOptions{min_wavelength_px, sigma_on_f}.validate();
    BandOptions{min_wavelength_px * std::pow(factor, scales - 1), sigma_on_f}.validate();
}

void monogenic_signal(ImageView<const float> in, const MonogenicViews& out, const BandOptions& band,
                      const Execution& execution) {
    band.validate();
    for (const auto& view : {out.even, out.odd_x, out.odd_y}) {
        require(view.width == in.width && view.height == in.height, "monogenic_signal",
                "in and out are of one size");
    }
    if (in.empty()) return;
    Spectrum spectrum(in, {band}, execution);
    Image<float> unused(in.width, in.height);
    spectrum.even(0, 0, out.even, unused.view());
    spectrum.odd(0, out.odd_x, out.odd_y);
}

PhaseSymmetry phase_symmetry(ImageView<const float> in, const PhaseSymmetryOptions& options,
                             const Execution& execution) {
    options.validate();
    PhaseSymmetry result{Image<float>(in.width, in.height), Image<float>(in.width, in.height),
                         Image<float>(in.width, in.height)};
    if (in.empty()) return result;

    std::vector<BandOptions> bands;
    for (int s = 0; s < options.scales; ++s) {
        bands.push_back(
            {options.min_wavelength_px * std::pow(options.factor, s), options.sigma_on_f});
    }
    Spectrum spectrum(in, bands, execution);

    const std::size_t count = result.energy.size();
    Image<float> even[2] = {Image<float>(in.width, in.height), Image<float>(in.width, in.height)};
    Image<float> odd_x(in.width, in.height), odd_y(in.width, in.height);
    std::vector<float> amplitudes(count), all_x(count), all_y(count), finest(count);
    for (std::size_t s = 0; s < bands.size(); ++s) {
        if (s % 2 == 0) {
            spectrum.even(s, std::min(s + 1, bands.size() - 1), even[0].view(), even[1].view());
        }
        spectrum.odd(s, odd_x.view(), odd_y.view());
        const float *f = even[s % 2].data(), *h1 = odd_x.data(), *h2 = odd_y.data();
        float* energy = result.energy.data();
        for (std::size_t i = 0; i < count; ++i) {
            const float odd = std::sqrt(h1[i] * h1[i] + h2[i] * h2[i]);
            const float amplitude = std::sqrt(f[i] * f[i] + odd * odd);
            const float line = options.polarity == Polarity::bright ? f[i]
                               : options.polarity == Polarity::dark ? -f[i]
                                                                    : std::abs(f[i]);
            energy[i] += line - odd;
            amplitudes[i] += amplitude;
            all_x[i] += h1[i];
            all_y[i] += h2[i];
            if (s == 0) finest[i] = amplitude;
        }
    }

    const double tau = median_of(std::move(finest)) / std::sqrt(std::log(4.0));
    const double inverse = 1 / options.factor;
    const double total = tau * (1 - std::pow(inverse, options.scales)) / (1 - inverse);
    constexpr double pi = std::numbers::pi;
    const double noise =
        total * (std::sqrt(pi / 2) + options.noise_factor * std::sqrt((4 - pi) / 2));
    const auto threshold = static_cast<float>(std::max(noise, kNoiseFloor));
    for (std::size_t i = 0; i < count; ++i) {
        const float above = std::max(0.0F, result.energy.data()[i] - threshold);
        result.symmetry.data()[i] = above / (amplitudes[i] + static_cast<float>(kNoiseFloor));
        // A direction across a line has no sign: kept within a half turn.
        float angle = std::atan2(all_y[i], all_x[i]);
        if (angle > static_cast<float>(pi / 2)) angle -= static_cast<float>(pi);
        if (angle <= -static_cast<float>(pi / 2)) angle += static_cast<float>(pi);
        result.orientation.data()[i] = angle;
    }
    return result;
}

}  // namespace guide::filters
