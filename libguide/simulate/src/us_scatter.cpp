// SPDX-License-Identifier: Apache-2.0
#include "us_scatter.hpp"

#include "us_random.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

// Everything between here and HWY_AFTER_NAMESPACE is compiled once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "us_scatter.cpp"
#include "kernel.hpp"
// After that one, whatever the alphabet says.
#include "elementary-inl.hpp"
#include "us_carrier-inl.hpp"
#include "us_random-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace guide::simulate::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
namespace fn = guide::filters::HWY_NAMESPACE;

/// Scatterers of a tile that are heard, waiting to be laid on the grid.
struct Heard {
    static constexpr std::size_t kMost = 512;
    HWY_ALIGN float column[kMost + 64];
    HWY_ALIGN float row[kMost + 64];
    HWY_ALIGN float across[kMost + 64];  ///< sigma
    HWY_ALIGN float amplitude[kMost + 64];
    std::size_t count = 0;
};

/// Lays them on the grid, each shared out between its four neighbours.
HWY_NOINLINE void lay(const ScatterField& field, const ScatterTile& tile, Heard& heard,
                      float* HWY_RESTRICT sums, int stride) {
    const Floats d;
    const Ints di;
    const AmplitudeSheets& sheets = *field.sheets;
    const auto one = hn::Set(d, 1.0F), half = hn::Set(d, 0.5F);
    HWY_ALIGN float quads[4 * 64];
    HWY_ALIGN float below[64];
    HWY_ALIGN std::int32_t places[64];
    const std::size_t lanes = hn::Lanes(d);
    // The last vector is filled up with places that can be looked up.
    for (std::size_t i = heard.count; i % lanes != 0; ++i) {
        heard.column[i] = static_cast<float>(tile.column);
        heard.row[i] = static_cast<float>(tile.row);
        heard.across[i] = heard.amplitude[i] = 0;
    }
    for (std::size_t i = 0; i < heard.count; i += lanes) {
        const auto column = hn::Load(d, heard.column + i), row = hn::Load(d, heard.row + i);
        const auto across = hn::Load(d, heard.across + i);
        const auto first_column = hn::ConvertTo(di, column), first_row = hn::ConvertTo(di, row);
        const auto right = hn::Sub(column, hn::ConvertTo(d, first_column));

        const auto sheet = hn::ConvertTo(
            di, hn::Min(hn::Max(hn::MulAdd(across, hn::Set(d, 1 / float(AmplitudeSheets::kApart)),
                                           hn::Set(d, 0.5F * AmplitudeSheets::kCount)),
                                hn::Zero(d)),
                        hn::Set(d, AmplitudeSheets::kCount - 0.5F)));
        const auto sheet_column = hn::ConvertTo(di, hn::Add(column, half));
        const auto sheet_row =
            hn::ConvertTo(di, hn::MulAdd(row, hn::Set(d, 1.0F / AmplitudeSheets::kRowStep), half));
        const auto index =
            hn::Add(hn::Mul(hn::Add(hn::Mul(sheet, hn::Set(di, sheets.columns)), sheet_column),
                            hn::Set(di, sheets.rows)),
                    sheet_row);
        const auto heard_by =
            fn::exp2_of_negative(d, hn::Mul(hn::Mul(across, across), hn::Set(d, -0.72134752F)));
        const auto amplitude = hn::Mul(hn::Mul(hn::Load(d, heard.amplitude + i), heard_by),
                                       hn::GatherIndex(d, sheets.values.data(), index));

        const auto depth =
            hn::MulAdd(row, hn::Set(d, 1 / field.rows_per_mm), hn::Set(d, field.first_mm));
        Float sine, cosine;
        sine_and_cosine(d, hn::Mul(depth, hn::Set(d, -field.turns_per_mm)), sine, cosine);
        const auto re = hn::Mul(amplitude, cosine), im = hn::Mul(amplitude, sine);
        const auto left = hn::Sub(one, right);
        hn::StoreInterleaved4(hn::Mul(re, left), hn::Mul(im, left), hn::Mul(re, right),
                              hn::Mul(im, right), d, quads);
        hn::Store(hn::Sub(row, hn::ConvertTo(d, first_row)), d, below);
        hn::Store(hn::Add(hn::Mul(hn::Sub(first_row, hn::Set(di, tile.row)), hn::Set(di, stride)),
                          hn::ShiftLeft<1>(hn::Sub(first_column, hn::Set(di, tile.column)))),
                  di, places);
        const std::size_t n = HWY_MIN(lanes, heard.count - i);
        for (std::size_t k = 0; k < n; ++k) {
            float* upper = sums + places[k];
            float* lower = upper + stride;
#if HWY_TARGET == HWY_SCALAR
            for (int c = 0; c < 4; ++c) {
                const float part = quads[4 * k + static_cast<std::size_t>(c)];
                const float down = part * below[k];
                lower[c] += down;
                upper[c] += part - down;
            }
#else
            const hn::CappedTag<float, 4> four;
            const auto quad = hn::Load(four, quads + 4 * k);
            const auto down = hn::Mul(quad, hn::Set(four, below[k]));
            hn::StoreU(hn::Add(hn::LoadU(four, lower), down), four, lower);
            hn::StoreU(hn::Add(hn::LoadU(four, upper), hn::Sub(quad, down)), four, upper);
#endif
        }
    }
    heard.count = 0;
}

