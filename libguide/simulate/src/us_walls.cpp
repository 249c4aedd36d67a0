// SPDX-License-Identifier: Apache-2.0
#include "us_line.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace guide::simulate {
namespace {

constexpr double kBoneRough = 0.25;  // share of bone's echo that goes everywhere; engineering
constexpr double kSoftLobe = 2.5;    // lobe of uneven walls of soft tissue, against a mirror's
// Echoes of bone's rough surface after the first one: their level and how fast they fade.
constexpr double kBoneDepth = 0.4, kBoneDepthMm = 0.5;
constexpr double kFaceBounce = 0.12;  // share that the probe's face throws back
constexpr double kHazeMm = 13;        // in which the haze below bone fades to 1/e
constexpr double kTrailMm = 2;        // the same of the trail behind any tissue

/// Share of the amplitude that a wall throws back, for a wave that meets it with this cosine.
double reflection(const TissueProperties& from, const TissueProperties& to, double cosine) {
    const double ratio = to.speed_m_s / from.speed_m_s;
    const double sine_squared = ratio * ratio * (1 - cosine * cosine);
    if (sine_squared >= 1) return 1;  // all of it
    const double beyond = std::sqrt(1 - sine_squared);
    return (to.impedance_mrayl * cosine - from.impedance_mrayl * beyond) /
           (to.impedance_mrayl * cosine + from.impedance_mrayl * beyond);
}

}  // namespace

void TissueMap::meet_wall(Line& line, int before) {
    const TissueSample &here = line.samples[static_cast<std::size_t>(before)],
                       &there = line.samples[static_cast<std::size_t>(before) + 1];
    const TissueProperties &from = properties_of(here.tissue), &to = properties_of(there.tissue);
    const double sample =
        before + static_cast<double>(here.depth_mm) /
                     std::max(1e-6, static_cast<double>(here.depth_mm + there.depth_mm));
    Eigen::Vector3d normal = line.exit;
    if (normal.squaredNorm() == 0) normal = -line.along;
    const double facing = std::max(0.02, std::abs(normal.dot(line.along)));
    const double across = normal.dot(line.across) * (normal.dot(line.along) < 0 ? 1 : -1);
    // Share of the echo that comes back, over the looks, of a mirror and of an uneven wall.
    double turned = 0, turned_softly = 0;
    for (const double angle : look_angles_) {
        const double off = (std::atan2(across, facing) - angle) / lobe_across_;
        turned += std::exp2(-off * off) / static_cast<double>(look_angles_.size());
        turned_softly += std::exp2(-off * off / (kSoftLobe * kSoftLobe)) /
                         static_cast<double>(look_angles_.size());
    }
    const double tipped = std::atan2(std::abs(normal.dot(line.out)), facing) / lobe_out_;
    const double softly = tipped / kSoftLobe;

    const double back = std::abs(reflection(from, to, facing));
    const double mirrored = std::max(from.specular, to.specular);
    const Eigen::Vector3d point = line.point_of(sample);
    const double level = mirror_ * std::abs(reflection(from, to, 1)) *
                         static_cast<double>(line.gain[static_cast<std::size_t>(before)]);
    const double slope = across / facing;
    const Eigen::Vector3f place = point.cast<float>() / 1.5F;
    const double uneven =
        beam_->settings().texture > 0
            ? 1 + 0.35 * beam_->settings().texture *
                      static_cast<double>(std::clamp(noise_.at(place), -2.0F, 2.0F))
            : 1;
    const double specular = level * mirrored * uneven * turned * std::exp2(-tipped * tipped);
    // What is not thrown back like from a mirror goes everywhere; bone is rough.
    const bool hard = is_hard(from) || is_hard(to);
    const double rough = std::max(1 - mirrored, hard ? kBoneRough : 0.0) *
                         (hard ? std::sqrt(facing) : turned_softly * std::exp2(-softly * softly));
    const double grain = 0.7 + 0.5 * deviate_at(point, 0.2, seed_);
    const double echo = specular + level * rough * grain;
    add_wall(line, line.depth_of(sample), echo, slope);
    if (echo > 0.02 * mirror_) line.strong.push_back({line.depth_of(sample), echo});
    if (is_hard(to) && !is_hard(from)) {
        line.before_bone = line.left;
        if (line.bone < 0 && is_bone(there.tissue)) {
            line.bone = before;
            line.bone_echo = echo;
            line.bone_facing = std::min(1.0, turned) * std::exp2(-tipped * tipped);
        }
    }
    // What a slanting wall between soft tissues turns aside comes back to other elements.
    line.left *= 1 - (hard ? back * back : std::min(back * back, 0.1) * facing * facing);
    // What lies behind bone is seen past it or not at all; the aperture knows which.
    if (is_hard(from) && !is_hard(to)) line.left = line.before_bone;
}

