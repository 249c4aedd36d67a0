// SPDX-License-Identifier: Apache-2.0
#include "us_truth.hpp"

#include "outline.hpp"
#include "us_plane.hpp"

#include <guide/core/error.hpp>
#include <guide/simulate/truth.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace guide::simulate {
namespace {

bool is_joint_space(Tissue tissue) {
    return tissue == Tissue::joint_fluid || tissue == Tissue::contrast_agent ||
           tissue == Tissue::bakers_cyst;
}

BoneKind kind_of(Tissue tissue) {
    switch (tissue) {
        case Tissue::femur:
            return BoneKind::femur;
        case Tissue::tibia:
            return BoneKind::tibia;
        case Tissue::patella:
            return BoneKind::patella;
        case Tissue::fibula:
            return BoneKind::fibula;
        default:
            return BoneKind::bone;
    }
}

/// The obstacle a tissue counts as; empty for none.
std::string obstacle_of(Tissue tissue) {
    switch (tissue) {
        case Tissue::quadriceps_tendon:
        case Tissue::patellar_tendon:
            return "tendon";
        case Tissue::ligament:
            return "ligament";
        case Tissue::cartilage:
            return "cartilage";
        case Tissue::meniscus:
            return "meniscus";
        case Tissue::artery:
        case Tissue::vein:
            return "vessel";
        case Tissue::nerve:
            return "nerve";
        default:
            return {};
    }
}

/// A stretch of one tissue along a scan line, in samples.
struct Stretch {
    Tissue tissue;
    double begin, end;
};

/// What lies along one scan line, borders found by bisection.
std::vector<Stretch> stretches_of(const TissueField& field, const UltrasoundPlane& plane, int line,
                                  int samples) {
    const auto at = [&](double sample) {
        return field.at(plane.patient({static_cast<double>(line), sample})).tissue;
    };
    std::vector<Stretch> stretches{{at(0), 0, 0}};
    for (int i = 1; i < samples; ++i) {
        const Tissue tissue = at(i);
        if (tissue == stretches.back().tissue) continue;
        double low = i - 1, high = i;
        for (int k = 0; k < 8; ++k) {
            const double middle = 0.5 * (low + high);
            (at(middle) == stretches.back().tissue ? low : high) = middle;
        }
        stretches.back().end = 0.5 * (low + high);
        stretches.push_back({tissue, stretches.back().end, 0});
    }
    stretches.back().end = samples - 1;
    return stretches;
}

/// Joins the points of neighbouring lines that belong to one surface.
class SurfaceTracer {
  public:
    explicit SurfaceTracer(double largest_step_px) : largest_step_(largest_step_px) {}

    void add(BoneKind kind, int line, PixelPoint p) {
        for (Open& open : open_) {
            const PixelPoint last = open.surface.points.back();
            if (open.surface.kind == kind && open.line == line - 1 &&
                std::hypot(p.x - last.x, p.y - last.y) <= largest_step_) {
                open.surface.points.push_back(p);
                open.line = line;
                return;
            }
        }
        open_.push_back({{kind, {p}, 1.0}, line});
    }
    [[nodiscard]] std::vector<BoneSurface> surfaces() const {
        std::vector<BoneSurface> found;
        for (const Open& open : open_) {
            if (open.surface.points.size() > 2) found.push_back(open.surface);
        }
        return found;
    }

  private:
    struct Open {
        BoneSurface surface;
        int line;
    };
    double largest_step_;
    std::vector<Open> open_;
};

Layer layer_of(const std::vector<std::vector<Stretch>>& lines, const UltrasoundPlane& plane,
               Tissue tissue) {
    Layer layer{std::string(name_of(tissue)), {}};
    for (std::size_t line = 0; line < lines.size(); ++line) {
        for (const Stretch& s : lines[line]) {
            if (is_bone(s.tissue)) break;
            if (s.tissue != tissue || &s == &lines[line].back()) continue;
            layer.lower.push_back(plane.pixel({static_cast<double>(line), s.end}));
            break;
        }
    }
    return layer;
}

}  // namespace