/// The cells [begin, end) of a row along the inner axis. `corner` is where its cell 0 begins in the
/// scan plane, `hash` what the other two axes give.
HWY_INLINE void hear_row(const ScatterField& field, const ScatterTile& tile, const float* corner,
                         std::uint32_t hash, int begin, int end, Heard& heard) {
    const Floats d;
    const Ints di;
    const Bits du;
    const auto lanes = static_cast<int>(hn::Lanes(d));
    constexpr std::uint32_t kAxis[3] = {CellHash::kX, CellHash::kY, CellHash::kZ};
    const auto axis = hn::Set(du, kAxis[field.inner]);
    const auto low_column = hn::Set(d, static_cast<float>(tile.column));
    const auto high_column = hn::Set(d, static_cast<float>(tile.column + tile.columns));
    const auto low_row = hn::Set(d, static_cast<float>(tile.row));
    const auto high_row = hn::Set(d, static_cast<float>(tile.row + tile.rows));
    for (int i = begin; i < end; i += lanes) {
        const auto cell = hn::Iota(di, i);
        const auto absolute = hn::BitCast(du, hn::Add(cell, hn::Set(di, field.base[field.inner])));
        const auto h = mixed(hn::Add(hn::Set(du, hash), hn::Mul(absolute, axis)));
        const Float x = share<0, 2047>(h), y = share<11, 2047>(h), z = share<22, 1023>(h);
        const auto steps = hn::ConvertTo(d, cell);
        Float scan[3];
        for (int a = 0; a < 3; ++a) {
            scan[a] = hn::MulAdd(hn::Set(d, field.scan_from_cell(a, field.inner)), steps,
                                 hn::Set(d, corner[a]));
            scan[a] = hn::MulAdd(hn::Set(d, field.scan_from_cell(a, 0)), x, scan[a]);
            scan[a] = hn::MulAdd(hn::Set(d, field.scan_from_cell(a, 1)), y, scan[a]);
            scan[a] = hn::MulAdd(hn::Set(d, field.scan_from_cell(a, 2)), z, scan[a]);
        }
        Float depth, across;
        if (field.linear) {
            depth = hn::Mul(scan[1], hn::Set(d, field.per_cosine));
            across = hn::NegMulAdd(depth, hn::Set(d, field.sine), scan[0]);
        } else {
            const auto below = hn::Add(scan[1], hn::Set(d, field.radius));
            const auto squared = hn::MulAdd(scan[0], scan[0], hn::Mul(below, below));
            depth = hn::Sub(hn::Sqrt(squared), hn::Set(d, field.radius));
            const auto angle = fn::half_angle(d, scan[0], below);
            across = hn::Add(angle, angle);
        }
        const auto column =
            hn::MulAdd(across, hn::Set(d, field.columns_per_unit), hn::Set(d, field.middle));
        const auto row =
            hn::Mul(hn::Sub(depth, hn::Set(d, field.first_mm)), hn::Set(d, field.rows_per_mm));
        auto inside = hn::And(hn::And(hn::Ge(column, low_column), hn::Lt(column, high_column)),
                              hn::And(hn::Ge(row, low_row), hn::Lt(row, high_row)));
        const auto index = hn::ConvertTo(di, hn::Max(hn::Min(row, high_row), low_row));
        const auto out_of_plane =
            hn::Mul(scan[2], hn::GatherIndex(d, field.per_elevation.data(), index));
        inside = hn::And(inside, hn::Lt(hn::Abs(out_of_plane), hn::Set(d, kElevationCut)));
        if (hn::AllFalse(d, inside)) continue;
        const auto amplitude = normal(mixed(hn::Add(h, hn::Set(du, 0x9E3779B9U))));
        hn::CompressStore(column, inside, d, heard.column + heard.count);
        hn::CompressStore(row, inside, d, heard.row + heard.count);
        hn::CompressStore(out_of_plane, inside, d, heard.across + heard.count);
        heard.count += hn::CompressStore(amplitude, inside, d, heard.amplitude + heard.count);
    }
}

