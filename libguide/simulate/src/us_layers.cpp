// SPDX-License-Identifier: Apache-2.0
#include "us_line.hpp"
#include "us_texture.hpp"

#include <algorithm>
#include <cmath>

namespace guide::simulate {
namespace {

constexpr int kStride = 8;  // samples between places where the noise is looked up

/// Grain of a sheet's echo, along itself.
constexpr double kGrainMm = 0.4;
constexpr float kBesideMm = 0.4F;    // how far beside a line its sheets are looked at
constexpr float kSheetRough = 0.3F;  // share of a sheet's echo that goes everywhere; engineering

}  // namespace

void TissueMap::pass_layers(Line& line, int begin, int end, double facing) {
    const Layers& layers = layers_of(line.samples[static_cast<std::size_t>(begin)].tissue);
    if (layers.mottle == 0) return;
    const auto texture = static_cast<float>(beam_->settings().texture);
    const float ground = 1 + std::min(1.0F, texture) * (layers.ground - 1);
    const auto mottle_at = [&](int sample) {
        return noise_.at(line.point_of(sample).cast<float>().cwiseQuotient(layers.mottle_mm));
    };
    int node = begin / kStride * kStride;
    float before = mottle_at(node);
    for (; node < end; node += kStride) {
        const float after = mottle_at(node + kStride);
        for (int i = std::max(begin, node); i < std::min(end, node + kStride); ++i) {
            const float mottle = before + static_cast<float>(i - node) / kStride * (after - before);
            const float build = std::max(0.15F, 1 + texture * layers.mottle * mottle);
            line.amplitude[i] *= ground * build;
            line.build[static_cast<std::size_t>(i)] = build;
        }
        before = after;
    }
    const double level = mirror_ * static_cast<double>(texture) * facing;
    for (const Lamellae& septa : layers.septa)
        pass_lamellae(line, begin, end, level, septa);
    // Fine sheets are alike throughout the beam's thickness.
    if (line.sheet != AmplitudeSheets::kCount / 2) return;
    const double weight = line.weight;
    line.weight = 1;
    pass_lamellae(line, begin, end, level, layers.fibres);
    line.weight = weight;
}

void TissueMap::pass_lamellae(Line& line, int begin, int end, double level,
                              const Lamellae& lamellae) {
    if (lamellae.along == Lamellae::Along::none || lamellae.reflection == 0) return;
    level *= static_cast<double>(lamellae.reflection);
    const UltrasoundSettings& settings = beam_->settings();
    const Eigen::Vector3f per_mm = lamellae.feature_mm.cwiseInverse();
    const auto scaled = [&](double sample) -> Eigen::Vector3f {
        return line.point_of(sample).cast<float>().cwiseProduct(per_mm);
    };
    // Counted in periods; whole numbers are sheets. The tissue's depth is added sample by sample.
    const auto rank_of = [&](const Eigen::Vector3d& start, double sample) {
        const Eigen::Vector3d place = line.point_of(sample) + (start - line.start);
        float rank = lamellae.waviness * noise_.at(place.cast<float>().cwiseProduct(per_mm));
        if (lamellae.along == Lamellae::Along::axis) {
            const Eigen::Vector3d p = place - settings.limb_centre;
            rank += (static_cast<float>(std::hypot(p.x(), p.y())) +
                     lamellae.slant * static_cast<float>(p.z())) /
                    lamellae.period_mm;
        }
        return rank;
    };
    const Eigen::Vector3f elsewhere(11.3F, 5.7F, 3.1F);
    const auto step = static_cast<float>(AmplitudeSheets::kRowStep * beam_->row_mm());
    const bool by_depth = lamellae.along == Lamellae::Along::boundary;
    const auto per_depth_of = [&](int sample) {
        const int here = std::clamp(sample, begin, end - 1), next = std::min(here + 1, end - 1);
        const float change = line.samples[static_cast<std::size_t>(next)].depth_mm -
                             line.samples[static_cast<std::size_t>(here)].depth_mm;
        return change / lamellae.period_mm;
    };

    // How far a sheet leans against the face: by how much its rank changes beside the line.
    const auto facing_at = [&](int sample, float per_sample) {
        const auto beside = line.start + kBesideMm * line.across;
        const float aside = rank_of(beside, sample) - rank_of(line.start, sample);
        const float lean = std::atan2(std::abs(aside) / kBesideMm, std::abs(per_sample) / step);
        const float off = lean / static_cast<float>(lobe_across_);
        return kSheetRough + (1 - kSheetRough) * std::exp2(-off * off);
    };

    int node = begin / kStride * kStride;
    float rank_a = rank_of(line.start, node), previous = 0;
    bool has_previous = false;
    for (; node < end; node += kStride) {
        const float rank_b = rank_of(line.start, node + kStride);
        float per_sample = (rank_b - rank_a) / kStride;
        if (by_depth) per_sample += per_depth_of(node);
        const float faces = facing_at(node, per_sample);
        for (int i = std::max(begin, node); i < std::min(end, node + kStride); ++i) {
            float rank = rank_a + static_cast<float>(i - node) / kStride * (rank_b - rank_a);
            if (by_depth)
                rank += line.samples[static_cast<std::size_t>(i)].depth_mm / lamellae.period_mm;
            const float sheet = std::floor(std::max(rank, previous));
            if (has_previous && std::floor(rank) != std::floor(previous)) {
                const float change = rank - previous;
                const double sample =
                    i - 1 +
                    static_cast<double>(std::clamp((sheet - previous) / change, 0.0F, 1.0F));
                // A sheet that is crossed slowly lies along the beam.
                const float steep =
                    std::min(1.0F, 1.5F * std::abs(change) * lamellae.period_mm / step);
                const float come = noise_.at(3.2F * scaled(sample) + sheet * elsewhere);
                const auto grain = static_cast<float>(
                    0.8 + 0.35 * deviate_at(line.point_of(sample), kGrainMm, seed_));
                // Few are strong, most are weak.
                const float there = lamellae.share == 0
                                        ? come * (0.5F + 0.5F * std::abs(come))
                                        : std::max(0.0F, lamellae.share + 0.5F * come) *
                                              std::max(0.0F, lamellae.share + 0.5F * come);
                add_wall(line, line.depth_of(sample),
                         level * static_cast<double>(std::clamp(there, -4.0F, 2.0F) * faces *
                                                     steep * steep * grain *
                                                     line.build[static_cast<std::size_t>(i)] *
                                                     line.gain[static_cast<std::size_t>(i)]),
                         0, lamellae.share == 0 ? 2.4 * static_cast<double>(sheet) : 0);
            }
            previous = rank;
            has_previous = true;
        }
        rank_a = rank_b;
    }
}

}  // namespace guide::simulate