UltrasoundTruth ultrasound_truth(const TissueField& field, const UltrasoundSettings& settings,
                                 const RigidTransform<PatientSpace, ProbeSpace>& patient_from_probe,
                                 View view, const std::optional<InsertedNeedle>& needle,
                                 const Execution& execution) {
    settings.validate();
    if (needle) needle->validate();
    const UltrasoundPlane plane(settings, patient_from_probe);
    const filters::PictureGrid& picture = settings.picture;
    const int width = picture.width, height = picture.height;

    UltrasoundTruth truth;
    truth.labels = Image<std::uint8_t>(width, height);
    for_each_band(execution, height, 8, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            for (int x = 0; x < width; ++x) {
                const auto beam = plane.beam({static_cast<double>(x), static_cast<double>(y)});
                truth.labels.view().at(x, y) =
                    beam ? static_cast<std::uint8_t>(field.at(plane.patient(*beam)).tissue) : 0;
            }
        }
    });
    std::vector<std::vector<Stretch>> lines(static_cast<std::size_t>(plane.lines()));
    for_each_band(execution, plane.lines(), 8, [&](int begin, int end) {
        for (int line = begin; line < end; ++line)
            lines[static_cast<std::size_t>(line)] =
                stretches_of(field, plane, line, settings.samples);
    });

    Anatomy& anatomy = truth.anatomy;
    anatomy.grid = {width, height, picture.spacing};
    anatomy.content_box = {0, 0, width, height};
    anatomy.view = view;

    // Along each line: where the skin begins, the bone that is met first, and those behind it.
    std::vector<double> shadow(lines.size(), kNoShadow);
    const double step_px = 2.5 / picture.spacing.x_mm;  // mm; a larger one is another surface
    SurfaceTracer seen(step_px), hidden(step_px);
    for (std::size_t line = 0; line < lines.size(); ++line) {
        const auto at = static_cast<double>(line);
        bool touched = false;
        for (const Stretch& s : lines[line]) {
            if (s.tissue != Tissue::outside && !touched) {
                touched = true;
                anatomy.skin.push_back(plane.pixel({at, s.begin}));
            }
            if (!is_bone(s.tissue) || s.begin == 0) continue;
            const bool first = shadow[line] == kNoShadow;
            if (first) shadow[line] = s.begin;
            (first ? seen : hidden)
                .add(kind_of(s.tissue), static_cast<int>(line), plane.pixel({at, s.begin}));
        }
    }
    anatomy.bones = seen.surfaces();
    truth.hidden_bones = hidden.surfaces();

    // Regions: those pixels and their outlines.
    const auto region = [&](const std::function<bool(const filters::BeamPoint&)>& holds) {
        const auto is_inside = [&](PixelPoint p) {
            const auto beam = plane.beam(p);
            return beam && holds(*beam);
        };
        Image<std::uint8_t> inside(width, height);
        for_each_band(execution, height, 8, [&](int begin, int end) {
            for (int y = begin; y < end; ++y) {
                for (int x = 0; x < width; ++x)
                    inside.view().at(x, y) =
                        is_inside({static_cast<double>(x), static_cast<double>(y)}) ? 1 : 0;
            }
        });
        return outlines_of(inside.view(), is_inside);
    };
    const auto tissue_at = [&](const filters::BeamPoint& p) {
        return field.at(plane.patient(p)).tissue;
    };
    const auto is_hidden = [&](const filters::BeamPoint& p) {
        return p.sample > shadow_at(shadow, p.line);
    };
    const auto drop_specks = [&](std::vector<PixelPolygon> outlines) {
        std::erase_if(outlines, [&](const PixelPolygon& outline) {
            return polygon_area(polygon_to_mm(outline, picture.spacing)) < 0.5;  // mm2
        });
        return outlines;
    };
    auto fluid = drop_specks(
        region([&](const auto& p) { return is_joint_space(tissue_at(p)) && !is_hidden(p); }));
    truth.hidden_fluid = drop_specks(
        region([&](const auto& p) { return is_joint_space(tissue_at(p)) && is_hidden(p); }));
    if (fluid.empty()) {
        anatomy.joint_space = no_answer("no-fluid", "No joint fluid is seen in this plane.");
    } else {
        anatomy.joint_space = joint_space_of(std::move(fluid), anatomy.skin, picture.spacing);
    }
    for (PixelPolygon& outline : drop_specks(region(is_hidden)))
        anatomy.unseen.push_back({"shadow", std::move(outline)});

    std::vector<bool> present(kTissueCount);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            present[truth.labels.view().at(x, y)] = true;
    }
    for (int t = 0; t < kTissueCount; ++t) {
        const auto tissue = static_cast<Tissue>(t);
        const std::string kind = obstacle_of(tissue);
        if (kind.empty() || !present[static_cast<std::size_t>(t)]) continue;
        for (PixelPolygon& outline : region([&](const auto& p) { return tissue_at(p) == tissue; }))
            anatomy.obstacles.push_back({kind, std::move(outline)});
    }
    for (const Tissue tissue :
         {Tissue::skin, Tissue::subcutaneous_fat, Tissue::quadriceps_tendon}) {
        Layer layer = layer_of(lines, plane, tissue);
        if (layer.lower.size() > 1) anatomy.layers.push_back(std::move(layer));
    }
    if (needle) truth.needle = needle_truth(*needle, plane, settings, patient_from_probe, shadow);
    return truth;
}

}  // namespace guide::simulate