void scatter_tile(const ScatterField& field, const ScatterTile& tile, float* sums, int stride) {
    constexpr std::uint32_t kAxis[3] = {CellHash::kX, CellHash::kY, CellHash::kZ};
    const Eigen::Matrix3f& m = field.scan_from_cell;
    const int inner = field.inner, second = (inner + 1) % 3, third = (inner + 2) % 3;
    // Where the middle of a cell may lie so that some of it is in the tile.
    Eigen::AlignedBox3f box = field.box(tile);
    const Eigen::Vector3f reach = m.cwiseAbs() * Eigen::Vector3f::Constant(0.51F);
    box.min() -= reach;
    box.max() += reach;
    Eigen::AlignedBox3f cells;
    const Eigen::Matrix3f cell_from_scan = m.inverse();
    for (int c = 0; c < 8; ++c) {
        const Eigen::Vector3f corner((c & 1) != 0 ? box.max().x() : box.min().x(),
                                     (c & 2) != 0 ? box.max().y() : box.min().y(),
                                     (c & 4) != 0 ? box.max().z() : box.min().z());
        cells.extend(cell_from_scan * (corner - field.offset));
    }
    const auto low = [&](int axis) { return static_cast<int>(std::floor(cells.min()[axis])); };
    const auto high = [&](int axis) { return static_cast<int>(std::floor(cells.max()[axis])); };
    Heard heard{};
    for (int k = low(third); k <= high(third); ++k) {
        for (int j = low(second); j <= high(second); ++j) {
            float corner[3], begin = -1e9F, end = 1e9F;
            for (int a = 0; a < 3; ++a) {
                corner[a] = field.offset[a] + m(a, second) * static_cast<float>(j) +
                            m(a, third) * static_cast<float>(k);
                const float middle = corner[a] + 0.5F * (m(a, 0) + m(a, 1) + m(a, 2));
                const float step = m(a, inner);
                if (std::abs(step) < 1e-6F) {
                    if (middle < box.min()[a] || middle > box.max()[a]) end = begin;
                    continue;
                }
                const float first = (box.min()[a] - middle) / step;
                const float last = (box.max()[a] - middle) / step;
                begin = std::max(begin, std::min(first, last));
                end = std::min(end, std::max(first, last));
            }
            if (begin > end) continue;
            const std::uint32_t hash =
                field.seed + static_cast<std::uint32_t>(field.base[second] + j) * kAxis[second] +
                static_cast<std::uint32_t>(field.base[third] + k) * kAxis[third];
            int i = static_cast<int>(std::ceil(begin));
            const int stop = static_cast<int>(std::floor(end)) + 1;
            while (i < stop) {
                const int most = static_cast<int>(Heard::kMost - heard.count);
                const int next = std::min(stop, i + most / 16 * 16);
                // Cells beyond `next` must not be heard twice: whole vectors but for the last.
                hear_row(field, tile, corner, hash, i, next, heard);
                i = next;
                if (heard.count + 16 > Heard::kMost) lay(field, tile, heard, sums, stride);
            }
            if (heard.count > Heard::kMost / 2) lay(field, tile, heard, sums, stride);
        }
    }
    lay(field, tile, heard, sums, stride);
}

}  // namespace guide::simulate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace guide::simulate {

