// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "xray_materials.hpp"
#include "xray_spongiosa.hpp"

#include <guide/core/execution.hpp>
#include <guide/simulate/projection.hpp>
#include <guide/simulate/tissue_field.hpp>

#include <cstdint>
#include <vector>

namespace guide::simulate {

/// What a voxel is to X-rays, as one byte: the tissue, and for bone where between cortex and
/// spongiosa it lies (steps of 0.02 mm, as fields have them), or how dense its spongiosa is
/// (0.2 to 1.7 of the mean, in steps of 0.1).
[[nodiscard]] std::uint8_t xray_code(const TissueSample& sample, float density = 1);
[[nodiscard]] Tissue tissue_of_code(std::uint8_t code);
[[nodiscard]] MaterialShare materials_of_code(std::uint8_t code);

/// A value for each code, by a function of the code.
template <class Value>
[[nodiscard]] CodeValues code_values(Value value) {
    CodeValues values{};
    for (std::size_t code = 0; code < values.size(); ++code)
        values[code] = static_cast<float>(value(static_cast<std::uint8_t>(code)));
    return values;
}

/// The codes of a field's voxels, and of any description of space: see
/// FluoroscopySimulator(grid, sampler).
[[nodiscard]] std::vector<std::uint8_t> xray_codes(const TissueField& field,
                                                   const SpongyBone& spongiosa,
                                                   const Execution& execution);
[[nodiscard]] std::vector<std::uint8_t> xray_codes(const VoxelGrid& grid,
                                                   const TissueSampler& sampler,
                                                   const SpongyBone& spongiosa,
                                                   const Execution& execution);

}  // namespace guide::simulate
