// SPDX-License-Identifier: Apache-2.0
#include "beam_mean.hpp"

#include <guide/filters/shadow_map.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace guide::filters {
namespace {

/// Where the reflector of a shadow is looked for, as shares of the height: the bright line has a
/// thickness and rings on behind it.
constexpr double kReflectorAbove = 0.1, kReflectorBelow = 0.03;

float known(float grey) {
    return std::abs(grey) <= 1e30F ? grey : 0.0F;
}

/// Some neighbouring columns.
class Strip {
  public:
    Strip(ImageView<const float> in, int begin, int end, const ShadowOptions& options)
        : in_(in),
          options_(options),
          begin_(begin),
          columns_(end - begin),
          mean_(begin, end, in.width, options.beam_width) {}

    void find_shadows(ImageView<float> shadow, std::span<ColumnVisibility> result) {
        const int height = in_.height;
        const int reach = std::max(1, static_cast<int>(std::lround(options_.reach * height)));
        const int near = static_cast<int>(options_.near_field * height);
        Sums window{}, below{};  // of the next `reach` rows, and of all
        Row row{}, leaving{};
        for (int y = height - 1; y >= 0; --y) {
            const bool full = y + reach < height;
            smooth(y, row);
            if (full) smooth(y + reach, leaving);
            float* out = shadow.row(y) + begin_;
            const float* under = y + 1 < height ? shadow.row(y + 1) + begin_ : nullptr;
            for (int x = 0; x < columns_; ++x) {
                const auto i = static_cast<std::size_t>(x);
                const auto grey = static_cast<double>(row[i]);
                window[i] += grey - static_cast<double>(leaving[i]);
                below[i] += grey;
                const float here = 1 - echo(window[i] / (full ? reach : height - y));
                out[x] = under != nullptr ? std::min(here, under[x]) : here;
                auto& column = result[i + static_cast<std::size_t>(begin_)];
                if (out[x] > 0.5F) column.shadow_start = y;
                if (y == near) column.contact = echo(below[i] / (height - y));
            }
        }
    }

    void find_reflectors(std::span<ColumnVisibility> result) {
        const int height = in_.height;
        const int over = std::max(1, static_cast<int>(std::lround(kReflectorAbove * height)));
        const int under = std::max(1, static_cast<int>(std::lround(kReflectorBelow * height)));
        Sums above{};
        Row row{};
        const auto part =
            result.subspan(static_cast<std::size_t>(begin_), static_cast<std::size_t>(columns_));
        for (int y = 0; y < height; ++y) {
            smooth(y, row);
            for (int x = 0; x < columns_; ++x) {
                const auto i = static_cast<std::size_t>(x);
                const int start = part[i].shadow_start;
                if (start == height || y > start + under) continue;
                if (y < start - over) {
                    above[i] += static_cast<double>(row[i]);
                } else {
                    part[i].reflector = std::max(part[i].reflector, row[i]);
                }
            }
        }
        for (std::size_t i = 0; i < part.size(); ++i) {
            auto& column = part[i];
            const int start = column.shadow_start, rows = std::max(0, start - over);
            column.visibility =
                column.contact * static_cast<float>(start) / static_cast<float>(height);
            if (start == height) continue;
            const double mean = rows > 0 ? above[i] / rows : 0.0;
            column.behind_bone =
                static_cast<double>(column.reflector) >= mean + options_.reflector_grey;
        }
    }

  private:
    using Row = std::array<float, kBeamColumns>;
    using Sums = std::array<double, kBeamColumns>;

    void smooth(int y, Row& out) {
        const float* row = in_.row(y);
        mean_([row](int x) { return known(row[x]); }, out.data());
    }

    /// 0 for what is dark, 1 for what is not.
    [[nodiscard]] float echo(double grey) const {
        return static_cast<float>(
            std::clamp((grey - options_.dark_grey) / options_.dark_grey, 0.0, 1.0));
    }

    ImageView<const float> in_;
    const ShadowOptions& options_;
    int begin_, columns_;
    BeamMean mean_;
};

}  // namespace

void ShadowOptions::validate() const {
    require(dark_grey > 0 && dark_grey <= 1e6, "ShadowOptions", "dark_grey is above 0 to 1e6");
    require(reflector_grey >= 0 && reflector_grey <= 1e6, "ShadowOptions",
            "reflector_grey is 0 to 1e6");
    require(near_field >= 0 && near_field < 1, "ShadowOptions", "near_field is 0 to below 1");
    require(reach > 0 && reach <= 1, "ShadowOptions", "reach is above 0 to 1");
    require(beam_width >= 1 && beam_width <= 999 && beam_width % 2 == 1, "ShadowOptions",
            "beam_width is odd, 1 to 999");
}

void shadow_map(ImageView<const float> in, ImageView<float> shadow,
                std::span<ColumnVisibility> columns, const ShadowOptions& options,
                const Execution& execution) {
    options.validate();
    require(in.width == shadow.width && in.height == shadow.height, "shadow_map",
            "in and shadow are of one size");
    require(columns.size() == static_cast<std::size_t>(std::max(0, in.width)), "shadow_map",
            "one of columns for each column of in");
    if (in.empty()) return;
    std::fill(columns.begin(), columns.end(), ColumnVisibility{in.height, 1, 1, 0, false});
    for_each_band(execution, in.width, kBeamColumns, [&](int begin, int end) {
        Strip strip(in, begin, end, options);
        strip.find_shadows(shadow, columns);
        strip.find_reflectors(columns);
    });
}

}  // namespace guide::filters