HWY_EXPORT(scatter_tile);

void add_scatterers(const ScatterField& field, const ScatterTile& tile, float* sums, int stride) {
    GUIDE_KERNEL(scatter_tile)(field, tile, sums, stride);
}

ScatterField::ScatterField(const BeamModel& beam_model, const Eigen::Isometry3d& scan_from_patient,
                           const AmplitudeSheets& amplitude_sheets)
    : sheets(&amplitude_sheets), beam(&beam_model) {
    const UltrasoundSettings& settings = beam_model.settings();
    const double cell = std::cbrt(1 / settings.scatterers_per_mm3);
    // Cells are counted from the one at the middle of the face: single precision is then enough.
    const Eigen::Vector3d face = scan_from_patient.inverse().translation() / cell;
    Eigen::Vector3d origin;
    for (int a = 0; a < 3; ++a) {
        base[a] = static_cast<std::int32_t>(std::clamp(std::floor(face[a]), -1e9, 1e9));
        origin[a] = base[a] * cell;
    }
    scan_from_cell = (scan_from_patient.linear() * cell).cast<float>();
    offset = (scan_from_patient * origin).cast<float>();
    scan_from_cell.row(0).cwiseAbs().maxCoeff(&inner);
    seed = folded(settings.seed);

    const auto& probe = settings.probe;
    linear = probe.kind == filters::ProbeKind::linear;
    radius = static_cast<float>(probe.radius_mm);
    sine = static_cast<float>(std::sin(probe.steering_rad));
    per_cosine = static_cast<float>(1 / std::cos(probe.steering_rad));
    columns_per_unit =
        static_cast<float>((settings.lines - 1) / (linear ? probe.width_mm : probe.opening_rad));
    middle = static_cast<float>(0.5 * (settings.lines - 1) + beam_model.margin());
    rows_per_mm = static_cast<float>(1 / beam_model.row_mm());
    first_mm = static_cast<float>(beam_model.row(0).depth_mm);
    turns_per_mm =
        static_cast<float>(2 * settings.frequency_mhz * 1000 / settings.tissue_speed_m_s);
    per_elevation.reserve(static_cast<std::size_t>(beam_model.rows()) + 1);
    for (int r = 0; r < beam_model.rows(); ++r)
        per_elevation.push_back(static_cast<float>(1 / beam_model.row(r).elevation_mm));
    per_elevation.push_back(per_elevation.back());
}

Eigen::AlignedBox3f ScatterField::box(const ScatterTile& tile) const {
    Eigen::AlignedBox3f bounds;
    const int last_row = std::min(tile.row + tile.rows, beam->rows() - 1);
    const double near = beam->row(tile.row).depth_mm;
    const double far = beam->row(last_row).depth_mm;
    const double across = kElevationCut * std::max({beam->row(tile.row).elevation_mm,
                                                    beam->row(last_row).elevation_mm});
    constexpr int kSteps = 8;
    for (int i = 0; i <= kSteps; ++i) {
        const auto line = beam->line(tile.column + tile.columns * static_cast<double>(i) / kSteps);
        for (const double depth : {near, far}) {
            const Eigen::Vector2d p = line.start + depth * line.direction;
            for (const double side : {-across, across})
                bounds.extend(Eigen::Vector3d(p.x(), p.y(), side).cast<float>());
        }
    }
    if (!linear) {
        // The arc stands out between the points taken.
        const double turn = beam->settings().probe.opening_rad / (beam->settings().lines - 1) *
                            tile.columns / kSteps;
        const auto out = static_cast<float>((radius + far) * turn * turn / 8);
        bounds.min().head<2>().array() -= out;
        bounds.max().head<2>().array() += out;
    }
    return bounds;
}

}  // namespace guide::simulate
#endif
