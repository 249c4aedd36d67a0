// SPDX-License-Identifier: Apache-2.0
#include "us_line.hpp"
#include "us_texture.hpp"

#include <algorithm>
#include <cmath>

namespace guide::simulate {
namespace {

constexpr int kStride = 8;  // samples between places where the noise is looked up

}  // namespace

void TissueMap::pass_layers(Line& line, int begin, int end, double facing) {
    const UltrasoundSettings& settings = beam_->settings();
    const Layers& layers = layers_of(line.samples[static_cast<std::size_t>(begin)].tissue);
    if (layers.mottle == 0) return;
    const auto texture = static_cast<float>(settings.texture);
    const float ground = 1 + std::min(1.0F, texture) * (layers.ground - 1);
    const auto scaled = [&](double sample) -> Eigen::Vector3f {
        return line.point_of(sample).cast<float>().cwiseQuotient(layers.feature_mm);
    };
    // Counted in periods; whole numbers are sheets. The tissue's depth is added sample by sample.
    const auto rank_of = [&](double sample, float noise) {
        float rank = layers.waviness * noise;
        if (layers.along == Layers::Along::axis) {
            const Eigen::Vector3d p = line.point_of(sample) - settings.limb_centre;
            rank += (static_cast<float>(std::hypot(p.x(), p.y())) +
                     layers.slant * static_cast<float>(p.z())) /
                    layers.period_mm;
        }
        return rank;
    };
    const Eigen::Vector3f elsewhere(11.3F, 5.7F, 3.1F);
    const double level = mirror_ * static_cast<double>(layers.reflection * texture) * facing;
    const auto step = static_cast<float>(AmplitudeSheets::kRowStep * beam_->row_mm());
    const bool by_depth = layers.along == Layers::Along::boundary;
    const bool sheets = layers.along != Layers::Along::none && level > 0;

    int node = begin / kStride * kStride;
    Eigen::Vector3f place = scaled(node);
    float rank_a = rank_of(node, noise_.at(place));
    float mottle_a = noise_.at(0.7F * place + elsewhere);
    float previous = 0;
    bool has_previous = false;
    for (; node < end; node += kStride) {
        place = scaled(node + kStride);
        const float rank_b = rank_of(node + kStride, noise_.at(place));
        const float mottle_b = noise_.at(0.7F * place + elsewhere);
        for (int i = std::max(begin, node); i < std::min(end, node + kStride); ++i) {
            const float t = static_cast<float>(i - node) / kStride;
            const float mottle = mottle_a + t * (mottle_b - mottle_a);
            line.amplitude[i] *= ground * std::max(0.15F, 1 + texture * layers.mottle * mottle);
            float rank = rank_a + t * (rank_b - rank_a);
            if (by_depth)
                rank += line.samples[static_cast<std::size_t>(i)].depth_mm / layers.period_mm;
            const float sheet = std::floor(std::max(rank, previous));
            if (sheets && has_previous && std::floor(rank) != std::floor(previous)) {
                const float change = rank - previous;
                const double sample =
                    i - 1 +
                    static_cast<double>(std::clamp((sheet - previous) / change, 0.0F, 1.0F));
                // A sheet that is crossed slowly lies along the beam.
                const float steep =
                    std::min(1.0F, 1.5F * std::abs(change) * layers.period_mm / step);
                const float come = noise_.at(1.6F * scaled(sample) + sheet * elsewhere);
                const auto grain =
                    static_cast<float>(0.8 + 0.35 * deviate_at(line.point_of(sample), 0.35, seed_));
                const float there = std::clamp(0.45F + 0.5F * come, 0.0F, 1.2F);
                add_wall(line, line.depth_of(sample),
                         level * static_cast<double>(there * there * steep * steep * grain *
                                                     line.gain[static_cast<std::size_t>(i)]),
                         0);
            }
            previous = rank;
            has_previous = true;
        }
        rank_a = rank_b;
        mottle_a = mottle_b;
    }
}

}  // namespace guide::simulate
