// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/core/random.hpp>
#include <guide/simulate/scanner.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace guide::simulate {

UltrasoundSettings random_scanner(std::uint64_t seed, double deep_mm) {
    require(deep_mm >= 15 && deep_mm <= 60, "random_scanner", "deep_mm is 15 to 60");
    Random random(seed, 0x7363616e);
    constexpr std::array kDepths{27.0, 33.0, 40.0, 49.0, 60.0};
    constexpr double kWidth = 51.3, kPixel = 0.1;
    UltrasoundSettings s;
    const double depth = *std::find_if(kDepths.begin(), kDepths.end(),
                                       [&](double d) { return d >= std::min(deep_mm, 60.0); });
    s.probe.width_mm = kWidth;
    s.probe.end_mm = depth;
    s.picture = {
        static_cast<int>(kWidth / kPixel), static_cast<int>(depth / kPixel), {kPixel, kPixel}, {}};
    s.picture.origin = {-0.5 * kPixel * (s.picture.width - 1), 0};
    s.seed = seed;
    const auto about = [&](double middle, double spread) {
        return middle + spread * std::clamp(random.normal(), -2.0, 2.0);
    };
    // The deeper, the lower: attenuation leaves no more of a high frequency than the TGC lifts.
    s.frequency_mhz = about(7.8 - 0.043 * depth, 0.2);
    s.cycles = about(3.1, 0.2);
    s.f_number = about(2.2, 0.15);
    s.transmit_f_number = about(3.3, 0.3);
    s.focus_mm = about(0.55 * depth, 3);
    s.looks = random.uniform() < 0.5 ? 3 : 5;
    s.look_step_deg = s.looks == 3 ? 7 : 5;
    s.gain_db = about(-5.5, 1);
    s.tgc_db_per_cm = s.frequency_mhz * about(1.98, 0.03);
    s.dynamic_range_db = about(70, 2.5);
    s.clutter_db = about(-8, 1.2);
    s.shadow_clutter_db = about(-1.2, 0.7);
    s.reverberation = about(0.05, 0.02);
    return s;
}

}  // namespace guide::simulate
