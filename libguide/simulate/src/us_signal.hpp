// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "us_beam.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace guide::simulate {

/// Rows of numbers: real (one part) or complex (two parts, in turn).
class Signal {
  public:
    Signal(int columns, int rows, int parts) : columns_(columns), rows_(rows), parts_(parts) {
        values_.resize(static_cast<std::size_t>(parts) * static_cast<std::size_t>(columns) *
                       static_cast<std::size_t>(rows));
    }
    [[nodiscard]] int columns() const { return columns_; }
    [[nodiscard]] int rows() const { return rows_; }
    [[nodiscard]] int parts() const { return parts_; }
    [[nodiscard]] float* row(int r) { return values_.data() + start(r); }
    [[nodiscard]] const float* row(int r) const { return values_.data() + start(r); }

    /// Adds a real number: at a place between its four neighbours; beyond the border nothing.
    void lay(double column, double row, double amplitude);

  private:
    [[nodiscard]] std::size_t start(int r) const {
        return static_cast<std::size_t>(r) * static_cast<std::size_t>(parts_) *
               static_cast<std::size_t>(columns_);
    }

    int columns_, rows_, parts_;
    std::vector<float> values_;
};

/// What the beams meet, before their point spread.
struct Echoes {
    Echoes(int columns, int rows) : scatter(columns, rows, 2), walls(columns, rows, 2) {}

    Signal scatter;  ///< complex, with the phase of each scatterer's distance
    Signal walls;    ///< complex: walls, needles and wires in phase, fibres each with its own
};

/// The lateral point spread of row `r`: from the grid's columns to the lines shown, in each look
/// (the middle one, then pairs off it), with noise of this size in each part.
void spread_across(const BeamModel& beam, const Echoes& echoes, int r, float noise,
                   std::uint32_t seed, std::vector<Signal>& looks);

/// How grey follows the echo: grey = slope * log2(amplitude) + offset, 0 to 255.
struct GreyScale {
    float slope, offset;
};

/// The pulse, along the lines, then the looks' mean amplitude times `gain` and its grey value, one
/// row of each.
void spread_along(const BeamModel& beam, const std::vector<Signal>& looks, int r, float gain,
                  const GreyScale& scale, float* envelope, float* grey);

}  // namespace guide::simulate
