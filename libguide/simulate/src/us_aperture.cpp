// SPDX-License-Identifier: Apache-2.0
#include "us_aperture.hpp"

#include <algorithm>
#include <cmath>

namespace guide::simulate {

ApertureView::ApertureView(const BeamModel& beam)
    : beam_(&beam),
      across_(beam.columns() / kColumns + 2),
      down_(static_cast<int>(beam.row(beam.rows() - 1).depth_mm / kDepthMm) + 2),
      shares_(static_cast<std::size_t>(across_) * static_cast<std::size_t>(down_)) {}

double ApertureView::face_mm(int column) const {
    const auto& probe = beam_->settings().probe;
    const auto line = beam_->line(column);
    return probe.kind == filters::ProbeKind::linear
               ? line.start.x()
               : std::atan2(line.direction.x(), line.direction.y()) * probe.radius_mm;
}

double ApertureView::share_of(const std::vector<Bone>& bones, int column, double depth) const {
    constexpr double kOwnMm = 0.3;  // a slanting surface does not hide itself
    const UltrasoundSettings& settings = beam_->settings();
    const double face = face_mm(column);
    const double width = std::clamp(depth / settings.f_number, 0.5, settings.aperture_mm);
    const double pitch = std::abs(face_mm(column + 1) - face);
    const int last = static_cast<int>(bones.size()) - 1;
    const auto bone_at = [&](int c) -> const Bone& {
        return bones[static_cast<std::size_t>(std::clamp(c, 0, last))];
    };
    int seeing = 0;
    for (int e = 0; e < kElements; ++e) {
        const double beside = width * ((e + 0.5) / kElements - 0.5);
        const bool lost =
            std::any_of(settings.lost_contact.begin(), settings.lost_contact.end(),
                        [&](const LostContact& gap) {
                            return face + beside > gap.begin_mm && face + beside < gap.end_mm;
                        });
        if (lost) continue;
        // Back along the way from the place to the element, in steps of a column or 2 mm.
        const int steps = static_cast<int>(std::max(std::abs(beside) / pitch, depth / 2)) + 1;
        bool hidden = false;
        for (int k = 0; k < steps && !hidden; ++k) {
            const double gone = static_cast<double>(k) / steps, way = depth * (1 - gone);
            hidden = bone_at(column + static_cast<int>(std::lround(gone * beside / pitch)))
                         .holds(way - kOwnMm);
        }
        seeing += hidden ? 0 : 1;
    }
    return static_cast<double>(seeing) / kElements;
}

void ApertureView::look(const std::vector<Bone>& bones, Workers& workers) {
    // Above the highest bone that an aperture reaches nothing is hidden.
    const int last = static_cast<int>(bones.size()) - 1;
    const double pitch = std::abs(face_mm(1) - face_mm(0));
    const double deepest = beam_->row(beam_->rows() - 1).depth_mm;
    const UltrasoundSettings& settings = beam_->settings();
    const int reach =
        static_cast<int>(0.5 * std::min(settings.aperture_mm, deepest / settings.f_number) /
                         pitch) +
        1;
    double highest = Bone::kNone;
    std::vector<double> nearby(bones.size(), Bone::kNone);
    for (int c = 0; c <= last; ++c) {
        double& here = nearby[static_cast<std::size_t>(c)];
        for (int k = std::max(0, c - reach); k <= std::min(last, c + reach); ++k)
            here = std::min(here, bones[static_cast<std::size_t>(k)].begin[0]);
        highest = std::min(highest, here);
    }
    const bool gaps = !beam_->settings().lost_contact.empty();
    all_ = !gaps && highest == Bone::kNone;
    if (all_) return;
    workers.for_each_band(across_, 8, [&](int begin, int end) {
        for (int i = begin; i < end; ++i) {
            const double bone = nearby[static_cast<std::size_t>(std::min(i * kColumns, last))];
            for (int j = 0; j < down_; ++j) {
                const double depth = j * kDepthMm;
                const bool open = !gaps && depth <= bone;
                shares_[static_cast<std::size_t>(i) * static_cast<std::size_t>(down_) +
                        static_cast<std::size_t>(j)] =
                    open ? 1.0F : static_cast<float>(share_of(bones, i * kColumns, depth));
            }
        }
    });
}

double ApertureView::share(int column, double depth_mm) const {
    if (all_) return 1;
    const double x = static_cast<double>(column) / kColumns;
    const double y = std::clamp(depth_mm / kDepthMm, 0.0, down_ - 1.001);
    const int i = std::min(static_cast<int>(x), across_ - 2), j = static_cast<int>(y);
    const double fx = x - i, fy = y - j;
    const auto at = [&](int a, int b) {
        return static_cast<double>(
            shares_[static_cast<std::size_t>(a) * static_cast<std::size_t>(down_) +
                    static_cast<std::size_t>(b)]);
    };
    const double left = at(i, j) + fy * (at(i, j + 1) - at(i, j));
    const double right = at(i + 1, j) + fy * (at(i + 1, j + 1) - at(i + 1, j));
    return left + fx * (right - left);
}

}  // namespace guide::simulate