/// What comes back late. Below bone: the roughness of its surface draws its echo out, and sound
/// thrown to and fro between it and the tissue above shows a mirror image of that tissue.
/// Everywhere: sound that went by more than one way, a faint trail of what lies above.
void TissueMap::add_haze(Line& line) {
    const UltrasoundSettings& settings = beam_->settings();
    const double step = AmplitudeSheets::kRowStep * beam_->row_mm();
    const float trail = static_cast<float>(std::pow(10, settings.clutter_db / 20));
    const float kept = static_cast<float>(std::exp(-step / kTrailMm));
    if (line.bone >= 0) add_bone_haze(line, step);
    float late = 0;
    for (int i = 0; i < sheets_.rows; ++i) {
        late = kept * late + (1 - kept) * line.amplitude[i];
        line.amplitude[i] += trail * late;
    }
}

void TissueMap::add_bone_haze(Line& line, double step) {
    const double share =
        std::pow(10, beam_->settings().shadow_clutter_db / 20) * (0.4 + 0.6 * line.bone_facing);
    const double at_bone = static_cast<double>(line.gain[static_cast<std::size_t>(line.bone)]);
    const double patch = static_cast<double>(
        std::clamp(noise_.at(line.point_of(line.bone).cast<float>() / 3.0F), -1.5F, 1.5F));
    const double uneven = 1 + std::min(1.0, beam_->settings().texture) * (0.35 * patch - 0.25);
    for (int i = line.bone + 1; i < sheets_.rows; ++i) {
        const double beyond = (i - line.bone) * step;
        // Once more from the probe's face where the way up is longer than the bone is deep.
        const int mirrored = std::abs(2 * line.bone - i);
        double haze = kBoneDepth * line.bone_echo * beam_->row(line.row_of(i)).speckle *
                      std::exp(-beyond / kBoneDepthMm);
        const double there =
            mirrored <= line.bone
                ? static_cast<double>(line.gain[static_cast<std::size_t>(mirrored)])
                : 0;
        if (there > 0) {
            const double kept = at_bone / there;
            const double spread =
                beam_->row(line.row_of(i)).speckle / beam_->row(line.row_of(mirrored)).speckle;
            const double bounced = i > 2 * line.bone ? share * kFaceBounce : share;
            haze += bounced * spread * uneven * static_cast<double>(line.amplitude[mirrored]) *
                    kept * kept * std::exp(-beyond / kHazeMm);
        }
        line.amplitude[i] += static_cast<float>(haze);
    }
}

void TissueMap::add_wall(Line& line, double depth_mm, double level, double slope, double phase) {
    const double middle = (depth_mm - beam_->row(0).depth_mm) / beam_->row_mm();
    if (!(middle >= 0) || middle > beam_->rows() - 2 || std::abs(level) < 1e-7) return;
    const BeamModel::Row& row = beam_->row(static_cast<int>(middle));
    // A steep wall goes through many samples before the next line meets it.
    const double spread = std::min(std::abs(slope), 8.0) * row.pitch_mm / beam_->row_mm();
    const int count = 1 + static_cast<int>(spread / 1.5);
    const double amplitude =
        level * line.weight / std::max(1.0, beam_->sum_of_row(row, slope)) / count;
    const auto real = static_cast<float>(amplitude * std::cos(phase));
    const auto quadrature = static_cast<float>(amplitude * std::sin(phase));
    for (int i = 0; i < count; ++i) {
        const double at = middle + spread * ((i + 0.5) / count - 0.5);
        if (at >= 0 && at <= beam_->rows() - 2)
            line.walls->push_back({static_cast<float>(at), real, quadrature});
    }
}

/// Sound that comes back to the probe's face is thrown back by it and meets the walls again.
void TissueMap::add_multiples(Line& line) {
    const double share = beam_->settings().reverberation / mirror_;
    if (share == 0) return;
    constexpr std::size_t kMost = 12;
    constexpr int kMultipleParts = 3;
    const double texture = std::min(1.0, beam_->settings().texture);
    const double spread = 0.25 * texture;  // mm
    auto& strong = line.strong;
    std::stable_sort(strong.begin(), strong.end(),
                     [](const auto& a, const auto& b) { return a.level > b.level; });
    strong.resize(std::min(strong.size(), kMost));
    const double weight = line.weight;
    line.weight = 1;
    for (std::size_t i = 0; i < strong.size(); ++i) {
        for (std::size_t j = i; j < strong.size(); ++j) {
            // Neither wall is flat: each way is a little longer or shorter.
            const double level = (i == j ? 1 : 2) * share * strong[i].level * strong[j].level;
            const double depth = strong[i].depth_mm + strong[j].depth_mm;
            for (int part = 0; part < kMultipleParts; ++part) {
                const Eigen::Vector3d place = line.start + (depth + part) * line.along;
                add_wall(
                    line, depth + spread * deviate_at(place, 0.5, seed_),
                    level / kMultipleParts * (1 + 0.8 * texture * deviate_at(place, 1.1, ~seed_)),
                    0);
            }
        }
    }
    line.weight = weight;
}

/// In elements that touch nothing sound runs to and fro.
void TissueMap::ring(Line& line) {
    double level = mirror_ * (1 - aperture_.share(line.column, 0));
    for (double depth = 0.35; level > 1e-3; depth += 0.35, level *= 0.62)
        add_wall(line, depth, level, 0);
}

}  // namespace guide::simulate
